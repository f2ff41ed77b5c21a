// SPDX-License-Identifier: Apache-2.0
// The finished ruleset, and the lists of names that placeholders stand for.
#include "rule/rule.h"

#include <stdlib.h>

void ruleset_free(struct ruleset *r)
{
    if (!r)
        return;
    arena_fini(&r->arena);
    free(r);
}

uint32_t ruleset_find(const struct ruleset *r, struct str id_or_name)
{
    size_t low = 0, high = r->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(r->rules[middle].id, id_or_name);
        if (order == 0)
            return (uint32_t)middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (size_t i = 0; i < r->n; i++)
        if (r->rules[i].name.ptr && str_eq(r->rules[i].name, id_or_name))
            return (uint32_t)i;
    return UINT32_MAX;
}

static bool read_values(struct arena *a, const struct yaml_value *v, struct str *out, size_t *n)
{
    *n = 0;
    if (v->kind == YAML_MAP)
        return false;
    for (const struct yaml_value *item = v->kind == YAML_LIST ? v->first : v; item; item = v->kind == YAML_LIST ? item->next : NULL) {
        if (item->kind >= YAML_LIST || item->kind == YAML_NULL)
            return false;
        out[(*n)++] = arena_str(a, item->text);
    }
    return true;
}

// The list of that name; a new one when there is none yet. items has room for it.
static size_t list_of(struct placeholders *p, struct arena *a, struct str name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(p->items[i].name, name))
            return i;
    p->items[p->n].name = arena_str(a, name);
    return p->n++;
}

static void add_values(struct placeholders *p, size_t list, struct arena *a, const struct str *values, size_t n)
{
    struct str *joined = arena_array(a, struct str, p->items[list].n + n);
    for (size_t i = 0; i < p->items[list].n; i++)
        joined[i] = p->items[list].values[i];
    for (size_t i = 0; i < n; i++)
        joined[p->items[list].n + i] = values[i];
    p->items[list].values = joined;
    p->items[list].n += n;
}

static status add_placeholders(struct placeholders *out, struct arena *a, struct yaml_source source, const struct yaml_value *map,
                               struct diags *diags)
{
    if (map->kind != YAML_MAP) {
        struct place at = yaml_place(source, map);
        diags_add(diags, DIAG_ERROR, &at, "placeholders are a map of names to lists");
        return ST_INPUT;
    }
    void *items = arena_alloc_array(a, sizeof out->items[0], out->n + map->count);
    for (size_t i = 0; i < out->n; i++)
        ((__typeof__(out->items))items)[i] = out->items[i];
    out->items = items;
    for (const struct yaml_value *v = map->first; v; v = v->next) {
        size_t n;
        struct str *values = arena_array(a, struct str, v->kind == YAML_LIST ? v->count : 1);
        if (!read_values(a, v, values, &n)) {
            struct place at = yaml_key_place(source, v);
            diags_add(diags, DIAG_ERROR, &at, "placeholder '%.*s' needs a value, or a list of values", STR_ARG(v->key));
            return ST_INPUT;
        }
        add_values(out, list_of(out, a, v->key), a, values, n);
    }
    return ST_OK;
}

status placeholders_load(struct placeholders *out, struct arena *a, struct yaml_source source, struct diags *diags)
{
    struct arena scratch;
    struct yaml_value **documents;
    size_t n;
    arena_init(&scratch, ARENA_UNLIMITED);
    status result = yaml_read(&scratch, source, YAML_LIMITS_DEFAULT, &documents, &n, diags);
    for (size_t i = 0; result == ST_OK && i < n; i++)
        result = add_placeholders(out, a, source, documents[i], diags);
    arena_fini(&scratch);
    return result;
}
