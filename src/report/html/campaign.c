// SPDX-License-Identifier: Apache-2.0
// A campaign on the page: what joins its clusters, the curve of its spread as inline SVG, what to do in each cluster.
#include "report/common/campaigns.h"
#include "report/html/html.h"
#include "report/common/story.h"

#include "report/common/columns.h"
#include "report/common/keep.h"

enum {
    SHOWN_INDICATORS = 60,
    SHOWN_CLUSTERS = 200,
    POINTS = 200, // of the curve
    NAMED = 12,   // points with the name of their cluster beside them, when there are no more
    WIDTH = 1140,
    HEIGHT = 260,
    LEFT = 60,
    RIGHT = 1000, // room for a name behind the last point
    TOP = 20,
    BOTTOM = 220,
};

// --- the curve ---------------------------------------------------------------------------------------------------------------------

static double x_of(const struct campaign *c, int64_t time)
{
    double span = (double)c->clusters[c->n_clusters - 1].first - (double)c->first;
    return span > 0 ? LEFT + ((double)time - (double)c->first) / span * (RIGHT - LEFT) : LEFT;
}

static double y_of(const struct campaign *c, size_t clusters)
{
    return BOTTOM - (double)clusters / (double)c->n_clusters * (BOTTOM - TOP);
}

static void write_axes(struct buf *out, const struct campaign *c)
{
    html_rawf(out, "<line class=\"lane\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", LEFT, RIGHT, BOTTOM, BOTTOM);
    html_rawf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>\n<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", LEFT - 8,
              BOTTOM + 4, LEFT - 8, TOP + 4);
    phrase_number(out, c->n_clusters);
    html_rawf(out, "</text>\n<line class=\"tick\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n<text x=\"%d\" y=\"%d\">", LEFT, RIGHT, TOP,
              TOP, LEFT, BOTTOM + 22);
    phrase_time(out, c->first);
    html_rawf(out, "</text>\n<text x=\"%d\" y=\"%d\" text-anchor=\"end\">", RIGHT, BOTTOM + 22);
    phrase_time(out, c->clusters[c->n_clusters - 1].first);
    html_raw(out, "</text>\n");
}

// A staircase: a cluster more at each point.
static void write_line(struct buf *out, const struct campaign *c, size_t n)
{
    html_rawf(out, "<path class=\"curve\" d=\"M%d %d", LEFT, BOTTOM);
    for (size_t i = 0; i < n; i++) {
        size_t at = campaign_point(c, n, i);
        html_rawf(out, "H%.1fV%.1f", x_of(c, c->clusters[at].first), y_of(c, at + 1));
    }
    html_raw(out, "\"/>\n");
}

static void write_point(struct buf *out, const struct campaign *c, size_t at, bool named)
{
    const struct campaign_cluster *cluster = &c->clusters[at];
    double x = x_of(c, cluster->first), y = y_of(c, at + 1);
    html_rawf(out, "<circle class=\"l%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"%d\"><title>", (int)cluster->severity, x, y, named ? 5 : 3);
    html_attribute(out, keep_cut(cluster->name, DIGEST_TEXT));
    html_raw(out, ", ");
    phrase_time(out, cluster->first);
    html_rawf(out, ", cluster %zu</title></circle>\n", at + 1);
    if (!named)
        return;
    struct buf name;
    buf_init(&name, 1 << 10);
    text_fit(&name, cluster->name, cluster->name.len, 22);
    html_rawf(out, "<text x=\"%.1f\" y=\"%.1f\">", x + 9, y + 14);
    html_attribute(out, buf_str(&name));
    html_raw(out, "</text>\n");
    buf_fini(&name);
}

static void write_curve(struct buf *out, const struct campaign *c)
{
    size_t n = campaign_points(c, POINTS);
    html_raw(out, "<div class=\"scroll timeline\">");
    html_rawf(out, "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Clusters hit over time\">\n", WIDTH, HEIGHT);
    write_axes(out, c);
    write_line(out, c, n);
    for (size_t i = 0; i < n; i++)
        write_point(out, c, campaign_point(c, n, i), n <= NAMED);
    html_raw(out, "</svg></div>\n");
}

// --- words -------------------------------------------------------------------------------------------------------------------------

static void write_head(struct buf *out, const struct campaign *c)
{
    html_rawf(out, "<header><h3><span class=\"pill l%d\">%.*s</span> ", (int)c->severity, STR_ARG(phrase_level(c->severity)));
    html_text(out, c->id);
    html_raw(out, "</h3>\n<p class=\"where\">One hand in ");
    phrase_count(out, c->n_clusters, "cluster", "clusters");
    html_raw(out, " (");
    phrase_count(out, c->n_incidents, "incident", "incidents");
    html_raw(out, "), ");
    phrase_span(out, c->first, c->last, TIME_NONE);
    html_raw(out, " UTC; from ");
    html_text(out, keep_cut(c->clusters[0].name, DIGEST_TEXT));
    html_raw(out, " to ");
    html_text(out, keep_cut(c->clusters[c->n_clusters - 1].name, DIGEST_TEXT));
    html_raw(out, " in ");
    campaign_span(out, c->first, c->clusters[c->n_clusters - 1].first);
    html_raw(out, "</p>\n<p class=\"where any\">How they got in: ");
    if (c->vector.ptr)
        html_text(out, story_verdict(c->vector));
    else
        html_raw(out, c->proven ? "not the same way everywhere" : "proven in none of them");
    html_rawf(out, "; proven in %zu, inferred from those in %zu, undecided in %zu</p></header>\n", c->proven, c->carried, c->undecided);
}

static void write_indicators(struct buf *out, const struct campaign *c)
{
    html_raw(out, "<div class=\"body\"><h4>What they can be known by</h4>\n<table class=\"grid\"><thead><tr><th>type</th><th>value</th>"
                  "<th class=\"right\">clusters</th><th></th></tr></thead><tbody>\n");
    for (size_t i = 0; i < c->n_indicators && i < SHOWN_INDICATORS; i++) {
        const struct campaign_indicator *x = &c->indicators[i];
        html_rawf(out, "<tr><td class=\"fit\">%.*s</td><td class=\"any mono\">", STR_ARG(x->type));
        html_text(out, keep_cut(x->value, DIGEST_TEXT));
        html_raw(out, "</td><td class=\"right fit num\">");
        phrase_number(out, x->clusters);
        html_rawf(out, "</td><td class=\"fit\">%s</td></tr>\n", !x->weight ? "stock" : x->clusters > 1 ? "shared" : "varies");
    }
    html_raw(out, "</tbody></table>\n");
    if (c->n_indicators > SHOWN_INDICATORS || c->dropped_indicators)
        html_raw(out, "<p class=\"more\">and more, in --format json</p>\n");
    html_raw(out, "</div>\n");
}

static void write_commands(struct buf *out, const struct campaign_cluster *x)
{
    for (size_t i = 0; i < x->n_fixes; i++) {
        html_raw(out, "<p class=\"any mono\">");
        html_text(out, x->fixes[i]);
        html_raw(out, "</p>\n");
    }
    for (size_t i = 0; i < x->n_leftovers; i++) {
        html_raw(out, "<p class=\"any mono\">");
        html_text(out, x->leftovers[i].fix);
        html_raw(out, "</p>\n");
    }
    if (x->dropped)
        html_raw(out, "<p class=\"more\">and more, in the incidents themselves</p>\n");
}

static void write_plan(struct buf *out, const struct campaign_cluster *x)
{
    html_raw(out, "<details><summary><span class=\"title any\">");
    html_text(out, keep_cut(x->name, DIGEST_TEXT));
    html_raw(out, "</span><span class=\"when\">");
    phrase_span(out, x->first, x->last, TIME_NONE);
    html_raw(out, "</span></summary>\n<div class=\"body\"><p class=\"why any\">");
    html_text(out, x->vector.ptr ? story_verdict(x->vector) : STR("unknown how they got in"));
    html_raw(out, x->carried ? " (inferred from the other clusters)" : x->certainty == CERTAIN ? "" : " (inferred)");
    for (size_t i = 0; i < x->n_causes; i++) {
        html_raw(out, i ? ", " : "; let in by ");
        html_text(out, keep_cut(x->causes[i], DIGEST_TEXT));
    }
    html_raw(out, "</p>\n");
    write_commands(out, x);
    html_raw(out, "</div></details>\n");
}

void html_campaign(struct report *r, const struct campaign *c)
{
    struct buf *out = &r->out.buf;
    html_raw(out, "<section class=\"card actor\">\n");
    write_head(out, c);
    write_curve(out, c);
    write_indicators(out, c);
    for (size_t i = 0; i < c->n_clusters && i < SHOWN_CLUSTERS; i++)
        write_plan(out, &c->clusters[i]);
    if (c->n_clusters > SHOWN_CLUSTERS) {
        html_raw(out, "<p class=\"more pad\">and ");
        phrase_count(out, c->n_clusters - SHOWN_CLUSTERS, "more cluster", "more clusters");
        html_raw(out, "</p>\n");
    }
    html_raw(out, "</section>\n");
}

void html_campaigns(struct report *r)
{
    struct buf *out = &r->out.buf;
    if (!r->n_campaigns)
        return;
    html_raw(out, "<h2 id=\"campaigns\">Campaigns</h2>\n<p class=\"lead\">Intrusions into several clusters that are the work of one hand; "
                  "under each cluster what to do there</p>\n");
    buf_add(out, buf_str(&r->campaigns));
    if (r->campaigns_without_room) {
        html_raw(out, "<p class=\"more\">and ");
        phrase_count(out, r->campaigns_without_room, "more campaign", "more campaigns");
        html_raw(out, " for which there was no room: --format json has them</p>\n");
    }
    out_flush(&r->out);
}
