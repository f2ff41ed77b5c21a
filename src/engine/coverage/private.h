// SPDX-License-Identifier: Apache-2.0
// Needs, and the change that follows from them, inside the files of coverage.
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "engine/coverage/coverage.h"

typedef VEC(struct coverage_need) coverage_needs;

// Whether two needs are about the same requests.
[[nodiscard]] bool need_same(const struct coverage_need *a, const struct coverage_need *b);
// The rules that meet all needs, as a list in YAML; in the arena. omitted: stages that some need names.
[[nodiscard]] struct str coverage_change(struct arena *arena, const coverage_needs *needs);

// How events get through: a change in front of the policy, levels not below a floor.
struct coverage_lens {
    const struct audit_policy *change; // NULL: none
    const struct audit_policy *policy;
    enum audit_level floor;
    bool all_stages;
};
// What happens to an event; text is changed accordingly. False: it is not logged. need (may be NULL): its request, and what was given.
[[nodiscard]] bool coverage_look(const struct coverage_lens *lens, struct arena *arena, struct buf *text, struct coverage_need *need);
