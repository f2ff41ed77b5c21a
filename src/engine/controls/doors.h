// SPDX-License-Identifier: Apache-2.0
// Which controls of posture would have found an incident's door: the binding that let the intruder in, and what opened a page to other
// networks, as the incident tells of them, judged by the built-in controls themselves.
//
// Of a role no more than its name is known here: cluster-admin is everything, of others nothing is said.
#pragma once

#include "base/diag.h"
#include "incident/incident.h"

struct doors;
struct pack;

// The controls are loaded when they are needed. lists_of: a pack whose lists they refer to, borrowed; NULL: they read the built-in ones.
[[nodiscard]] struct doors *doors_new(const struct pack *lists_of);
void doors_free(struct doors *d);
// Fills in doors and n_doors; they live until the next.
void doors_find(struct doors *d, struct incident *x);
