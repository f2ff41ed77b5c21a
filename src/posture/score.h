// SPDX-License-Identifier: Apache-2.0
// The secure score: of each control points x healthy / (healthy + unhealthy), summed up; what nothing was assessed for counts neither way.
#pragma once

#include "posture/finding.h"
#include "posture/unread.h"

struct control_score {
    struct finding_control control;
    struct str fix;
    double points;
    uint64_t healthy, unhealthy;
    uint64_t unassessed; // what decides about them is not among the objects
    uint64_t exempt;     // unhealthy, and accepted by somebody; they count neither way
    struct str needs;    // what it is judged on, for when there was none
    bool unread;         // not all of that could be read: without a finding that says otherwise nothing is healthy
};

[[nodiscard]] double control_points(const struct control_score *s); // what it has; 0 when nothing was assessed
[[nodiscard]] double control_gain(const struct control_score *s);   // what fixing everything would add

// What a cluster comes to.
struct score_sheet {
    struct str cluster;
    const struct control_score *scores; // by id
    size_t n;
    const struct unread_kind *unread;
    size_t n_unread;
};

struct score {
    double points, max;
};
[[nodiscard]] struct score score_sum(const struct control_score *scores, size_t n);
[[nodiscard]] double score_percent(struct score s); // 100 when nothing was assessed
