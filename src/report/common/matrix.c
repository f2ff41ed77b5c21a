// SPDX-License-Identifier: Apache-2.0
#include "report/common/matrix.h"

#include <stdlib.h>

const struct matrix_cell *matrix_find(const struct matrix_column *column, size_t technique)
{
    for (size_t i = 0; i < column->cells.n; i++)
        if (column->cells.items[i].technique == technique)
            return &column->cells.items[i];
    return NULL;
}

static void hit_cell(struct matrix_column *column, size_t technique, const struct rule_total *total)
{
    size_t i = 0;
    while (i < column->cells.n && column->cells.items[i].technique != technique)
        i++;
    struct matrix_cell *cell = i < column->cells.n ? &column->cells.items[i] : vec_push(&column->cells);
    cell->technique = technique;
    cell->alerts += total->alerts;
    if (total->rule->level > cell->worst)
        cell->worst = total->rule->level;
}

static void hit_column(struct matrix_column *column, const struct rule_total *total)
{
    column->alerts += total->alerts;
    column->drawn = true;
    if (total->rule->level > column->worst)
        column->worst = total->rule->level;
}

static int compare_cells(const void *left, const void *right)
{
    const struct matrix_cell *a = left, *b = right;
    if (a->worst != b->worst)
        return a->worst > b->worst ? -1 : 1;
    if (a->alerts != b->alerts)
        return a->alerts > b->alerts ? -1 : 1;
    return (a->technique > b->technique) - (a->technique < b->technique);
}

void matrix_init(struct matrix *m, const struct techniques *t, const struct digest *d)
{
    *m = (struct matrix){.techniques = t};
    for (size_t i = 0; i < t->n_tactics; i++)
        m->columns[i].drawn = t->tactics[i].drawn;
    for (size_t i = 0; i < d->totals.n; i++) {
        const struct rule_total *total = &d->totals.items[i];
        struct hit hits[HITS_MAX];
        size_t n = techniques_of(t, total->rule, hits);
        uint32_t counted = 0;
        for (size_t h = 0; h < n; h++) {
            hit_cell(&m->columns[hits[h].tactic], hits[h].technique, total);
            if (!(counted >> hits[h].tactic & 1))
                hit_column(&m->columns[hits[h].tactic], total);
            counted |= 1u << hits[h].tactic;
        }
        m->unplaced += n ? 0 : total->alerts;
    }
    for (size_t i = 0; i < t->n_tactics; i++)
        if (m->columns[i].cells.n)
            qsort(m->columns[i].cells.items, m->columns[i].cells.n, sizeof(struct matrix_cell), compare_cells);
}

void matrix_fini(struct matrix *m)
{
    for (size_t i = 0; i < TACTICS_MAX; i++)
        vec_fini(&m->columns[i].cells);
}

struct str matrix_cell_name(const struct matrix *m, const struct matrix_cell *cell)
{
    if (cell->technique == TECHNIQUE_NONE)
        return STR("(no technique named)");
    struct str name = m->techniques->items[cell->technique].name;
    size_t colon = str_find(name, STR(": "), 0); // of a sub-technique its own name is enough
    return colon == SIZE_MAX ? name : str_slice(name, colon + 2, name.len);
}
