// SPDX-License-Identifier: Apache-2.0
// The smallest roles for what somebody did, as YAML to review and apply, or as NDJSON.
#pragma once

#include "base/buf.h"
#include "posture/usage_review.h"

struct suggestion {
    const struct used *used;
    const struct suggested_role *roles;
    size_t n_roles;
    const struct usage_review *review; // NULL: no objects were given
};

// Documents of YAML; what is to be known about them stands in comments.
void suggest_yaml(struct buf *out, const struct suggestion *s);
// A `suggestion` line: docs/schema/suggestion.schema.json.
void suggest_json(struct buf *out, const struct suggestion *s);
