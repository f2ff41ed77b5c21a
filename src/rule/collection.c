// SPDX-License-Identifier: Apache-2.0
#include "collection.h"

static struct yaml_value *copy_member(struct document *d, const struct yaml_value *v)
{
    struct yaml_value *copy = arena_new(d->c->scratch, struct yaml_value);
    *copy = *v; // children are shared: nothing changes them
    copy->next = NULL;
    return copy;
}

enum {
    MERGED_MEMBERS_MAX = 1000, // of one map: they are looked up one by one
    COPIED_MAX = 1 << 20,      // of one file
};

static bool is_mergeable(struct collection *c, struct document *d, const struct yaml_value *base, const struct yaml_value *over)
{
    c->copied += base->count + over->count;
    if (base->count > MERGED_MEMBERS_MAX || over->count > MERGED_MEMBERS_MAX)
        refuse(d, value_place(d, over), "more than %d members to merge with an earlier document", MERGED_MEMBERS_MAX);
    else if (c->copied > COPIED_MAX)
        refuse(d, value_place(d, over), "the file merges more than %d members", COPIED_MAX);
    else
        return true;
    return false;
}

// A new map: the members of base, maps within maps merged, the members of `over` winning. Members of base come first, in its order.
// NULL: refused.
static const struct yaml_value *merge(struct collection *c, struct document *d, const struct yaml_value *base,
                                      const struct yaml_value *over)
{
    if (!is_mergeable(c, d, base, over))
        return NULL;
    struct yaml_value *merged = copy_member(d, over);
    struct yaml_value **link = &merged->first;
    merged->count = 0;
    for (const struct yaml_value *member = base->first; member; member = member->next) {
        const struct yaml_value *other = yaml_get(over, member->key);
        bool both = other && other->kind == YAML_MAP && member->kind == YAML_MAP;
        const struct yaml_value *taken = both ? merge(c, d, member, other) : other ? other : member;
        if (!taken)
            return NULL;
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

static const struct yaml_value *take_repeat(struct collection *c, struct document *d, const struct yaml_value *document)
{
    if (c->previous)
        return merge(c, d, c->previous, document);
    refuse(d, key_place(d, yaml_get(document, STR("action"))), "action: repeat has no document before it to repeat");
    return NULL;
}

const struct yaml_value *collection_next(struct collection *c, struct document *d, const struct yaml_value *document)
{
    const struct yaml_value *action = yaml_get(document, STR("action")), *own = document;
    struct str name = yaml_text(action);
    if (document->kind != YAML_MAP)
        return document;
    if (str_eq(name, STR("global"))) {
        const struct yaml_value *global = c->global ? merge(c, d, c->global, document) : document;
        c->global = global ? global : c->global;
        c->members = 0;
        return NULL;
    }
    if (str_eq(name, STR("reset"))) {
        *c = (struct collection){.copied = c->copied};
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
    return c->global ? merge(c, d, c->global, own) : own;
}
