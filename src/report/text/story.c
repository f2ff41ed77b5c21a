// SPDX-License-Identifier: Apache-2.0
// What happened, row by row, and the places of the attack matrix in the order they were reached.
#include "report/text/text.h"

#include "report/common/keep.h"

enum {
    ROWS_HEAD = 80, // of a longer timeline
    ROWS_TAIL = 24,
    CELLS = 40,
    NUMBER = 5, // columns
    CLOCK = 10,
    MARK = 6,
    ROW = NUMBER + CLOCK + MARK,
    PARAGRAPH = 1 << 16,
};

static const char *const marks[] = {[STEP_DOOR] = "door", [STEP_ACT] = "", [STEP_CONSEQUENCE] = "`->"};

// "[MS-TA9025] audit.jsonl:2284".
static void write_sources(struct buf *line, const struct story *s, const struct techniques *t, const struct story_row *row)
{
    struct hit hit;
    if (step_place(t, row->steps, &hit) && hit.technique != TECHNIQUE_NONE) {
        buf_add(line, STR(" ["));
        struct str id = t->items[hit.technique].id;
        text_fit(line, id, id.len, 20);
        buf_add(line, STR("]"));
    }
    struct buf places;
    buf_init(&places, PARAGRAPH);
    story_row_places(&places, s, row);
    buf_add(line, STR(" "));
    text_fit(line, buf_str(&places), places.len, LONG_TEXT);
    buf_fini(&places);
}

static bool same_actor(const struct event_actor *a, const struct event_actor *b)
{
    return str_eq(a->principal, b->principal) && (a->principal.ptr == NULL) == (b->principal.ptr == NULL) &&
           str_eq(story_address(a), story_address(b));
}

// Who acts from here on.
static void write_actor(struct report *r, const struct incident_step *step)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    if (step->actor.principal.ptr)
        text_fit(&line, step->actor.principal, step->actor.principal.len, 2 * OBJECT_COLUMNS);
    else
        buf_add(&line, step->process ? STR("(on the node)") : STR("(not authenticated)"));
    struct str address = story_address(&step->actor);
    if (address.ptr) {
        buf_add(&line, STR(" from "));
        text_fit(&line, address, address.len, OBJECT_COLUMNS);
    }
    buf_add(&line, step->part == STEP_DOOR ? STR(", who belongs here:") : STR(":"));
    text_paragraph(r, (struct hang){NUMBER + CLOCK, NUMBER + CLOCK + 2, STYLE_DIM, 3}, buf_str(&line));
    buf_fini(&line);
}

static void write_row(struct report *r, const struct story *s, const struct incident *x, size_t number)
{
    struct buf *out = &r->out.buf, line, words;
    const struct story_row *row = &s->rows.items[number];
    const struct incident_step *step = row->steps;
    buf_init(&line, PARAGRAPH);
    buf_init(&words, PARAGRAPH);
    buf_addf(&line, "%3zu  ", number + 1);
    buf_add(out, buf_str(&line));
    if (row->first == TIME_NONE)
        buf_add(out, STR("no time "));
    else
        phrase_clock(out, row->first);
    buf_add(out, STR("  "));
    text_style(r, step->part == STEP_DOOR ? STYLE_BOLD : STYLE_DIM);
    buf_add(out, str_from_c(marks[step->part]));
    text_style(r, STYLE_PLAIN);
    text_pad(out, MARK - str_from_c(marks[step->part]).len);
    buf_clear(&line);
    story_row_words(&words, row);
    text_fit(&line, buf_str(&words), words.len, LONG_TEXT);
    if (step->certainty == INFERRED && step->part != STEP_CONSEQUENCE)
        buf_add(&line, STR(" (inferred)"));
    if (row->n > 1 && row->last / NS_PER_SECOND != row->first / NS_PER_SECOND) {
        buf_add(&line, STR(", until "));
        phrase_span(&line, row->last, row->last, x->first);
    }
    write_sources(&line, s, r->options.techniques, row);
    text_wrap(out, buf_str(&line), (struct wrap){.indent = ROW, .width = r->options.width, .max_lines = 6});
    buf_fini(&words);
    buf_fini(&line);
}

static void write_timeline(struct report *r, const struct story *s, const struct incident *x)
{
    text_subheading(r, "WHAT HAPPENED", "door: the mistake that let them in; `->: done by the cluster itself because of it");
    size_t n = s->rows.n, skipped = n > ROWS_HEAD + ROWS_TAIL ? n - ROWS_HEAD - ROWS_TAIL : 0;
    const struct incident_step *before = NULL;
    for (size_t i = 0; i < n; i++) {
        if (skipped && i == ROWS_HEAD) {
            text_more(r, ROW, skipped, "more, in --format json", "more between, in --format json");
            i += skipped;
        }
        const struct incident_step *step = s->rows.items[i].steps;
        if (step->part != STEP_CONSEQUENCE && (!before || before->part != step->part || !same_actor(&before->actor, &step->actor)))
            write_actor(r, step);
        if (step->part != STEP_CONSEQUENCE)
            before = step;
        write_row(r, s, x, i);
    }
}

static void write_cells(struct report *r, const struct story *s)
{
    const struct techniques *t = r->options.techniques;
    struct buf *out = &r->out.buf, line;
    enum { TACTIC = 24 };
    if (!s->cells.n)
        return;
    text_subheading(r, "ON THE ATTACK MATRIX", "in the order they got there; the figure is the step above");
    buf_init(&line, PARAGRAPH);
    for (size_t i = 0; i < s->cells.n && i < CELLS; i++) {
        const struct story_cell *cell = &s->cells.items[i];
        const struct technique *technique = cell->hit.technique == TECHNIQUE_NONE ? NULL : &t->items[cell->hit.technique];
        buf_addf(out, "%3zu  ", cell->row + 1);
        struct str tactic = t->tactics[cell->hit.tactic].name;
        size_t used = text_fit(out, tactic, tactic.len, TACTIC - 2);
        text_pad(out, TACTIC - used);
        buf_clear(&line);
        if (technique) {
            text_fit(&line, technique->name, technique->name.len, OBJECT_COLUMNS);
            buf_add(&line, STR(" ("));
            text_fit(&line, technique->id, technique->id.len, 20);
            buf_add(&line, STR(")"));
        } else {
            buf_add(&line, STR("(no technique named)"));
        }
        if (cell->count > 1) {
            buf_add(&line, STR(" \xc3\x97"));
            phrase_number(&line, cell->count);
        }
        text_wrap(out, buf_str(&line), (struct wrap){.indent = NUMBER + TACTIC, .width = r->options.width, .max_lines = 2});
    }
    text_more(r, NUMBER, s->cells.n > CELLS ? s->cells.n - CELLS : 0, "more", "more");
    buf_fini(&line);
}

void text_story(struct report *r, const struct story *s, const struct incident *x)
{
    write_timeline(r, s, x);
    write_cells(r, s);
}
