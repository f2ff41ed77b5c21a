// SPDX-License-Identifier: Apache-2.0
#include "policy/refused.h"

#include "base/arena.h"
#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>

struct policy {
    const struct finding_control *control;
    struct str rule_id;
    uint64_t judged, refused;
    VEC(struct refused_object) objects;
};

struct refused {
    struct arena arena;
    VEC(struct policy) policies;
    VEC(struct refused_policy) told;
    size_t kept;
    uint64_t dropped;
};

struct refused *refused_new(void)
{
    struct refused *r = must_alloc(calloc(1, sizeof *r));
    arena_init(&r->arena, ARENA_UNLIMITED);
    return r;
}

void refused_free(struct refused *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->policies.n; i++)
        vec_fini(&r->policies.items[i].objects);
    vec_fini(&r->policies);
    vec_fini(&r->told);
    arena_fini(&r->arena);
    free(r);
}

size_t refused_add_policy(struct refused *r, const struct finding_control *policy, struct str rule_id)
{
    *vec_push(&r->policies) = (struct policy){.control = policy, .rule_id = rule_id};
    return r->policies.n - 1;
}

void refused_judged(struct refused *r, size_t policy)
{
    r->policies.items[policy].judged++;
}

static struct str keep(struct refused *r, struct str s)
{
    return s.ptr ? arena_str(&r->arena, s) : s;
}

void refused_note(struct refused *r, size_t policy, const struct refused_object *object)
{
    const struct finding_object *o = &object->object;
    r->policies.items[policy].refused++;
    if (r->kept >= REFUSED_MAX) {
        r->dropped++;
        return;
    }
    r->kept++;
    *vec_push(&r->policies.items[policy].objects) = (struct refused_object){
        .cluster = keep(r, object->cluster),
        .object = {keep(r, o->api_version), keep(r, o->kind), keep(r, o->ns), keep(r, o->name)},
        .place = object->place,
    };
}

struct refused_policy refused_of(const struct refused *r, size_t policy)
{
    const struct policy *p = &r->policies.items[policy];
    return (struct refused_policy){p->control, p->rule_id, p->judged, p->refused, p->objects.items, p->objects.n};
}

static int gravest_first(const void *a, const void *b)
{
    const struct finding_control *left = ((const struct refused_policy *)a)->policy, *right = ((const struct refused_policy *)b)->policy;
    if (left->severity != right->severity)
        return left->severity > right->severity ? -1 : 1;
    return str_cmp(left->id, right->id);
}

const struct refused_policy *refused_all(struct refused *r, size_t *n)
{
    r->told.n = 0;
    for (size_t i = 0; i < r->policies.n; i++) {
        if (r->policies.items[i].refused)
            *vec_push(&r->told) = refused_of(r, i);
    }
    if (r->told.n)
        qsort(r->told.items, r->told.n, sizeof *r->told.items, gravest_first);
    *n = r->told.n;
    return r->told.items;
}

uint64_t refused_dropped(const struct refused *r)
{
    return r->dropped;
}
