// SPDX-License-Identifier: Apache-2.0
#include "engine/policies/replay_objects.h"

#include <stdlib.h>

struct replay_objects {
    struct policies *policies;
    const struct policies_item *items;
    size_t n_items, n_levels; // the levels that are asked for come behind the items in the table
    size_t level_at[8];       // of each level; SIZE_MAX: it is not asked for
    struct replay_objects_options options;
    struct refused *table;
    struct replay_objects_counters counters;
    const struct refused_object *object; // at hand
    bool some;                           // something refuses it
};

struct replay_objects *replay_objects_new(struct policies *policies, const struct replay_objects_options *options)
{
    struct replay_objects *r = must_alloc(calloc(1, sizeof *r));
    const struct finding_control *levels = policies_levels(&r->n_levels);
    r->policies = policies;
    r->items = policies_items(policies, &r->n_items);
    r->options = *options;
    r->table = refused_new();
    must(r->n_levels <= sizeof r->level_at / sizeof *r->level_at);
    for (size_t i = 0; i < r->n_items; i++)
        (void)refused_add_policy(r->table, &r->items[i].control, r->items[i].rule_id);
    for (size_t i = 0; i < r->n_levels; i++) {
        const bool wanted = options->levels && levels[i].severity >= options->least;
        r->level_at[i] = wanted ? refused_add_policy(r->table, &levels[i], STR_NONE) : SIZE_MAX;
    }
    return r;
}

void replay_objects_free(struct replay_objects *r)
{
    if (!r)
        return;
    refused_free(r->table);
    free(r);
}

static void hit(void *context, size_t item)
{
    struct replay_objects *r = context;
    r->some = true;
    refused_note(r->table, item, r->object);
}

static void hit_level(void *context, size_t level)
{
    struct replay_objects *r = context;
    if (r->level_at[level] != SIZE_MAX)
        hit(r, r->level_at[level]);
}

static bool is_exempt(const struct replay_objects *r, struct str ns)
{
    for (size_t i = 0; i < r->options.n_exempt; i++) {
        if (str_eq(r->options.exempt[i], ns))
            return true;
    }
    return false;
}

// Counts the policies that are about the kind.
static size_t count_judges(struct replay_objects *r, const struct policy_kind *kind)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        if (policies_is_over(&r->items[i], kind)) {
            refused_judged(r->table, i);
            n++;
        }
    }
    for (size_t i = 0; i < r->n_levels && policies_levels_are_over(kind); i++) {
        if (r->level_at[i] != SIZE_MAX) {
            refused_judged(r->table, r->level_at[i]);
            n++;
        }
    }
    return n;
}

void replay_objects_take(struct replay_objects *r, struct str cluster, const struct object *o, struct access_place place)
{
    const struct json_value *metadata = json_get(o->tree, STR("metadata"));
    const struct str ns = json_text(json_get(metadata, STR("namespace"))), name = json_text(json_get(metadata, STR("name")));
    const struct refused_object object = {cluster, {o->api_version, o->kind, ns, name}, place};
    const struct policy_kind *kind = policy_kind_find(o->kind);
    if (!kind)
        return;
    if (is_exempt(r, ns)) {
        r->counters.exempt++;
        return;
    }
    if (!count_judges(r, kind))
        return;
    r->counters.judged++;
    r->some = false;
    r->object = &object;
    policies_judge(r->policies, kind, o->tree, o->json, hit, r);
    if (r->options.levels)
        policies_judge_levels(kind, o->tree, hit_level, r);
    r->counters.refused += r->some;
}

struct refused_policy replay_objects_of(const struct replay_objects *r, size_t item)
{
    return refused_of(r->table, item);
}

struct refused *replay_objects_table(struct replay_objects *r)
{
    return r->table;
}

struct replay_objects_counters replay_objects_counters(const struct replay_objects *r)
{
    return r->counters;
}
