// SPDX-License-Identifier: Apache-2.0
// Several clusters on a page: the score over all of them, a row for each, what to fix first.
#include "report/posture/page_private.h"

#include "report/posture/fleet.h"

enum { CLUSTERS = 10000, FIRST = 10 };

static void write_head(const struct posture_page *p, struct buf *out, const struct fleet_sheet *fleet)
{
    html_rawf(out, "<header class=\"card head %s\">\n<p class=\"brand\"><b>Davy</b> posture of Kubernetes clusters</p>\n<h1>Secure score ",
              sheet_grade(fleet->percent));
    html_rawf(out, "%.0f&#8201;%%</h1>\n", fleet->percent);
    sheet_meter(out, fleet->percent);
    html_raw(out, "<p class=\"lead\">Over ");
    phrase_count(out, p->clusters.n, "cluster", "clusters");
    html_rawf(out, ", each weighted by %s</p>\n</header>\n",
              fleet->named ? "the weight that was named and its criticality" : "what was assessed in it and its criticality");
}

static void write_numbers(struct buf *out, const struct page_cluster *c)
{
    for (size_t s = SEVERITY_CRITICAL + 1; s-- > 0;) {
        html_raw(out, "<td class=\"right fit num\">");
        phrase_number(out, c->unhealthy[s]);
        html_raw(out, "</td>");
    }
}

static void write_cluster(struct buf *out, const struct page_cluster *c, size_t number, const struct fleet_cluster *in_fleet)
{
    if (c->without_room)
        html_raw(out, "<tr><td class=\"any\">");
    else
        html_rawf(out, "<tr><td class=\"any\"><a href=\"#cluster-%zu\">", number);
    html_cut(out, c->name);
    html_raw(out, c->without_room ? " <span class=\"cut\">(no room for its page, see --format json)</span>" : "</a>");
    if (in_fleet && in_fleet->criticality != CRITICALITY_MEDIUM) {
        html_raw(out, " <span class=\"place\">criticality ");
        html_text(out, posture_criticality_word(in_fleet->criticality));
        html_raw(out, "</span>");
    }
    html_rawf(out, "</td><td class=\"right fit num\">%.0f&#8201;%%</td><td class=\"bar\">", score_percent(c->score));
    sheet_meter(out, score_percent(c->score));
    html_raw(out, "</td>");
    if (in_fleet) {
        html_rawf(out, "<td class=\"right fit num\">%.1f&#8201;%%</td>", 100 * in_fleet->share);
        write_numbers(out, c);
    }
    html_raw(out, "</tr>\n");
}

void sheet_clusters(const struct posture_page *p, struct buf *out, const struct fleet_sheet *fleet)
{
    if (fleet)
        write_head(p, out, fleet);
    html_raw(out, "<h2 id=\"clusters\">Clusters</h2>\n<div class=\"card pad scroll\"><table class=\"grid\"><thead><tr><th>cluster</th><th "
                  "class=\"right\">score</th><th></th>");
    if (fleet)
        html_raw(out, "<th class=\"right\">weighs</th><th class=\"right\">critical</th><th class=\"right\">high</th><th "
                      "class=\"right\">medium</th><th class=\"right\">low</th>");
    html_raw(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < p->clusters.n && i < CLUSTERS; i++)
        write_cluster(out, &p->clusters.items[i], i + 1, fleet ? &fleet->clusters[i] : NULL);
    html_raw(out, "</tbody></table>\n");
    html_more(out, p->clusters.n > CLUSTERS ? p->clusters.n - CLUSTERS : 0, "more cluster", "more clusters");
    html_raw(out, "</div>\n");
}

void sheet_fleet_first(struct buf *out, const struct fleet_sheet *fleet)
{
    if (!fleet->n_controls)
        return;
    html_raw(out,
             "<h2>What to fix first in the fleet</h2>\n<p class=\"lead\">By what it adds to the score of all clusters, and what can be "
             "reached from outside weighs twice</p>\n<div class=\"card pad scroll\"><table class=\"grid firsts\"><thead><tr><th></th><th "
             "class=\"right\">score</th><th></th><th>what should be</th><th class=\"right\">clusters</th><th "
             "class=\"right\">unhealthy</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < fleet->n_controls && i < FIRST; i++) {
        const struct fleet_control *c = &fleet->controls[i];
        html_rawf(out, "<tr><td class=\"fit num\">%zu</td><td class=\"right fit num\">+%.2f&#8201;%%</td><td class=\"fit\">", i + 1,
                  c->gain);
        sheet_severity(out, c->control.severity);
        html_raw(out, "</td><td class=\"any\">");
        html_cut(out, c->control.title);
        html_raw(out, "</td><td class=\"right fit num\">");
        phrase_number(out, c->clusters);
        html_raw(out, "</td><td class=\"right fit num\">");
        phrase_number(out, c->unhealthy);
        html_raw(out, "</td></tr>\n");
    }
    html_raw(out, "</tbody></table>\n");
    html_more(out, fleet->n_controls > FIRST ? fleet->n_controls - FIRST : 0, "more control", "more controls");
    html_raw(out, "</div>\n");
}
