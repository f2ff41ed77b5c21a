// SPDX-License-Identifier: Apache-2.0
#include "report/common/story.h"

#include "report/common/step.h"

enum { RUN_TOLD = 3 }; // of a longer run of consequences

static bool same(struct str a, struct str b)
{
    return (a.ptr == NULL) == (b.ptr == NULL) && str_eq(a, b);
}

// Whether one of many acts of the kind says little on its own: they are told together.
static bool folds(enum act act)
{
    return act != ACT_EXEC && act != ACT_GRANT && act != ACT_HOOK && act != ACT_SCHEDULE;
}

static struct str first_word(struct str s)
{
    return str_slice(s, 0, str_find_char(s, ' ', 0));
}

static bool is_alike(const struct incident_step *a, const struct incident_step *b)
{
    return a->part == b->part && a->act == b->act && a->outcome == b->outcome && a->certainty == b->certainty &&
           same(a->actor.principal, b->actor.principal) && same(story_address(&a->actor), story_address(&b->actor)) &&
           str_eq(first_word(a->text), first_word(b->text));
}

static bool joins(const struct story_row *row, const struct incident_step *step)
{
    return row->rest ? step->part == STEP_CONSEQUENCE
                     : step->part == STEP_ACT && folds(step->act) && is_alike(&row->steps[row->n - 1], step);
}

static void add_step(struct story *s, const struct incident_step *step, bool rest)
{
    struct story_row *row = s->rows.n ? &s->rows.items[s->rows.n - 1] : NULL;
    if (!row || !joins(row, step)) {
        row = vec_push(&s->rows);
        *row = (struct story_row){.steps = step, .first = step->time, .rest = rest};
    }
    row->n++;
    row->count += step->count;
    row->last = step->time;
}

// How many consequences follow each other from step i on.
static size_t run_of(const struct incident *x, size_t i)
{
    size_t n = 0;
    while (i + n < x->n_timeline && x->timeline[i + n].part == STEP_CONSEQUENCE)
        n++;
    return n;
}

static void add_rows(struct story *s, const struct incident *x)
{
    for (size_t i = 0; i < x->n_timeline;) {
        size_t run = run_of(x, i), told = run > RUN_TOLD + 1 ? RUN_TOLD : run;
        if (run == 0)
            add_step(s, &x->timeline[i], false);
        for (size_t k = 0; k < run; k++)
            add_step(s, &x->timeline[i + k], k >= told);
        i += run ? run : 1;
    }
}

static void add_cell(struct story *s, size_t row, const struct incident_step *step, struct hit hit)
{
    for (size_t i = 0; i < s->cells.n; i++) {
        struct story_cell *cell = &s->cells.items[i];
        if (cell->hit.tactic == hit.tactic && cell->hit.technique == hit.technique) {
            cell->count += step->count;
            return;
        }
    }
    *vec_push(&s->cells) = (struct story_cell){.hit = hit, .row = row, .count = step->count, .first = step->time};
}

static void add_cells(struct story *s, const struct techniques *t)
{
    struct hit hit;
    for (size_t row = 0; row < s->rows.n; row++)
        for (size_t i = 0; i < s->rows.items[row].n; i++)
            if (step_place(t, &s->rows.items[row].steps[i], &hit))
                add_cell(s, row, &s->rows.items[row].steps[i], hit);
}

// Of most incidents all evidence lies in one file, which need not be named at each step.
static struct str only_file(const struct incident *x)
{
    struct str file = STR_NONE;
    for (size_t i = 0; i < x->n_timeline; i++)
        for (size_t e = 0; e < x->timeline[i].n_evidence; e++) {
            struct str other = x->timeline[i].evidence[e].file;
            if (file.ptr && !str_eq(file, other))
                return STR_NONE;
            file = other;
        }
    return file;
}

void story_init(struct story *s, const struct incident *x, const struct techniques *t)
{
    *s = (struct story){.file = only_file(x)};
    add_rows(s, x);
    add_cells(s, t);
}

void story_fini(struct story *s)
{
    vec_fini(&s->rows);
    vec_fini(&s->cells);
}

size_t story_row_of(const struct story *s, const struct incident *x, size_t step)
{
    const struct incident_step *at = &x->timeline[step];
    size_t row = 0;
    while (row + 1 < s->rows.n && s->rows.items[row + 1].steps <= at)
        row++;
    return row;
}
