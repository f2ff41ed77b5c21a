// SPDX-License-Identifier: Apache-2.0
// Controls on the page: what to fix first, and each of them with all that stands behind it.
#include "report/posture/page_private.h"

#include "base/status.h"
#include "report/posture/frameworks.h"

#include <stdlib.h>

enum { FIRST = 10 };

static int first(const void *va, const void *vb)
{
    return control_first(*(const struct control_score *const *)va, *(const struct control_score *const *)vb);
}

// The controls in the order in which they are to be fixed; the caller frees.
static const struct control_score **in_order(const struct score_sheet *sheet)
{
    const struct control_score **order = must_alloc(calloc(sheet->n + 1, sizeof *order));
    for (size_t i = 0; i < sheet->n; i++)
        order[i] = &sheet->scores[i];
    qsort(order, sheet->n, sizeof *order, first);
    return order;
}

static bool is_assessed(const struct control_score *s)
{
    return s->healthy + s->unhealthy > 0;
}

static void write_share(struct buf *out, const struct control_score *s)
{
    phrase_number(out, s->unhealthy);
    html_raw(out, " of ");
    phrase_number(out, s->healthy + s->unhealthy);
    if (s->exposed) {
        html_raw(out, "<br><span class=\"refused\">");
        phrase_number(out, s->exposed);
        html_raw(out, " exposed</span>");
    }
}

// --- first -----------------------------------------------------------------------------------------------------------------------

static void write_first(struct buf *out, const struct control_score *s, size_t rank, double max, size_t number)
{
    html_rawf(out,
              "<tr><td class=\"fit num\">%zu</td><td class=\"right fit num\">+%.2f</td><td class=\"right fit num\">+%.1f&#8201;%%</td><td "
              "class=\"fit\">",
              rank, control_gain(s), max > 0 ? 100 * control_gain(s) / max : 0);
    sheet_severity(out, s->control.severity);
    html_rawf(out, "</td><td class=\"any\"><a href=\"#c%zu-", number);
    html_attribute(out, s->control.id);
    html_raw(out, "\">");
    html_cut(out, s->control.title);
    html_raw(out, "</a></td><td class=\"fit num\">");
    write_share(out, s);
    html_raw(out, "</td><td class=\"any\">");
    html_cut(out, s->fix);
    html_raw(out, "</td></tr>\n");
}

void sheet_first(struct buf *out, const struct score_sheet *sheet, size_t number)
{
    const struct control_score **order = in_order(sheet);
    const double max = score_sum(sheet->scores, sheet->n).max;
    size_t n = 0;
    while (n < sheet->n && order[n]->unhealthy)
        n++;
    if (n) {
        html_raw(
            out,
            "<h2>What to fix first</h2>\n<p class=\"lead\">By what it gains, and what can be reached from outside weighs twice</p>\n<div "
            "class=\"card pad scroll\"><table class=\"grid firsts\"><thead><tr><th></th><th class=\"right\">points</th><th "
            "class=\"right\">score</th><th></th><th>what should be</th><th>is not</th><th>what to do</th></tr></thead><tbody>\n");
        for (size_t i = 0; i < n && i < FIRST; i++)
            write_first(out, order[i], i + 1, max, number);
        html_raw(out, "</tbody></table>\n");
        html_more(out, n > FIRST ? n - FIRST : 0, "more control below", "more controls below");
        html_raw(out, "</div>\n");
    }
    free(order);
}

// --- all -------------------------------------------------------------------------------------------------------------------------

static void write_about(struct buf *out, const struct control_score *s)
{
    const struct control_about *about = s->control.about;
    struct buf sections;
    buf_init(&sections, 1 << 12);
    frameworks_text(&sections, about);
    html_raw(out, "<dl class=\"facets plainly\"><dt>why</dt><dd>");
    html_cut(out, about ? about->why : STR_NONE);
    html_raw(out, "</dd><dt>what to do</dt><dd>");
    html_cut(out, s->fix);
    html_raw(out, "</dd>");
    for (size_t i = 0; about && i < about->n_references; i++) {
        html_raw(out, i ? "<dd>" : "<dt>more</dt><dd>");
        html_cut(out, about->references[i]);
        html_raw(out, "</dd>");
    }
    if (sections.len) {
        html_raw(out, "<dt>sections</dt><dd>");
        html_text(out, buf_str(&sections));
        html_raw(out, "</dd>");
    }
    html_raw(out, "</dl>\n");
    buf_fini(&sections);
}

static void write_findings(struct buf *out, const struct rows *rows)
{
    if (!rows->n)
        return;
    html_raw(out, "<table class=\"grid\"><thead><tr><th>object</th><th>what is wrong</th><th>where</th></tr></thead><tbody>\n");
    buf_add(out, buf_str(&rows->html));
    html_raw(out, "</tbody></table>\n");
    html_more(out, rows->n - rows->shown, "more, in --format json", "more, in --format json");
}

static void write_control(struct posture_page *p, struct buf *out, const struct control_score *s, size_t number)
{
    html_rawf(out, "<details id=\"c%zu-", number);
    html_attribute(out, s->control.id);
    html_raw(out, "\"><summary>");
    sheet_severity(out, s->control.severity);
    html_raw(out, "<span class=\"title any\">");
    html_cut(out, s->control.title);
    html_raw(out, " <code>");
    html_cut(out, s->control.id);
    html_raw(out, "</code></span><span class=\"when\">");
    if (s->unhealthy) {
        phrase_number(out, s->unhealthy);
        html_raw(out, " of ");
        phrase_number(out, s->healthy + s->unhealthy);
        html_raw(out, s->healthy + s->unhealthy == 1 ? " is not, " : " are not, ");
    }
    html_rawf(out, "%.2f of %.0f points</span><span class=\"bar\">", control_points(s), s->points);
    sheet_meter(out, 100 * control_points(s) / (s->points > 0 ? s->points : 1));
    html_raw(out, "</span></summary>\n<div class=\"body\">");
    write_about(out, s);
    if (s->unhealthy)
        write_findings(out, posture_page_rows(p, s->control.id));
    html_raw(out, "</div></details>\n");
}

void sheet_controls(struct posture_page *p, struct buf *out, const struct score_sheet *sheet, size_t number)
{
    static const char *const groups[] = {"To fix", "As it should be"};
    const struct control_score **order = in_order(sheet);
    for (size_t group = 0; group < sizeof groups / sizeof *groups; group++) {
        bool any = false;
        for (size_t i = 0; i < sheet->n; i++) {
            if (!is_assessed(order[i]) || (order[i]->unhealthy == 0) != group)
                continue;
            if (!any)
                html_rawf(out, "<h2>%s</h2>\n<div class=\"card controls\">\n", groups[group]);
            any = true;
            write_control(p, out, order[i], number);
        }
        html_raw(out, any ? "</div>\n" : "");
    }
    free(order);
}
