// SPDX-License-Identifier: Apache-2.0
// The score over several clusters. Pure.
//
//   percent of the fleet = sum of weight x percent / sum of weight, over the clusters that anything was assessed in
//   weight of a cluster  = what was assessed in it (healthy + unhealthy, over all controls) x criticality
//
// The weighting by what was assessed is the one that Microsoft publishes for Defender for Cloud's secure score over several subscriptions.
// Whoever names weights has these in the place of the numbers, and 1 for what has none.
#pragma once

#include "posture/score.h"

enum criticality { CRITICALITY_LOW, CRITICALITY_MEDIUM, CRITICALITY_HIGH, CRITICALITY_CRITICAL };
[[nodiscard]] double criticality_factor(enum criticality c); // 1/2, 1, 2, 4

struct fleet_weight {
    double weight; // 0: none was named
    enum criticality criticality;
};

struct fleet;

// named: weights were named for some cluster, and count for all.
[[nodiscard]] struct fleet *fleet_new(bool named);
void fleet_free(struct fleet *f);
void fleet_add(struct fleet *f, const struct score_sheet *sheet, struct fleet_weight weight); // everything is copied

struct fleet_cluster {
    struct str name;
    struct score score;
    uint64_t assessed;
    enum criticality criticality;
    double share; // of all weight: the parts of 1 that its percent counts for
};

struct fleet_control {
    struct finding_control control;
    uint64_t clusters, unhealthy;
    double gain,
        risk; // parts of 100 that fixing it everywhere would add to the percent of the fleet; risk: control_risk, in the same measure
};

struct fleet_sheet {
    bool named;
    double percent;
    const struct fleet_cluster *clusters; // as they were added
    size_t n;
    const struct fleet_control *controls; // with something unhealthy, what to fix first at the top
    size_t n_controls;
};
// No more clusters. Good until fleet_free.
[[nodiscard]] struct fleet_sheet fleet_close(struct fleet *f);
