// SPDX-License-Identifier: Apache-2.0
#include "incident/hands.h"
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
    if (f->actor->kind != ACTOR_COMPONENT || extent_of(f->actor) == TAINT_WHOLE || hand_is_foreign(f)) { // or other hands move it
        bool news = taint_actor(q, f->actor, extent_of(f->actor), f->led ? INFERRED : CERTAIN);
        if (f->actor->kind != ACTOR_NOBODY && actor_home(f->actor) != f->actor)
            news |= taint_whereabouts(q, f->actor, f->actor->certainty);
        return news;
    }
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

// The writing of an object of that name by somebody else, before.
static struct fact *making_by_another(const struct inquiry *q, const struct fact *f, struct str name)
{
    for (size_t i = 0; i < q->facts.n && q->facts.items[i]->time <= f->time; i++) {
        struct fact *making = q->facts.items[i];
        if (str_eq(making->action.verb, STR("create")) && same(making->action.name, name) && !making->action.subresource.ptr &&
            same(making->action.namespace, f->action.namespace) && fact_done(making) &&
            !same(making->actor->principal, f->actor->principal))
            return making;
    }
    return NULL;
}

// An account that makes objects for an object of somebody else, which they name as their owner, is a controller that does what it was told
// (a workflow's pods). Whoever made the owner did it. An owner that is not in the log exonerates nobody.
enum errand { ERRAND_NONE, ERRAND_UNKNOWN, ERRAND_OF_ANOTHER };
static enum errand errand_of(struct inquiry *q, const struct fact *f, struct fact **making)
{
    struct str owner = body_first(f, BODY_OWNER_NAME);
    if (f->actor->kind != ACTOR_ACCOUNT || !str_eq(f->action.verb, STR("create")) || !owner.ptr || hand_is_foreign(f))
        return ERRAND_NONE;
    follow_object(q, owner);
    *making = making_by_another(q, f, owner);
    if (!*making)
        return is_object_complete(q, owner) ? ERRAND_NONE : ERRAND_UNKNOWN;
    return ERRAND_OF_ANOTHER;
}

static bool taint_errand(struct inquiry *q, struct fact *f, struct fact *making)
{
    bool added;
    if (!f->action.name.ptr)
        return false;
    struct thing *t = thing_put(q, f->action.resource, f->action.namespace, f->action.name, &added),
                 *owner = thing_put(q, making->action.resource, making->action.namespace, making->action.name, &added);
    bool news = !making->strong;
    if (!t->fact) {
        *t = (struct thing){t->kind,      t->namespace,          t->name,        STR("created"), owner, CERTAIN, f,
                            .made = true, .restored = TIME_NONE, .node = t->node};
        follow_object(q, t->name);
        news = true;
    }
    making->led |= !making->seed;
    making->seed = making->strong = true;
    return taint_pivot(q, thing_text(&q->round, t), thing_text(&q->round, owner), "owner", CERTAIN, f, t->node, owner->node) || news;
}

static bool taint_seeds(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *f = q->facts.items[i], *making;
        enum errand errand = f->seed ? errand_of(q, f, &making) : ERRAND_UNKNOWN;
        if (errand == ERRAND_OF_ANOTHER)
            news |= taint_errand(q, f, making);
        else if (errand == ERRAND_NONE)
            news |= taint_seed(q, f);
    }
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
        if (actor->kind != ACTOR_NOBODY && (actor->kind != ACTOR_COMPONENT || actor->whole))
            follow_identity(q, actor->principal);
        page_follow(q, actor->principal, !actor->whole);
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
    hands_settle(q);
    processes_settle(q);
    bool news = true;
    for (unsigned pass = 0; news && pass < PASSES_MAX; pass++) {
        news = taint_starts(q);
        news |= taint_seeds(q);
        news |= taint_mark_facts(q);
        news |= taint_things(q);
        news |= taint_credentials(q);
        news |= taint_grants(q);
        news |= taint_nodes(q);
        news |= taint_addresses(q);
        news |= taint_processes(q);
        news |= taint_origins(q);
    }
    follow_tainted(q);
    processes_follow(q);
}
