// SPDX-License-Identifier: Apache-2.0
// The correlator once more, as slow and as plain as possible: arrays that are searched, sorted and recomputed at every match. It knows
// all limits but that of bytes.
#pragma once

#include "correlate_world.h"

struct naive_entry {
    int64_t time;
    uint64_t sequence, evidence;
    uint64_t arrival; // breaks what ties are left
    uint32_t input;
    char value[64]; // the tuple of value_count and new_value
    double number;
};

struct naive_group {
    uint32_t rule;
    char key[64];
    VEC(struct naive_entry) entries;
    uint64_t used; // when it was last looked at
    int64_t known_since, fired_at;
    uint64_t fired_sequence;
    bool fired;
};

struct naive {
    const struct ruleset *rules;
    struct correlator_limits limits;
    VEC(struct naive_group) groups;
    uint64_t clock;
    int64_t newest;
    struct correlator_counters counters;
    struct world *told; // its log is written with world_told
};

void naive_feed(struct naive *n, const struct match *m, bool every);
void naive_fini(struct naive *n);
