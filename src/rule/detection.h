// SPDX-License-Identifier: Apache-2.0
// The `detection` of a rule and the `filter` of a filter: named selections, and the condition over them. Private to rule.
#pragma once

#include "compile.h"

struct selection {
    struct str name;
    const struct yaml_value *at;
    struct node *node;
    bool used; // by a condition
};

struct selections {
    struct selection *items;
    size_t n;
};

// All members of the map that are selections (condition, timeframe and, in filters, rules are not). False: refused.
[[nodiscard]] bool selections_read(struct document *d, const struct yaml_value *map, struct selections *out);
// The map's condition: one, or a list joined by or. NULL: refused.
[[nodiscard]] struct node *selections_condition(struct document *d, const struct yaml_value *map, struct selections *s);
