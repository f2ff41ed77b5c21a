// SPDX-License-Identifier: Apache-2.0
// What objects and logs say, for the manifests that are made of it.
#pragma once

#include "cmd/cmd.h"
#include "engine/policies/replay.h"
#include "engine/objects/survey.h"
#include "policy/levels.h"
#include "policy/network.h"
#include "posture/access.h"
#include "posture/usage.h"

struct gather_wishes {
    struct survey *objects; // not run yet; NULL: none
    const struct str *logs, *exempt;
    size_t n_logs, n_exempt;
};

struct gathered;

// The policies and the survey are borrowed.
[[nodiscard]] status policy_gather(struct gathered **out, struct policies *policies, const struct gather_wishes *wishes,
                                   struct diags *diags);
void policy_gather_free(struct gathered *g);

// What item i would have refused, one line for objects and one for logs; nothing when neither was given.
void policy_gather_refused(const struct gathered *g, size_t item, struct buf *out);
[[nodiscard]] struct levels *policy_gather_levels(struct gathered *g);
[[nodiscard]] struct network *policy_gather_network(struct gathered *g);
// NULL: no logs. The graph is that of the objects; NULL: none were given.
[[nodiscard]] struct usage *policy_gather_usage(struct gathered *g, const struct access **graph);
