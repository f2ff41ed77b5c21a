// SPDX-License-Identifier: Apache-2.0
#include "incident/conclude.h"

#include "base/identity.h"
#include "base/status.h"

#include <stdlib.h>

// --- actors ----------------------------------------------------------------------------------------------------------------------------

enum { FACETS_MAX = 16 };

static void add_once(struct arena *a, struct str **list, size_t *n, struct str s)
{
    if (!s.ptr || *n == FACETS_MAX)
        return;
    for (size_t i = 0; i < *n; i++)
        if (str_eq((*list)[i], s))
            return;
    if (!*list)
        *list = arena_array(a, struct str, FACETS_MAX);
    (*list)[(*n)++] = s;
}

static enum incident_role role_of(const struct group *g, const struct actor *actor)
{
    if (actor->planted)
        return ROLE_PLANTED;
    if (actor->stolen || (actor->kind != ACTOR_NOBODY && actor->whole))
        return ROLE_STOLEN;
    return g->out->vector.interface.ptr && actor == g->acts.items[0]->actor ? ROLE_INTERFACE : ROLE_INTRUDER;
}

static struct incident_actor *find_actor(struct incident *out, struct str principal, enum incident_role role)
{
    for (size_t i = 0; i < out->n_actors; i++)
        if (same(out->actors[i].principal, principal) && out->actors[i].role == role)
            return &out->actors[i];
    struct incident_actor *actor = &out->actors[out->n_actors++];
    *actor = (struct incident_actor){.principal = principal, .role = role, .first = TIME_NONE, .last = TIME_NONE};
    return actor;
}

static void describe_fact(struct group *g, struct incident_actor *out, const struct fact *f)
{
    add_once(g->arena, &out->addresses, &out->n_addresses, f->actor->address);
    add_once(g->arena, &out->agents, &out->n_agents, f->agent);
    out->events++;
    out->first = out->first == TIME_NONE || f->time < out->first ? f->time : out->first;
    out->last = f->time > out->last ? f->time : out->last;
}

static void describe_actors(struct group *g)
{
    struct incident *out = g->out;
    out->actors = arena_array(g->arena, struct incident_actor, g->actors.n + g->doors.n);
    for (size_t i = 0; i < g->acts.n; i++)
        describe_fact(g, find_actor(out, g->acts.items[i]->actor->principal, role_of(g, g->acts.items[i]->actor)), g->acts.items[i]);
    for (size_t i = 0; i < g->doors.n; i++)
        describe_fact(g, find_actor(out, g->doors.items[i]->actor->principal, ROLE_DOOR), g->doors.items[i]);
}

// --- pivots ------------------------------------------------------------------------------------------------------------------------------

static int by_pivot_time(const void *a, const void *b)
{
    const struct incident_pivot *x = a, *y = b;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    int order = str_cmp(x->from, y->from);
    return order ? order : str_cmp(x->to, y->to);
}

static struct evidence edge_at(const struct edge *e)
{
    return e->fact ? e->fact->at : e->process ? e->process->at : (struct evidence){.time = TIME_NONE};
}

static int64_t edge_time(const struct edge *e)
{
    return e->fact ? e->fact->time : edge_at(e).time;
}

static void describe_pivots(struct group *g)
{
    struct incident *out = g->out;
    out->pivots = arena_array(g->arena, struct incident_pivot, g->edges.n);
    for (size_t i = 0; i < g->edges.n; i++) {
        const struct edge *e = g->edges.items[i];
        out->pivots[out->n_pivots++] = (struct incident_pivot){
            arena_str(g->arena, e->from), arena_str(g->arena, e->to), e->kind, edge_time(e), e->certainty, edge_at(e)};
    }
    if (out->n_pivots > 1)
        qsort(out->pivots, out->n_pivots, sizeof *out->pivots, by_pivot_time);
}

// --- one incident -------------------------------------------------------------------------------------------------------------------

static struct str make_id_of_process(const struct group *g)
{
    const struct process *p = g->processes.items[0];
    for (size_t i = 0; i < g->processes.n; i++)
        if (g->processes.items[i]->seed) {
            p = g->processes.items[i];
            break;
        }
    struct str key = arena_printf(&g->q->scratch, "%.*s\n%lld\n%.*s\n%.*s\n%.*s", STR_ARG(g->q->cluster), (long long)p->at.time,
                                  STR_ARG(p->namespace), STR_ARG(p->pod.ptr ? p->pod : p->node), STR_ARG(p->command));
    return arena_printf(g->arena, "INC-%012llx", (unsigned long long)(identity_hash(key) >> 16));
}

// The first seed and what it did: neither files nor the number of threads change it, nor does an older log that shows more of the
// beginning.
static struct str make_id(const struct group *g)
{
    if (!g->acts.n)
        return make_id_of_process(g);
    const struct fact *f = g->acts.items[0];
    for (size_t i = 0; i < g->acts.n; i++)
        if (g->acts.items[i]->seed) {
            f = g->acts.items[i];
            break;
        }
    struct str key = arena_printf(&g->q->scratch, "%.*s\n%lld\n%.*s\n%.*s\n%.*s", STR_ARG(g->q->cluster), (long long)f->time,
                                  STR_ARG(f->actor->principal), STR_ARG(f->action.verb), STR_ARG(f->action.uri));
    return arena_printf(g->arena, "INC-%012llx", (unsigned long long)(identity_hash(key) >> 16));
}

static void note_time(struct incident *out, int64_t time)
{
    if (time == TIME_NONE)
        return;
    out->first = out->first == TIME_NONE || time < out->first ? time : out->first;
    out->last = time > out->last ? time : out->last;
}

static void note_times(struct group *g)
{
    g->out->first = g->out->last = TIME_NONE;
    for (size_t i = 0; i < g->acts.n; i++)
        note_time(g->out, g->acts.items[i]->time);
    for (size_t i = 0; i < g->processes.n; i++)
        note_time(g->out, g->processes.items[i]->at.time);
}

static void conclude_group(struct group *g, struct incident *out)
{
    must(g->acts.n || g->processes.n); // a group has a seed at least
    *out = (struct incident){.cluster = g->q->cluster};
    g->out = out;
    out->id = make_id(g);
    note_times(g);
    conclude_cause(g);
    conclude_vector(g);
    conclude_timeline(g);
    conclude_objects(g);
    conclude_indicators(g);
    conclude_prevention(g);
    describe_actors(g);
    describe_pivots(g);
    conclude_verdict(g);
}

// --- groups -------------------------------------------------------------------------------------------------------------------------

static void group_fini(struct group *g)
{
    vec_fini(&g->actors);
    vec_fini(&g->acts);
    vec_fini(&g->doors);
    vec_fini(&g->consequences);
    vec_fini(&g->processes);
    vec_fini(&g->things);
    vec_fini(&g->edges);
}

// That an identity was used from an address is said already where the address led to it.
static bool is_said(const struct inquiry *q, const struct edge *e)
{
    for (size_t i = 0; str_eq(e->kind, STR("used-from")) && i < q->edges.n; i++)
        if (str_eq(q->edges.items[i].kind, STR("same-address")) && str_eq(q->edges.items[i].from, e->to) &&
            str_eq(q->edges.items[i].to, e->from))
            return true;
    return false;
}

static void gather(struct group *g)
{
    struct inquiry *q = g->q;
    for (size_t i = 0; i < q->facts.n; i++)
        if (q->facts.items[i]->tainted && joint_root(q, q->facts.items[i]->actor->node) == g->root)
            *vec_push(&g->acts) = q->facts.items[i];
    for (size_t i = 0; i < q->actors.n; i++)
        if (q->actors.items[i]->tainted && joint_root(q, q->actors.items[i]->node) == g->root)
            *vec_push(&g->actors) = q->actors.items[i];
    for (size_t i = 0; i < q->things.n; i++) {
        struct thing *t = q->things.items[i];
        bool ours = joint_root(q, t->node) == g->root || (t->fact && t->fact->tainted && joint_root(q, t->fact->actor->node) == g->root);
        if (!ours)
            continue;
        *vec_push(&g->things) = t;
        if (t->parent)
            *vec_push(&g->consequences) = t->placed ? t->placed : t->fact;
    }
    for (size_t i = 0; i < q->processes.n; i++)
        if (q->processes.items[i]->tainted && joint_root(q, q->processes.items[i]->place->node) == g->root)
            *vec_push(&g->processes) = q->processes.items[i];
    for (size_t i = 0; i < q->edges.n; i++)
        if (joint_root(q, q->edges.items[i].node) == g->root && !is_said(q, &q->edges.items[i]))
            *vec_push(&g->edges) = &q->edges.items[i];
    facts_sort(&g->consequences);
}

static int by_start(const void *a, const void *b)
{
    const struct incident *x = a, *y = b;
    return x->first != y->first ? (x->first < y->first ? -1 : 1) : str_cmp(x->id, y->id);
}

static void conclude_once(struct inquiry *q, const struct inquiry_reading *reading, struct map *done, uint32_t node)
{
    bool added;
    uint32_t root = joint_root(q, node);
    (void)map_put(done, arena_printf(&q->round, "%u", root), &added);
    if (!added)
        return;
    struct group g = {.q = q, .reading = reading, .root = root, .arena = &q->arena};
    gather(&g);
    conclude_group(&g, vec_push(&q->incidents));
    group_fini(&g);
    arena_reset(&q->scratch);
}

const struct incident *inquiry_conclude(struct inquiry *q, struct inquiry_reading reading, size_t *n)
{
    struct map done = {0};
    conclude_joins(q);
    for (size_t i = 0; i < q->facts.n; i++)
        if (q->facts.items[i]->tainted)
            conclude_once(q, &reading, &done, q->facts.items[i]->actor->node);
    for (size_t i = 0; i < q->processes.n; i++)
        if (q->processes.items[i]->tainted)
            conclude_once(q, &reading, &done, q->processes.items[i]->place->node);
    map_fini(&done);
    if (q->incidents.n > 1)
        qsort(q->incidents.items, q->incidents.n, sizeof *q->incidents.items, by_start);
    *n = q->incidents.n;
    return q->incidents.items;
}
