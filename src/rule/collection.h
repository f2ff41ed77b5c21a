// SPDX-License-Identifier: Apache-2.0
// Old rule collections: `action: global` (what the following documents share), `reset`, `repeat` (the previous document once more, with
// changes). Private to rule.
#pragma once

#include "compile.h"

struct collection {
    const struct yaml_value *global, *previous; // of the file at hand
    bool shared_id;                             // the id came from the global document
    unsigned members;                           // rules made from the global document so far
    size_t copied;                              // values copied by merging, of the whole file
};

// The document with what it shares, or NULL when it only shares, or is refused.
[[nodiscard]] const struct yaml_value *collection_next(struct collection *c, struct document *d, const struct yaml_value *document);
