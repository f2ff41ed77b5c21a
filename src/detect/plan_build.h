// SPDX-License-Identifier: Apache-2.0
// What the parts of the plan's construction share.
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "detect/plan.h"

// For one field of a rule: at least one of these tests must be true.
struct clause {
    uint32_t field;
    VEC(uint32_t) tests;
};
typedef VEC(struct clause) clauses;

enum { SLOTS_MAX = 60000 }; // distinct paths; a view names its slot in 16 bits

struct builder {
    struct plan *plan;
    struct map field_names, test_names;
    struct buf scratch;
    bool too_many_paths;
    VEC(struct plan_field) fields;
    VEC(struct plan_test) tests;
    VEC(struct string_set *) sets;
};

// plan_fields.c: index of the field of that name; of a field made here; of the test of that field with that pattern.
[[nodiscard]] uint32_t build_field(struct builder *b, struct str name);
[[nodiscard]] uint32_t build_add_field(struct builder *b, const struct field *field);
[[nodiscard]] uint32_t build_test(struct builder *b, uint32_t field, const struct pattern *pattern);

// plan_condition.c: a condition over tests. The scope is NULL outside of same-element conditions.
[[nodiscard]] struct plan_node *build_condition(struct builder *b, const struct node *source);
// What must hold for the condition to be true at all; the caller frees.
void find_clauses(struct builder *b, const struct node *source, clauses *out);
void free_clauses(clauses *c);

// plan_filter.c: chooses the filters and fills them. rule_clauses: one for each rule of the plan.
void build_filters(struct builder *b, const clauses *rule_clauses);
