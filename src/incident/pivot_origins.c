// SPDX-License-Identifier: Apache-2.0
// From a pod that was made to run something malicious to what owns it, and on to whoever made that: by owner references when the bodies
// were logged, else by names. From there the other pivots lead on.
#include "incident/kinship.h"
#include "incident/taint.h"

static struct fact *making_of(const struct inquiry *q, struct str kind, struct str namespace, struct str name)
{
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *f = q->facts.items[i];
        if (str_eq(f->action.resource, kind) && same(f->action.name, name) && same(f->action.namespace, namespace) &&
            str_eq(f->action.verb, STR("create")) && !f->action.subresource.ptr && fact_done(f))
            return f;
    }
    return NULL;
}

static bool climb_to(struct inquiry *q, struct thing *t, struct str kind, struct str name, enum certainty certainty)
{
    bool added;
    struct thing *owner = thing_put(q, name_keep(q, kind), t->namespace, name_keep(q, name), &added);
    follow_object(q, name);
    if (added) {
        owner->how = STR("ran");
        owner->process = t->process;
        owner->fact = t->process ? NULL : t->fact;
        owner->certainty = certainty;
    }
    owner->suspect |= !owner->made;
    (void)taint_pivot(q, thing_text(&q->round, t), thing_text(&q->round, owner), "owner", certainty, t->fact, t->node, owner->node);
    return true;
}

static bool climb_by_reference(struct inquiry *q, struct thing *t, const struct fact *making)
{
    for (size_t k = 0; k < kinships; k++)
        if (str_eq(t->kind, kinship[k].child) && body_has(making, BODY_OWNER_KIND, kinship[k].kind))
            return climb_to(q, t, kinship[k].parent, body_first(making, BODY_OWNER_NAME), CERTAIN);
    return false;
}

// NAME-HASH of NAME, NAME-HASH-XXXXX of NAME-HASH: an object of a kind that makes such ones, and that the log knows.
static bool climb_by_name(struct inquiry *q, struct thing *t)
{
    for (size_t i = t->name.len; i > 1; i--) {
        if (t->name.ptr[i - 1] != '-')
            continue;
        struct str front = name_keep(q, str_slice(t->name, 0, i - 1));
        follow_object(q, front);
        for (size_t k = 0; k < kinships; k++)
            if (str_eq(t->kind, kinship[k].child) && making_of(q, kinship[k].parent, t->namespace, front))
                return climb_to(q, t, kinship[k].parent, front, INFERRED);
    }
    return false;
}

static bool lead_to_maker(struct fact *making)
{
    if (making->strong)
        return false;
    making->seed = making->strong = making->led = true;
    return true;
}

static bool climb(struct inquiry *q, struct thing *t)
{
    struct fact *making = making_of(q, t->kind, t->namespace, t->name);
    if (!making) {
        follow_object(q, t->name);
        return false;
    }
    t->climbed = true;
    if (!t->fact || t->fact->time > making->time)
        t->fact = making;
    if (making->actor->kind != ACTOR_COMPONENT)
        return lead_to_maker(making);
    return climb_by_reference(q, t, making) || climb_by_name(q, t);
}

bool taint_origins(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; i < q->things.n; i++) // grows while it climbs
        if (q->things.items[i]->suspect && !q->things.items[i]->climbed && !q->things.items[i]->made)
            news |= climb(q, q->things.items[i]);
    return news;
}
