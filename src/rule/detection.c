// SPDX-License-Identifier: Apache-2.0
#include "detection.h"

#include "condition.h"
#include "item.h"

enum { SELECTIONS_MAX = 4096 };

static struct node *compile_selection(struct document *d, const struct yaml_value *v);
static struct node *compile_map(struct document *d, const struct yaml_value *map);

// --- the same array element --------------------------------------------------------------------------------------------------------

static struct node *same_new(struct document *d, const struct yaml_value *item, const struct yaml_value *map, struct str scope)
{
    if (map->kind != YAML_MAP) {
        refuse(d, value_place(d, map), "same needs a map of items that one element must have, or a list of such maps");
        return NULL;
    }
    d->scope = arena_str(d->c->arena, scope);
    struct node *inside = compile_map(d, map);
    scope = d->scope;
    d->scope = STR_NONE;
    struct node *n = inside ? node_new(d, NODE_SAME, item) : NULL;
    if (!n)
        return NULL;
    n->scope = scope;
    n->children = arena_array(d->c->arena, struct node *, 1);
    n->children[0] = inside;
    n->n = 1;
    return n;
}

// A list of maps: an element for at least one of them; with `all`, for each of them an element.
static struct node *compile_same(struct document *d, const struct yaml_value *item, const struct key *k)
{
    if (d->scope.ptr) {
        refuse(d, key_place(d, item), "same cannot stand inside same: name the inner array as the scope");
        return NULL;
    }
    if (item->kind != YAML_LIST)
        return same_new(d, item, item, k->field);
    if (item->count == 0) {
        refuse(d, value_place(d, item), "the list is empty: nothing can match");
        return NULL;
    }
    struct node **children = arena_array(d->c->arena, struct node *, item->count);
    size_t n = 0;
    for (const struct yaml_value *map = item->first; map; map = map->next) {
        children[n] = same_new(d, item, map, k->field);
        if (!children[n++])
            return NULL;
    }
    return node_join(d, k->families & MOD_ALL ? NODE_AND : NODE_OR, children, n, item);
}

// --- maps and lists ----------------------------------------------------------------------------------------------------------------

static struct node *compile_item(struct document *d, const struct yaml_value *item)
{
    struct key k;
    if (!key_read(d, item, &k))
        return NULL;
    if (d->scope.ptr && k.field.len == 0) {
        refuse(d, key_place(d, item), "inside same every item needs a field");
        return NULL;
    }
    return k.families & MOD_SAME ? compile_same(d, item, &k) : item_compile(d, item, &k);
}

static struct node *compile_map(struct document *d, const struct yaml_value *map)
{
    if (map->count == 0) {
        refuse(d, value_place(d, map), "the map is empty: it would match everything");
        return NULL;
    }
    struct node **items = arena_array(d->c->arena, struct node *, map->count);
    size_t n = 0;
    for (const struct yaml_value *item = map->first; item; item = item->next) {
        items[n] = compile_item(d, item);
        if (!items[n++])
            return NULL;
    }
    return node_join(d, NODE_AND, items, n, map);
}

// Maps, keywords, or both: one of them must hold. Lists within lists add nothing, and are read as one.
static struct node *compile_list(struct document *d, const struct yaml_value *list)
{
    if (list->count == 0) {
        refuse(d, value_place(d, list), "the list is empty: nothing can match");
        return NULL;
    }
    struct node **entries = arena_array(d->c->arena, struct node *, list->count);
    size_t n = 0;
    for (const struct yaml_value *entry = list->first; entry; entry = entry->next) {
        entries[n] = compile_selection(d, entry);
        if (!entries[n++])
            return NULL;
    }
    return node_join(d, NODE_OR, entries, n, list);
}

static struct node *compile_selection(struct document *d, const struct yaml_value *v)
{
    if (v->kind == YAML_MAP)
        return compile_map(d, v);
    return v->kind == YAML_LIST ? compile_list(d, v) : keyword_compile(d, v);
}

static bool is_selection(const struct yaml_value *member, bool filter)
{
    return !str_eq(member->key, STR("condition")) && !str_eq(member->key, STR("timeframe")) &&
           !(filter && str_eq(member->key, STR("rules")));
}

bool selections_read(struct document *d, const struct yaml_value *map, struct selections *out)
{
    bool filter = str_eq(map->key, STR("filter"));
    if (map->count > SELECTIONS_MAX) {
        refuse(d, key_place(d, map), "more than %d selections", SELECTIONS_MAX);
        return false;
    }
    *out = (struct selections){arena_array(d->c->scratch, struct selection, map->count), 0};
    for (const struct yaml_value *member = map->first; member; member = member->next) {
        if (!is_selection(member, filter))
            continue;
        struct selection *s = &out->items[out->n++];
        *s = (struct selection){.name = member->key, .at = member, .node = compile_selection(d, member)};
        if (!s->node)
            return false;
    }
    if (out->n == 0)
        refuse(d, key_place(d, map), "%s has no selection", filter ? "the filter" : "the detection");
    return out->n > 0;
}

struct node *selections_condition(struct document *d, const struct yaml_value *map, struct selections *s)
{
    const struct yaml_value *condition = yaml_get(map, STR("condition"));
    if (!condition) {
        refuse(d, key_place(d, map), "there is no condition");
        return NULL;
    }
    if (condition->kind != YAML_LIST)
        return condition_compile(d, condition, s);
    if (condition->count == 0) {
        refuse(d, value_place(d, condition), "the list of conditions is empty");
        return NULL;
    }
    struct node **entries = arena_array(d->c->arena, struct node *, condition->count);
    size_t n = 0;
    for (const struct yaml_value *entry = condition->first; entry; entry = entry->next) {
        entries[n] = condition_compile(d, entry, s);
        if (!entries[n++])
            return NULL;
    }
    return node_join(d, NODE_OR, entries, n, condition);
}
