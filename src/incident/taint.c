// SPDX-License-Identifier: Apache-2.0
#include "incident/processes.h"
#include "incident/taint.h"

#include "base/status.h"

#include <stdlib.h>

enum { PASSES_MAX = 64 }; // each one adds something, so that only a chain of that many pivots within one round reaches it

// An identity that only an intruder uses is tainted whole; one that belongs here, for as long as it was in other hands.
static enum taint_extent extent_of(const struct actor *actor)
{
    if (actor->kind == ACTOR_NOBODY || actor->planted)
        return TAINT_WHOLE;
    const struct actor *home = actor_home(actor);
    return home && home != actor && home->first < actor->first && home->events > 1 ? TAINT_WHOLE : TAINT_SESSION;
}

// What a component of the cluster is seen to do to an intruder's object is about the object.
static bool taint_seed(struct inquiry *q, struct fact *f)
{
    if (!f->strong && f->actor->kind == ACTOR_PERSON && extent_of(f->actor) == TAINT_SESSION && !f->actor->tainted)
        return false;
    if (f->actor->kind != ACTOR_COMPONENT || extent_of(f->actor) == TAINT_WHOLE) // or it is not at home where it came from
        return taint_actor(q, f->actor, extent_of(f->actor), f->led ? INFERRED : CERTAIN);
    bool added;
    if (!f->action.name.ptr || !f->action.resource.ptr)
        return false;
    struct thing *t = thing_put(q, f->action.resource, f->action.namespace, f->action.name, &added);
    if (!added)
        return false;
    t->how = STR("seen");
    t->fact = f;
    t->made = true;
    follow_object(q, t->name);
    return true;
}

static bool taint_seeds(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; i < q->facts.n; i++)
        if (q->facts.items[i]->seed)
            news |= taint_seed(q, q->facts.items[i]);
    return news;
}

// Whom we must know all about in the next round, and what may have let them in: the bindings they used, and how the page is reached that
// they acted through.
static void follow_tainted(struct inquiry *q)
{
    for (size_t i = 0; i < q->facts.n; i++) {
        const struct fact *f = q->facts.items[i];
        if (f->tainted && f->binding.ptr && !name_listed(q->knowledge->stock_grants, last_part(f->binding)))
            follow_binding(q, last_part(f->binding));
    }
    for (size_t i = 0; i < q->actors.n; i++) {
        const struct actor *actor = q->actors.items[i];
        if (!actor->tainted)
            continue;
        if (actor->kind != ACTOR_NOBODY && actor->kind != ACTOR_COMPONENT)
            follow_identity(q, actor->principal);
        page_follow(q, actor->principal);
        if (actor->whole)
            follow_identity(q, actor->address);
        want_actor(q, actor->principal, actor->address);
    }
}

void taint_spread(struct inquiry *q)
{
    facts_sort(&q->facts);
    for (size_t i = 0; i < q->facts.n; i++)
        *vec_push(&q->facts.items[i]->actor->facts) = q->facts.items[i];
    processes_settle(q);
    bool news = true;
    for (unsigned pass = 0; news && pass < PASSES_MAX; pass++) {
        news = taint_starts(q);
        news |= taint_seeds(q);
        news |= taint_mark_facts(q);
        news |= taint_things(q);
        news |= taint_credentials(q);
        news |= taint_grants(q);
        news |= taint_addresses(q);
        news |= taint_processes(q);
        news |= taint_origins(q);
    }
    follow_tainted(q);
    processes_follow(q);
}
