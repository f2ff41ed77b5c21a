// SPDX-License-Identifier: Apache-2.0
// Chooses the fields whose values leave rules possible or not, and fills their tables.
#include "detect/plan_build.h"

#include <stdlib.h>

static bool is_light(const struct plan_field *f)
{
    for (size_t i = 0; i < f->n_paths; i++)
        if (!f->paths[i].deferred)
            return true;
    return false;
}

// Every light field with few values that some rule has a clause on. A rule that would be left without a filter brings its own field in.
static bool *choose_fields(struct builder *b, const clauses *rule_clauses)
{
    bool *chosen = must_alloc(calloc(b->fields.n + 1, sizeof *chosen));
    for (size_t r = 0; r < b->plan->n_rules; r++)
        for (size_t i = 0; i < rule_clauses[r].n; i++) {
            uint32_t field = rule_clauses[r].items[i].field;
            if (is_light(&b->fields.items[field]) && !b->fields.items[field].field->many_values)
                chosen[field] = true;
        }
    for (size_t r = 0; r < b->plan->n_rules; r++) {
        bool filtered = false;
        for (size_t i = 0; i < rule_clauses[r].n; i++)
            filtered = filtered || chosen[rule_clauses[r].items[i].field];
        for (size_t i = 0; i < rule_clauses[r].n && !filtered; i++) {
            uint32_t field = rule_clauses[r].items[i].field;
            chosen[field] = filtered = is_light(&b->fields.items[field]);
        }
    }
    return chosen;
}

// What the rules ask of one field: (place of the test in the filter, rule) pairs.
struct gathering {
    VEC(uint32_t) tests; // of the plan, distinct, in places
    VEC(uint32_t) pairs;
    uint32_t *place; // by test of the plan
};

static const struct clause *clause_on(const clauses *c, uint32_t field)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->items[i].field == field)
            return &c->items[i];
    return NULL;
}

static void gather_rule(struct gathering *g, const struct clause *c, uint32_t rule)
{
    for (size_t i = 0; i < c->tests.n; i++) {
        uint32_t test = c->tests.items[i];
        if (g->place[test] == UINT32_MAX) {
            g->place[test] = (uint32_t)g->tests.n;
            *vec_push(&g->tests) = test;
        }
        *vec_push(&g->pairs) = g->place[test];
        *vec_push(&g->pairs) = rule;
    }
}

// Pairs into lists of rules, one a pattern.
static void fill_lists(struct builder *b, const struct gathering *g, struct plan_filter *filter)
{
    struct arena *a = &b->plan->arena;
    filter->n = g->tests.n;
    filter->patterns = arena_array(a, const struct pattern *, filter->n);
    filter->rules = arena_array(a, uint32_t *, filter->n);
    filter->n_rules = arena_array(a, size_t, filter->n);
    for (size_t i = 0; i < g->pairs.n; i += 2)
        filter->n_rules[g->pairs.items[i]]++;
    for (size_t i = 0; i < filter->n; i++) {
        filter->patterns[i] = b->tests.items[g->tests.items[i]].pattern;
        filter->rules[i] = arena_array(a, uint32_t, filter->n_rules[i]);
        filter->n_rules[i] = 0;
    }
    for (size_t i = 0; i < g->pairs.n; i += 2) {
        uint32_t at = g->pairs.items[i];
        filter->rules[at][filter->n_rules[at]++] = g->pairs.items[i + 1];
    }
}

static void fill_filter(struct builder *b, const clauses *rule_clauses, struct plan_filter *filter)
{
    struct gathering g = {.place = must_alloc(malloc((b->tests.n + 1) * sizeof *g.place))};
    for (size_t t = 0; t < b->tests.n; t++)
        g.place[t] = UINT32_MAX;
    filter->base = arena_array(&b->plan->arena, uint64_t, b->plan->words);
    for (size_t r = 0; r < b->plan->n_rules; r++) {
        const struct clause *c = clause_on(&rule_clauses[r], filter->field);
        if (c)
            gather_rule(&g, c, (uint32_t)r);
        else
            filter->base[r / 64] |= (uint64_t)1 << r % 64;
    }
    fill_lists(b, &g, filter);
    filter->set = string_set_new(filter->patterns, filter->n);
    *vec_push(&b->sets) = filter->set;
    free(g.place);
    vec_fini(&g.tests);
    vec_fini(&g.pairs);
}

void build_filters(struct builder *b, const clauses *rule_clauses)
{
    struct plan *p = b->plan;
    bool *chosen = choose_fields(b, rule_clauses);
    for (size_t f = 0; f < b->fields.n; f++)
        p->n_filters += chosen[f];
    p->filters = arena_array(&p->arena, struct plan_filter, p->n_filters);
    size_t n = 0;
    for (size_t f = 0; f < b->fields.n; f++) {
        if (!chosen[f])
            continue;
        struct plan_filter *filter = &p->filters[n++];
        filter->field = (uint32_t)f;
        fill_filter(b, rule_clauses, filter);
    }
    free(chosen);
}
