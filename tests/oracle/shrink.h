// SPDX-License-Identifier: Apache-2.0
// From a difference to the least that still shows it.
#pragma once

#include "trial.h"

struct specimen {
    const struct dictionary *dictionary;
    bool strict;
    struct str *rules; // YAML, one text a rule
    size_t n_rules;
    struct str record;
};

// Whether the engines still differ; *what says how, *rule_of which rule (UINT32_MAX: none).
[[nodiscard]] bool specimen_differs(const struct specimen *s, struct difference *what, size_t *rule_of);
// Removes rules, lines of rules and bytes of the record as long as it still differs. Memory from the arena.
void specimen_shrink(struct specimen *s, struct arena *a);
