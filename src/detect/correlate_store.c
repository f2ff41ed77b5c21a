// SPDX-License-Identifier: Apache-2.0
// Memory of one cluster's correlations: an arena that is born with its maximum, free lists over it, and the index of remembered values.
#include "detect/correlate_private.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert(sizeof(union cell) == 64, "a cell is a cache line");

// One sixteenth for each of the two tables of pointers, the rest for what they point at. A table at its limit only gets longer chains.
size_t store_table_limit(size_t bytes)
{
    size_t limit = 1;
    while (limit * 2 * sizeof(void *) <= bytes / 16)
        limit *= 2;
    return limit;
}

void store_init(struct store *s, size_t bytes)
{
    *s = (struct store){.max_values = store_table_limit(bytes)};
    arena_init(&s->arena, bytes - bytes / 8);
}

void store_fini(struct store *s)
{
    arena_fini(&s->arena);
    free(s->values);
}

union cell *store_take_cell(struct store *s)
{
    union cell *cell = s->free_cells;
    if (!cell)
        return arena_try(&s->arena, sizeof *cell);
    s->free_cells = cell->next_free;
    return cell;
}

void store_give_cell(struct store *s, union cell *cell)
{
    cell->next_free = s->free_cells;
    s->free_cells = cell;
}

struct group *store_take_group(struct store *s)
{
    struct group *g = s->free_groups;
    uint32_t id;
    if (g) {
        s->free_groups = g->chain;
        id = g->id;
    } else {
        g = arena_try(&s->arena, sizeof *g);
        if (!g)
            return NULL;
        id = s->next_id++;
    }
    *g = (struct group){.id = id};
    return g;
}

void store_give_group(struct store *s, struct group *g)
{
    g->chain = s->free_groups;
    s->free_groups = g;
}

// --- value index ------------------------------------------------------------------------------------------------------------------

static struct entry **bucket_of(const struct store *s, uint32_t group, uint64_t hash)
{
    return &s->values[hash_mix(hash, group) & (s->cap_values - 1)];
}

static void grow_index(struct store *s)
{
    struct entry **old = s->values;
    size_t old_cap = s->cap_values;
    s->cap_values = old_cap ? old_cap * 2 : 1;
    s->values = must_alloc(calloc(s->cap_values, sizeof(struct entry *)));
    for (size_t i = 0; i < old_cap; i++)
        for (struct entry *e = old[i], *next; e; e = next) {
            next = e->chain;
            struct entry **bucket = bucket_of(s, e->group, e->hash);
            e->chain = *bucket;
            *bucket = e;
        }
    free(old);
}

void store_index_value(struct store *s, struct entry *e)
{
    if (s->n_values == s->cap_values && s->cap_values < s->max_values)
        grow_index(s);
    struct entry **bucket = bucket_of(s, e->group, e->hash);
    e->chain = *bucket;
    *bucket = e;
    s->n_values++;
}

void store_forget_value(struct store *s, struct entry *e)
{
    struct entry **at = bucket_of(s, e->group, e->hash);
    while (*at != e)
        at = &(*at)->chain;
    *at = e->chain;
    s->n_values--;
}

struct entry *store_find_value(const struct store *s, uint32_t group, uint64_t hash)
{
    if (!s->cap_values)
        return NULL;
    struct entry *e = *bucket_of(s, group, hash);
    while (e && (e->hash != hash || e->group != group))
        e = e->chain;
    return e;
}
