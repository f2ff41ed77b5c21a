// SPDX-License-Identifier: Apache-2.0
// Inside of struct plan: what plan.c builds once and matchers read on every thread.
//
//   record -> slots (paths of the trie) -> fields (names) -> tests (a field and a pattern, each distinct one once) -> conditions
//
// A rule can only match when, for certain fields, one of certain tests is true: its clauses. For every field that is cheap to look at
// (a filter), each value stands for a set of rules it leaves possible, a bit a rule. ANDing the sets of a record's values leaves the few
// rules whose conditions are looked at, in three-valued logic as long as the bodies have not been read.
#pragma once

#include "detect/detect.h"
#include "detect/stringset.h"

struct plan_path {
    uint32_t slot;
    uint32_t rank;
    bool deferred;
};

struct plan_field {
    const struct field *field;
    struct plan_path *paths; // by rank
    size_t n_paths;
};

struct plan_test {
    uint32_t field;
    uint32_t other; // PATTERN_FIELD: the field compared with
    const struct pattern *pattern;
};

enum plan_kind { PLAN_AND, PLAN_OR, PLAN_NOT, PLAN_SOME, PLAN_TEST, PLAN_SET, PLAN_TREE };

struct plan_node {
    enum plan_kind kind;
    unsigned count;             // PLAN_SOME
    struct plan_node **children;
    size_t n;
    uint32_t test;              // PLAN_TEST
    uint32_t field;             // PLAN_SET: one field against many patterns
    struct string_set *set;
    const struct node *source;  // PLAN_TREE: needs the whole record (same element, keywords)
};

struct plan_rule {
    uint32_t index;             // in the ruleset
    struct plan_node *condition;
    uint32_t *captures;         // fields
};

// A field whose values decide, before any condition is looked at, which rules are still possible.
struct plan_filter {
    uint32_t field;
    uint64_t *base;             // rules that do not ask anything of this field
    struct string_set *set;     // the patterns that rules ask for
    const struct pattern **patterns;
    size_t n;
    uint32_t **rules;           // by pattern: the rules it keeps possible
    size_t *n_rules;
};

enum plan_fact { FACT_STAGE_TIME, FACT_RECEIVED_TIME, FACT_VERB, FACT_LEVEL, FACT_TRUNCATED, PLAN_FACTS };

struct plan {
    const struct ruleset *ruleset;
    const struct dictionary *dictionary;
    struct arena arena;
    struct json_trie *trie;
    struct plan_field *fields;
    size_t n_fields;
    struct plan_test *tests;
    size_t n_tests;
    struct plan_rule *rules;
    size_t n_rules;
    uint32_t *rule_of;          // by ruleset index: plan rule, or UINT32_MAX
    struct plan_filter *filters;
    size_t n_filters;
    size_t need_bodies;         // rules that cannot match without what is deferred
    size_t words;               // 64-bit words of a set of rules
    struct string_set **sets;   // all, also those of filters
    size_t n_sets;
    uint32_t time_fields[2];    // tried in order; UINT32_MAX: none
    uint32_t *shown;            // fields
    uint32_t facts[PLAN_FACTS]; // slots; UINT32_MAX: not of this stream
};

// The scope of a same-element condition: of the dictionary, or a path to an array.
[[nodiscard]] const struct scope *plan_scope(const struct dictionary *d, struct str name, struct arena *a);

// Conditions over the whole tree, exact and slow: same-element scopes and keywords. Pure.
[[nodiscard]] bool tree_satisfies(const struct plan *p, const struct node *condition, const struct json_value *record, struct arena *a,
                                  bool *gave_up);
