// SPDX-License-Identifier: Apache-2.0
#include "report/posture/page_private.h"

#include "base/status.h"
#include "report/html/page.h"

#include <stdlib.h>

enum {
    ROWS = 50,       // of one control
    LISTED = 200,    // of other lists
    BODY = 24 << 20, // of all clusters
};

// --- what comes in ---------------------------------------------------------------------------------------------------------------

struct posture_page *posture_page_new(void)
{
    struct posture_page *p = must_alloc(calloc(1, sizeof *p));
    arena_init(&p->arena, ARENA_UNLIMITED);
    rows_init(&p->exempt);
    rows_init(&p->undecided);
    rows_init(&p->ways[0]);
    rows_init(&p->ways[1]);
    buf_init(&p->body, SIZE_MAX);
    return p;
}

void posture_page_free(struct posture_page *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->controls.n; i++)
        buf_fini(&p->controls.items[i].unhealthy.html);
    vec_fini(&p->controls);
    vec_fini(&p->clusters);
    buf_fini(&p->exempt.html);
    buf_fini(&p->undecided.html);
    buf_fini(&p->ways[0].html);
    buf_fini(&p->ways[1].html);
    buf_fini(&p->body);
    arena_fini(&p->arena);
    free(p);
}

// A row: the control where the table does not say it, the object, why, where it was read.
static void write_row(struct buf *out, const struct finding *f, bool named)
{
    html_raw(out, "<tr><td class=\"any\">");
    if (named) {
        html_cut(out, f->control.id);
        html_raw(out, "</td><td class=\"any\">");
    }
    sheet_object(out, &f->object);
    html_raw(out, "</td><td class=\"any\">");
    html_cut(out, f->why);
    html_raw(out, "</td><td class=\"any place\">");
    sheet_place(out, f->place);
    html_raw(out, "</td></tr>\n");
}

void posture_page_finding(struct posture_page *p, const struct finding *f)
{
    struct rows *rows = f->status == FINDING_EXEMPT ? &p->exempt : &p->undecided;
    if (f->status == FINDING_HEALTHY)
        return;
    if (f->status == FINDING_UNHEALTHY) {
        rows = posture_page_rows(p, f->control.id);
        p->unhealthy[f->control.severity]++;
    }
    if (rows_take(rows, f->status == FINDING_UNHEALTHY ? ROWS : LISTED))
        write_row(&rows->html, f, f->status != FINDING_UNHEALTHY);
}

void posture_page_way(struct posture_page *p, const struct exposure_record *r)
{
    const bool open = str_eq(r->verdict, STR("open"));
    struct rows *rows = &p->ways[!open];
    if (str_eq(r->way, STR("none")) || str_eq(r->verdict, STR("closed")) || !rows_take(rows, LISTED))
        return;
    html_rawf(&rows->html, "<tr><td class=\"fit\"><span class=\"pill %s\">", open ? "l3" : "l0");
    html_text(&rows->html, r->verdict);
    html_raw(&rows->html, "</span></td><td class=\"fit\">");
    html_text(&rows->html, r->way);
    html_raw(&rows->html, "</td><td class=\"any\">");
    html_cut(&rows->html, r->title);
    html_raw(&rows->html, "</td><td class=\"any place\">");
    sheet_place(&rows->html, r->place);
    html_raw(&rows->html, "</td></tr>\n");
}

// --- a cluster -------------------------------------------------------------------------------------------------------------------

static void reset(struct posture_page *p)
{
    for (size_t i = 0; i < p->controls.n; i++)
        rows_clear(&p->controls.items[i].unhealthy);
    for (size_t i = 0; i < sizeof p->unhealthy / sizeof *p->unhealthy; i++)
        p->unhealthy[i] = 0;
    rows_clear(&p->exempt);
    rows_clear(&p->undecided);
    rows_clear(&p->ways[0]);
    rows_clear(&p->ways[1]);
}

static void write_score(struct buf *out, const struct page_cluster *c, size_t number)
{
    const double percent = c->score.max > 0 ? score_percent(c->score) : 0;
    html_rawf(out, "<header class=\"card head %s\" id=\"cluster-%zu\">\n", sheet_grade(percent), number);
    html_raw(out, "<p class=\"brand\"><b>Davy</b> posture of a Kubernetes cluster</p>\n");
    if (c->score.max > 0) {
        html_rawf(out, "<h1>Secure score %.0f&#8201;%%</h1>\n", percent);
        sheet_meter(out, percent);
        html_rawf(out, "<p class=\"lead any\">%.2f of %.0f points, cluster <b>", c->score.points, c->score.max);
    } else {
        html_raw(out, "<h1>Nothing could be judged</h1>\n<p class=\"lead any\">Cluster <b>");
    }
    html_cut(out, c->name);
    html_raw(out, "</b></p>\n");
}

static void write_tiles(const struct posture_page *p, struct buf *out)
{
    static const char *const words[] = {"low", "medium", "high", "critical"};
    html_raw(out, "<ul class=\"tiles\">\n");
    for (size_t i = SEVERITY_CRITICAL + 1; i-- > 0;) {
        html_rawf(out, "<li class=\"%s%zu\"><b>", p->unhealthy[i] ? "l" : "zero z", i + 1);
        phrase_number(out, p->unhealthy[i]);
        html_rawf(out, "</b><span>%s</span></li>\n", words[i]);
    }
    html_raw(out, p->ways[0].n ? "<li class=\"l3\"><b>" : "<li class=\"zero\"><b>");
    phrase_number(out, p->ways[0].n);
    html_raw(out, "</b><span>open ways in</span></li>\n");
    if (p->exempt.n) {
        html_raw(out, "<li><b>");
        phrase_number(out, p->exempt.n);
        html_raw(out, "</b><span>exempt</span></li>\n");
    }
    html_raw(out, "</ul>\n");
}

void posture_page_cluster(struct posture_page *p, const struct posture_sheet *sheet)
{
    struct buf *out = &p->body;
    struct page_cluster *c = vec_push(&p->clusters);
    *c = (struct page_cluster){.name = arena_str(&p->arena, sheet->score.cluster), .score = score_sum(sheet->score.scores, sheet->score.n)};
    for (size_t i = 0; i <= SEVERITY_CRITICAL; i++)
        c->unhealthy[i] = p->unhealthy[i];
    c->without_room = out->len > BODY;
    const size_t number = p->clusters.n;
    if (!c->without_room) {
        html_raw(out, "<section class=\"cluster\">\n");
        write_score(out, c, number);
        write_tiles(p, out);
        html_raw(out, "</header>\n");
        sheet_first(out, &sheet->score, number);
        sheet_change(out, sheet);
        sheet_past(out, sheet->past);
        sheet_controls(p, out, &sheet->score, number);
        sheet_ways(p, out);
        sheet_exempt(p, out);
        sheet_undecided(p, out, &sheet->score);
        html_raw(out, "</section>\n");
    }
    reset(p);
}

void posture_page_past(struct posture_page *p, struct past_series runs)
{
    const struct past_run *last = &runs.runs[runs.n - 1];
    struct page_cluster *c = vec_push(&p->clusters);
    *c = (struct page_cluster){.name = arena_str(&p->arena, last->cluster), .score = last->score, .without_room = p->body.len > BODY};
    if (c->without_room)
        return;
    html_raw(&p->body, "<section class=\"cluster\">\n");
    write_score(&p->body, c, p->clusters.n);
    html_raw(&p->body, "</header>\n");
    sheet_past(&p->body, runs);
    html_raw(&p->body, "</section>\n");
}

// --- the page --------------------------------------------------------------------------------------------------------------------

void posture_page_end(struct posture_page *p, const struct fleet_sheet *fleet, struct buf *out)
{
    html_top(out, "Davy posture");
    if (p->clusters.n > 1)
        sheet_clusters(p, out, fleet);
    if (fleet)
        sheet_fleet_first(out, fleet);
    buf_add(out, buf_str(&p->body));
    html_bottom(out,
                "Names come from objects and are shown with control and invisible characters <span class=\"x\">\\x1b</span> made visible.");
}
