// SPDX-License-Identifier: Apache-2.0
// What somebody used against what they have.
#pragma once

#include "posture/usage.h"

struct reviewed_grant {
    const struct access_binding *binding;
    size_t rules, used;       // of its role's rules those that some use needed (any of several that allow it)
    const char *const *risks; // powers that it gives and no suggested role does
    size_t n_risks;
};

struct usage_review {
    const struct reviewed_grant *grants; // that have the subject or a group of it
    size_t n_grants;
    const struct use *const *missing; // uses that nothing among the objects allows
    size_t n_missing;
    bool superuser; // of system:masters, which is allowed everything whatever roles say
};

// The graph is sealed; all in the arena.
void usage_review(struct arena *arena, const struct access *graph, const struct used *s, const struct suggested_role *roles, size_t n_roles,
                  struct usage_review *out);
