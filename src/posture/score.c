// SPDX-License-Identifier: Apache-2.0
#include "posture/score.h"

static double share(const struct control_score *s, uint64_t part)
{
    const uint64_t all = s->healthy + s->unhealthy;
    return all ? s->points * (double)part / (double)all : 0;
}

double control_points(const struct control_score *s)
{
    return share(s, s->healthy);
}

double control_gain(const struct control_score *s)
{
    return share(s, s->unhealthy);
}

struct score score_sum(const struct control_score *scores, size_t n)
{
    struct score sum = {0};
    for (size_t i = 0; i < n; i++) {
        sum.points += control_points(&scores[i]);
        sum.max += scores[i].healthy + scores[i].unhealthy ? scores[i].points : 0;
    }
    return sum;
}

double score_percent(struct score s)
{
    return s.max > 0 ? 100 * s.points / s.max : 100;
}
