// SPDX-License-Identifier: Apache-2.0
// What happened: a strip over time with a lane for doors, acts and consequences, told apart by lane and shape, and the rows as a table.
#include "report/html/axis.h"
#include "report/html/incident.h"
#include "report/common/keep.h"

enum {
    ROWS_HEAD = 80, // of a longer timeline
    ROWS_TAIL = 24,
    WIDTH = 1180,
    LEFT = 120,
    RIGHT = 1166,
    TOP = 30,
    LANE = 30,
    NEAR = 7, // marks closer than this to the one before are not drawn again
};

static const struct {
    const char *name, *class;
} parts[] = {[STEP_DOOR] = {"door", "door"}, [STEP_ACT] = {"act", "act"}, [STEP_CONSEQUENCE] = {"consequence", "follow"}};

// A square stands for a door, a disc for an act, a triangle for a consequence; what was refused is hollow.
static void write_mark(struct buf *out, enum step_part part, bool hollow, double x, double y)
{
    const char *more = hollow ? " hollow" : "";
    if (part == STEP_DOOR)
        html_rawf(out, "<rect class=\"mark door%s\" x=\"%.1f\" y=\"%.1f\" width=\"11\" height=\"11\"/>", more, x - 5.5, y - 5.5);
    else if (part == STEP_ACT)
        html_rawf(out, "<circle class=\"mark act%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"5.5\"/>", more, x, y);
    else
        html_rawf(out, "<path class=\"mark follow%s\" d=\"M%.1f %.1fl6.5 11h-13z\"/>", more, x, y - 6);
}

static bool is_hollow(const struct incident_step *s)
{
    return s->outcome == OUTCOME_REFUSED || s->outcome == OUTCOME_FAILED;
}

static void write_marks(struct buf *out, const struct incident *x, const struct axis *axis)
{
    double last[STEP_CONSEQUENCE + 1] = {-NEAR, -NEAR, -NEAR};
    for (size_t i = 0; i < x->n_timeline; i++) {
        const struct incident_step *s = &x->timeline[i];
        double at = s->time == TIME_NONE || s->time < axis->first ? -1 : axis_x(axis, s->time);
        if (at < 0 || at > RIGHT || at - last[s->part] < NEAR)
            continue;
        last[s->part] = at;
        write_mark(out, s->part, is_hollow(s), at, TOP + s->part * LANE + LANE / 2.0);
    }
}

static void write_strip(struct buf *out, const struct incident *x)
{
    int64_t first = INT64_MAX, last = INT64_MIN;
    for (size_t i = 0; i < x->n_timeline; i++) {
        int64_t time = x->timeline[i].time;
        first = time != TIME_NONE && time < first ? time : first;
        last = time != TIME_NONE && time > last ? time : last;
    }
    if (first > last)
        return;
    struct axis axis = axis_make(first, last, LEFT, RIGHT);
    int bottom = TOP + 3 * LANE;
    html_rawf(out,
              "<div class=\"timeline scroll\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Steps over time; the table below says "
              "the same\">\n",
              WIDTH, bottom + 4);
    axis_ticks(out, &axis, TOP, bottom);
    for (unsigned part = 0; part <= STEP_CONSEQUENCE; part++) {
        double y = TOP + part * LANE + LANE / 2.0;
        html_rawf(out, "<line class=\"lane\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, RIGHT, y, y);
        write_mark(out, (enum step_part)part, false, 8, y);
        html_rawf(out, "<text x=\"22\" y=\"%.1f\">%s</text>\n", y + 4, parts[part].name);
    }
    write_marks(out, x, &axis);
    html_raw(out, "</svg></div>\n");
}

// --- rows --------------------------------------------------------------------------------------------------------------------------

static void write_who(struct buf *out, const struct incident_step *step)
{
    html_raw(out, "<tr class=\"whose\"><td></td><td></td><td></td><td colspan=\"3\" class=\"any\">");
    if (step->actor.principal.ptr)
        html_cut(out, step->actor.principal);
    else
        html_raw(out, step->process ? "(on the node)" : "(not authenticated)");
    struct str address = story_address(&step->actor);
    if (address.ptr) {
        html_raw(out, " from ");
        html_cut(out, address);
    }
    html_raw(out, step->part == STEP_DOOR ? ", who belongs here</td></tr>\n" : "</td></tr>\n");
}

static void write_technique(struct buf *out, const struct techniques *t, const struct incident_step *step)
{
    struct hit hit;
    if (!step_place(t, step, &hit))
        return;
    html_text(out, t->tactics[hit.tactic].name);
    if (hit.technique == TECHNIQUE_NONE)
        return;
    html_raw(out, "<br><span title=\"");
    html_attribute(out, t->items[hit.technique].name);
    html_raw(out, "\">");
    html_text(out, t->items[hit.technique].id);
    html_raw(out, "</span>");
}

static void write_row(struct report *r, const struct story *s, const struct incident *x, size_t number)
{
    struct buf *out = &r->out.buf, words;
    const struct story_row *row = &s->rows.items[number];
    const struct incident_step *step = row->steps;
    html_rawf(out, "<tr class=\"%s\"><td class=\"right fit num\">%zu</td><td class=\"fit num\">", parts[step->part].class, number + 1);
    phrase_span(out, row->first, row->last, x->first);
    html_rawf(out,
              "</td><td class=\"fit\"><svg class=\"key\" viewBox=\"0 0 14 14\" width=\"14\" height=\"14\" role=\"img\" aria-label=\"%s\">",
              parts[step->part].name);
    write_mark(out, step->part, is_hollow(step), 7, 7);
    html_raw(out, "</svg></td><td class=\"any\">");
    buf_init(&words, 1 << 16);
    story_row_words(&words, row);
    html_text(out, buf_str(&words));
    if (step->certainty == INFERRED && step->part != STEP_CONSEQUENCE)
        html_raw(out, " (inferred)");
    html_raw(out, "</td><td class=\"tech\">");
    write_technique(out, r->options.techniques, step);
    html_raw(out, "</td><td class=\"any place\"><code>");
    buf_clear(&words);
    story_row_places(&words, s, row);
    html_text(out, buf_str(&words));
    html_raw(out, "</code></td></tr>\n");
    buf_fini(&words);
}

static bool same_actor(const struct event_actor *a, const struct event_actor *b)
{
    return str_eq(a->principal, b->principal) && (a->principal.ptr == NULL) == (b->principal.ptr == NULL) &&
           str_eq(story_address(a), story_address(b));
}

void html_steps(struct report *r, const struct story *s, const struct incident *x)
{
    struct buf *out = &r->out.buf;
    html_raw(out,
             "<div class=\"part\"><h3>What happened</h3>\n<p class=\"lead\">A square is a door: a mistake that let them in. A disc is an "
             "act of the intruder, a triangle what the cluster itself did because of it; hollow: refused or failed.</p>\n");
    write_strip(out, x);
    html_raw(out,
             "<table class=\"grid steps\"><thead><tr><th class=\"right\">step</th><th>time</th><th></th><th>what</th><th>technique</th>"
             "<th>evidence</th></tr></thead><tbody>\n");
    size_t n = s->rows.n, skipped = n > ROWS_HEAD + ROWS_TAIL ? n - ROWS_HEAD - ROWS_TAIL : 0;
    const struct incident_step *before = NULL;
    for (size_t i = 0; i < n; i++) {
        if (skipped && i == ROWS_HEAD) {
            html_rawf(out, "<tr><td></td><td colspan=\"5\" class=\"more\">and %zu more between, in <code>--format json</code></td></tr>\n",
                      skipped);
            i += skipped;
        }
        const struct incident_step *step = s->rows.items[i].steps;
        if (step->part != STEP_CONSEQUENCE && (!before || before->part != step->part || !same_actor(&before->actor, &step->actor)))
            write_who(out, step);
        if (step->part != STEP_CONSEQUENCE)
            before = step;
        write_row(r, s, x, i);
    }
    html_raw(out, "</tbody></table></div>\n");
}
