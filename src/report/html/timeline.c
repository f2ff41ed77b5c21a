// SPDX-License-Identifier: Apache-2.0
// Alerts over time, a lane an actor, as inline SVG. Points that would overlap become one of the worse level.
#include "report/html/html.h"

#include "report/common/columns.h"
#include "report/html/axis.h"

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
};

static struct axis find_axis(const struct digest *d)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < d->n_actors; i++) {
        const struct seen_actor *a = d->actors[i];
        if (a->n_points == 0)
            continue;
        first = a->points[0].time < first ? a->points[0].time : first;
        last = a->points[a->n_points - 1].time > last ? a->points[a->n_points - 1].time : last;
    }
    return axis_make(first, last, LEFT, RIGHT);
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

static void write_points(struct buf *out, const struct axis *s, const struct seen_actor *a, int y)
{
    struct seen_point buckets[BUCKETS] = {0};
    for (size_t i = 0; i < a->n_points; i++) {
        const struct seen_point *p = &a->points[i];
        if (p->time < s->first)
            continue;
        size_t at = (size_t)(axis_x(s, p->time) - LEFT) / BUCKET;
        struct seen_point *b = &buckets[at < BUCKETS ? at : BUCKETS - 1];
        if (!b->alerts || p->level > b->level)
            b->level = p->level, b->time = p->time;
        b->alerts += p->alerts;
    }
    for (unsigned level = 0; level <= LEVEL_CRITICAL; level++) // the worst are drawn last and lie on top
        for (size_t i = 0; i < BUCKETS; i++)
            if (buckets[i].alerts && buckets[i].level == level)
                write_point(out, &buckets[i], axis_x(s, buckets[i].time), y);
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

static void write_lane(struct buf *out, const struct axis *s, const struct seen_actor *a, size_t lane, bool several)
{
    int y = TOP + (int)lane * LANE + LANE / 2;
    const struct str account = STR("system:serviceaccount:");
    bool is_account = str_starts(a->principal.text, account);
    struct str principal = a->principal.text.ptr ? a->principal.text : a->process ? STR("(a process)") : STR("(not authenticated)");
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
    struct axis s = find_axis(d);
    size_t lanes = d->n_actors < LANES ? d->n_actors : LANES;
    int height = TOP + (int)lanes * LANE + 6;
    html_raw(out, "<h2 id=\"timeline\">Timeline</h2>\n<p class=\"lead\">");
    phrase_span(out, d->first, d->last, TIME_NONE);
    html_raw(out, " UTC; who is to be acted on first, newest work first</p>\n<div class=\"card scroll timeline\">");
    html_rawf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Alerts over time, a lane for each actor\">\n", WIDTH, height);
    axis_ticks(out, &s, TOP, TOP + (int)lanes * LANE);
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
