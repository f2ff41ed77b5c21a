// SPDX-License-Identifier: Apache-2.0
// One rule set, both engines. A trial is set up once and judges many records; where the engines differ, it says so.
#pragma once

#include "detect/detect.h"
#include "oracle.h"

enum { TRIAL_MATCHERS_MAX = 4 };

struct trial {
    const struct dictionary *dictionary;
    bool strict;
    struct ruleset *rules;
    struct plan *plan;
    struct matcher *matchers[TRIAL_MATCHERS_MAX]; // one an instruction set of this processor
    const char *names[TRIAL_MATCHERS_MAX];
    size_t n_matchers;
    struct arena arena; // of one record
    bool *expected;     // by rule
    char *padded;       // the record, readable beyond its end
    size_t padded_size;
    uint64_t hits; // rules that matched, by the oracle
};

// The dictionary of the trials beside the generic one: ranks, transforms, picks, a deferred subtree, a scope with a derived field.
[[nodiscard]] struct dictionary *trial_dictionary(void);

// Compiles the sources (what is refused is left out) and builds the plan. False: there is no plan, diags say why.
[[nodiscard]] bool trial_init(struct trial *t, const struct dictionary *d, const struct yaml_source *sources, size_t n,
                              const struct placeholders *placeholders, bool strict, struct diags *diags);
void trial_fini(struct trial *t);

enum trial_result {
    TRIAL_SAME,
    TRIAL_NOT_JSON,  // to the oracle; a matcher that is not strict may think otherwise
    TRIAL_READ,      // one accepts the record, the other does not
    TRIAL_DIFFERENT, // they disagree about a rule
};
struct difference {
    uint32_t rule; // UINT32_MAX: the list of hits is not ascending
    bool expected; // what the oracle says
    const char *simd;
    const char *reason; // TRIAL_READ
};
[[nodiscard]] enum trial_result trial_record(struct trial *t, struct str record, struct difference *out);
