// SPDX-License-Identifier: Apache-2.0
// The secure score as one self-contained page, made of the pieces of the incidents' page. Clusters come one after the other; rows are
// written as findings come, in bounded memory: what has no room is counted and said.
#pragma once

#include "posture/compare.h"
#include "posture/exposure.h"
#include "posture/fleet.h"
#include "posture/past.h"

struct posture_page;

[[nodiscard]] struct posture_page *posture_page_new(void);
void posture_page_free(struct posture_page *p);

// Of the cluster at hand.
void posture_page_finding(struct posture_page *p, const struct finding *f);
void posture_page_way(struct posture_page *p, const struct exposure_record *r); // a way from outside

// What there is to tell of a cluster.
struct posture_sheet {
    struct score_sheet score;
    const struct comparison_sheet *became; // with an earlier run; NULL: not compared
    struct str earlier;                    // the file of that run
    struct past_series past;               // up to now; n 0: no history is kept
};
// The cluster at hand is complete.
void posture_page_cluster(struct posture_page *p, const struct posture_sheet *sheet);
// Instead: nothing but the runs of a cluster, one at least.
void posture_page_past(struct posture_page *p, struct past_series runs);
// The whole page. fleet: the clusters in the order in which they came; NULL: none.
void posture_page_end(struct posture_page *p, const struct fleet_sheet *fleet, struct buf *out);
