// SPDX-License-Identifier: Apache-2.0
// What the parts of the plan's construction share.
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "detect/plan.h"

// For one field: at least one of these tests must be true.
struct clause {
    uint32_t field;
    VEC(uint32_t) tests;
};
typedef VEC(struct clause) clauses;

// What a rule demands of a record, as far as single fields can tell.
struct asked {
    uint32_t field, test;
};
struct choice {
    clauses *parts; // what each part needs; one part must hold
    size_t n;
};
struct demands {
    clauses needs;             // all of them must hold
    VEC(struct asked) forbids; // none may be true
    VEC(struct choice) choices;
    bool element_of_body; // one element of an array in the bodies must satisfy something
};

enum { SLOTS_MAX = 60000 }; // distinct paths; a view names its slot in 16 bits

// A condition while it is built: its parts can still be put in order.
struct plan_node {
    enum plan_kind kind;
    uint32_t arg; // as in struct plan_op
    struct plan_node **children;
    size_t n;
};

struct builder {
    struct plan *plan;
    struct map field_names, inner_names, test_names, set_names; // inner: fields of the elements of a scope
    struct buf scratch;
    bool too_many_paths;
    VEC(struct plan_field) fields;
    VEC(struct plan_test) tests;
    VEC(struct plan_set) field_sets;
    VEC(struct plan_tree) trees;
    VEC(struct plan_op) ops;
    VEC(struct string_set *) sets;
};

// plan_fields.c: index of the field of that name; of a field made here; of the test of that field with that pattern.
[[nodiscard]] uint32_t build_field(struct builder *b, struct str name);
[[nodiscard]] uint32_t build_add_field(struct builder *b, const struct field *field);
[[nodiscard]] uint32_t build_test(struct builder *b, uint32_t field, const struct pattern *pattern);
// A test that a present value can satisfy, by itself.
[[nodiscard]] bool build_is_about_a_value(const struct node *n);
// The set of that field and those patterns (which it keeps).
[[nodiscard]] uint32_t build_set(struct builder *b, uint32_t field, const struct pattern *const *patterns, size_t n);

// plan_condition.c: appends the ops of a condition.
void build_condition(struct builder *b, const struct node *source);

// plan_demands.c
void build_demands(struct builder *b, const struct node *condition, struct demands *out);
void free_demands(struct demands *d);
[[nodiscard]] const struct clause *clause_on(const clauses *c, uint32_t field); // NULL: none

// plan_features.c: gathers what is asked of each field, and where its values stand.
void build_features(struct builder *b);

// plan_guard.c: chooses the guards. demands: as below.
void build_guards(struct builder *b, const struct demands *demands);

// plan_filter.c: chooses the filters and fills them. demands: one for each rule of the plan.
void build_filters(struct builder *b, const struct demands *demands);
