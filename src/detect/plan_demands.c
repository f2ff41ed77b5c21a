// SPDX-License-Identifier: Apache-2.0
// What a condition demands of single fields, whatever the rest of the record is: needs, forbids, choices.
#include "detect/plan_build.h"

#include <stdlib.h>

enum { CHOICE_MAX = 64 }; // parts of a disjunction that are worth following

static bool is_all(const struct node *n)
{
    return n->kind == NODE_AND || (n->kind == NODE_SOME && n->count >= n->n && n->n);
}

static bool is_any(const struct node *n)
{
    return n->kind == NODE_OR || (n->kind == NODE_SOME && n->count > 0 && !is_all(n));
}

// --- needs ------------------------------------------------------------------------------------------------------------------------

const struct clause *clause_on(const clauses *c, uint32_t field)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->items[i].field == field)
            return &c->items[i];
    return NULL;
}

static void free_clauses(clauses *c)
{
    for (size_t i = 0; i < c->n; i++)
        vec_fini(&c->items[i].tests);
    vec_fini(c);
}

// Both hold: of two on one field the shorter list says more.
static void move_clauses(clauses *to, clauses *from)
{
    for (size_t i = 0; i < from->n; i++) {
        struct clause *more = &from->items[i], *have = NULL;
        for (size_t k = 0; k < to->n; k++)
            if (to->items[k].field == more->field)
                have = &to->items[k];
        if (!have) {
            *vec_push(to) = *more;
        } else if (have->tests.n > more->tests.n) {
            vec_fini(&have->tests);
            *have = *more;
        } else {
            vec_fini(&more->tests);
        }
    }
    vec_fini(from);
}

// Of a disjunction remains what every part asks of the same field.
static void keep_common(clauses *out, const clauses *parts, size_t n)
{
    for (size_t i = 0; n && i < parts[0].n; i++) {
        struct clause joined = {.field = parts[0].items[i].field};
        size_t in = 0;
        for (size_t k = 0; k < n; k++) {
            const struct clause *c = clause_on(&parts[k], joined.field);
            for (size_t t = 0; c && t < c->tests.n; t++)
                *vec_push(&joined.tests) = c->tests.items[t];
            in += c != NULL;
        }
        if (in == n)
            *vec_push(out) = joined;
        else
            vec_fini(&joined.tests);
    }
}

static void find_needs(struct builder *b, const struct node *n, clauses *out);

static clauses *needs_of_parts(struct builder *b, const struct node *n)
{
    clauses *parts = must_alloc(calloc(n->n + 1, sizeof *parts));
    for (size_t i = 0; i < n->n; i++)
        find_needs(b, n->children[i], &parts[i]);
    return parts;
}

static void free_parts(clauses *parts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free_clauses(&parts[i]);
    free(parts);
}

// A list of values of one field, as most disjunctions are.
static bool is_list(const struct node *n)
{
    bool is = n->kind == NODE_OR && n->n;
    for (size_t i = 0; is && i < n->n; i++)
        is = build_is_about_a_value(n->children[i]) && str_eq(n->children[i]->field, n->children[0]->field);
    return is;
}

static void need_one_of(struct builder *b, const struct node *const *tests, size_t n, clauses *out)
{
    struct clause *c = vec_push(out);
    c->field = build_field(b, tests[0]->field);
    for (size_t i = 0; i < n; i++)
        *vec_push(&c->tests) = build_test(b, c->field, &tests[i]->pattern);
}

static void find_needs(struct builder *b, const struct node *n, clauses *out)
{
    if (build_is_about_a_value(n) || is_list(n)) {
        need_one_of(b, n->n ? (const struct node *const *)n->children : &n, n->n ? n->n : 1, out);
        return;
    }
    if (!is_all(n) && !is_any(n))
        return;
    clauses *parts = needs_of_parts(b, n);
    if (is_any(n))
        keep_common(out, parts, n->n);
    for (size_t i = 0; is_all(n) && i < n->n; i++)
        move_clauses(out, &parts[i]);
    free_parts(parts, n->n);
}

// --- forbids ----------------------------------------------------------------------------------------------------------------------

// The rule is lost when this holds.
static void find_forbids(struct builder *b, const struct node *n, struct demands *d)
{
    if (build_is_about_a_value(n)) {
        struct asked *asked = vec_push(&d->forbids);
        asked->field = build_field(b, n->field);
        asked->test = build_test(b, asked->field, &n->pattern);
        return;
    }
    bool alone = n->n == 1 && n->kind != NODE_NOT && n->kind != NODE_SAME;
    if (n->kind == NODE_OR || (n->kind == NODE_SOME && n->count == 1) || alone)
        for (size_t i = 0; i < n->n; i++)
            find_forbids(b, n->children[i], d);
}

// --- choices ----------------------------------------------------------------------------------------------------------------------

// A disjunction over several fields, when every part of it needs something.
static void find_choice(struct builder *b, const struct node *n, struct demands *d)
{
    if (n->n < 2 || n->n > CHOICE_MAX)
        return;
    struct choice choice = {needs_of_parts(b, n), n->n};
    bool whole = true;
    for (size_t i = 0; i < n->n; i++)
        whole = whole && choice.parts[i].n;
    if (whole)
        *vec_push(&d->choices) = choice;
    else
        free_parts(choice.parts, choice.n);
}

static bool starts_with(const struct field_path *path, const struct field_path *head)
{
    bool same = path->n >= head->n;
    for (size_t i = 0; same && i < head->n; i++)
        same = str_eq(path->keys[i], head->keys[i]);
    return same;
}

// Whether every path of the scope lies in a deferred subtree.
static bool is_in_bodies(struct builder *b, struct str name)
{
    size_t n;
    const struct field_path *deferred = dictionary_deferred(b->plan->dictionary, &n);
    const struct scope *scope = plan_scope(b->plan->dictionary, name, &b->plan->arena);
    size_t inside = 0;
    for (size_t i = 0; i < scope->n_paths; i++)
        for (size_t k = 0; k < n; k++)
            inside += starts_with(&scope->paths[i], &deferred[k]);
    return scope->n_paths && inside == scope->n_paths;
}

static void follow(struct builder *b, const struct node *n, struct demands *d)
{
    if (n->kind == NODE_SAME)
        d->element_of_body = d->element_of_body || is_in_bodies(b, n->scope);
    if (is_any(n))
        find_choice(b, n, d);
    if (n->kind == NODE_NOT)
        find_forbids(b, n->children[0], d);
    for (size_t i = 0; is_all(n) && i < n->n; i++)
        follow(b, n->children[i], d);
}

void build_demands(struct builder *b, const struct node *condition, struct demands *out)
{
    *out = (struct demands){0};
    find_needs(b, condition, &out->needs);
    follow(b, condition, out);
}

void free_demands(struct demands *d)
{
    free_clauses(&d->needs);
    vec_fini(&d->forbids);
    for (size_t i = 0; i < d->choices.n; i++)
        free_parts(d->choices.items[i].parts, d->choices.items[i].n);
    vec_fini(&d->choices);
}
