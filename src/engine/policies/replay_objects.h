// SPDX-License-Identifier: Apache-2.0
// Policies tried on objects that are there: which would be refused, were they made today. Verdicts are those of replay.h; an object is
// judged as it is written.
#pragma once

#include "engine/policies/policies.h"
#include "policy/refused.h"
#include "source/objects.h"

struct replay_objects_options {
    const struct str *exempt; // namespaces
    size_t n_exempt;
    enum severity least; // of Pod Security, too
    bool levels;         // judge pods by Pod Security
};

struct replay_objects_counters {
    uint64_t judged;  // objects that policies are about
    uint64_t refused; // of those, by some policy
    uint64_t exempt;  // in namespaces that are left alone
};

struct replay_objects;

// The policies and what the options point to outlive it.
[[nodiscard]] struct replay_objects *replay_objects_new(struct policies *policies, const struct replay_objects_options *options);
void replay_objects_free(struct replay_objects *r);
void replay_objects_take(struct replay_objects *r, struct str cluster, const struct object *o, struct access_place place);

[[nodiscard]] struct refused_policy replay_objects_of(const struct replay_objects *r, size_t item); // by the index of policies_items
[[nodiscard]] struct refused *replay_objects_table(struct replay_objects *r);
[[nodiscard]] struct replay_objects_counters replay_objects_counters(const struct replay_objects *r);
