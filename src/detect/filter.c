// SPDX-License-Identifier: Apache-2.0
// Which rules the values of the filters leave possible: a set of rules for each filter, joined. For records whose like has not been met
// before (verdict.c), so it asks the patterns anew.
#include "detect/matcher.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

// The sets of rules that the values of one filter stand for.
struct marking {
    const struct plan_filter *filter;
    uint64_t *sets[FILTER_SETS];
};

struct filtering {
    uint64_t *memory;
    size_t words;
    uint64_t *marked[FILTER_SETS]; // by the filter at hand
    uint64_t *chosen;              // rules whose choice has held
};

struct filtering *filtering_new(const struct plan *p)
{
    struct filtering *f = must_alloc(calloc(1, sizeof *f));
    f->words = p->words;
    f->memory = must_alloc(calloc((FILTER_SETS + 1) * p->words + 1, sizeof *f->memory));
    for (int set = 0; set < FILTER_SETS; set++)
        f->marked[set] = f->memory + (size_t)set * p->words;
    f->chosen = f->memory + FILTER_SETS * p->words;
    return f;
}

void filtering_free(struct filtering *f)
{
    if (!f)
        return;
    free(f->memory);
    free(f);
}

static bool mark_rules(void *context, uint32_t pattern)
{
    struct marking *m = context;
    for (int set = 0; set < FILTER_SETS; set++) {
        const struct rule_list *list = &m->filter->lists[pattern][set];
        for (size_t i = 0; i < list->n; i++)
            m->sets[set][list->rules[i] / 64] |= (uint64_t)1 << list->rules[i] % 64;
    }
    return true;
}

// Only the bodies can tell, or nobody may look: nothing is ruled out, and every choice may hold.
static void leave_open(struct matcher *m, const struct plan_filter *filter)
{
    if (filter->has_choices)
        memset(m->filtering->chosen, 0xff, m->plan->words * sizeof *m->filtering->chosen);
}

static void narrow(struct matcher *m, const struct plan_filter *filter)
{
    struct filtering *f = m->filtering;
    struct marking marking = {filter, {f->marked[KEPT], f->marked[KILLED], f->marked[CHOSEN]}};
    struct string_set_query query = {&m->arena, mark_rules, &marking, &m->gave_up};
    const struct field_values *values;
    if (!matcher_values(m, filter->field, &values)) {
        leave_open(m, filter);
        return;
    }
    memset(f->memory, 0, FILTER_SETS * f->words * sizeof *f->memory);
    for (uint32_t i = 0; i < values->n; i++)
        string_set_ask(m->plan->fields[filter->field].asked, values->items[i], &query);
    for (size_t w = 0; w < f->words; w++) {
        m->possible[w] &= (f->marked[KEPT][w] | filter->base[w]) & ~f->marked[KILLED][w];
        f->chosen[w] |= f->marked[CHOSEN][w];
    }
}

void filter_rules(struct matcher *m)
{
    const struct plan *p = m->plan;
    struct filtering *f = m->filtering;
    for (size_t w = 0; w < p->words; w++) {
        m->possible[w] = m->has_bodies ? UINT64_MAX : p->bodiless[w];
        f->chosen[w] = p->no_choice[w];
    }
    if (p->n_rules % 64)
        m->possible[p->words - 1] &= ((uint64_t)1 << p->n_rules % 64) - 1;
    for (uint32_t i = 0; i < p->n_filters; i++)
        narrow(m, &p->filters[i]);
    for (size_t w = 0; w < p->words; w++)
        m->possible[w] &= f->chosen[w];
}
