// SPDX-License-Identifier: Apache-2.0
// What the objects given say of the log: which bindings let a request through, and what is still there.
#include "incident/model.h"

// Interned strings are known by their addresses.
static struct str question_key(struct arena *a, const struct fact *f)
{
    const struct event_action *x = &f->action;
    const void *parts[] = {f->actor,         f->impersonated.ptr, x->verb.ptr,
                           x->group.ptr,     x->resource.ptr,     x->subresource.ptr,
                           x->namespace.ptr, x->name.ptr,         x->resource.ptr ? NULL : x->uri.ptr};
    char *key = arena_alloc(a, sizeof parts);
    memcpy(key, parts, sizeof parts);
    return str_make(key, sizeof parts);
}

// Of an impersonated identity only the groups that Kubernetes adds are known here.
static struct permits ask(const struct inquiry *q, const struct fact *f)
{
    struct permits out = {.n = 0};
    struct standing_request request = {
        .user = f->actor->principal, .groups = f->actor->groups.items, .n_groups = f->actor->groups.n, .action = &f->action};
    struct standing_grant found[STANDING_GRANTS];
    if (f->impersonated.ptr)
        request = (struct standing_request){.user = f->impersonated, .action = &f->action};
    if (!request.user.ptr)
        return out;
    out.all = q->standing->allowing(q->standing->context, &request, found);
    for (size_t i = 0; i < out.all && i < STANDING_GRANTS; i++) {
        if (name_listed(q->knowledge->stock_grants, last_part(found[i].binding)))
            out.all--; // every cluster has it
        else
            out.items[out.n++] = found[i];
    }
    return out;
}

const struct permits *permits_of(struct inquiry *q, const struct fact *f)
{
    static const struct permits none = {.n = 0};
    bool added;
    if (!q->standing)
        return &none;
    uint64_t *at = map_put(&q->permit_of, question_key(&q->round, f), &added);
    if (added) {
        *at = q->permits.n;
        struct permits *permits = arena_new(&q->round, struct permits);
        *permits = ask(q, f);
        *vec_push(&q->permits) = permits;
    }
    return q->permits.items[*at];
}

struct str binding_used(struct inquiry *q, const struct fact *f)
{
    if (f->binding.ptr)
        return f->binding;
    const struct permits *permits = permits_of(q, f);
    return permits->n ? name_keep(q, permits->items[0].binding) : STR_NONE;
}

enum presence standing_find(const struct inquiry *q, struct str resource, struct str namespace, struct str name,
                            struct standing_object *out)
{
    *out = (struct standing_object){.created = TIME_NONE};
    if (!q->standing || !name.ptr)
        return PRESENCE_UNKNOWN;
    return q->standing->find(q->standing->context, resource, namespace, name, out);
}
