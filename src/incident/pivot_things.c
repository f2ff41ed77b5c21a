// SPDX-License-Identifier: Apache-2.0
// Objects: what an intruder made, changed, read, entered or removed, and what the cluster made of it.
#include "incident/kinship.h"
#include "incident/taint.h"

#include "base/status.h"

// Requests that leave nothing behind.
static bool is_question(struct str resource)
{
    static const struct str names[] = {STR("selfsubjectaccessreviews"),
                                       STR("selfsubjectrulesreviews"),
                                       STR("subjectaccessreviews"),
                                       STR("localsubjectaccessreviews"),
                                       STR("selfsubjectreviews"),
                                       STR("tokenreviews"),
                                       STR("events")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(resource, names[i]))
            return true;
    return false;
}

static bool is_entering(struct str subresource)
{
    static const struct str names[] = {STR("exec"), STR("attach"), STR("portforward"), STR("proxy"), STR("ephemeralcontainers")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(subresource, names[i]))
            return true;
    return false;
}

// What a request did to the object it names; STR_NONE: nothing that lasts.
static struct str effect_of(const struct fact *f)
{
    const struct event_action *a = &f->action;
    if (!fact_done(f) || a->dry_run || !a->resource.ptr || !a->name.ptr || is_question(a->resource))
        return STR_NONE;
    if (is_entering(a->subresource))
        return str_eq(a->subresource, STR("ephemeralcontainers")) && !fact_writes(f) ? STR_NONE : STR("entered");
    if (a->subresource.ptr && !str_eq(a->subresource, STR("scale")))
        return str_eq(a->subresource, STR("approval")) ? STR("approved") : STR_NONE;
    if (str_eq(a->verb, STR("create")) || (str_eq(a->verb, STR("patch")) && a->code == 201))
        return STR("created");
    if (str_eq(a->verb, STR("update")) || str_eq(a->verb, STR("patch")))
        return STR("changed");
    if (str_eq(a->verb, STR("delete")))
        return STR("deleted");
    return str_eq(a->verb, STR("get")) && str_eq(a->resource, STR("secrets")) ? STR("read") : STR_NONE;
}

static const char *pivot_kind(struct str how)
{
    if (str_eq(how, STR("created")))
        return "created";
    if (str_eq(how, STR("entered")))
        return "exec";
    return str_eq(how, STR("deleted")) ? "deleted" : str_eq(how, STR("read")) ? "read" : "changed";
}

// Through the kubelet a request names the node, and enters a pod.
static struct thing *put_target(struct inquiry *q, const struct fact *f, bool *added)
{
    if (f->entry.by_kubelet)
        return thing_put(q, name_keep(q, STR("pods")), f->entry.namespace, f->entry.pod, added);
    return thing_put(q, f->action.resource, f->action.namespace, f->action.name, added);
}

// A workload of others whose pods are the intruder's from now on. With bodies, only a change of what they are counts.
static bool recasts(const struct fact *f, struct str how)
{
    static const struct str workloads[] = {
        STR("deployments"), STR("daemonsets"), STR("statefulsets"), STR("replicasets"), STR("replicationcontrollers"), STR("cronjobs")};
    if (!str_eq(how, STR("changed")) || f->action.subresource.ptr || (f->has_bodies && !body_first(f, BODY_IMAGE).ptr))
        return false;
    for (size_t i = 0; i < sizeof workloads / sizeof *workloads; i++)
        if (str_eq(f->action.resource, workloads[i]))
            return true;
    return false;
}

static bool note_recasting(struct inquiry *q, struct thing *t, struct fact *f)
{
    if (t->recast)
        return false;
    t->recast = f;
    return taint_pivot(q, actor_text(&q->round, f->actor), thing_text(&q->round, t), "changed", f->actor->certainty, f, f->actor->node,
                       t->node);
}

// An intruder's act upon an object. Two who act upon the same object that one of them made work together.
static bool note_act(struct inquiry *q, struct fact *f)
{
    struct str how = effect_of(f);
    bool added;
    if (!how.ptr)
        return false;
    struct thing *t = put_target(q, f, &added);
    bool made = str_eq(how, STR("created"));
    if (added || (!t->made && (t->suspect || !t->fact))) { // a process may have led to it before
        t->how = how;
        t->fact = f;
        t->made = made;
        t->suspect = false;
        t->certainty = f->actor->certainty;
    }
    if (str_eq(how, STR("deleted")))
        t->gone = true;
    if (made || str_eq(how, STR("entered")) || str_eq(how, STR("changed")))
        follow_object(q, t->name);
    if (!t->made && recasts(f, how))
        return note_recasting(q, t, f) || added;
    if (!t->made && !str_eq(how, STR("entered")))
        return added; // what belongs to others connects nobody
    if (str_eq(how, STR("deleted")) && t->fact && !same(t->fact->actor->principal, f->actor->principal))
        return added; // a rival, or somebody who cleans up
    bool news = taint_pivot(q, actor_text(&q->round, f->actor), thing_text(&q->round, t), pivot_kind(how), f->actor->certainty, f,
                            f->actor->node, t->node);
    return news || added;
}

// --- children ---------------------------------------------------------------------------------------------------------------------

static bool has_same_images(const struct fact *a, const struct fact *b)
{
    for (size_t i = 0; b->body && i < b->body->texts[BODY_IMAGE].n; i++)
        if (!body_has(a, BODY_IMAGE, b->body->texts[BODY_IMAGE].items[i]))
            return false;
    return b->body && b->body->texts[BODY_IMAGE].n;
}

// What its owner changed since, unless that left the intruder's images where they were.
static void note_restoring(struct inquiry *q, const struct fact *f)
{
    if (!fact_done(f) || !fact_writes(f) || f->action.subresource.ptr || !f->action.name.ptr || f->actor->kind == ACTOR_COMPONENT)
        return;
    struct thing *t = thing_find(q, f->action.resource, f->action.namespace, f->action.name);
    if (t && t->recast && f->time > t->recast->time && t->restored == TIME_NONE && !has_same_images(t->recast, f))
        t->restored = f->time;
}

// Whether what is made of it at that time is the intruder's.
static bool begets(const struct thing *t, int64_t time)
{
    if (t->made)
        return t->fact->time <= time;
    return t->recast && t->recast->time <= time && (t->restored == TIME_NONE || time < t->restored);
}

// The thing of that kind whose name is the longest part of `name` in front of a dash.
static struct thing *named_before(struct inquiry *q, struct str kind, struct str namespace, struct str name, int64_t time)
{
    for (size_t i = name.len; i > 1; i--) {
        if (name.ptr[i - 1] != '-')
            continue;
        struct str front = intern_find(&q->names, str_slice(name, 0, i - 1));
        struct thing *t = front.ptr ? thing_find(q, kind, namespace, front) : NULL;
        if (t && begets(t, time))
            return t;
    }
    return NULL;
}

static struct thing *owner_of(struct inquiry *q, const struct fact *f, size_t k)
{
    struct str kind = intern_find(&q->names, kinship[k].parent);
    for (size_t i = 0; kind.ptr && f->body && i < f->body->texts[BODY_OWNER_NAME].n; i++) {
        struct thing *t = thing_find(q, kind, f->action.namespace, f->body->texts[BODY_OWNER_NAME].items[i]);
        if (t && begets(t, f->time) && body_has(f, BODY_OWNER_KIND, kinship[k].kind))
            return t;
    }
    return NULL;
}

// The parent of an object that a component made: by its owner references when the body was logged, else by its name.
static struct thing *parent_of(struct inquiry *q, const struct fact *f, enum certainty *certainty)
{
    for (size_t k = 0; k < kinships; k++) {
        struct str kind = intern_find(&q->names, kinship[k].parent);
        if (!kind.ptr || !str_eq(f->action.resource, kinship[k].child))
            continue;
        struct thing *t = owner_of(q, f, k);
        *certainty = t ? CERTAIN : INFERRED;
        if (!t && !body_first(f, BODY_OWNER_NAME).ptr)
            t = named_before(q, kind, f->action.namespace, f->action.name, f->time);
        if (t)
            return t;
    }
    return NULL;
}

// A pod whose making was not seen by name (generateName, no bodies) is known when a scheduler names it.
static bool is_placing(const struct fact *f)
{
    return str_eq(f->action.resource, STR("pods")) && str_eq(f->action.subresource, STR("binding"));
}

static bool makes_makers(struct str kind)
{
    return str_eq(kind, STR("deployments")) || str_eq(kind, STR("cronjobs"));
}

// Deployment NAME makes ReplicaSet NAME-HASH makes Pod NAME-HASH-XXXXX; with the ReplicaSet unseen, the name leads to the Deployment.
static struct thing *ancestor_by_name(struct inquiry *q, const struct fact *f)
{
    static const struct str makers[] = {
        STR("replicasets"), STR("jobs"),    STR("daemonsets"), STR("statefulsets"), STR("replicationcontrollers"),
        STR("deployments"), STR("cronjobs")};
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
        struct str kind = intern_find(&q->names, makers[i]);
        struct thing *t = kind.ptr ? named_before(q, kind, f->action.namespace, f->action.name, f->time) : NULL;
        if (t && (t->made || !makes_makers(makers[i]))) // of a changed Deployment the older ReplicaSets' pods are its owner's
            return t;
    }
    return NULL;
}

// Known by a process that ran in it, or by one that ran in what was made of it, and not yet as the intruder's.
static bool is_unplaced(const struct thing *t)
{
    return !t->made && (t->suspect || t->climbed || str_eq(t->how, STR("ran")));
}

static bool note_child(struct inquiry *q, struct fact *f)
{
    enum certainty certainty = INFERRED;
    bool added;
    if (!fact_done(f) || !str_eq(f->action.verb, STR("create")) || !f->action.name.ptr || (f->action.subresource.ptr && !is_placing(f)))
        return false;
    struct thing *parent = is_placing(f) ? ancestor_by_name(q, f) : parent_of(q, f, &certainty);
    if (!parent)
        return false;
    struct thing *t = thing_put(q, f->action.resource, f->action.namespace, f->action.name, &added);
    if (is_placing(f))
        t->placed = f;
    if (!added && !is_unplaced(t))
        return false;
    t->how = STR("created");
    t->parent = parent;
    t->suspect = false;
    t->fact = f;
    t->made = true;
    t->certainty = certainty;
    (void)joint_join(q, parent->node, t->node);
    follow_object(q, t->name);
    return true;
}

static void note_removal(struct inquiry *q, const struct fact *f)
{
    if (!fact_done(f) || !str_eq(f->action.verb, STR("delete")) || f->action.subresource.ptr || !f->action.name.ptr)
        return;
    struct thing *t = thing_find(q, f->action.resource, f->action.namespace, f->action.name);
    if (t && thing_time(t) < f->time)
        t->gone = true;
}

bool taint_things(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *f = q->facts.items[i];
        if (f->tainted)
            news |= note_act(q, f);
        else if (f->actor->kind == ACTOR_COMPONENT)
            news |= note_child(q, f);
        if (!f->tainted) {
            note_removal(q, f);
            note_restoring(q, f);
        }
    }
    return news;
}
