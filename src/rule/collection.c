// SPDX-License-Identifier: Apache-2.0
#include "collection.h"

static struct yaml_value *copy_member(struct document *d, const struct yaml_value *v)
{
    struct yaml_value *copy = arena_new(d->c->scratch, struct yaml_value);
    *copy = *v; // children are shared: nothing changes them
    copy->next = NULL;
    return copy;
}

// A new map: the members of base, maps within maps merged, the members of `over` winning. Members of base come first, in its order.
static const struct yaml_value *merge(struct document *d, const struct yaml_value *base, const struct yaml_value *over)
{
    struct yaml_value *merged = copy_member(d, over);
    struct yaml_value **link = &merged->first;
    merged->count = 0;
    for (const struct yaml_value *member = base->first; member; member = member->next) {
        const struct yaml_value *other = yaml_get(over, member->key);
        bool both = other && other->kind == YAML_MAP && member->kind == YAML_MAP;
        const struct yaml_value *taken = both ? merge(d, member, other) : other ? other : member;
        *link = copy_member(d, taken);
        link = &(*link)->next;
        merged->count++;
    }
    for (const struct yaml_value *member = over->first; member; member = member->next) {
        if (yaml_get(base, member->key))
            continue;
        *link = copy_member(d, member);
        link = &(*link)->next;
        merged->count++;
    }
    return merged;
}

enum { MERGED_MEMBERS_MAX = 10000 }; // merging looks members up one by one

static bool is_mergeable(struct document *d, const struct yaml_value *base, const struct yaml_value *over)
{
    if (!base || (base->count <= MERGED_MEMBERS_MAX && over->count <= MERGED_MEMBERS_MAX))
        return true;
    refuse(d, value_place(d, over), "more than %d members to merge with the global document", MERGED_MEMBERS_MAX);
    return false;
}

static const struct yaml_value *take_repeat(struct collection *c, struct document *d, const struct yaml_value *document)
{
    if (!c->previous) {
        refuse(d, key_place(d, yaml_get(document, STR("action"))), "action: repeat has no document before it to repeat");
        return NULL;
    }
    return merge(d, c->previous, document);
}

const struct yaml_value *collection_next(struct collection *c, struct document *d, const struct yaml_value *document)
{
    const struct yaml_value *action = yaml_get(document, STR("action")), *own = document;
    struct str name = yaml_text(action);
    if (document->kind != YAML_MAP)
        return document;
    if (!is_mergeable(d, c->global, document) || !is_mergeable(d, c->previous, document))
        return NULL;
    if (str_eq(name, STR("global"))) {
        c->global = c->global ? merge(d, c->global, document) : document;
        c->members = 0;
        return NULL;
    }
    if (str_eq(name, STR("reset"))) {
        *c = (struct collection){0};
        return NULL;
    }
    if (action && !str_eq(name, STR("repeat"))) {
        refuse(d, value_place(d, action), "unknown action '%.*s': global, reset or repeat", STR_ARG(name));
        return NULL;
    }
    if (action && !(own = take_repeat(c, d, document)))
        return NULL;
    c->previous = own;
    bool inherits = c->global && yaml_get(c->global, STR("id")) && !yaml_get(own, STR("id"));
    c->shared_id = inherits || (action && !yaml_get(document, STR("id")));
    c->members++;
    return c->global ? merge(d, c->global, own) : own;
}
