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
    uint64_t exposed;    // of the unhealthy: to what an open way leads from outside
    uint64_t unassessed; // what decides about them is not among the objects
    uint64_t exempt;     // unhealthy, and accepted by somebody; they count neither way
    struct str needs;    // what it is judged on, for when there was none
    bool unread;         // not all of that could be read: without a finding that says otherwise nothing is healthy
};

[[nodiscard]] double control_points(const struct control_score *s); // what it has; 0 when nothing was assessed
[[nodiscard]] double control_gain(const struct control_score *s);   // what fixing everything would add

// What is at stake: the gain, and once more for the part of the unhealthy that is exposed.
[[nodiscard]] double control_risk(const struct control_score *s);
// Negative when a is to be fixed before b: by risk, then by gain, severity and id.
[[nodiscard]] int control_first(const struct control_score *a, const struct control_score *b);

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
// Whether it is `percent` at least: nothing is, when nothing was assessed.
[[nodiscard]] bool score_reaches(struct score s, double percent);
