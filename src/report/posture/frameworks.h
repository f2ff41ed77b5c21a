// SPDX-License-Identifier: Apache-2.0
// The frameworks that tags of controls refer to: `cis.5.2.6` is section 5.2.6 of the CIS Kubernetes Benchmark.
#pragma once

#include "codec/json/json.h"
#include "posture/finding.h"

struct framework {
    struct str id;   // in front of the tag's first dot
    struct str name; // as its publisher calls it
    struct str publisher, address;
};

extern const struct framework frameworks[];
extern const size_t n_frameworks;

// What a tag means. NULL: no framework that is known; *section is behind the dot.
[[nodiscard]] const struct framework *framework_of(struct str tag, struct str *section);

// "frameworks":[{"id":"cis","section":"5.2.6"}]
void frameworks_write(struct json_writer *w, const struct control_about *about);
// "CIS 5.2.6, NSA network"; nothing when there is none.
void frameworks_text(struct buf *out, const struct control_about *about);
