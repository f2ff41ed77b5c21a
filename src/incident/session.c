// SPDX-License-Identifier: Apache-2.0
#include "incident/session.h"

#include "incident/hands.h"

#include "base/status.h"

#include <stdlib.h>

enum { PAUSE_FACTOR = 6, CROSSING_FACTOR = 4, ROUTINE_TIMES = 2 };

struct session {
    const fact_list *facts;
    bool by_position; // else by time
    bool interleaved; // a program works on while somebody else uses its identity
    struct map times; // how often each kind of call was made before the first seed
    struct arena *scratch;
    size_t low, high; // the window, as indices into facts
    int64_t widest;   // pause inside it
    int64_t period;   // of what the program does most often; 0: of none
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

static int64_t limit(const struct session *s, int64_t pauses)
{
    int64_t least = PAUSE_FACTOR * NS_PER_SECOND > s->period ? PAUSE_FACTOR * NS_PER_SECOND : s->period;
    int64_t most = s->widest < SESSION_PAUSE_MAX / pauses ? s->widest * pauses : SESSION_PAUSE_MAX;
    most = most > least ? most : least;
    return most < SESSION_PAUSE_MAX ? most : SESSION_PAUSE_MAX;
}

static int64_t long_pause(const struct session *s)
{
    return limit(s, PAUSE_FACTOR);
}

// How much time a program lets pass between two rounds of its work, as far as what it did before the first seed tells.
static int64_t period_of(const struct session *s, size_t n)
{
    uint64_t most = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t *times = map_get(&s->times, signature(s, s->facts->items[i]));
        most = times && *times > most ? *times : most;
    }
    return most >= ROUTINE_TIMES ? span(s, 0, n) / (int64_t)most : 0;
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

// What a program does all the time, and not right beside the window, is no part of it; what lies behind may be.
static size_t next_outside(const struct session *s, size_t from, int step)
{
    size_t i = from + (size_t)step;
    while (s->interleaved && i > 0 && i + 1 < s->facts->n && is_routine(s, i)) {
        int64_t near = step > 0 ? span(s, from, i) : span(s, i, from), far = step > 0 ? pause(s, i + 1) : pause(s, i);
        if (near <= far)
            break;
        i += (size_t)step;
    }
    return i;
}

// Beyond the program's own work only what follows more closely still.
static bool is_too_far(const struct session *s, int64_t near)
{
    return near > limit(s, CROSSING_FACTOR);
}

static void widen(struct session *s)
{
    while (s->low > 0) {
        size_t i = next_outside(s, s->low, -1);
        int64_t near = span(s, i, s->low), far = i > 0 ? pause(s, i) : INT64_MAX;
        if (!belongs(s, i, near, far, -1) || (i + 1 < s->low && is_too_far(s, near)))
            break;
        s->low = i;
        s->widest = near > s->widest ? near : s->widest;
    }
    while (s->high + 1 < s->facts->n) {
        size_t i = next_outside(s, s->high, 1);
        int64_t near = span(s, s->high, i), far = i + 1 < s->facts->n ? pause(s, i + 1) : INT64_MAX;
        if (!belongs(s, i, near, far, 1) || (i > s->high + 1 && is_too_far(s, near)))
            break;
        s->high = i;
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

// How far it is from fact i to the next one of its kind, or to the next that is no routine; inside the window.
static int64_t distance(const struct session *s, size_t i, bool routine)
{
    int64_t nearest = INT64_MAX;
    for (size_t k = i; k > s->low && nearest == INT64_MAX; k--)
        if (is_routine(s, k - 1) == routine)
            nearest = span(s, k - 1, i);
    for (size_t k = i + 1; k <= s->high; k++)
        if (is_routine(s, k) == routine) {
            int64_t after = span(s, i, k);
            return after < nearest ? after : nearest;
        }
    return nearest;
}

// While a program works on, what it does all the time is its own, but for what stands closer to the intruder's acts than to its work.
static bool is_of_window(const struct session *s, size_t i)
{
    return s->facts->items[i]->seed || !s->interleaved || !is_routine(s, i) || distance(s, i, false) < distance(s, i, true);
}

static void mark(struct inquiry *q, const fact_list *facts, bool by_position)
{
    struct session s = {.facts = facts, .by_position = by_position, .scratch = &q->scratch};
    s.interleaved = facts->n && facts->items[0]->actor->kind == ACTOR_ACCOUNT;
    if (!next_run(&s, 0))
        return;
    for (size_t i = 0; i < s.low; i++)
        ++*map_put(&s.times, signature(&s, facts->items[i]), NULL);
    s.period = s.interleaved ? period_of(&s, s.low) : 0;
    do {
        widen(&s);
        for (size_t i = s.low; i <= s.high; i++)
            facts->items[i]->tainted |= is_of_window(&s, i);
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

static void mark_sessions(struct inquiry *q, const fact_list *facts)
{
    mark(q, facts, false);
    if (!clock_worst(q) || !facts->n)
        return;
    fact_list in_file = {0};
    for (size_t i = 0; i < facts->n; i++)
        *vec_push(&in_file) = facts->items[i];
    qsort(in_file.items, in_file.n, sizeof *in_file.items, by_position);
    mark(q, &in_file, true);
    vec_fini(&in_file);
}

// A person with another tool is still somebody who comes and goes. A program's identity has no business with it at all; and what a node or
// a controller does by itself is no intruder's, whatever rules say of it.
void session_mark(struct inquiry *q, struct actor *actor)
{
    fact_list foreign = {0}, own = {0};
    if (!hands_part(actor, &foreign, &own)) {
        if (actor->kind != ACTOR_COMPONENT)
            mark_sessions(q, &actor->facts);
        return;
    }
    if (actor->kind == ACTOR_PERSON)
        mark_sessions(q, &foreign);
    for (size_t i = 0; i < foreign.n && actor->kind != ACTOR_PERSON; i++)
        foreign.items[i]->tainted = true;
    if (actor->kind != ACTOR_COMPONENT)
        mark_sessions(q, &own);
    vec_fini(&foreign);
    vec_fini(&own);
}
