// SPDX-License-Identifier: Apache-2.0
#include "condition.h"

#include "grammar.h"

#include <string.h>

static struct selection *find(struct selections *s, struct str name)
{
    for (size_t i = 0; i < s->n; i++)
        if (str_eq(s->items[i].name, name))
            return &s->items[i];
    return NULL;
}

// * is any run, everything else itself.
static bool name_matches(struct str pattern, struct str name)
{
    size_t p = 0, n = 0, star = SIZE_MAX, star_n = 0;
    while (n < name.len) {
        if (p < pattern.len && pattern.ptr[p] == '*') {
            star = p++;
            star_n = n;
        } else if (p < pattern.len && pattern.ptr[p] == name.ptr[n]) {
            p++;
            n++;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            n = ++star_n;
        } else {
            return false;
        }
    }
    while (p < pattern.len && pattern.ptr[p] == '*')
        p++;
    return p == pattern.len;
}

// Names that begin with an underscore are meant only when the pattern says so.
static bool selects(struct str pattern, struct str name)
{
    bool hidden = name.len && name.ptr[0] == '_';
    bool says_so = pattern.len && pattern.ptr[0] == '_';
    if (hidden && !says_so)
        return false;
    return str_eq_ci(pattern, STR("them")) || name_matches(pattern, name);
}

static bool read_count(struct token t, uint64_t *count, bool *all)
{
    *all = token_is(t, "all");
    *count = 1;
    return *all || token_is(t, "any") || str_to_u64(t.text, count);
}

static struct node *some_new(struct grammar *g, struct token pattern, struct token quantifier, struct node **matched, size_t n)
{
    uint64_t count;
    bool all;
    (void)read_count(quantifier, &count, &all);
    if (n == 0 && str_eq_ci(pattern.text, STR("them"))) {
        refuse(g->d, grammar_place(g, pattern), "them: every selection's name begins with an underscore");
        return NULL;
    }
    if (n == 0) {
        refuse(g->d, grammar_place(g, pattern), "no selection is named like '%.*s'", STR_ARG(pattern.text));
        return NULL;
    }
    if (count == 0 || count > n) {
        refuse(g->d, grammar_place(g, quantifier), "%.*s of %.*s: %zu selection%s so named", STR_ARG(quantifier.text),
               STR_ARG(pattern.text), n, n == 1 ? " is" : "s are");
        return NULL;
    }
    if (all || count == n || count == 1)
        return node_join(g->d, all || count == n ? NODE_AND : NODE_OR, matched, n, g->at);
    struct node *some = node_join(g->d, NODE_SOME, matched, n, g->at);
    if (some)
        some->count = (unsigned)count;
    return some;
}

static struct node *quantified(struct grammar *g, struct token quantifier)
{
    struct selections *s = g->context;
    (void)grammar_take(g); // of
    struct token pattern = grammar_take(g);
    if (pattern.kind != TOKEN_WORD) {
        refuse(g->d, grammar_place(g, pattern), "condition: expected a pattern or them after of, found %.*s", STR_ARG(pattern.text));
        return NULL;
    }
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        n += selects(pattern.text, s->items[i].name);
    if (n > g->d->budget) {
        refuse(g->d, grammar_place(g, pattern), "the condition stands for more than %d parts", DOCUMENT_NODES_MAX);
        return NULL;
    }
    g->d->budget -= n;
    struct node **matched = arena_array(g->d->c->arena, struct node *, n);
    n = 0;
    for (size_t i = 0; i < s->n; i++) {
        if (!selects(pattern.text, s->items[i].name))
            continue;
        s->items[i].used = true;
        matched[n++] = s->items[i].node;
    }
    return some_new(g, pattern, quantifier, matched, n);
}

static bool is_aggregation(struct grammar *g, struct token word)
{
    static const char *const functions[] = {"count", "min", "max", "avg", "sum", "near"};
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (token_is(word, functions[i]) && (g->next.kind == TOKEN_OPEN || i == 5))
            return true;
    return false;
}

static void *unknown_name(struct grammar *g, struct token word)
{
    if (is_aggregation(g, word))
        return grammar_refuse_aggregation(g, word);
    struct selections *s = g->context;
    struct str *names = arena_array(g->d->c->scratch, struct str, s->n);
    for (size_t i = 0; i < s->n; i++)
        names[i] = s->items[i].name;
    struct str hint = did_you_mean(g->d->c->scratch, word.text, names, s->n);
    bool pattern = str_find_char(word.text, '*', 0) != SIZE_MAX;
    refuse(g->d, grammar_place(g, word), "no selection is named '%.*s'%.*s%s", STR_ARG(word.text), STR_ARG(hint),
           pattern ? ": write 1 of or all of before a pattern" : "");
    return NULL;
}

static void *leaf(struct grammar *g, struct token word)
{
    uint64_t count;
    bool all;
    if (token_is(g->next, "of") && read_count(word, &count, &all))
        return quantified(g, word);
    struct selection *s = find(g->context, word.text);
    if (!s)
        return unknown_name(g, word);
    s->used = true;
    return s->node;
}

static void *join(struct grammar *g, bool all, void **parts, size_t n)
{
    struct node **children = arena_array(g->d->c->arena, struct node *, n);
    memcpy(children, parts, n * sizeof *parts);
    return node_join(g->d, all ? NODE_AND : NODE_OR, children, n, g->at);
}

static void *negate(struct grammar *g, void *part)
{
    return node_negate(g->d, part, g->at);
}

struct node *condition_compile(struct document *d, const struct yaml_value *text, struct selections *s)
{
    static const struct grammar_ops ops = {"condition", leaf, join, negate};
    return grammar_parse(d, text, &ops, s);
}
