// SPDX-License-Identifier: Apache-2.0
#include "grammar.h"

#include "base/vec.h"

enum { GRAMMAR_DEPTH_MAX = 64, GRAMMAR_TEXT_MAX = 65536 };

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct token scan(struct grammar *g)
{
    size_t i = g->position;
    while (i < g->text.len && is_space(g->text.ptr[i]))
        i++;
    struct token t = {TOKEN_END, STR("its end"), i};
    if (i < g->text.len) {
        size_t end = i + 1;
        char c = g->text.ptr[i];
        t.kind = c == '(' ? TOKEN_OPEN : c == ')' ? TOKEN_CLOSE : c == '|' ? TOKEN_PIPE : TOKEN_WORD;
        while (t.kind == TOKEN_WORD && end < g->text.len && !is_space(g->text.ptr[end]) &&
               str_find_char(STR("()|"), g->text.ptr[end], 0) == SIZE_MAX)
            end++;
        t.text = str_slice(g->text, i, end);
        i = end;
    }
    g->position = i;
    return t;
}

struct token grammar_take(struct grammar *g)
{
    struct token t = g->next;
    g->next = scan(g);
    return t;
}

bool token_is(struct token t, const char *word)
{
    return t.kind == TOKEN_WORD && str_eq_ci(t.text, str_from_c(word));
}

struct place grammar_place(const struct grammar *g, struct token t)
{
    return yaml_place_in(g->d->source, g->at, t.offset);
}

static void *parse_or(struct grammar *g);

void *grammar_refuse_aggregation(struct grammar *g, struct token t)
{
    refuse(g->d, grammar_place(g, t),
           "aggregations (| count() by ..., | near ...) are deprecated and not read: write a correlation rule, "
           "such as type event_count or value_count with group-by and timespan");
    return NULL;
}

static void *unexpected(struct grammar *g, struct token t, const char *wanted)
{
    if (t.kind == TOKEN_PIPE)
        return grammar_refuse_aggregation(g, t);
    refuse(g->d, grammar_place(g, t), "%s: expected %s, found %.*s", g->ops->what, wanted, STR_ARG(t.text));
    return NULL;
}

static void *parse_primary(struct grammar *g)
{
    struct token t = grammar_take(g);
    if (t.kind == TOKEN_WORD && !token_is(t, "and") && !token_is(t, "or") && !token_is(t, "not"))
        return g->ops->leaf(g, t);
    if (t.kind != TOKEN_OPEN)
        return unexpected(g, t, "a name or a parenthesis");
    if (g->depth == GRAMMAR_DEPTH_MAX) {
        refuse(g->d, grammar_place(g, t), "parentheses nested more than %d deep", GRAMMAR_DEPTH_MAX);
        return NULL;
    }
    g->depth++;
    void *inside = parse_or(g);
    g->depth--;
    if (!inside)
        return NULL;
    struct token close = grammar_take(g);
    return close.kind == TOKEN_CLOSE ? inside : unexpected(g, close, "and, or, or a closing parenthesis");
}

static void *parse_not(struct grammar *g)
{
    bool negated = false;
    for (; token_is(g->next, "not"); negated = !negated)
        (void)grammar_take(g);
    void *part = parse_primary(g);
    return part && negated ? g->ops->negate(g, part) : part;
}

// Parts separated by a word: the two binary levels of the grammar.
static void *parse_chain(struct grammar *g, const char *word, bool all, void *(*parse_part)(struct grammar *))
{
    VEC(void *) parts = {0};
    void *joined = NULL;
    for (;;) {
        void *part = parse_part(g);
        if (!part)
            break;
        *vec_push(&parts) = part;
        if (!token_is(g->next, word)) {
            joined = parts.n == 1 ? part : g->ops->join(g, all, parts.items, parts.n);
            break;
        }
        (void)grammar_take(g);
    }
    vec_fini(&parts);
    return joined;
}

static void *parse_and(struct grammar *g)
{
    return parse_chain(g, "and", true, parse_not);
}

static void *parse_or(struct grammar *g)
{
    return parse_chain(g, "or", false, parse_and);
}

void *grammar_parse(struct document *d, const struct yaml_value *at, const struct grammar_ops *ops, void *context)
{
    struct grammar g = {.d = d, .at = at, .text = yaml_text(at), .ops = ops, .context = context};
    if (!g.text.ptr || at->kind == YAML_NULL) {
        refuse(d, at->key.ptr ? key_place(d, at) : value_place(d, at), "a %s must be a text", ops->what);
        return NULL;
    }
    if (g.text.len > GRAMMAR_TEXT_MAX) {
        refuse(d, value_place(d, at), "the %s is longer than %d bytes", ops->what, GRAMMAR_TEXT_MAX);
        return NULL;
    }
    g.next = scan(&g);
    void *whole = parse_or(&g);
    if (whole && g.next.kind != TOKEN_END)
        return unexpected(&g, g.next, "and, or, or its end");
    return whole;
}
