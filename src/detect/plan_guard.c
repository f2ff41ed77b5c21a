// SPDX-License-Identifier: Apache-2.0
// Guards: of rules that look at fields with ever new values, what one of these must say.
#include "detect/literals.h"
#include "detect/plan_build.h"

#include <stdlib.h>

// A test of a guard, and the rule it admits.
struct admission {
    uint32_t test, rule;
};

struct guarding {
    struct builder *b;
    VEC(struct admission) * of; // by field
};

// Found by a table, whatever else is looked for.
static bool is_literal(const struct pattern *p)
{
    return p->op == PATTERN_EQUALS || p->op == PATTERN_CONTAINS || p->op == PATTERN_PREFIX || p->op == PATTERN_SUFFIX ||
           (p->op == PATTERN_REGEX && p->literal.len >= LITERAL_MIN);
}

static bool can_guard(const struct builder *b, const struct clause *c)
{
    bool good = b->fields.items[c->field].varies;
    for (size_t i = 0; i < c->tests.n && good; i++)
        good = is_literal(b->tests.items[c->tests.items[i]].pattern);
    return good;
}

static const struct clause *guarding_clause(const struct builder *b, const clauses *needs)
{
    for (size_t i = 0; i < needs->n; i++)
        if (can_guard(b, &needs->items[i]))
            return &needs->items[i];
    return NULL;
}

static struct plan_part make_part(struct guarding *g, const struct clause *c, uint32_t rule, bool guards)
{
    struct plan_part part = {.field = c->field, .guards = guards, .n_tests = c->tests.n};
    uint32_t *tests = arena_array(&g->b->plan->arena, uint32_t, c->tests.n);
    for (size_t i = 0; i < c->tests.n; i++) {
        tests[i] = c->tests.items[i];
        if (guards)
            *vec_push(&g->of[c->field]) = (struct admission){tests[i], rule};
    }
    part.tests = tests;
    return part;
}

static void set_parts(struct guarding *g, uint32_t rule, const clauses *parts, size_t n)
{
    struct plan_part *made = arena_array(&g->b->plan->arena, struct plan_part, n);
    for (size_t i = 0; i < n; i++) {
        const struct clause *c = guarding_clause(g->b, &parts[i]);
        made[i] = make_part(g, c ? c : &parts[i].items[0], rule, c != NULL);
    }
    g->b->plan->rules[rule].parts = made;
    g->b->plan->rules[rule].n_parts = n;
}

// A need that can guard; else a choice with a part that can.
static void choose_guard(struct guarding *g, uint32_t rule, const struct demands *d)
{
    if (guarding_clause(g->b, &d->needs)) {
        set_parts(g, rule, &d->needs, 1);
        return;
    }
    for (size_t i = 0; i < d->choices.n; i++)
        for (size_t k = 0; k < d->choices.items[i].n; k++)
            if (guarding_clause(g->b, &d->choices.items[i].parts[k])) {
                set_parts(g, rule, d->choices.items[i].parts, d->choices.items[i].n);
                return;
            }
}

static int by_test(const void *a, const void *b)
{
    const struct admission *x = a, *y = b;
    if (x->test != y->test)
        return x->test < y->test ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

// Every test once, with its rules.
static void fill_field(struct guarding *g, uint32_t field)
{
    struct arena *a = &g->b->plan->arena;
    struct plan_field *f = &g->b->fields.items[field];
    const size_t n = g->of[field].n;
    const struct admission *all = g->of[field].items;
    if (!n)
        return;
    qsort(g->of[field].items, n, sizeof *all, by_test);
    const struct pattern **patterns = arena_array(a, const struct pattern *, n);
    f->admitted = arena_array(a, uint32_t, n);
    f->first_admitted = arena_array(a, uint32_t, n + 1);
    size_t distinct = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || all[i].test != all[i - 1].test) {
            patterns[distinct] = g->b->tests.items[all[i].test].pattern;
            f->first_admitted[distinct++] = (uint32_t)i;
        }
        f->admitted[i] = all[i].rule;
    }
    f->first_admitted[distinct] = (uint32_t)n;
    f->guards = string_set_new(patterns, distinct);
    *vec_push(&g->b->sets) = f->guards;
}

void build_guards(struct builder *b, const struct demands *demands)
{
    struct guarding g = {.b = b};
    g.of = must_alloc(calloc(b->fields.n + 1, sizeof *g.of));
    for (uint32_t r = 0; r < b->plan->n_rules; r++)
        choose_guard(&g, r, &demands[r]);
    for (uint32_t f = 0; f < b->fields.n; f++) {
        fill_field(&g, f);
        vec_fini(&g.of[f]);
    }
    free(g.of);
}
