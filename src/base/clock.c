// SPDX-License-Identifier: Apache-2.0
#include "base/clock.h"

int64_t clock_tell(struct clock *c, int64_t time)
{
    int64_t position;
    if (time == TIME_NONE)
        return TIME_NONE;
    if (__builtin_add_overflow(time, c->shift, &position))
        position = INT64_MAX;
    const int64_t behind = c->latest == TIME_NONE ? 0 : time_between(position, c->latest);
    if (behind > CLOCK_BACK) {
        if (behind > c->back) {
            c->back = behind;
            c->from = time_between(c->shift, c->latest);
        }
        if (__builtin_add_overflow(c->shift, behind, &c->shift))
            c->shift = INT64_MAX;
        position = c->latest;
    }
    if (position > c->latest)
        c->latest = position;
    return position;
}
