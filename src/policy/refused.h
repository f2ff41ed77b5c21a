// SPDX-License-Identifier: Apache-2.0
// What policies would refuse of objects: how many of those that each is about, and which. Pure: verdicts come in, a table comes out.
#pragma once

#include "posture/finding.h"

enum { REFUSED_MAX = 1 << 20 }; // verdicts that are kept with their objects; further ones are counted

struct refused_object {
    struct str cluster;
    struct finding_object object;
    struct access_place place; // the file's name is borrowed
};

struct refused_policy {
    const struct finding_control *policy; // borrowed
    struct str rule_id;                   // ptr NULL: it is Kubernetes' own Pod Security
    uint64_t judged, refused;             // objects that it is about, and those of them that it refuses
    const struct refused_object *objects; // in the order of noting
    size_t n_objects;
};

struct refused;

[[nodiscard]] struct refused *refused_new(void);
void refused_free(struct refused *r);
// Gives the index of the policy.
[[nodiscard]] size_t refused_add_policy(struct refused *r, const struct finding_control *policy, struct str rule_id);
void refused_judged(struct refused *r, size_t policy);
void refused_note(struct refused *r, size_t policy, const struct refused_object *object);

// One policy, by its index.
[[nodiscard]] struct refused_policy refused_of(const struct refused *r, size_t policy);
// Those that refuse something: the gravest first, then by id.
[[nodiscard]] const struct refused_policy *refused_all(struct refused *r, size_t *n);
[[nodiscard]] uint64_t refused_dropped(const struct refused *r);
