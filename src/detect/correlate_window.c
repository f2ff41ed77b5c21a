// SPDX-License-Identifier: Apache-2.0
// The remembered matches of one group: a list in the order of time, cut off at its old end as the window slides.
#include "detect/correlate_private.h"

// Ascending by time, then by place in the input. The entries of one record follow each other by falling input, so that whoever walks
// the list forward never takes one record for two steps of an order.
static bool goes_before(const struct entry *a, const struct entry *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->sequence != b->sequence)
        return a->sequence < b->sequence;
    return a->input > b->input;
}

// From the new end: matches come nearly in order.
static void link_in(struct group *g, struct entry *e)
{
    struct entry *older = g->newest;
    while (older && goes_before(e, older))
        older = older->older;
    e->older = older;
    e->newer = older ? older->newer : g->oldest;
    *(e->older ? &e->older->newer : &g->oldest) = e;
    *(e->newer ? &e->newer->older : &g->newest) = e;
}

static void unlink_from(struct group *g, struct entry *e)
{
    *(e->older ? &e->older->newer : &g->oldest) = e->newer;
    *(e->newer ? &e->newer->older : &g->newest) = e->older;
}

static void count_input(struct group *g, const struct entry *e, int more)
{
    if (e->input < GROUP_INPUTS)
        g->of_input[e->input] += (uint32_t)more;
}

bool window_add(struct store *s, struct group *g, const struct entry *what)
{
    union cell *cell = store_take_cell(s);
    if (!cell)
        return false;
    struct entry *e = &cell->entry;
    *e = *what;
    e->group = g->id;
    link_in(g, e);
    if (correlation_has_values(g->state->spec))
        store_index_value(s, e);
    g->n++;
    count_input(g, e, 1);
    g->state->cells++;
    return true;
}

void window_remove(struct store *s, struct group *g, struct entry *e)
{
    unlink_from(g, e);
    if (correlation_has_values(g->state->spec))
        store_forget_value(s, e);
    g->n--;
    count_input(g, e, -1);
    g->state->cells--;
    store_give_cell(s, (union cell *)e);
}

void window_expire(struct store *s, struct group *g, int64_t before)
{
    while (g->oldest && g->oldest->time < before)
        window_remove(s, g, g->oldest);
}

void window_renew(struct group *g, struct entry *e, const struct entry *what)
{
    if (!goes_before(e, what))
        return;
    unlink_from(g, e);
    e->time = what->time;
    e->sequence = what->sequence;
    e->evidence = what->evidence;
    count_input(g, e, -1);
    e->input = what->input;
    count_input(g, e, 1);
    link_in(g, e);
}

const struct entry *window_find_record(const struct group *g, int64_t time, uint64_t sequence)
{
    const struct entry *e = g->newest;
    while (e && (e->time > time || (e->time == time && e->sequence > sequence)))
        e = e->older;
    return e && e->time == time && e->sequence == sequence ? e : NULL;
}

// For `temporal` only the newest match of each rule counts; for `temporal_ordered` only the last of a run of the same rule. A flood of
// one rule must not push the other steps out.
static bool says_nothing_new(const struct group *g, const struct entry *e)
{
    if (g->state->spec->type == CORRELATION_TEMPORAL_ORDERED)
        return e->newer && e->newer->input == e->input;
    for (const struct entry *later = e->newer; later; later = later->newer)
        if (later->input == e->input)
            return true;
    return false;
}

bool window_condense(struct store *s, struct group *g)
{
    size_t before = g->n;
    if (correlation_is_temporal(g->state->spec))
        for (struct entry *e = g->oldest, *next; e; e = next) {
            next = e->newer;
            if (says_nothing_new(g, e))
                window_remove(s, g, e);
        }
    return g->n < before;
}

bool window_forget(struct store *s, struct group *g)
{
    if (!g->oldest)
        return false;
    window_remove(s, g, g->oldest);
    return true;
}

void window_clear(struct store *s, struct group *g)
{
    while (g->oldest)
        window_remove(s, g, g->oldest);
}
