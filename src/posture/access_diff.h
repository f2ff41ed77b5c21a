// SPDX-License-Identifier: Apache-2.0
// What changed between two states of a cluster, in effect and not in letters: who may do what they could not, and the other way round.
#pragma once

#include "posture/access.h"

struct access_change {
    bool gained;               // otherwise lost
    struct access_grant grant; // in the graph that has it; its rule holds what is not in the other one
};
typedef void access_change_fn(void *context, const struct access_change *change);

// Subjects are compared as bindings name them, without the groups they may be in. All that was gained first, each in the order of the
// graph.
void access_diff(const struct access *old, const struct access *new, access_change_fn *tell, void *context);
