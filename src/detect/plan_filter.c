// SPDX-License-Identifier: Apache-2.0
// Chooses the fields whose values leave rules possible or not, and fills their tables.
#include "detect/plan_build.h"

#include <stdlib.h>

enum { FAVOURITES = 8 }; // fields that filter because many rules ask about them

// A rule that is expected to stay possible for more records than this brings further fields in, as long as it has some.
static const double often = 0.02;

struct choosing {
    struct builder *b;
    const struct demands *demands;
    bool *chosen;             // by field
    size_t *wanted;           // by field: rules that need something of it
    const struct choice **of; // by rule: the choice that is followed, or NULL
};

static bool is_light(const struct plan_field *f)
{
    for (size_t i = 0; i < f->n_paths; i++)
        if (!f->paths[i].deferred)
            return true;
    return false;
}

static bool is_cheap(const struct choosing *c, uint32_t field)
{
    return is_light(&c->b->fields.items[field]) && !c->b->fields.items[field].field->many_values;
}

static void count_wanted(struct choosing *c)
{
    for (size_t r = 0; r < c->b->plan->n_rules; r++)
        for (size_t i = 0; i < c->demands[r].needs.n; i++)
            c->wanted[c->demands[r].needs.items[i].field]++;
}

static void choose_favourites(struct choosing *c)
{
    for (size_t n = 0; n < FAVOURITES; n++) {
        uint32_t best = UINT32_MAX;
        for (uint32_t f = 0; f < c->b->fields.n; f++)
            if (!c->chosen[f] && c->wanted[f] > 1 && is_cheap(c, f) && (best == UINT32_MAX || c->wanted[f] > c->wanted[best]))
                best = f;
        if (best == UINT32_MAX)
            return;
        c->chosen[best] = true;
    }
}

// The clause by which the filters shall see these needs: on a chosen field if there is one, else on a cheap one, the most wanted first.
static const struct clause *best_clause(const struct choosing *c, const clauses *needs)
{
    const struct clause *best = NULL;
    for (size_t i = 0; i < needs->n; i++) {
        const struct clause *one = &needs->items[i];
        if (!is_cheap(c, one->field))
            continue;
        if (!best || (c->chosen[one->field] && !c->chosen[best->field]) ||
            (c->chosen[one->field] == c->chosen[best->field] && c->wanted[one->field] > c->wanted[best->field]))
            best = one;
    }
    return best;
}

// The share of records that are expected to satisfy a pattern: rough, and wrong for some log, which costs time there, never a match.
static double expected_share(const struct pattern *p)
{
    switch (p->op) {
    case PATTERN_EQUALS:
        return p->number_too ? 0.3 : 0.12;
    case PATTERN_ANY:
    case PATTERN_EXISTS:
        return 0.9;
    default:
        return 0.4;
    }
}

static double clause_share(const struct choosing *c, const struct clause *clause)
{
    double share = 0;
    for (size_t i = 0; i < clause->tests.n; i++)
        share += expected_share(c->b->tests.items[clause->tests.items[i]].pattern);
    return share < 1 ? share : 1;
}

static double choice_share(const struct choosing *c, const struct choice *choice)
{
    double share = 0;
    for (size_t i = 0; i < choice->n; i++)
        share += clause_share(c, best_clause(c, &choice->parts[i]));
    return share < 1 ? share : 1;
}

static bool is_filtered(const struct choosing *c, const clauses *needs)
{
    for (size_t i = 0; i < needs->n; i++)
        if (c->chosen[needs->items[i].field])
            return true;
    return false;
}

static bool is_possible(const struct choosing *c, const struct choice *choice)
{
    for (size_t i = 0; i < choice->n; i++)
        if (!best_clause(c, &choice->parts[i]))
            return false;
    return true;
}

static bool sees_choice(const struct choosing *c, const struct choice *choice)
{
    for (size_t i = 0; i < choice->n; i++)
        if (!is_filtered(c, &choice->parts[i]))
            return false;
    return true;
}

static double rule_share(const struct choosing *c, size_t rule)
{
    const struct demands *d = &c->demands[rule];
    double share = c->of[rule] && sees_choice(c, c->of[rule]) ? choice_share(c, c->of[rule]) : 1;
    for (size_t i = 0; i < d->needs.n; i++)
        if (c->chosen[d->needs.items[i].field])
            share *= clause_share(c, &d->needs.items[i]);
    return share;
}

// The need on a cheap field that is not a filter yet and says most; NULL when there is none left.
static const struct clause *next_need(const struct choosing *c, size_t rule)
{
    const clauses *needs = &c->demands[rule].needs;
    const struct clause *best = NULL;
    for (size_t i = 0; i < needs->n; i++)
        if (is_cheap(c, needs->items[i].field) && !c->chosen[needs->items[i].field] &&
            (!best || clause_share(c, &needs->items[i]) < clause_share(c, best)))
            best = &needs->items[i];
    return best && clause_share(c, best) < 0.9 ? best : NULL;
}

static void choose_choice(struct choosing *c, size_t rule)
{
    const struct demands *d = &c->demands[rule];
    for (size_t i = 0; i < d->choices.n; i++)
        if (is_possible(c, &d->choices.items[i]) && (!c->of[rule] || choice_share(c, &d->choices.items[i]) < choice_share(c, c->of[rule])))
            c->of[rule] = &d->choices.items[i];
}

// A rule that stays possible too often brings fields in: its other needs, then its choice, and with nothing else one of many values.
static void choose_for_rule(struct choosing *c, size_t rule)
{
    const struct demands *d = &c->demands[rule];
    const struct clause *need;
    choose_choice(c, rule);
    while (rule_share(c, rule) > often && (need = next_need(c, rule)))
        c->chosen[need->field] = true;
    if (rule_share(c, rule) > often && c->of[rule] && choice_share(c, c->of[rule]) < 0.9)
        for (size_t i = 0; i < c->of[rule]->n; i++)
            c->chosen[best_clause(c, &c->of[rule]->parts[i])->field] = true;
    bool found = is_filtered(c, &d->needs) || (c->of[rule] && sees_choice(c, c->of[rule]));
    for (size_t i = 0; i < d->needs.n && !found; i++)
        c->chosen[d->needs.items[i].field] = found = is_light(&c->b->fields.items[d->needs.items[i].field]);
}

// A choice works only when each of its parts is seen by a filter.
static void drop_half_choices(struct choosing *c)
{
    for (size_t r = 0; r < c->b->plan->n_rules; r++)
        if (c->of[r] && !sees_choice(c, c->of[r]))
            c->of[r] = NULL;
}

// --- tables -----------------------------------------------------------------------------------------------------------------------

// A pattern in its place keeps, kills or chooses a rule.
struct mention {
    uint32_t place, rule;
    int set;
};

// What rules ask of one field.
struct gathering {
    const struct choosing *choosing;
    uint32_t field;
    VEC(struct mention) mentions;
};

static void mention(struct gathering *g, uint32_t test, size_t rule, int set)
{
    *vec_push(&g->mentions) = (struct mention){g->choosing->b->tests.items[test].place, (uint32_t)rule, set};
}

static void gather_rule(struct gathering *g, size_t rule, uint64_t *base)
{
    const struct choosing *c = g->choosing;
    const struct demands *d = &c->demands[rule];
    const struct clause *need = clause_on(&d->needs, g->field);
    if (!need)
        base[rule / 64] |= (uint64_t)1 << rule % 64;
    for (size_t i = 0; need && i < need->tests.n; i++)
        mention(g, need->tests.items[i], rule, KEPT);
    for (size_t i = 0; i < d->forbids.n; i++)
        if (d->forbids.items[i].field == g->field)
            mention(g, d->forbids.items[i].test, rule, KILLED);
    for (size_t p = 0; c->of[rule] && p < c->of[rule]->n; p++) {
        const struct clause *part = best_clause(c, &c->of[rule]->parts[p]);
        for (size_t i = 0; part->field == g->field && i < part->tests.n; i++)
            mention(g, part->tests.items[i], rule, CHOSEN);
    }
}

static void fill_lists(struct arena *a, const struct gathering *g, struct plan_filter *filter, size_t n)
{
    filter->lists = arena_alloc_array(a, sizeof *filter->lists, n);
    for (size_t i = 0; i < g->mentions.n; i++)
        filter->lists[g->mentions.items[i].place][g->mentions.items[i].set].n++;
    for (size_t i = 0; i < n; i++)
        for (int set = 0; set < FILTER_SETS; set++) {
            filter->lists[i][set].rules = arena_array(a, uint32_t, filter->lists[i][set].n);
            filter->lists[i][set].n = 0;
        }
    for (size_t i = 0; i < g->mentions.n; i++) {
        const struct mention *m = &g->mentions.items[i];
        struct rule_list *list = &filter->lists[m->place][m->set];
        filter->has_choices = filter->has_choices || m->set == CHOSEN;
        list->rules[list->n++] = m->rule;
    }
}

static void fill_filter(const struct choosing *c, uint32_t field, struct plan_filter *filter)
{
    struct builder *b = c->b;
    struct arena *a = &b->plan->arena;
    struct gathering g = {.choosing = c, .field = field};
    filter->field = field;
    filter->base = arena_array(a, uint64_t, b->plan->words);
    for (size_t r = 0; r < b->plan->n_rules; r++)
        gather_rule(&g, r, filter->base);
    fill_lists(a, &g, filter, string_set_count(b->fields.items[field].asked));
    vec_fini(&g.mentions);
}

// The fields that most rules need come first: they leave least for the others.
static void fill_filters(const struct choosing *c)
{
    struct plan *p = c->b->plan;
    for (size_t f = 0; f < c->b->fields.n; f++)
        p->n_filters += c->chosen[f];
    p->filters = arena_array(&p->arena, struct plan_filter, p->n_filters);
    bool *done = must_alloc(calloc(c->b->fields.n + 1, sizeof *done));
    for (size_t i = 0; i < p->n_filters; i++) {
        uint32_t best = UINT32_MAX;
        for (uint32_t f = 0; f < c->b->fields.n; f++)
            if (c->chosen[f] && !done[f] && (best == UINT32_MAX || c->wanted[f] > c->wanted[best]))
                best = f;
        done[best] = true;
        fill_filter(c, best, &p->filters[i]);
    }
    free(done);
    p->no_choice = arena_array(&p->arena, uint64_t, p->words);
    for (size_t r = 0; r < p->n_rules; r++)
        if (!c->of[r])
            p->no_choice[r / 64] |= (uint64_t)1 << r % 64;
}

void build_filters(struct builder *b, const struct demands *demands)
{
    struct choosing c = {.b = b, .demands = demands};
    c.chosen = must_alloc(calloc(b->fields.n + 1, sizeof *c.chosen));
    c.wanted = must_alloc(calloc(b->fields.n + 1, sizeof *c.wanted));
    c.of = must_alloc(calloc(b->plan->n_rules + 1, sizeof(const struct choice *)));
    count_wanted(&c);
    choose_favourites(&c);
    for (size_t r = 0; r < b->plan->n_rules; r++)
        choose_for_rule(&c, r);
    drop_half_choices(&c);
    fill_filters(&c);
    free(c.chosen);
    free(c.wanted);
    free(c.of);
}
