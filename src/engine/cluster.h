// SPDX-License-Identifier: Apache-2.0
// What is remembered of one cluster while its records pass: findings waiting to be put in order of event time, requests already counted,
// correlation state, evidence that correlations may still point to.
#pragma once

#include "engine/finding.h"

struct cluster;

[[nodiscard]] struct cluster *cluster_new(const struct engine_config *config, const struct plan *plan, struct str name,
                                          const struct engine_handler *handler, struct engine_summary *summary);
// Takes a copy. Whatever is old enough not to be overtaken any more is told.
void cluster_add(struct cluster *c, const struct finding *finding, struct cluster_place place);
// Tells the rest, adds what was counted to the summary, and frees.
void cluster_end(struct cluster *c);
