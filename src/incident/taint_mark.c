// SPDX-License-Identifier: Apache-2.0
#include "incident/session.h"
#include "incident/taint.h"

#include "base/status.h"

// Probes of load balancers and kubelets, which come from everywhere and from intruders' addresses too.
static bool is_health_probe(const struct fact *f)
{
    static const struct str paths[] = {STR("/healthz"), STR("/livez"), STR("/readyz")};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (!f->action.resource.ptr && str_starts(f->action.uri, paths[i]))
            return true;
    return false;
}

bool taint_actor(struct inquiry *q, struct actor *actor, enum taint_extent extent, enum certainty certainty)
{
    (void)q;
    bool whole = extent == TAINT_WHOLE;
    if (actor->tainted && (actor->whole || !whole) && actor->certainty <= certainty)
        return false;
    actor->certainty = actor->tainted && actor->certainty < certainty ? actor->certainty : certainty;
    actor->tainted = true;
    actor->whole |= whole;
    return true;
}

static bool mark_whole(struct actor *actor)
{
    bool news = false;
    for (size_t i = 0; i < actor->facts.n; i++) {
        struct fact *f = actor->facts.items[i];
        if (f->tainted || is_health_probe(f))
            continue;
        f->tainted = news = true;
    }
    return news;
}

static size_t count_tainted(const struct actor *actor)
{
    size_t n = 0;
    for (size_t i = 0; i < actor->facts.n; i++)
        n += actor->facts.items[i]->tainted;
    return n;
}

static void note_span(struct actor *actor)
{
    actor->from = actor->to = TIME_NONE;
    for (size_t i = 0; i < actor->facts.n; i++) {
        if (!actor->facts.items[i]->tainted)
            continue;
        if (actor->from == TIME_NONE)
            actor->from = actor->facts.items[i]->time;
        actor->to = actor->facts.items[i]->time;
    }
}

bool taint_mark_facts(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; i < q->actors.n; i++) {
        struct actor *actor = q->actors.items[i];
        if (!actor->tainted)
            continue;
        size_t before = count_tainted(actor);
        if (actor->whole)
            (void)mark_whole(actor);
        else
            session_mark(q, actor);
        note_span(actor);
        news |= count_tainted(actor) != before;
    }
    return news;
}

bool taint_pivot(struct inquiry *q, struct str from, struct str to, const char *kind, enum certainty certainty, const struct fact *fact,
                 uint32_t a, uint32_t b)
{
    bool joined = joint_join(q, a, b), added = false;
    struct str key = arena_printf(&q->round, "%zu:%.*s%zu:%.*s%s", from.len, STR_ARG(from), to.len, STR_ARG(to), kind);
    if (q->edges.n < EDGES_MAX)
        (void)map_put(&q->edge_of, key, &added);
    if (added)
        *vec_push(&q->edges) =
            (struct edge){.from = from, .to = to, .kind = str_from_c(kind), .certainty = certainty, .fact = fact, .node = a};
    return joined || added;
}

bool taint_pivot_process(struct inquiry *q, struct str from, struct str to, const char *kind, enum certainty certainty,
                         const struct process *p, uint32_t a, uint32_t b)
{
    size_t before = q->edges.n;
    if (q->process_edges == PROCESS_EDGES_MAX)
        return joint_join(q, a, b);
    bool news = taint_pivot(q, from, to, kind, certainty, NULL, a, b);
    if (q->edges.n > before) {
        q->edges.items[before].process = p;
        q->process_edges++;
    }
    return news;
}

struct actor *actor_home(const struct actor *actor)
{
    struct actor *home = NULL;
    for (size_t i = 0; i < actor->person->actors.n; i++) {
        struct actor *other = actor->person->actors.items[i];
        if (!home || other->first < home->first)
            home = other;
    }
    return home;
}

static bool is_private(struct str address)
{
    struct transform_out out = {0};
    struct arena a;
    const struct transform *kind = transform_find(STR("address_kind"));
    arena_init(&a, 1024);
    out.arena = &a;
    if (kind && address.ptr)
        kind->apply(address, &out);
    bool private = out.n && !str_eq(out.items[0], STR("public"));
    arena_fini(&a);
    return private;
}

bool actor_is_abroad(const struct actor *actor)
{
    const struct actor *home = actor_home(actor);
    if (!actor->address.ptr)
        return false;
    if (home == actor)
        return !is_private(actor->address);
    return !is_private(actor->address) || !is_private(home->address);
}

bool taint_whereabouts(struct inquiry *q, const struct actor *actor, enum certainty certainty)
{
    const struct fact *use = actor->facts.n ? actor->facts.items[0] : NULL;
    return actor->address.ptr && use &&
           taint_pivot(q, actor_text(&q->round, actor), address_text(&q->round, actor->address), "used-from", certainty, use, actor->node,
                       actor->node);
}
