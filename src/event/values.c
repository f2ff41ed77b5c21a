// SPDX-License-Identifier: Apache-2.0
// The values of a field in a tree: for cold paths. (Records by the million are read by detect, through a trie.)
#include "event/event.h"

#include <string.h>

static void add(struct value_list *out, const struct json_value *v, struct arena *a)
{
    if (out->n == out->cap) {
        size_t cap = out->cap ? out->cap * 2 : 8;
        const struct json_value **items = arena_try(a, cap * sizeof *items);
        if (!items)
            return;
        if (out->n)
            memcpy(items, out->items, out->n * sizeof *items);
        out->items = items;
        out->cap = cap;
    }
    out->items[out->n++] = v;
}

static void collect(const struct json_value *from, const struct str *keys, size_t n, struct arena *a, struct value_list *out)
{
    if (from->kind == JSON_ARRAY) {
        if (n == 0)
            add(out, from, a);
        for (const struct json_value *v = from->first; v; v = v->next)
            collect(v, keys, n, a, out);
        return;
    }
    if (n == 0) {
        add(out, from, a);
        return;
    }
    if (from->kind != JSON_OBJECT)
        return;
    for (const struct json_value *v = from->first; v; v = v->next)
        if (str_eq(v->key, keys[0]))
            collect(v, keys + 1, n - 1, a, out);
}

void paths_collect(const struct json_value *record, const struct field_path *paths, size_t n, struct arena *a, struct value_list *out)
{
    unsigned rank = 0, next;
    do {
        next = UINT32_MAX;
        for (size_t i = 0; i < n; i++) {
            if (paths[i].rank == rank)
                collect(record, paths[i].keys, paths[i].n, a, out);
            else if (paths[i].rank > rank && paths[i].rank < next)
                next = paths[i].rank;
        }
        rank = next;
    } while (out->n == 0 && next != UINT32_MAX);
}

static bool has_text(const struct json_value *v)
{
    return v->kind != JSON_NULL && v->kind != JSON_ARRAY && v->kind != JSON_OBJECT;
}

static void keep_texts(const struct field *f, const struct value_list *values, struct transform_out *out)
{
    const struct json_value *picked = NULL;
    for (size_t i = 0; i < values->n; i++) {
        const struct json_value *v = values->items[i];
        if (!has_text(v) || (picked && f->pick == PICK_FIRST))
            continue;
        picked = v;
        if (f->pick == PICK_ALL)
            field_derive(f, v->text, out);
    }
    if (picked && f->pick != PICK_ALL)
        field_derive(f, picked->text, out);
}

struct str *field_texts(const struct field *f, const struct json_value *record, struct arena *a, size_t *n)
{
    struct value_list values = {0};
    struct transform_out out = {.arena = a};
    paths_collect(record, f->paths, f->n_paths, a, &values);
    keep_texts(f, &values, &out);
    *n = out.n;
    return out.n ? out.items : NULL;
}
