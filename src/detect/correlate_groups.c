// SPDX-License-Identifier: Apache-2.0
// The groups of one cluster's correlations: a hash table over all of them, and for each correlation their order of last use, from which
// the idlest leave first.
#include "detect/correlate_private.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

void groups_init(struct groups *t, struct store *store, struct correlator_limits limits)
{
    *t = (struct groups){.store = store, .max = store_table_limit(limits.bytes), .max_per_correlation = limits.groups ? limits.groups : 1};
}

void groups_fini(struct groups *t)
{
    free(t->buckets);
}

// --- keys: text in cells ----------------------------------------------------------------------------------------------------------

enum { CELL_TEXT = sizeof(((struct text_cell *)0)->text) };

static size_t part_size(size_t left)
{
    return left < CELL_TEXT ? left : CELL_TEXT;
}

static bool key_equals(const struct group *g, struct str key)
{
    if (g->key_len != key.len)
        return false;
    size_t at = 0;
    for (const struct text_cell *cell = g->key; cell; cell = cell->next) {
        size_t part = part_size(key.len - at);
        if (memcmp(cell->text, key.ptr + at, part) != 0)
            return false;
        at += part;
    }
    return true;
}

// --- table ------------------------------------------------------------------------------------------------------------------------

static struct group **bucket_of(const struct groups *t, uint64_t hash)
{
    return &t->buckets[hash & (t->cap - 1)];
}

struct group *groups_find(const struct groups *t, const struct correlation_state *state, struct str key, uint64_t hash)
{
    if (!t->cap)
        return NULL;
    struct group *g = *bucket_of(t, hash);
    while (g && (g->hash != hash || g->state != state || !key_equals(g, key)))
        g = g->chain;
    return g;
}

static void grow_table(struct groups *t)
{
    struct group **old = t->buckets;
    size_t old_cap = t->cap;
    t->cap = old_cap ? old_cap * 2 : 1;
    t->buckets = must_alloc(calloc(t->cap, sizeof(struct group *)));
    for (size_t i = 0; i < old_cap; i++)
        for (struct group *g = old[i], *next; g; g = next) {
            next = g->chain;
            struct group **bucket = bucket_of(t, g->hash);
            g->chain = *bucket;
            *bucket = g;
        }
    free(old);
}

static void table_put(struct groups *t, struct group *g)
{
    if (t->n == t->cap && t->cap < t->max)
        grow_table(t);
    struct group **bucket = bucket_of(t, g->hash);
    g->chain = *bucket;
    *bucket = g;
    t->n++;
}

static void table_take(struct groups *t, struct group *g)
{
    struct group **at = bucket_of(t, g->hash);
    while (*at != g)
        at = &(*at)->chain;
    *at = g->chain;
    t->n--;
}

// --- order of last use ------------------------------------------------------------------------------------------------------------

static void link_busiest(struct group *g)
{
    struct correlation_state *state = g->state;
    g->idler = state->busiest;
    g->busier = NULL;
    *(state->busiest ? &state->busiest->busier : &state->idlest) = g;
    state->busiest = g;
}

static void unlink_use(struct group *g)
{
    struct correlation_state *state = g->state;
    *(g->idler ? &g->idler->busier : &state->idlest) = g->busier;
    *(g->busier ? &g->busier->idler : &state->busiest) = g->idler;
}

void groups_touch(struct group *g)
{
    if (!g->busier)
        return;
    unlink_use(g);
    link_busiest(g);
}

// --- coming and going -------------------------------------------------------------------------------------------------------------

static void free_key(struct store *store, struct group *g)
{
    while (g->key) {
        struct text_cell *next = g->key->next;
        store_give_cell(store, (union cell *)g->key);
        g->key = next;
        g->state->cells--;
    }
}

void groups_remove(struct groups *t, struct group *g)
{
    table_take(t, g);
    unlink_use(g);
    window_clear(t->store, g);
    free_key(t->store, g);
    g->state->n_groups--;
    store_give_group(t->store, g);
}

// A window that has wholly gone by. What new_value has learned never goes by.
static bool is_over(const struct group *g, int64_t now)
{
    const struct correlation *spec = g->state->spec;
    return spec->type != CORRELATION_NEW_VALUE && (!g->newest || g->newest->time < time_before(now, spec->timespan));
}

void groups_reap(struct groups *t, struct correlation_state *state, int64_t now)
{
    while (state->idlest && is_over(state->idlest, now))
        groups_remove(t, state->idlest);
}

static void evict(struct groups *t, struct group *g, int64_t now)
{
    t->evicted += !is_over(g, now);
    groups_remove(t, g);
}

static struct correlation_state *largest(struct correlation_state *states, size_t n_states)
{
    struct correlation_state *most = &states[0];
    for (size_t i = 1; i < n_states; i++)
        if (states[i].cells > most->cells)
            most = &states[i];
    return most;
}

// The correlation that takes most pays first: a flood of groups in one does not cost the others what they know. A group that is itself
// large is not fed at the expense of others.
bool groups_evict(struct groups *t, struct correlation_state *states, size_t n_states, const struct group *keep, int64_t now)
{
    struct correlation_state *most = largest(states, n_states);
    if (keep && keep->n * 2 >= most->cells)
        return false;
    struct group *victim = most->idlest != keep || !keep ? most->idlest : keep->busier;
    if (victim)
        evict(t, victim, now);
    return victim;
}

static union cell *need_cell(struct groups *t, struct correlation_state *states, size_t n_states, const struct group *keep, int64_t now)
{
    union cell *cell;
    while (!(cell = store_take_cell(t->store)))
        if (!groups_evict(t, states, n_states, keep, now))
            return NULL;
    return cell;
}

static struct group *need_group(struct groups *t, struct correlation_state *states, size_t n_states, int64_t now)
{
    struct group *g;
    while (!(g = store_take_group(t->store)))
        if (!groups_evict(t, states, n_states, NULL, now))
            return NULL;
    return g;
}

struct group *groups_add(struct groups *t, struct correlation_state *states, size_t n_states, struct correlation_state *state,
                         struct str key, uint64_t hash, int64_t now)
{
    if (state->n_groups >= t->max_per_correlation)
        evict(t, state->idlest, now);
    struct group *g = need_group(t, states, n_states, now);
    if (!g)
        return NULL;
    g->state = state;
    g->hash = hash;
    g->key_len = (uint32_t)key.len;
    link_busiest(g);
    state->n_groups++;
    table_put(t, g);
    struct text_cell **tail = &g->key;
    for (size_t at = 0; at < key.len; at += CELL_TEXT) {
        union cell *cell = need_cell(t, states, n_states, g, now);
        if (!cell) {
            groups_remove(t, g);
            return NULL;
        }
        cell->text.next = NULL;
        memcpy(cell->text.text, key.ptr + at, part_size(key.len - at));
        *tail = &cell->text;
        tail = &cell->text.next;
        state->cells++;
    }
    return g;
}
