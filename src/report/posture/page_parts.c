// SPDX-License-Identifier: Apache-2.0
// What stands on the page beside the controls: what changed, ways in, what is exempt, what is not known.
#include "report/posture/page_private.h"

#include "report/posture/posture.h"

enum { CHANGES_SHOWN = 20 }; // of each kind

// --- what changed ----------------------------------------------------------------------------------------------------------------

static void write_change(struct buf *out, const struct changed *c)
{
    static const char *const words[CHANGES] = {
        [CHANGE_NEW] = "new", [CHANGE_GONE] = "gone", [CHANGE_EXEMPT] = "exempt", [CHANGE_UNSEEN] = "not seen"};
    html_rawf(out, "<tr><td class=\"fit\">%s</td><td class=\"fit\">", words[c->change]);
    sheet_severity(out, c->control.severity);
    html_raw(out, "</td><td class=\"any\">");
    html_cut(out, c->control.id);
    html_raw(out, "</td><td class=\"any\">");
    sheet_object(out, &c->object);
    html_raw(out, "</td><td class=\"any\">");
    html_cut(out, c->why);
    html_raw(out, "</td></tr>\n");
}

static void write_both(struct buf *out, const struct posture_sheet *sheet)
{
    const struct comparison_sheet *became = sheet->became;
    html_raw(out, "<h2>What changed</h2>\n<p class=\"lead any\">Since ");
    html_cut(out, sheet->earlier);
    if (became->known)
        html_rawf(out, ": %.2f of %.0f points (%.0f&#8201;%%) became %.2f of %.0f (%.0f&#8201;%%)", became->old.points, became->old.max,
                  score_percent(became->old), became->now.points, became->now.max, score_percent(became->now));
    else
        html_raw(out, ", which has no score of this cluster");
    html_rawf(out, ": %zu new, %zu gone, %zu exempt since, %zu not seen this time</p>\n", became->of[CHANGE_NEW], became->of[CHANGE_GONE],
              became->of[CHANGE_EXEMPT], became->of[CHANGE_UNSEEN]);
}

void sheet_change(struct buf *out, const struct posture_sheet *sheet)
{
    const struct comparison_sheet *became = sheet->became;
    size_t shown[CHANGES] = {0}, more = 0;
    if (!became)
        return;
    write_both(out, sheet);
    if (!became->n)
        return;
    html_raw(out,
             "<div class=\"card pad scroll\"><table class=\"grid\"><thead><tr><th></th><th></th><th>control</th><th>object</th><th>what is "
             "wrong</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < became->n; i++) {
        size_t *n = &shown[became->items[i].change];
        if ((*n)++ < CHANGES_SHOWN)
            write_change(out, &became->items[i]);
        else
            more++;
    }
    html_raw(out, "</tbody></table>\n");
    html_more(out, more, "more, in --format json", "more, in --format json");
    html_raw(out, "</div>\n");
}

// --- ways in ---------------------------------------------------------------------------------------------------------------------

void sheet_ways(struct posture_page *p, struct buf *out)
{
    const uint64_t n = p->ways[0].n + p->ways[1].n, shown = p->ways[0].shown + p->ways[1].shown;
    if (!shown)
        return;
    html_raw(out,
             "<h2>Ways in</h2>\n<p class=\"lead\">What opens a way to workloads from outside the cluster, as far as its objects show</p>\n"
             "<div class=\"card pad scroll\"><table class=\"grid\"><thead><tr><th></th><th>way</th><th>to "
             "what</th><th>where</th></tr></thead><tbody>\n");
    buf_add(out, buf_str(&p->ways[0].html));
    buf_add(out, buf_str(&p->ways[1].html));
    html_raw(out, "</tbody></table>\n");
    html_more(out, n - shown, "more", "more");
    html_raw(out, "</div>\n");
}

// --- what is exempt, what is not known -------------------------------------------------------------------------------------------

void sheet_exempt(struct posture_page *p, struct buf *out)
{
    if (!p->exempt.n)
        return;
    html_raw(out,
             "<h2>Exempt</h2>\n<p class=\"lead\">Accepted by somebody; they count neither way</p>\n<div class=\"card pad scroll\"><table "
             "class=\"grid\"><thead><tr><th>control</th><th>object</th><th>why</th><th>where</th></tr></thead><tbody>\n");
    buf_add(out, buf_str(&p->exempt.html));
    html_raw(out, "</tbody></table>\n");
    html_more(out, p->exempt.n - p->exempt.shown, "more, in --format json", "more, in --format json");
    html_raw(out, "</div>\n");
}

static bool is_without(const struct control_score *s)
{
    return s->healthy + s->unhealthy + s->unassessed + s->exempt == 0;
}

// What was not among the objects, and the controls that it would have taken it for.
static void write_without(struct buf *out, const struct score_sheet *sheet)
{
    for (size_t i = 0; i < sheet->n; i++) {
        bool first = is_without(&sheet->scores[i]);
        for (size_t k = 0; k < i && first; k++)
            first = !is_without(&sheet->scores[k]) || !str_eq(sheet->scores[k].needs, sheet->scores[i].needs);
        if (!first)
            continue;
        html_raw(out, "<tr><td class=\"any\">without ");
        html_cut(out, sheet->scores[i].needs);
        html_raw(out, "</td><td class=\"any\">");
        for (size_t k = i; k < sheet->n; k++) {
            if (!is_without(&sheet->scores[k]) || !str_eq(sheet->scores[k].needs, sheet->scores[i].needs))
                continue;
            html_raw(out, k > i ? ", " : "");
            html_cut(out, sheet->scores[k].control.id);
        }
        html_raw(out, "</td></tr>\n");
    }
}

static void write_unread(struct buf *out, const struct score_sheet *sheet)
{
    for (size_t i = 0; i < sheet->n_unread; i++) {
        html_raw(out, "<tr class=\"trouble\"><td class=\"any\">");
        html_cut(out, sheet->unread[i].kind);
        html_raw(out, sheet->unread[i].partly ? ", of which only some were read" : ", which were not read");
        html_raw(out, "</td><td class=\"any\">");
        html_cut(out, sheet->unread[i].why);
        html_raw(out, "</td></tr>\n");
    }
}

void sheet_undecided(struct posture_page *p, struct buf *out, const struct score_sheet *sheet)
{
    bool any = sheet->n_unread > 0;
    for (size_t i = 0; i < sheet->n && !any; i++)
        any = is_without(&sheet->scores[i]);
    if (!any && !p->undecided.n)
        return;
    html_raw(
        out,
        "<h2>Not assessed</h2>\n<p class=\"lead\">What the objects do not decide counts neither way</p>\n<div class=\"card pad scroll\">");
    if (any) {
        html_raw(out, "<table class=\"grid\"><tbody>\n");
        write_unread(out, sheet);
        write_without(out, sheet);
        html_raw(out, "</tbody></table>\n");
    }
    if (p->undecided.n) {
        html_raw(out, "<table class=\"grid\"><thead><tr><th>control</th><th>object</th><th>why</th><th>where</th></tr></thead><tbody>\n");
        buf_add(out, buf_str(&p->undecided.html));
        html_raw(out, "</tbody></table>\n");
        html_more(out, p->undecided.n - p->undecided.shown, "more, in --format json", "more, in --format json");
    }
    html_raw(out, "</div>\n");
}
