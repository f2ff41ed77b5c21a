// SPDX-License-Identifier: Apache-2.0
#include "incident/session.h"

#include "base/status.h"

#include <stdlib.h>

enum { PAUSE_FACTOR = 6, ROUTINE_TIMES = 2 };

struct session {
    const fact_list *facts;
    bool by_position; // else by time
    struct map times; // how often each kind of call was made before the first seed
    struct arena *scratch;
    size_t low, high; // the window, as indices into facts
    int64_t widest;   // pause inside it
};

static struct str signature(const struct session *s, const struct fact *f)
{
    const struct event_action *a = &f->action;
    const char *parts[] = {a->verb.ptr,      a->resource.ptr, a->subresource.ptr,
                           a->namespace.ptr, a->name.ptr,     a->resource.ptr ? NULL : a->uri.ptr};
    char *key = arena_alloc(s->scratch, sizeof parts);
    memcpy(key, parts, sizeof parts);
    return str_make(key, sizeof parts);
}

static bool is_routine(const struct session *s, size_t i)
{
    const uint64_t *times = map_get(&s->times, signature(s, s->facts->items[i]));
    return times && *times >= ROUTINE_TIMES;
}

static int64_t span(const struct session *s, size_t from, size_t to)
{
    const struct fact *a = s->facts->items[from], *b = s->facts->items[to];
    return s->by_position ? time_between(a->position, b->position) : time_between(a->time, b->time);
}

static int64_t pause(const struct session *s, size_t i) // before fact i
{
    return span(s, i - 1, i);
}

static int64_t long_pause(const struct session *s)
{
    int64_t least = s->widest > NS_PER_SECOND ? s->widest : NS_PER_SECOND;
    return least < SESSION_PAUSE_MAX / PAUSE_FACTOR ? least * PAUSE_FACTOR : SESSION_PAUSE_MAX;
}

static bool is_notable(const struct fact *f)
{
    return f->n_rules && f->rules[0]->level >= LEVEL_MEDIUM;
}

// Whether something notable lies in the stretch of work that ends with i.
static bool notable_stretch(const struct session *s, size_t i)
{
    int64_t end = long_pause(s);
    for (;; i--) {
        if (is_notable(s->facts->items[i]))
            return true;
        if (i == 0 || pause(s, i) > end)
            return false;
    }
}

// Whether fact i, just outside the window at distance `near`, belongs to it. `far`: its distance to what lies beyond. After an intruder's
// act the next one to use the identity is he, unless it is routine; before his first act it may well have been somebody else.
static bool belongs(const struct session *s, size_t i, int64_t near, int64_t far, int step)
{
    if (near > SESSION_PAUSE_MAX || (is_routine(s, i) && far < near))
        return false;
    return step > 0 || near <= long_pause(s) || notable_stretch(s, i);
}

static void widen(struct session *s)
{
    while (s->low > 0) {
        int64_t near = pause(s, s->low), far = s->low > 1 ? pause(s, s->low - 1) : INT64_MAX;
        if (!belongs(s, s->low - 1, near, far, -1))
            break;
        s->low--;
        s->widest = near > s->widest ? near : s->widest;
    }
    while (s->high + 1 < s->facts->n) {
        int64_t near = pause(s, s->high + 1), far = s->high + 2 < s->facts->n ? pause(s, s->high + 2) : INT64_MAX;
        if (!belongs(s, s->high + 1, near, far, 1))
            break;
        s->high++;
        s->widest = near > s->widest ? near : s->widest;
    }
}

// The next run of seeds from fact `at` on, none of which is further than the longest pause from the one before. False: no more.
static bool next_run(struct session *s, size_t at)
{
    const fact_list *facts = s->facts;
    while (at < facts->n && !facts->items[at]->seed)
        at++;
    if (at == facts->n)
        return false;
    s->low = s->high = at;
    s->widest = 0;
    while (++at < facts->n && span(s, s->high, at) <= SESSION_PAUSE_MAX)
        s->high = facts->items[at]->seed ? at : s->high;
    for (size_t i = s->low + 1; i <= s->high; i++)
        s->widest = pause(s, i) > s->widest ? pause(s, i) : s->widest;
    return true;
}

static void mark(struct inquiry *q, const fact_list *facts, bool by_position)
{
    struct session s = {.facts = facts, .by_position = by_position, .scratch = &q->scratch};
    if (!next_run(&s, 0))
        return;
    for (size_t i = 0; i < s.low; i++)
        ++*map_put(&s.times, signature(&s, facts->items[i]), NULL);
    do {
        widen(&s);
        for (size_t i = s.low; i <= s.high; i++)
            facts->items[i]->tainted = true;
    } while (next_run(&s, s.high + 1));
    map_fini(&s.times);
}

static int by_position(const void *a, const void *b)
{
    const struct fact *x = *(struct fact *const *)a, *y = *(struct fact *const *)b;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void session_mark(struct inquiry *q, struct actor *actor)
{
    mark(q, &actor->facts, false);
    if (!clock_worst(q) || !actor->facts.n)
        return;
    fact_list in_file = {0};
    for (size_t i = 0; i < actor->facts.n; i++)
        *vec_push(&in_file) = actor->facts.items[i];
    qsort(in_file.items, in_file.n, sizeof *in_file.items, by_position);
    mark(q, &in_file, true);
    vec_fini(&in_file);
}
