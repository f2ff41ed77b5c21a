// SPDX-License-Identifier: Apache-2.0
// What the first bytes of an input tell: how its records are laid out, whether they are in envelopes, and when they begin.
#pragma once

#include "base/time.h"
#include "source/reader.h"

struct shape {
    enum reader_mode mode;
    bool wrapped;    // its records are in envelopes
    unsigned looked; // records looked at
    bool known;      // something was recognised: audit events, an envelope of them, records of processes
    bool events;     // audit events were seen, in envelopes or not
    bool hosts;      // records of processes were seen
    bool binary;     // nothing was recognised, and there are NUL bytes
    bool utf16;
    size_t bom;    // bytes of a UTF-8 byte order mark at its start
    int64_t first; // time of the first event seen; TIME_NONE
};

enum { SHAPE_HEAD = 64 * 1024, SHAPE_HEAD_MAX = 1024 * 1024 };

// Whether so many first bytes are enough to tell: the first line is whole, or it is longer than one looks.
[[nodiscard]] bool shape_enough(struct str head);

// head has room of JSON_PADDING bytes behind it; whole: it is the whole input.
[[nodiscard]] struct shape shape_detect(struct source_unwrapper *u, struct str head, bool whole);
