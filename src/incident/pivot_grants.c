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

static struct str subject_principal(struct inquiry *q, const struct fact_subject *s)
{
    if (str_eq(s->kind, STR("ServiceAccount")))
        return name_keep(q, arena_printf(&q->scratch, "system:serviceaccount:%.*s:%.*s", STR_ARG(s->namespace), STR_ARG(s->name)));
    return str_eq(s->kind, STR("User")) ? s->name : STR_NONE;
}

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

// Bindings by what the API server calls them: ClusterRoleBinding/NAME, RoleBinding/NAMESPACE/NAME.
static struct str binding_reference(struct inquiry *q, const struct fact *f)
{
    if (str_eq(f->action.resource, STR("clusterrolebindings")))
        return arena_printf(&q->scratch, "ClusterRoleBinding/%.*s", STR_ARG(f->action.name));
    return arena_printf(&q->scratch, "RoleBinding/%.*s/%.*s", STR_ARG(f->action.namespace), STR_ARG(f->action.name));
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

static bool is_through_door(const struct inquiry *q, const struct fact *f)
{
    return f->actor->kind == ACTOR_NOBODY && f->binding.ptr && is_about_objects(f) && !is_stock(q, f->binding);
}

// One nameless intruder was let in by a binding for the nameless; others who did things through it are part of it.
static bool use_door(struct inquiry *q, struct fact *use, struct fact *f)
{
    if (use->actor == f->actor || !is_through_door(q, use) || joint_root(q, use->actor->node) == joint_root(q, f->actor->node))
        return false;
    bool news = taint_actor(q, use->actor, TAINT_WHOLE, CERTAIN);
    news |= taint_pivot(q, arena_printf(&q->round, "object:%.*s", STR_ARG(f->binding)), address_text(&q->round, use->actor->address),
                        "door", CERTAIN, use, f->actor->node, use->actor->node);
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
            uint64_t *at = map_put(&made, binding_reference(q, f), &added);
            *at = added ? i : *at;
        }
        if (f->tainted && is_through_door(q, f)) {
            follow_binding(q, last_part(f->binding));
            uint64_t *at = map_put(&doors, f->binding, &added);
            *at = added ? i : *at;
        }
    }
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *use = q->facts.items[i];
        const uint64_t *maker = use->binding.ptr ? map_get(&made, use->binding) : NULL;
        const uint64_t *door = use->binding.ptr ? map_get(&doors, use->binding) : NULL;
        news |= maker && use_binding(q, use, q->facts.items[*maker]);
        news |= door && use_door(q, use, q->facts.items[*door]);
    }
    map_fini(&made);
    map_fini(&doors);
    return news;
}
