// SPDX-License-Identifier: Apache-2.0
// Inside of struct plan: what plan.c builds once and matchers read on every thread.
//
//   record -> slots (paths of the trie) -> fields (names) -> tests (a field and a pattern, each distinct one once) -> conditions
//
// Records repeat themselves. Values of a path of which the same patterns are true are of one *class*: no rule can tell them apart. The
// classes of a record's values are its *signature*, and what a signature alone decides about the rules is worked out once, and remembered
// (features, values and classes: classes.c; signatures: verdict.c). Working it out goes like this.
//
// A rule can only match when, for certain fields, one of certain tests is true (it needs), when others are not (it forbids), and when one
// of several needs on different fields holds (its choice). For every field that is cheap to look at (a filter), each value stands for
// sets of rules, a bit a rule. Joining the sets of a record's values leaves the few rules whose conditions are looked at, in
// three-valued logic as long as the bodies have not been read.
#pragma once

#include "detect/detect.h"
#include "detect/stringset.h"

struct plan_path {
    uint32_t slot;
    uint32_t path; // of the field
    uint32_t rank;
    bool deferred;
};

struct plan_field {
    const struct field *field;
    struct plan_path *paths; // by rank
    size_t n_paths;
    bool in_bodies; // all of them are deferred
    bool varies;    // nearly every record has another value: not one to know records by
    // Every pattern that one of its values can be compared with by itself; NULL when there is none.
    struct string_set *asked;
    uint32_t first_asked; // the first one's place among those of all fields
    // Patterns that guard rules (of a field that varies; NULL: none), and the rules that each admits: pattern i those from
    // first_admitted[i] to first_admitted[i + 1].
    struct string_set *guards;
    uint32_t *first_admitted, *admitted;
};

struct plan_test {
    uint32_t field;
    uint32_t other; // PATTERN_FIELD: the field compared with
    uint32_t place; // among the patterns asked of the field; UINT32_MAX: none of them
    const struct pattern *pattern;
};

// A path whose values some rule asks about, with the fields that its values are values of.
struct plan_feature {
    uint32_t slot;
    bool varies; // so do all these fields: only whether something is there is looked at
    uint32_t *fields;
    size_t n_fields;
};

// A condition is a run of ops, each followed by its children; `size` ops on is its next sibling. Short and in one piece, because
// conditions are looked at seldom and must not cost a cache miss a node.
enum plan_kind { PLAN_AND, PLAN_OR, PLAN_NOT, PLAN_SOME, PLAN_TEST, PLAN_SET, PLAN_TREE };

struct plan_op {
    uint32_t kind : 8;  // enum plan_kind
    uint32_t size : 24; // ops of this condition, itself included
    uint32_t arg;       // SOME: how many; TEST, SET, TREE: which. A TREE's child is its guard
};

// One field against many patterns; rules that ask the same share it, and it is judged once a record.
struct plan_set {
    uint32_t field;
    struct string_set *set;
};

// A condition that needs the whole record: of the elements of an array, or keywords.
struct plan_tree {
    const struct node *condition;
    bool told;        // the values of these fields, in their order, decide it
    uint32_t *fields; // the elements themselves, and what is asked of them
    size_t n_fields;
};

// A rule's guard: one of these parts must hold, that is, one of the tests of one of them.
struct plan_part {
    uint32_t field;
    bool guards; // the field varies, and the tests are among its guards; else its tests are judged
    const uint32_t *tests;
    size_t n_tests;
};

struct plan_rule {
    uint32_t index; // in the ruleset
    const struct plan_op *condition;
    const struct plan_part *parts; // none: it has no guard
    size_t n_parts;
    uint32_t *captures; // fields
};

// A field whose values decide, before any condition is looked at, which rules are still possible. A value stands for three sets of
// rules: kept (a clause of theirs is satisfied), killed (what they forbid is true), chosen (a part of their choice holds).
enum { KEPT, KILLED, CHOSEN, FILTER_SETS };
struct plan_filter {
    uint32_t field;
    bool has_choices; // some rule follows a choice here
    uint64_t *base;   // rules that need nothing of this field
    struct rule_list {
        uint32_t *rules;
        size_t n;
    } (*lists)[FILTER_SETS]; // by the place of a pattern among those asked of the field
};

enum plan_fact {
    FACT_STAGE_TIME,
    FACT_RECEIVED_TIME,
    FACT_VERB,
    FACT_LEVEL,
    FACT_TRUNCATED,
    FACT_AUDIT_ID,
    FACT_USER,
    FACT_URI,
    FACT_STAGE,
    PLAN_FACTS
};

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
    uint32_t *rule_of; // by ruleset index: plan rule, or UINT32_MAX
    struct plan_filter *filters;
    size_t n_filters;
    size_t n_asked; // patterns asked of fields
    struct plan_feature *features;
    size_t n_features;
    uint32_t *feature_of; // by slot: feature, or UINT32_MAX
    uint64_t *no_choice;  // rules without a choice: always chosen
    uint64_t *bodiless;   // rules that can match a record without bodies
    size_t need_bodies;   // rules that cannot match without what is deferred
    size_t words;         // 64-bit words of a set of rules
    struct plan_op *ops;  // of all rules
    struct plan_tree *trees;
    struct plan_set *field_sets;
    size_t n_field_sets;
    struct string_set **sets; // all, also those of filters
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
