// SPDX-License-Identifier: Apache-2.0
#include "detect/plan.h"

#include "detect/plan_build.h"

#include <stdlib.h>

static bool is_taken(const struct plan *p, const struct rule *r)
{
    return r->kind == RULE_DETECTION && dictionary_takes(p->dictionary, r->product, r->category, r->service);
}

static void choose_rules(struct plan *p)
{
    p->rule_of = arena_array(&p->arena, uint32_t, p->ruleset->n);
    p->rules = arena_array(&p->arena, struct plan_rule, p->ruleset->n);
    for (uint32_t i = 0; i < p->ruleset->n; i++) {
        bool taken = is_taken(p, &p->ruleset->rules[i]);
        p->rule_of[i] = taken ? (uint32_t)p->n_rules : UINT32_MAX;
        if (taken)
            p->rules[p->n_rules++].index = i;
    }
    p->words = (p->n_rules + 63) / 64;
}

static void build_rule(struct builder *b, struct plan_rule *r, size_t *first_op)
{
    const struct rule *rule = &b->plan->ruleset->rules[r->index];
    *first_op = b->ops.n;
    build_condition(b, rule->condition);
    r->captures = arena_array(&b->plan->arena, uint32_t, rule->n_captures);
    for (size_t i = 0; i < rule->n_captures; i++)
        r->captures[i] = build_field(b, rule->captures[i]);
}

static void defer_bodies(struct plan *p)
{
    size_t n;
    const struct field_path *deferred = dictionary_deferred(p->dictionary, &n);
    for (size_t i = 0; i < n; i++)
        json_trie_defer(p->trie, deferred[i].keys, deferred[i].n);
}

static void seal_fields(struct builder *b)
{
    json_trie_seal(b->plan->trie);
    for (size_t f = 0; f < b->fields.n; f++) {
        struct plan_field *field = &b->fields.items[f];
        field->in_bodies = field->n_paths > 0;
        for (size_t i = 0; i < field->n_paths; i++) {
            field->paths[i].deferred = json_trie_slot_deferred(b->plan->trie, field->paths[i].slot);
            field->in_bodies = field->in_bodies && field->paths[i].deferred;
        }
    }
}

static void choose_time(struct builder *b, bool audit)
{
    b->plan->time_fields[0] = build_field(b, audit ? STR("stageTimestamp") : STR("@timestamp"));
    b->plan->time_fields[1] = audit ? build_field(b, STR("requestReceivedTimestamp")) : UINT32_MAX;
}

// The slots of what every audit event is asked for.
static void choose_facts(struct plan *p, bool audit)
{
    static const struct str paths[PLAN_FACTS][2] = {
        [FACT_STAGE_TIME] = {{"stageTimestamp", 14}},
        [FACT_RECEIVED_TIME] = {{"requestReceivedTimestamp", 24}},
        [FACT_VERB] = {{"verb", 4}},
        [FACT_LEVEL] = {{"level", 5}},
        [FACT_TRUNCATED] = {{"annotations", 11}, {"audit.k8s.io/truncated", 22}},
        [FACT_AUDIT_ID] = {{"auditID", 7}},
        [FACT_USER] = {{"user", 4}, {"username", 8}},
        [FACT_URI] = {{"requestURI", 10}},
        [FACT_STAGE] = {{"stage", 5}},
    };
    for (size_t i = 0; i < PLAN_FACTS; i++)
        p->facts[i] = audit ? json_trie_add(p->trie, paths[i], paths[i][1].ptr ? 2 : 1) : UINT32_MAX;
}

static void choose_shown(struct builder *b, const struct str *shown, size_t n)
{
    b->plan->shown = arena_array(&b->plan->arena, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        b->plan->shown[i] = build_field(b, shown[i]);
}

// A rule that needs something of the bodies cannot match a record without them.
static void note_bodies(struct builder *b, const struct demands *demands)
{
    struct plan *p = b->plan;
    p->bodiless = arena_array(&p->arena, uint64_t, p->words);
    for (size_t r = 0; r < p->n_rules; r++) {
        bool body = demands[r].element_of_body;
        for (size_t i = 0; i < demands[r].needs.n; i++)
            body = body || b->fields.items[demands[r].needs.items[i].field].in_bodies;
        p->need_bodies += body;
        if (!body)
            p->bodiless[r / 64] |= (uint64_t)1 << r % 64;
    }
}

static void build(struct builder *b)
{
    struct plan *p = b->plan;
    bool audit = str_eq(dictionary_stream(p->dictionary), STR("audit"));
    choose_rules(p);
    choose_time(b, audit);
    choose_facts(p, audit);
    struct demands *demands = must_alloc(calloc(p->n_rules + 1, sizeof *demands));
    size_t *first_op = must_alloc(calloc(p->n_rules + 1, sizeof *first_op));
    for (size_t i = 0; i < p->n_rules; i++) {
        build_rule(b, &p->rules[i], &first_op[i]);
        build_demands(b, p->ruleset->rules[p->rules[i].index].condition, &demands[i]);
    }
    defer_bodies(p);
    seal_fields(b);
    build_features(b);
    build_filters(b, demands);
    build_guards(b, demands);
    note_bodies(b, demands);
    for (size_t i = 0; i < p->n_rules; i++) {
        p->rules[i].condition = b->ops.items + first_op[i];
        free_demands(&demands[i]);
    }
    free(first_op);
    free(demands);
}

status plan_new(struct plan **out, const struct ruleset *rules, const struct dictionary *dictionary, const struct str *shown,
                size_t n_shown, struct diags *diags)
{
    struct plan *p = must_alloc(calloc(1, sizeof *p));
    struct builder b = {.plan = p};
    arena_init(&p->arena, ARENA_UNLIMITED);
    buf_init(&b.scratch, 64u << 20);
    p->ruleset = rules;
    p->dictionary = dictionary;
    p->trie = json_trie_new();
    choose_shown(&b, shown, n_shown);
    build(&b);
    p->fields = b.fields.items, p->n_fields = b.fields.n;
    p->tests = b.tests.items, p->n_tests = b.tests.n;
    p->ops = b.ops.items, p->trees = b.trees.items;
    p->field_sets = b.field_sets.items, p->n_field_sets = b.field_sets.n;
    p->sets = b.sets.items, p->n_sets = b.sets.n;
    map_fini(&b.field_names);
    map_fini(&b.inner_names);
    map_fini(&b.test_names);
    map_fini(&b.set_names);
    buf_fini(&b.scratch);
    *out = p;
    if (!b.too_many_paths)
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "the rules look at more than %d different paths; split them into several runs", SLOTS_MAX);
    plan_free(p);
    *out = NULL;
    return ST_LIMIT;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n_sets; i++)
        string_set_free(p->sets[i]);
    free(p->sets);
    free(p->field_sets);
    free(p->ops);
    free(p->trees);
    free(p->fields);
    free(p->tests);
    json_trie_free(p->trie);
    arena_fini(&p->arena);
    free(p);
}

struct plan_stats plan_stats(const struct plan *p)
{
    return (struct plan_stats){.rules = p->n_rules,
                               .tests = p->n_tests,
                               .patterns = p->n_asked,
                               .fields = p->n_fields,
                               .slots = json_trie_slots(p->trie),
                               .filters = p->n_filters,
                               .need_bodies = p->need_bodies};
}
