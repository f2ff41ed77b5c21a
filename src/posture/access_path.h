// SPDX-License-Identifier: Apache-2.0
// How somebody comes to somebody else's permissions, step by step.
#pragma once

#include "posture/access.h"

enum { PATH_GRANTS = 3 };

struct access_step {
    struct str power;           // "create-pods", ...; "holds": it is allowed everything; "everything": whoever may do everything is anybody
    struct str text;            // what it may do, after "may"
    struct str ns;              // where; ptr NULL: in the whole cluster
    struct access_subject from; // name ptr NULL: whoever is allowed everything (cluster-admin)
    struct access_subject to;
    struct access_grant grants[PATH_GRANTS]; // what lets it
    size_t n_grants;
};

struct access_path {
    struct access_step *steps;
    size_t n;
};

// The shortest way; to.name ptr NULL: to being allowed everything. In the arena. False: none is known.
[[nodiscard]] bool access_find_path(const struct access *a, struct arena *arena, const struct access_subject *from,
                                    const struct access_subject *to, struct access_path *out);
