// SPDX-License-Identifier: Apache-2.0
// What is remembered of one cluster while its records pass: findings waiting to be put in order of event time, requests already counted,
// correlation state, evidence that correlations may still point to.
#pragma once

#include "engine/stream/finding.h"

struct cluster;

// of_hosts: it takes what was found in records of nodes. They come one file a node, so they are put in order as far as they fit.
[[nodiscard]] struct cluster *cluster_new(const struct engine_config *config, const struct plan *plan, struct str name,
                                          const struct engine_handler *handler, struct engine_summary *summary, bool of_hosts);
// Inputs are merged, and what comes from now on begins no earlier than this: what is later waits, even for those far behind the newest.
void cluster_reach(struct cluster *c, int64_t time);
// Takes a copy. Whatever is old enough not to be overtaken any more is told.
void cluster_add(struct cluster *c, const struct finding *finding, struct cluster_place place);
// Tells the rest, adds what was counted to the summary, and frees.
void cluster_end(struct cluster *c);
