// SPDX-License-Identifier: Apache-2.0
// Inside of struct matcher: one thread's working state over a shared plan. match.c drives a record through it; values.c makes field
// values from what was scanned; evaluate.c judges conditions; verdict.c remembers what a record's signature decides, of which classes.c
// tells the classes; filter.c finds the rules that are possible at all.
#pragma once

#include "detect/plan.h"

enum truth { FALSE_, TRUE_, UNKNOWN_ };

// The values of a field in the record at hand.
struct field_values {
    uint32_t epoch; // of the record they were made for
    bool present;   // the field is there, be it null or empty
    bool has_null;
    struct scalar *items;
    uint32_t n, cap;
};

struct classes;
struct verdicts;
struct filtering;

// The classes of a record's values, in its order.
enum { SIGNATURE_MAX = 1024 };
struct signature {
    size_t n;
    uint32_t classes[SIGNATURE_MAX + 2];
};

struct matcher {
    const struct plan *plan;
    struct json_scan *scan;
    struct json_limits limits;
    struct arena arena; // until the next record
    struct classes *classes;
    struct verdicts *verdicts;
    struct filtering *filtering;
    struct signature signature;
    size_t n_outside; // views before those of the bodies

    struct str record;
    uint32_t epoch;   // of this record
    bool has_bodies;  // there are deferred subtrees
    bool bodies_read; // and they have been read, or there are none
    bool blind;       // only the fields that the signature tells of may be looked at
    bool *hidden;     // by field: the signature tells nothing of it but whether, and what kind of thing, is there
    bool tree_made;
    const struct json_value *tree;
    struct json_error tree_error;

    struct field_values *values; // by field
    uint32_t *test_epoch;        // by test: epoch << 2 | truth
    uint32_t *set_epoch;         // by field set: the same
    uint64_t *possible;          // set of rules
    uint32_t *admitted;          // by rule: epoch in which its guard let it through
    uint32_t *guards_asked;      // by field: epoch in which its guards were asked
    uint32_t *hits;              // ruleset indices
    size_t n_hits;
    struct str *captures;
    struct matcher_counters counters;
    bool gave_up;
};

// values.c. Forgets what was found out about values and tests.
void matcher_forget(struct matcher *m);
// False: only the bodies can tell, and they have not been read.
[[nodiscard]] bool matcher_values(struct matcher *m, uint32_t field, const struct field_values **out);
// How a field stands: nothing there, something there (and what the first thing is, by rank), or only the bodies can tell.
enum standing { STANDS_ABSENT, STANDS_PRESENT, STANDS_HIDDEN };
[[nodiscard]] enum standing matcher_stands(const struct matcher *m, uint32_t field, enum json_kind *kind);
// A view as a value: unescaped. False when an escape is malformed.
[[nodiscard]] bool matcher_scalar(struct matcher *m, const struct json_view *v, struct scalar *out);

// evaluate.c
[[nodiscard]] enum truth matcher_judge(struct matcher *m, const struct plan_op *op);

// One test; of several that are the same only one is a test.
[[nodiscard]] enum truth matcher_test(struct matcher *m, uint32_t test);

// guard.c. Whether what the values that vary say is all that is missing (as far as a verdict knows), so that its guard decides.
[[nodiscard]] bool guard_decides(struct matcher *m, uint32_t rule);
// Of such a rule: they say nothing that it needs, so it is false. Not known: false.
[[nodiscard]] bool guard_holds_back(struct matcher *m, uint32_t rule);

// filter.c: which rules the values of the filters leave possible.
[[nodiscard]] struct filtering *filtering_new(const struct plan *p);
void filtering_free(struct filtering *f);
void filter_rules(struct matcher *m);

// classes.c: values of one class satisfy the same patterns. Adds the classes of the views from view `from` on to a signature; false when
// it gets too long, or a value too large, to be worth remembering. The generation grows when classes change their meaning, which is only
// between records (classes_begin).
[[nodiscard]] struct classes *classes_new(struct matcher *m); // decides what is hidden, too
void classes_free(struct classes *c);
void classes_begin(struct matcher *m);
[[nodiscard]] bool classes_read(struct matcher *m, size_t from, struct signature *s);
[[nodiscard]] uint64_t classes_generation(const struct classes *c);

// verdict.c: plan rules that match the record, and those of which more must be known; ascending; good until the next record. Of an open
// rule whose guard decides the bit OPEN_GUARDED is set.
#define OPEN_GUARDED ((uint32_t)1 << 31)
struct verdict {
    const uint32_t *hits;
    size_t n_hits;
    const uint32_t *open;
    size_t n_open;
};
[[nodiscard]] struct verdicts *verdicts_new(void);
void verdicts_free(struct verdicts *v);
// Of all rules, by what lies outside of the bodies.
[[nodiscard]] struct verdict verdict_outside(struct matcher *m);
// Of those that were left open, once the bodies have been read. False: there is none to be had.
[[nodiscard]] bool verdict_inside(struct matcher *m, const struct verdict *outside, struct verdict *out);
