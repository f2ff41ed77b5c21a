// SPDX-License-Identifier: Apache-2.0
// Permissions: bindings that an intruder made lead to those they let in; a door that let one nameless intruder in lets others in too.
#include "incident/taint.h"

#include "base/status.h"

// Requests that any health probe or client makes before it knows anything.
static bool is_about_objects(const struct fact *f)
{
    return f->action.resource.ptr && fact_done(f);
}

static bool is_stock(const struct inquiry *q, struct str binding)
{
    return name_listed(q->knowledge->stock_grants, last_part(binding));
}

// --- bindings that were made -------------------------------------------------------------------------------------------------------

static struct str binding_text(struct inquiry *q, const struct fact *f)
{
    if (f->action.namespace.ptr)
        return arena_printf(&q->round, "object:%.*s/%.*s/%.*s", STR_ARG(f->action.resource), STR_ARG(f->action.namespace),
                            STR_ARG(f->action.name));
    return arena_printf(&q->round, "object:%.*s/%.*s", STR_ARG(f->action.resource), STR_ARG(f->action.name));
}

static bool makes_binding(const struct fact *f)
{
    return f->tainted && fact_done(f) && f->action.name.ptr && fact_writes(f) && !f->action.subresource.ptr &&
           (str_eq(f->action.resource, STR("clusterrolebindings")) || str_eq(f->action.resource, STR("rolebindings")));
}

static bool pivot_subjects(struct inquiry *q, struct fact *f)
{
    bool news = false;
    for (size_t i = 0; f->body && i < f->body->n_subjects; i++) {
        struct str principal = subject_principal(q, &f->body->subjects[i]);
        if (!principal.ptr || actor_kind_of(q, principal) == ACTOR_NOBODY)
            continue;
        follow_identity(q, principal);
        news |= taint_pivot(q, binding_text(q, f), arena_printf(&q->round, "principal:%.*s", STR_ARG(principal)), "grant",
                            f->actor->certainty, f, f->actor->node, f->actor->node);
    }
    return news;
}

static bool use_binding(struct inquiry *q, struct fact *use, struct fact *f)
{
    if (use->tainted || use->actor->kind == ACTOR_COMPONENT || !is_about_objects(use) || use->time < f->time || use->actor->first < f->time)
        return false; // who was here before has reasons of his own
    follow_identity(q, use->actor->principal);
    if (!is_complete(q, use->actor->principal))
        return false;
    bool news = taint_actor(q, use->actor, TAINT_WHOLE, INFERRED);
    news |= taint_pivot(q, binding_text(q, f), actor_text(&q->round, use->actor), "grant", INFERRED, use, f->actor->node, use->actor->node);
    return news;
}

// --- a door that stands open ---------------------------------------------------------------------------------------------------------

// The binding through which somebody nameless did something about objects; ptr NULL: none, or not known.
static struct str door_of(struct inquiry *q, const struct fact *f)
{
    struct str binding = f->actor->kind == ACTOR_NOBODY && is_about_objects(f) ? binding_used(q, f) : STR_NONE;
    return binding.ptr && !is_stock(q, binding) ? binding : STR_NONE;
}

// One nameless intruder was let in by a binding for the nameless; others who did things through it are part of it.
static bool use_door(struct inquiry *q, struct fact *use, struct str door, struct fact *f)
{
    enum certainty certainty = use->binding.ptr ? CERTAIN : INFERRED;
    if (use->actor == f->actor || joint_root(q, use->actor->node) == joint_root(q, f->actor->node))
        return false;
    bool news = taint_actor(q, use->actor, TAINT_WHOLE, certainty);
    news |= taint_pivot(q, arena_printf(&q->round, "object:%.*s", STR_ARG(door)), address_text(&q->round, use->actor->address), "door",
                        certainty, use, f->actor->node, use->actor->node);
    return news;
}

bool taint_grants(struct inquiry *q)
{
    struct map made = {0}, doors = {0}; // binding -> index of the fact that made it, or went through it, first
    bool news = false, added;
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *f = q->facts.items[i];
        if (f->tainted && makes_binding(f)) {
            news |= pivot_subjects(q, f);
            follow_binding(q, f->action.name);
            uint64_t *at = map_put(&made, binding_made(q, f), &added);
            *at = added ? i : *at;
        }
        struct str door = f->tainted ? door_of(q, f) : STR_NONE;
        if (door.ptr) {
            follow_binding(q, last_part(door));
            uint64_t *at = map_put(&doors, door, &added);
            *at = added ? i : *at;
        }
    }
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *use = q->facts.items[i];
        const uint64_t *maker = use->binding.ptr ? map_get(&made, use->binding) : NULL;
        struct str door = doors.n ? door_of(q, use) : STR_NONE;
        const uint64_t *first = door.ptr ? map_get(&doors, door) : NULL;
        news |= maker && use_binding(q, use, q->facts.items[*maker]);
        news |= first && use_door(q, use, door, q->facts.items[*first]);
    }
    map_fini(&made);
    map_fini(&doors);
    return news;
}
