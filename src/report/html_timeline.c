// SPDX-License-Identifier: Apache-2.0
// Alerts over time, a lane an actor, as inline SVG. Points that would overlap become one of the worse level.
#include "report/html.h"

#include "report/columns.h"

enum {
    LANES = 24,
    WIDTH = 1140,
    LEFT = 330, // of the lanes; the names stand before it
    RIGHT = 1122,
    TOP = 30,
    LANE = 38,
    NAME = 42,  // columns of a name
    BUCKET = 9, // pixels that become one point
    BUCKETS = (RIGHT - LEFT) / BUCKET + 1,
    TICKS = 8, // at most
};

struct scale {
    int64_t first, last;
};

static double x_of(const struct scale *s, int64_t time)
{
    return LEFT + (double)(time - s->first) / (double)(s->last - s->first) * (RIGHT - LEFT);
}

static struct scale find_scale(const struct digest *d)
{
    struct scale s = {INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < d->n_actors; i++) {
        const struct seen_actor *a = d->actors[i];
        if (a->n_points == 0)
            continue;
        s.first = a->points[0].time < s.first ? a->points[0].time : s.first;
        s.last = a->points[a->n_points - 1].time > s.last ? a->points[a->n_points - 1].time : s.last;
    }
    int64_t margin = s.last / 40 - s.first / 40; // no overflow over the whole range of time
    margin = margin < NS_PER_SECOND ? NS_PER_SECOND : margin;
    s.first = s.first < INT64_MIN + margin ? INT64_MIN : s.first - margin;
    s.last = s.last > INT64_MAX - margin ? INT64_MAX : s.last + margin;
    if (s.last >= 0 && s.first < s.last - INT64_MAX) // a span that int64_t cannot hold: the later part
        s.first = s.last - INT64_MAX;
    return s;
}

// The smallest step of a round number of seconds that gives few enough ticks.
static int64_t find_step(const struct scale *s)
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

static void write_ticks(struct buf *out, const struct scale *s, size_t lanes)
{
    int64_t step = find_step(s);
    int bottom = TOP + (int)lanes * LANE;
    int64_t tick = s->first / step * step;
    for (unsigned guard = 0; guard < 4 * TICKS && tick <= s->last; guard++) {
        if (tick >= s->first) {
            double x = x_of(s, tick);
            html_rawf(out,
                      "<line class=\"tick\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">",
                      x, x, TOP - 4, bottom, x, TOP - 12);
            write_tick_label(out, tick, step);
            html_raw(out, "</text>\n");
        }
        if (__builtin_add_overflow(tick, step, &tick))
            break;
    }
}

static void write_point(struct buf *out, const struct seen_point *p, double x, int y)
{
    int grow = 0;
    for (uint64_t n = p->alerts; n > 1 && grow < 5; n /= 2)
        grow++;
    html_rawf(out, "<circle class=\"l%d\" cx=\"%.1f\" cy=\"%d\" r=\"%.1f\"><title>", (int)p->level, x, y, 5 + grow * 0.8);
    phrase_count(out, p->alerts, "alert", "alerts");
    html_rawf(out, ", %.*s, ", STR_ARG(phrase_level(p->level)));
    phrase_time(out, p->time);
    html_raw(out, "</title></circle>\n");
}

static void write_points(struct buf *out, const struct scale *s, const struct seen_actor *a, int y)
{
    struct seen_point buckets[BUCKETS] = {0};
    for (size_t i = 0; i < a->n_points; i++) {
        const struct seen_point *p = &a->points[i];
        if (p->time < s->first)
            continue;
        size_t at = (size_t)(x_of(s, p->time) - LEFT) / BUCKET;
        struct seen_point *b = &buckets[at < BUCKETS ? at : BUCKETS - 1];
        if (!b->alerts || p->level > b->level)
            b->level = p->level, b->time = p->time;
        b->alerts += p->alerts;
    }
    for (unsigned level = 0; level <= LEVEL_CRITICAL; level++) // the worst are drawn last and lie on top
        for (size_t i = 0; i < BUCKETS; i++)
            if (buckets[i].alerts && buckets[i].level == level)
                write_point(out, &buckets[i], x_of(s, buckets[i].time), y);
}

// Under the name: the address, the cluster where there are several, and what the shortened name was.
static void write_below(struct buf *out, const struct seen_actor *a, int y, bool is_account, bool several)
{
    struct buf text;
    buf_init(&text, 1 << 12);
    text_fit(&text, a->address.text.ptr ? a->address.text : STR("(no address)"), a->address.whole, NAME);
    if (several) {
        buf_add(&text, STR(", "));
        text_fit(&text, a->cluster.text, a->cluster.whole, NAME / 2);
    }
    html_rawf(out, "<text x=\"0\" y=\"%d\">", y + 12);
    html_attribute(out, buf_str(&text));
    html_raw(out, is_account ? ", service account</text>\n" : "</text>\n");
    buf_fini(&text);
}

static void write_lane(struct buf *out, const struct scale *s, const struct seen_actor *a, size_t lane, bool several)
{
    int y = TOP + (int)lane * LANE + LANE / 2;
    const struct str account = STR("system:serviceaccount:");
    bool is_account = str_starts(a->principal.text, account);
    struct str principal = a->principal.text.ptr ? a->principal.text : STR("(not authenticated)");
    struct buf name;
    buf_init(&name, 1 << 12);
    text_fit(&name, is_account ? str_slice(principal, account.len, principal.len) : principal,
             is_account && !kept_cut(&a->principal) ? 0 : a->principal.whole, NAME);
    html_rawf(
        out, "<line class=\"lane\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n<a href=\"#actor-%zu\"><text class=\"who\" x=\"0\" y=\"%d\">",
        LEFT, RIGHT, y, y, lane + 1, y - 2);
    html_attribute(out, buf_str(&name));
    html_raw(out, "</text></a>\n");
    write_below(out, a, y, is_account, several);
    write_points(out, s, a, y);
    buf_fini(&name);
}

bool html_has_timeline(const struct digest *d)
{
    for (size_t i = 0; i < d->n_actors; i++)
        if (d->actors[i]->n_points)
            return true;
    return false;
}

void html_timeline(struct report *r)
{
    const struct digest *d = &r->digest;
    struct buf *out = &r->out.buf;
    if (!html_has_timeline(d))
        return;
    struct scale s = find_scale(d);
    size_t lanes = d->n_actors < LANES ? d->n_actors : LANES;
    int height = TOP + (int)lanes * LANE + 6;
    html_raw(out, "<h2 id=\"timeline\">Timeline</h2>\n<p class=\"lead\">");
    phrase_span(out, d->first, d->last, TIME_NONE);
    html_raw(out, " UTC; who is to be acted on first, newest work first</p>\n<div class=\"card scroll timeline\">");
    html_rawf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Alerts over time, a lane for each actor\">\n", WIDTH, height);
    write_ticks(out, &s, lanes);
    bool several = false;
    for (size_t i = 1; i < d->n_actors; i++)
        several |= !str_eq(d->actors[i]->cluster.text, d->actors[0]->cluster.text);
    for (size_t i = 0; i < lanes; i++) {
        write_lane(out, &s, d->actors[i], i, several);
        out_flush(&r->out);
    }
    html_raw(out, "</svg>");
    if (d->n_actors > lanes) {
        html_raw(out, "<p class=\"more\">and ");
        phrase_count(out, d->n_actors - lanes, "more actor", "more actors");
        html_raw(out, "</p>");
    }
    html_raw(out, "</div>\n");
}
