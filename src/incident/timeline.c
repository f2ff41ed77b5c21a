// SPDX-License-Identifier: Apache-2.0
// The steps in the order of time: doors, acts, and what the cluster made of them. Stages of one request are one step; so are the objects
// that a controller made of one parent.
#include "incident/conclude.h"

#include "base/status.h"

#include <stdlib.h>

typedef VEC(struct incident_step) step_list;

struct draft {
    struct group *g;
    step_list steps;
    VEC(size_t) evidence_caps;
    struct map by_request; // request, 8 bytes -> step
};

static void add_evidence(struct draft *d, size_t step, struct evidence e)
{
    struct incident_step *s = &d->steps.items[step];
    if (s->n_evidence == d->evidence_caps.items[step]) {
        size_t cap = s->n_evidence ? s->n_evidence * 2 : 2;
        struct evidence *more = arena_array(d->g->arena, struct evidence, cap);
        if (s->n_evidence)
            memcpy(more, s->evidence, s->n_evidence * sizeof *more);
        s->evidence = more;
        d->evidence_caps.items[step] = cap;
    }
    s->evidence[s->n_evidence++] = e;
}

static struct event_actor actor_of(struct arena *a, const struct fact *f)
{
    struct event_actor actor = {
        .principal = f->actor->principal, .agent = f->agent, .impersonated = f->impersonated, .credential_id = f->credential};
    if (f->actor->address.ptr) {
        actor.addresses = arena_array(a, struct str, 1);
        actor.addresses[0] = f->actor->address;
        actor.n_addresses = 1;
    }
    return actor;
}

static void copy_rules(struct arena *a, struct incident_step *s, const struct fact *f)
{
    if (f->n_rules <= s->n_rules)
        return;
    s->rules = arena_array(a, const struct rule *, f->n_rules);
    memcpy(s->rules, f->rules, f->n_rules * sizeof *s->rules);
    s->n_rules = f->n_rules;
}

static size_t add_step(struct draft *d, const struct fact *f, enum step_part part)
{
    struct arena *a = d->g->arena;
    struct incident_step *s = vec_push(&d->steps);
    *vec_push(&d->evidence_caps) = 0;
    s->time = f->time;
    s->part = part;
    s->act = act_of(f);
    s->outcome = outcome_of(f);
    s->certainty = f->actor->certainty;
    s->actor = actor_of(a, f);
    s->action = f->action;
    s->reason = f->reason;
    s->text = act_text(a, f);
    s->count = 1;
    copy_rules(a, s, f);
    add_evidence(d, d->steps.n - 1, f->at);
    return d->steps.n - 1;
}

static void add_request(struct draft *d, const struct fact *f, enum step_part part)
{
    bool added;
    char *key = arena_alloc(&d->g->q->scratch, sizeof f->request);
    memcpy(key, &f->request, sizeof f->request);
    uint64_t *step = map_put(&d->by_request, str_make(key, sizeof f->request), &added);
    if (added) {
        *step = add_step(d, f, part);
        return;
    }
    struct incident_step *s = &d->steps.items[*step];
    add_evidence(d, *step, f->at);
    copy_rules(d->g->arena, s, f);
    if (f->action.code) { // a later stage knows the answer
        s->action.code = f->action.code;
        s->outcome = outcome_of(f);
        s->text = act_text(d->g->arena, f);
    }
}

// --- consequences ------------------------------------------------------------------------------------------------------------------

static const struct thing *thing_of(const struct group *g, const struct fact *f)
{
    for (size_t i = 0; i < g->things.n; i++)
        if (g->things.items[i]->placed ? g->things.items[i]->placed == f : g->things.items[i]->fact == f)
            return g->things.items[i];
    return NULL;
}

static struct str consequence_text(struct arena *a, const struct fact *f, const struct thing *t, size_t n)
{
    struct str parent = t->parent ? object_words(a, t->parent->kind, t->parent->namespace, t->parent->name) : STR("it");
    bool placed = str_eq(f->action.subresource, STR("binding"));
    struct str node = body_first(f, BODY_TARGET);
    const char *how = t->certainty == INFERRED ? " (by name and time)" : "";
    if (n > 1)
        return arena_printf(a, "%zu %.*s of %.*s %s%s", n, STR_ARG(t->kind), STR_ARG(parent), placed ? "placed on nodes" : "made", how);
    struct str object = object_words(a, t->kind, t->namespace, t->name);
    if (placed)
        return arena_printf(a, "%.*s of %.*s placed on a node%s%.*s%s", STR_ARG(object), STR_ARG(parent), node.ptr ? ": " : "",
                            STR_ARG(node), how);
    return arena_printf(a, "%.*s made for %.*s%s", STR_ARG(object), STR_ARG(parent), how);
}

// Objects of one kind that were made of one parent, one after the other, are told together.
static void add_consequences(struct draft *d)
{
    const struct thing *last = NULL;
    size_t step = 0, n = 0;
    for (size_t i = 0; i < d->g->consequences.n; i++) {
        const struct fact *f = d->g->consequences.items[i];
        const struct thing *t = thing_of(d->g, f);
        if (!t)
            continue;
        if (last && last->parent == t->parent && same(last->kind, t->kind)) {
            add_evidence(d, step, f->at);
            d->steps.items[step].count++;
            n++;
        } else {
            step = add_step(d, f, STEP_CONSEQUENCE);
            n = 1;
        }
        d->steps.items[step].text = consequence_text(d->g->arena, f, t, n);
        d->steps.items[step].certainty = t->certainty;
        last = t;
    }
}

static void add_processes(struct draft *d)
{
    size_t n;
    const struct incident_step *steps = process_steps(d->g, &n);
    for (size_t i = 0; i < n; i++)
        *vec_push(&d->steps) = steps[i];
}

// Steps of one part were put in their order: at one time it holds, however the log was cut into files.
struct placed {
    struct incident_step step;
    size_t at;
};

static int by_time(const void *a, const void *b)
{
    const struct placed *p = a, *o = b;
    const struct incident_step *x = &p->step, *y = &o->step;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->part != y->part)
        return x->part < y->part ? -1 : 1;
    if ((x->process == NULL) != (y->process == NULL)) // the request first
        return x->process ? 1 : -1;
    return p->at < o->at ? -1 : p->at > o->at;
}

static struct incident_step *sorted(struct group *g, const step_list *steps)
{
    struct placed *placed = arena_array(&g->q->round, struct placed, steps->n);
    struct incident_step *out = arena_array(g->arena, struct incident_step, steps->n);
    for (size_t i = 0; i < steps->n; i++)
        placed[i] = (struct placed){steps->items[i], i};
    if (steps->n > 1)
        qsort(placed, steps->n, sizeof *placed, by_time);
    for (size_t i = 0; i < steps->n; i++)
        out[i] = placed[i].step;
    return out;
}

void conclude_timeline(struct group *g)
{
    struct draft d = {.g = g};
    for (size_t i = 0; i < g->doors.n; i++)
        add_request(&d, g->doors.items[i], STEP_DOOR);
    for (size_t i = 0; i < g->acts.n; i++)
        add_request(&d, g->acts.items[i], STEP_ACT);
    add_consequences(&d);
    add_processes(&d);
    g->out->n_timeline = d.steps.n;
    g->out->timeline = sorted(g, &d.steps);
    map_fini(&d.by_request);
    vec_fini(&d.steps);
    vec_fini(&d.evidence_caps);
}
