// SPDX-License-Identifier: Apache-2.0
#include "report/html/axis.h"

#include "report/html/html.h"

enum { TICKS = 8 }; // at most

double axis_x(const struct axis *s, int64_t time)
{
    return s->left + (double)(time - s->first) / (double)(s->last - s->first) * (s->right - s->left);
}

struct axis axis_make(int64_t first, int64_t last, double left, double right)
{
    struct axis s = {first, last, left, right};
    int64_t margin = s.last / 40 - s.first / 40; // no overflow over the whole range of time
    margin = margin < NS_PER_SECOND ? NS_PER_SECOND : margin;
    s.first = s.first < INT64_MIN + margin ? INT64_MIN : s.first - margin;
    s.last = s.last > INT64_MAX - margin ? INT64_MAX : s.last + margin;
    if (s.last >= 0 && s.first < s.last - INT64_MAX) // a span that int64_t cannot hold: the later part
        s.first = s.last - INT64_MAX;
    return s;
}

// The smallest step of a round number of seconds that gives few enough ticks.
static int64_t find_step(const struct axis *s)
{
    static const int64_t seconds[] = {1,
                                      2,
                                      5,
                                      10,
                                      15,
                                      30,
                                      60,
                                      120,
                                      300,
                                      600,
                                      900,
                                      1800,
                                      3600,
                                      7200,
                                      10800,
                                      21600,
                                      43200,
                                      86400,
                                      2 * 86400,
                                      7 * 86400,
                                      30 * 86400,
                                      90 * 86400,
                                      365 * 86400ll,
                                      3650 * 86400ll,
                                      36500 * 86400ll};
    const size_t n = sizeof seconds / sizeof *seconds;
    size_t i = 0;
    while (i + 1 < n && (s->last - s->first) / (seconds[i] * NS_PER_SECOND) > TICKS)
        i++;
    return seconds[i] * NS_PER_SECOND;
}

static void write_tick_label(struct buf *out, int64_t time, int64_t step)
{
    struct calendar c = time_calendar(time);
    if (step >= 86400 * NS_PER_SECOND)
        html_rawf(out, "%04d-%02d-%02d", c.year, c.month, c.day);
    else if (step >= 60 * NS_PER_SECOND)
        html_rawf(out, "%02d:%02d", c.hour, c.minute);
    else
        html_rawf(out, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

void axis_ticks(struct buf *out, const struct axis *s, int top, int bottom)
{
    int64_t step = find_step(s);
    int64_t tick = s->first / step * step;
    for (unsigned guard = 0; guard < 4 * TICKS && tick <= s->last; guard++) {
        if (tick >= s->first) {
            double x = axis_x(s, tick);
            html_rawf(out,
                      "<line class=\"tick\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">",
                      x, x, top - 4, bottom, x, top - 12);
            write_tick_label(out, tick, step);
            html_raw(out, "</text>\n");
        }
        if (__builtin_add_overflow(tick, step, &tick))
            break;
    }
}
