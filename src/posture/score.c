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

double control_risk(const struct control_score *s)
{
    return s->unhealthy ? control_gain(s) * (1 + (double)s->exposed / (double)s->unhealthy) : 0;
}

int control_first(const struct control_score *a, const struct control_score *b)
{
    const double risks[] = {control_risk(a), control_risk(b)}, gains[] = {control_gain(a), control_gain(b)};
    if (risks[0] != risks[1])
        return risks[0] > risks[1] ? -1 : 1;
    if (gains[0] != gains[1])
        return gains[0] > gains[1] ? -1 : 1;
    if (a->control.severity != b->control.severity)
        return a->control.severity > b->control.severity ? -1 : 1;
    return str_cmp(a->control.id, b->control.id);
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

bool score_reaches(struct score s, double percent)
{
    return s.max > 0 && score_percent(s) >= percent;
}
