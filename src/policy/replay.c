// SPDX-License-Identifier: Apache-2.0
#include "policy/replay.h"

#include "base/intern.h"
#include "base/map.h"
#include "base/status.h"
#include "base/time.h"
#include "base/vec.h"

#include <stdlib.h>

enum { REFUSALS_MAX = 100000 };

struct replay {
    struct intern words;
    struct arena arena;
    VEC(struct replay_refusal) refusals;
    struct map index; // "POLICY\0USER" -> place
    uint64_t dropped;
};

struct str replay_who_name(enum replay_who who)
{
    static const struct str names[] = {
        [REPLAY_COMPONENT] = STR("component"), [REPLAY_ALERTED] = STR("alerted"), [REPLAY_OTHER] = STR("other")};
    return names[who];
}

struct replay *replay_new(void)
{
    struct replay *r = must_alloc(calloc(1, sizeof *r));
    intern_init(&r->words, 256u << 20, 0);
    arena_init(&r->arena, ARENA_UNLIMITED);
    return r;
}

void replay_free(struct replay *r)
{
    if (!r)
        return;
    intern_fini(&r->words);
    arena_fini(&r->arena);
    vec_fini(&r->refusals);
    map_fini(&r->index);
    free(r);
}

static struct replay_refusal *refusal_of(struct replay *r, const struct finding_control *policy, struct str rule_id, struct str user)
{
    struct arena scratch;
    bool added = false;
    arena_init(&scratch, ARENA_UNLIMITED);
    const struct str key = arena_printf(&scratch, "%.*s%c%.*s", STR_ARG(policy->id), 0, STR_ARG(user));
    const uint64_t *known = map_get(&r->index, key);
    size_t at = known ? *known : r->refusals.n;
    if (!known && at < REFUSALS_MAX) {
        *map_put(&r->index, arena_str(&r->arena, key), &added) = at;
        *vec_push(&r->refusals) = (struct replay_refusal){
            .policy = policy, .rule_id = rule_id, .user = intern_str(&r->words, user), .first = TIME_NONE, .last = TIME_NONE};
    }
    arena_fini(&scratch);
    return at < r->refusals.n ? &r->refusals.items[at] : NULL;
}

static void add_object(struct replay *r, struct replay_refusal *f, struct replay_object o)
{
    o = (struct replay_object){intern_str(&r->words, o.resource), intern_str(&r->words, o.ns), intern_str(&r->words, o.name)};
    for (size_t i = 0; i < f->n_objects; i++) {
        if (f->objects[i].resource.ptr == o.resource.ptr && f->objects[i].ns.ptr == o.ns.ptr && f->objects[i].name.ptr == o.name.ptr)
            return;
    }
    if (f->n_objects < REPLAY_OBJECTS)
        f->objects[f->n_objects++] = o;
}

void replay_refuse(struct replay *r, const struct finding_control *policy, struct str rule_id, const struct replay_request *request)
{
    struct replay_refusal *f = refusal_of(r, policy, rule_id, request->user);
    if (!f) {
        r->dropped++;
        return;
    }
    f->requests++;
    if (request->time != TIME_NONE) {
        f->first = f->first == TIME_NONE || request->time < f->first ? request->time : f->first;
        f->last = f->last == TIME_NONE || request->time > f->last ? request->time : f->last;
    }
    add_object(r, f, request->object);
    if (f->n_evidence < REPLAY_EVIDENCE)
        f->evidence[f->n_evidence++] =
            (struct replay_place){request->place.file, request->place.line, intern_str(&r->words, request->place.audit_id)};
}

static int in_order(const void *a, const void *b)
{
    const struct replay_refusal *x = a, *y = b;
    int order = (y->policy->severity > x->policy->severity) - (y->policy->severity < x->policy->severity);
    if (!order)
        order = str_cmp(x->policy->id, y->policy->id);
    if (!order)
        order = (y->who > x->who) - (y->who < x->who);
    if (!order)
        order = (y->requests > x->requests) - (y->requests < x->requests);
    return order ? order : str_cmp(x->user, y->user);
}

const struct replay_refusal *replay_all(struct replay *r, replay_who_fn *who_of, void *context, size_t *n)
{
    for (size_t i = 0; i < r->refusals.n; i++)
        r->refusals.items[i].who = who_of(context, r->refusals.items[i].user);
    if (r->refusals.n)
        qsort(r->refusals.items, r->refusals.n, sizeof *r->refusals.items, in_order);
    *n = r->refusals.n;
    return r->refusals.items;
}

uint64_t replay_dropped(const struct replay *r)
{
    return r->dropped;
}
