// SPDX-License-Identifier: Apache-2.0
// Fields of a record, and conditions over them.
#include "oracle.h"

#include "base/status.h"
#include "base/vec.h"

#include <string.h>

struct values {
    VEC(struct tree) items;
    bool present; // the field is there, be it null or an empty array
};

struct view {
    const struct dictionary *dictionary;
    const struct scope *scope;        // inside NODE_SAME; else NULL
    bool inside;                      // fields are relative to an element
    const struct tree *record, *base; // the whole; what fields are looked up in
    struct arena *arena;
};

// --- fields -----------------------------------------------------------------------------------------------------------------------

// Every value at the path. Arrays are transparent on the way; at the end an array is a value, and so is everything in it.
static void walk(const struct tree *from, const struct field_path *path, size_t depth, struct values *out)
{
    if (from->kind == JSON_ARRAY) {
        if (depth == path->n)
            *vec_push(&out->items) = *from;
        for (const struct tree *element = from->first; element; element = element->next)
            walk(element, path, depth, out);
    } else if (depth == path->n) {
        *vec_push(&out->items) = *from;
    } else if (from->kind == JSON_OBJECT) {
        for (const struct tree *member = from->first; member; member = member->next)
            if (str_eq(member->key, path->keys[depth]))
                walk(member, path, depth + 1, out);
    }
}

// Of the paths that have a value, those of the lowest rank.
static void walk_ranked(const struct tree *from, const struct field_path *paths, size_t n, struct values *out)
{
    unsigned best = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        struct values found = {0};
        walk(from, &paths[i], 0, &found);
        if (found.items.n && paths[i].rank < best)
            best = paths[i].rank;
        vec_fini(&found.items);
    }
    for (size_t i = 0; i < n && best != UINT32_MAX; i++)
        if (paths[i].rank == best)
            walk(from, &paths[i], 0, out);
    out->present = best != UINT32_MAX;
}

// The first or last value that is no container, if there is one.
static void pick(struct values *v, enum field_pick how)
{
    struct tree chosen;
    bool found = false;
    for (size_t i = 0; i < v->items.n; i++)
        if (v->items.items[i].kind < JSON_ARRAY && !(found && how == PICK_FIRST)) {
            chosen = v->items.items[i];
            found = true;
        }
    if (found) {
        v->items.items[0] = chosen;
        v->items.n = 1;
    }
}

// Strings become what the transform makes of them; everything else stays.
static void transform(const struct field *field, struct arena *a, struct values *v)
{
    struct values made = {.present = v->present};
    for (size_t i = 0; i < v->items.n; i++) {
        if (v->items.items[i].kind != JSON_STRING) {
            *vec_push(&made.items) = v->items.items[i];
            continue;
        }
        struct transform_out out = {.arena = a};
        field_derive(field, v->items.items[i].text, &out);
        for (size_t k = 0; k < out.n; k++)
            *vec_push(&made.items) = (struct tree){.kind = JSON_STRING, .text = out.items[k]};
    }
    vec_fini(&v->items);
    *v = made;
}

static struct values values_of(const struct view *view, struct str name)
{
    const struct field *field =
        view->inside ? scope_field(view->scope, name, view->arena) : dictionary_field(view->dictionary, name, view->arena);
    struct values v = {0};
    walk_ranked(view->base, field->paths, field->n_paths, &v);
    if (field->pick != PICK_ALL)
        pick(&v, field->pick);
    if (field->transform)
        transform(field, view->arena, &v);
    return v;
}

// --- tests ------------------------------------------------------------------------------------------------------------------------

static bool has_text(const struct tree *v)
{
    return v->kind != JSON_NULL && v->kind != JSON_ARRAY && v->kind != JSON_OBJECT;
}

static bool test_field(const struct view *view, const struct pattern *p, const struct values *v)
{
    struct values others = values_of(view, p->text);
    bool found = false;
    for (size_t i = 0; i < v->items.n; i++)
        for (size_t k = 0; k < others.items.n; k++)
            found = found || (has_text(&v->items.items[i]) && has_text(&others.items.items[k]) &&
                              oracle_compare(p->how, p->cased, v->items.items[i].text, others.items.items[k].text));
    vec_fini(&others.items);
    return found;
}

static bool test_values(const struct view *view, const struct pattern *p, const struct values *v)
{
    if (p->op == PATTERN_EXISTS)
        return v->present;
    if (p->op == PATTERN_FIELD)
        return test_field(view, p, v);
    if (p->op == PATTERN_NULL && !v->present)
        return true;
    for (size_t i = 0; i < v->items.n; i++) {
        const struct tree *value = &v->items.items[i];
        if (p->op == PATTERN_NULL ? value->kind == JSON_NULL : oracle_pattern(p, value->kind, value->text))
            return true;
    }
    return false;
}

static bool keyword(const struct pattern *p, const struct tree *v)
{
    if (v->kind != JSON_ARRAY && v->kind != JSON_OBJECT)
        return oracle_pattern(p, v->kind, v->text);
    for (const struct tree *member = v->first; member; member = member->next)
        if (keyword(p, member))
            return true;
    return false;
}

// --- conditions -------------------------------------------------------------------------------------------------------------------

static bool holds(const struct view *view, const struct node *n);

// One element, an object, of which the condition is true.
static bool same_element(const struct view *view, const struct node *n)
{
    const struct scope *scope = dictionary_scope(view->dictionary, n->scope);
    const struct field *native = scope ? NULL : dictionary_field(view->dictionary, n->scope, view->arena);
    struct values elements = {0};
    walk_ranked(view->record, scope ? scope->paths : native->paths, scope ? scope->n_paths : native->n_paths, &elements);
    bool found = false;
    for (size_t i = 0; i < elements.items.n; i++) {
        struct view inner = {view->dictionary, scope, true, view->record, &elements.items.items[i], view->arena};
        found = found || (inner.base->kind == JSON_OBJECT && holds(&inner, n->children[0]));
    }
    vec_fini(&elements.items);
    return found;
}

static bool holds(const struct view *view, const struct node *n)
{
    size_t true_children = 0;
    for (size_t i = 0; i < n->n && n->kind != NODE_SAME; i++)
        true_children += holds(view, n->children[i]);
    switch (n->kind) {
    case NODE_AND:
        return true_children == n->n;
    case NODE_OR:
        return true_children > 0;
    case NODE_NOT:
        return true_children == 0;
    case NODE_SOME:
        return true_children >= n->count;
    case NODE_KEYWORD:
        return keyword(&n->pattern, view->record);
    case NODE_SAME:
        return same_element(view, n);
    case NODE_TEST:
        break;
    }
    struct values v = values_of(view, n->field);
    bool result = test_values(view, &n->pattern, &v);
    vec_fini(&v.items);
    return result;
}

bool oracle_condition(const struct dictionary *d, const struct node *condition, const struct tree *record, struct arena *a)
{
    return holds(&(struct view){.dictionary = d, .record = record, .base = record, .arena = a}, condition);
}
