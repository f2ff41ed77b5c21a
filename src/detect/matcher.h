// SPDX-License-Identifier: Apache-2.0
// Inside of struct matcher: one thread's working state over a shared plan. match.c drives a record through it; values.c makes field
// values from what was scanned; evaluate.c judges conditions; memo.c remembers what values mean to the filters.
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

struct memo;

struct matcher {
    const struct plan *plan;
    struct json_scan *scan;
    struct json_limits limits;
    struct arena arena; // until the next record
    hs_scratch_t *scratch;
    struct memo *memo;

    struct str record;
    uint32_t epoch;   // of this record
    bool has_bodies;  // there are deferred subtrees
    bool bodies_read; // and they have been read, or there are none
    bool tree_made;
    const struct json_value *tree;
    struct json_error tree_error;

    struct field_values *values; // by field
    uint32_t *test_epoch;        // by test: epoch << 2 | truth
    uint32_t *set_epoch;         // by field set: the same
    uint64_t *possible;          // set of rules
    uint32_t *hits;              // ruleset indices
    size_t n_hits;
    uint32_t *waiting; // plan rules that need the bodies
    size_t n_waiting;
    struct str *captures;
    struct matcher_counters counters;
    bool gave_up;
};

// values.c. False: only the bodies can tell, and they have not been read.
[[nodiscard]] bool matcher_values(struct matcher *m, uint32_t field, const struct field_values **out);
// A view as a value: unescaped. False when an escape is malformed.
[[nodiscard]] bool matcher_scalar(struct matcher *m, const struct json_view *v, struct scalar *out);

// evaluate.c
[[nodiscard]] enum truth matcher_judge(struct matcher *m, const struct plan_op *op);

// memo.c: which rules the values of the filters leave possible; false: none.
[[nodiscard]] struct memo *memo_new(const struct plan *p);
void memo_free(struct memo *memo);
[[nodiscard]] bool memo_filter(struct matcher *m);
