// SPDX-License-Identifier: Apache-2.0
// What was weighed and what is known: ways in, indicators, targeted or a worm, certain, inferred, unknown.
#include "report/html/incident.h"

enum { POINTS = 12, LISTED = 60, REASONS = 12 };

static void write_points(struct buf *out, const struct str *items, size_t n)
{
    html_raw(out, "<td class=\"any\">");
    for (size_t i = 0; i < n && i < POINTS; i++) {
        html_raw(out, i ? "<br>" : "");
        html_cut(out, items[i]);
    }
    html_more(out, n > POINTS ? n - POINTS : 0, "more", "more");
    html_raw(out, "</td>");
}

static void write_hypotheses(struct buf *out, const struct incident_vector *v)
{
    if (!v->n_hypotheses)
        return;
    html_raw(out, "<div class=\"part\"><h3>Ways in that were weighed</h3>\n<table class=\"grid ways\"><thead><tr><th></th><th>way</th>"
                  "<th>for</th><th>against</th><th>missing</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < v->n_hypotheses; i++) {
        const struct hypothesis *h = &v->hypotheses[i];
        bool verdict = str_eq(h->name, v->verdict);
        html_rawf(out, "<tr%s><td class=\"fit\">%s</td><td class=\"any\"><b>", verdict ? " class=\"chosen\"" : "",
                  verdict ? "\xe2\x98\x85" : "");
        html_cut(out, story_hypothesis(h->name));
        html_raw(out, verdict ? "</b> (the verdict)</td>" : "</b></td>");
        write_points(out, h->pro, h->n_pro);
        write_points(out, h->contra, h->n_contra);
        write_points(out, h->missing, h->n_missing);
        html_raw(out, "</tr>\n");
    }
    html_raw(out, "</tbody></table></div>\n");
}

static void write_indicators(struct buf *out, const struct incident *x)
{
    if (!x->n_indicators)
        return;
    html_raw(out, "<div><h4>Indicators: look for these in other clusters</h4>\n<dl class=\"facets\">\n");
    for (size_t i = 0; i < x->n_indicators && i < LISTED; i++) {
        bool again = i && str_eq(x->indicators[i].type, x->indicators[i - 1].type);
        html_raw(out, "<dt>");
        if (!again)
            html_cut(out, x->indicators[i].type);
        html_raw(out, "</dt><dd class=\"any\">");
        html_cut(out, x->indicators[i].value);
        html_raw(out, "</dd>\n");
    }
    html_raw(out, "</dl>\n");
    html_more(out, x->n_indicators > LISTED ? x->n_indicators - LISTED : 0, "more, in --format json", "more, in --format json");
    html_raw(out, "</div>\n");
}

static void write_list(struct buf *out, const char *title, const struct str *items, size_t n)
{
    if (!n)
        return;
    html_rawf(out, "<h4>%s</h4>\n<ul class=\"plain\">\n", title);
    for (size_t i = 0; i < n && i < POINTS; i++) {
        html_raw(out, "<li class=\"any\">");
        html_cut(out, items[i]);
        html_raw(out, "</li>\n");
    }
    html_raw(out, "</ul>\n");
    html_more(out, n > POINTS ? n - POINTS : 0, "more, in --format json", "more, in --format json");
}

void html_findings(struct buf *out, const struct incident *x)
{
    write_hypotheses(out, &x->vector);
    html_raw(out, "<div class=\"first part\">\n");
    write_indicators(out, x);
    html_raw(out, "<div><h4>Targeted or a worm?</h4>\n<p class=\"any\"><b>");
    html_cut(out, x->spread);
    html_raw(out, "</b>");
    for (size_t i = 0; i < x->n_spread_reasons && i < REASONS; i++) {
        html_raw(out, i ? "; " : ": ");
        html_cut(out, x->spread_reasons[i]);
    }
    html_raw(out, "</p>\n");
    write_list(out, "Certain", x->certain, x->n_certain);
    write_list(out, "Inferred", x->inferred, x->n_inferred);
    write_list(out, "Not known", x->unknown, x->n_unknown);
    html_raw(out, "</div></div>\n");
}
