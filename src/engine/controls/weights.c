// SPDX-License-Identifier: Apache-2.0
#include "engine/controls/weights.h"

#include <stdlib.h>

enum { WEIGHTS_MAX = 100000, WEIGHT_MAX = 1000000 };

struct entry {
    struct str cluster; // a pattern
    struct fleet_weight weight;
};

struct weights {
    struct arena arena;
    struct entry *items;
    size_t n;
    bool named;
};

void weights_free(struct weights *w)
{
    if (!w)
        return;
    arena_fini(&w->arena);
    free(w);
}

static status bad(struct yaml_source source, const struct yaml_value *v, const char *why, struct diags *diags)
{
    const struct place place = yaml_place(source, v);
    diags_add(diags, DIAG_ERROR, &place, "%s", why);
    return ST_INPUT;
}

static bool read_criticality(const struct yaml_value *v, enum criticality *out)
{
    static const struct str words[] = {[CRITICALITY_LOW] = STR("low"),
                                       [CRITICALITY_MEDIUM] = STR("medium"),
                                       [CRITICALITY_HIGH] = STR("high"),
                                       [CRITICALITY_CRITICAL] = STR("critical")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_eq(yaml_text(v), words[i])) {
            *out = (enum criticality)i;
            return true;
        }
    }
    return false;
}

static status read_entry(struct weights *w, struct yaml_source source, const struct yaml_value *v, struct diags *diags)
{
    struct entry *entry = &w->items[w->n];
    *entry = (struct entry){.weight = {.criticality = CRITICALITY_MEDIUM}};
    for (const struct yaml_value *m = v->kind == YAML_MAP ? v->first : NULL; m; m = m->next) {
        if (str_eq(m->key, STR("cluster"))) {
            entry->cluster = yaml_text(m);
        } else if (str_eq(m->key, STR("criticality"))) {
            if (!read_criticality(m, &entry->weight.criticality))
                return bad(source, m, "a criticality is low, medium, high or critical", diags);
        } else if (str_eq(m->key, STR("weight"))) {
            if (!yaml_number(m, &entry->weight.weight) || !(entry->weight.weight > 0 && entry->weight.weight <= WEIGHT_MAX))
                return bad(source, m, "a weight is a number above 0, a million at most", diags);
            w->named = true;
        } else {
            return bad(source, m, "a weight has cluster, criticality and weight", diags);
        }
    }
    if (!entry->cluster.len)
        return bad(source, v, "a weight is a map with the name of a cluster", diags);
    w->n++;
    return ST_OK;
}

static status read_list(struct weights *w, struct yaml_source source, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n = 0;
    TRY(yaml_read(&w->arena, source, YAML_LIMITS_DEFAULT, &documents, &n, diags));
    if (n == 0)
        return ST_OK;
    if (n > 1 || documents[0]->kind != YAML_LIST || documents[0]->count > WEIGHTS_MAX)
        return bad(source, documents[0], "weights are one list", diags);
    w->items = arena_array(&w->arena, struct entry, documents[0]->count + 1);
    for (const struct yaml_value *v = documents[0]->first; v; v = v->next)
        TRY(read_entry(w, source, v, diags));
    return ST_OK;
}

status weights_read(struct weights **out, struct yaml_source source, struct diags *diags)
{
    struct weights *w = must_alloc(calloc(1, sizeof *w));
    arena_init(&w->arena, ARENA_UNLIMITED);
    const status result = read_list(w, source, diags);
    *out = w;
    if (result != ST_OK) {
        weights_free(w);
        *out = NULL;
    }
    return result;
}

bool weights_named(const struct weights *w)
{
    return w && w->named;
}

struct fleet_weight weights_of(const struct weights *w, struct str cluster)
{
    for (size_t i = 0; w && i < w->n; i++) {
        if (str_glob(cluster, w->items[i].cluster))
            return w->items[i].weight;
    }
    return (struct fleet_weight){.criticality = CRITICALITY_MEDIUM};
}
