// SPDX-License-Identifier: Apache-2.0
#include "expression.h"

#include "grammar.h"

#include <string.h>

enum { REFERENCES_MAX = 1024 };

static bool add_reference(struct draft *dr, const struct yaml_value *v, size_t max)
{
    if (v->kind >= YAML_LIST || !v->text.len) {
        refuse(&dr->document, value_place(&dr->document, v), "the id or name of a rule is needed here");
        return false;
    }
    if (dr->n_refs == max) {
        refuse(&dr->document, value_place(&dr->document, v), "more than %d rules are referred to", REFERENCES_MAX);
        return false;
    }
    dr->refs[dr->n_refs++] = (struct reference){v->text, v, DRAFT_NONE};
    return true;
}

bool references_read(struct draft *dr, const struct yaml_value *v)
{
    size_t n = v->kind == YAML_LIST ? v->count : 1;
    size_t max = n < REFERENCES_MAX ? n : REFERENCES_MAX;
    dr->refs = arena_array(dr->document.c->scratch, struct reference, max);
    dr->n_refs = 0;
    if (v->kind != YAML_LIST)
        return add_reference(dr, v, max);
    for (const struct yaml_value *item = v->first; item; item = item->next)
        if (!add_reference(dr, item, max))
            return false;
    return true;
}

// --- expressions -----------------------------------------------------------------------------------------------------------------

static struct correlation_expr *expr_new(struct grammar *g, int kind, void **children, size_t n)
{
    if (g->d->budget == 0) {
        refuse(g->d, value_place(g->d, g->at), "the expression has more than %d parts", DOCUMENT_NODES_MAX);
        return NULL;
    }
    g->d->budget--;
    struct correlation_expr *e = arena_new(g->d->c->arena, struct correlation_expr);
    e->kind = kind;
    e->n = n;
    e->children = arena_array(g->d->c->arena, struct correlation_expr *, n);
    if (n)
        memcpy(e->children, children, n * sizeof *children);
    return e;
}

static void *join(struct grammar *g, bool all, void **parts, size_t n)
{
    return expr_new(g, all ? EXPR_AND : EXPR_OR, parts, n);
}

static void *negate(struct grammar *g, void *part)
{
    return expr_new(g, EXPR_NOT, &part, 1);
}

static bool collect(struct draft *dr, struct grammar *g, struct token word, size_t *out)
{
    for (size_t i = 0; i < dr->n_refs; i++)
        if (str_eq(dr->refs[i].name, word.text)) {
            *out = i;
            return true;
        }
    if (dr->n_refs == REFERENCES_MAX) {
        refuse(g->d, grammar_place(g, word), "more than %d rules are referred to", REFERENCES_MAX);
        return false;
    }
    dr->refs[dr->n_refs] = (struct reference){word.text, g->at, DRAFT_NONE};
    *out = dr->n_refs++;
    return true;
}

// The first reading only collects names, because what they refer to is not known yet.
static void *leaf_read(struct grammar *g, struct token word)
{
    size_t input;
    if (!collect(g->context, g, word, &input))
        return NULL;
    struct correlation_expr *e = expr_new(g, EXPR_RULE, NULL, 0);
    if (e)
        e->input = input;
    return e;
}

bool expression_read(struct draft *dr, const struct yaml_value *condition)
{
    static const struct grammar_ops ops = {"condition", leaf_read, join, negate};
    dr->refs = arena_array(dr->document.c->scratch, struct reference, REFERENCES_MAX);
    dr->n_refs = 0;
    dr->rule.correlation->expr = grammar_parse(&dr->document, condition, &ops, dr);
    return dr->rule.correlation->expr != NULL;
}

struct linking {
    const struct drafts *list;
    struct draft *dr;
    bool *mentioned;
};

static void *leaf_link(struct grammar *g, struct token word)
{
    struct linking *l = g->context;
    bool ambiguous;
    uint32_t target = drafts_find(l->list, word.text, &ambiguous);
    for (size_t i = 0; target != DRAFT_NONE && i < l->dr->n_refs; i++)
        if (l->dr->refs[i].target == target) {
            struct correlation_expr *e = expr_new(g, EXPR_RULE, NULL, 0);
            l->mentioned[i] = true;
            if (e)
                e->input = i;
            return e;
        }
    refuse(g->d, grammar_place(g, word), "'%.*s' is not one of the correlation's rules", STR_ARG(word.text));
    return NULL;
}

bool expression_link(const struct drafts *list, struct draft *dr)
{
    static const struct grammar_ops ops = {"condition", leaf_link, join, negate};
    struct correlation *c = dr->rule.correlation;
    const struct yaml_value *condition = yaml_get(dr->correlation, STR("condition"));
    if (!c->expr)
        return true;
    struct linking l = {list, dr, arena_array(dr->document.c->scratch, bool, dr->n_refs)};
    c->expr = grammar_parse(&dr->document, condition, &ops, &l);
    for (size_t i = 0; c->expr && i < dr->n_refs; i++)
        if (!l.mentioned[i]) {
            refuse(&dr->document, value_place(&dr->document, dr->refs[i].at), "rule '%.*s' is in the list, but not in the condition",
                   STR_ARG(dr->refs[i].name));
            return false;
        }
    return c->expr != NULL;
}
