// SPDX-License-Identifier: Apache-2.0
// What a record is, for detecting shapes.
#pragma once

#include "base/time.h"
#include "source/source.h"

enum record_kind {
    RECORD_EVENT,   // an audit event
    RECORD_WRAPPED, // a known envelope
    RECORD_HOST,    // of a process on a node (host/host.h), in no envelope
    RECORD_OTHER,   // JSON, but none of these
    RECORD_BROKEN,  // not JSON
};

// text has room of JSON_PADDING bytes behind it. *time: of the event, or of the first one in the envelope; TIME_NONE if there is none.
[[nodiscard]] enum record_kind unwrap_classify(struct source_unwrapper *u, struct str text, int64_t *time);
