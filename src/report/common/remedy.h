// SPDX-License-Identifier: Apache-2.0
// What is left of an incident, in the order to deal with it: first what a command removes, then what a person has to change, like things
// together.
#pragma once

#include "base/vec.h"
#include "incident/incident.h"

enum { REMEDY_MAX = 256, REMEDIES_SHOWN = 24 }; // things of a group; groups shown

struct remedy {
    const struct incident_leftover *items[REMEDY_MAX];
    size_t n;
};

struct remedies {
    VEC(struct remedy) groups;
};

void remedies_init(struct remedies *r, const struct incident *x);
void remedies_fini(struct remedies *r);
