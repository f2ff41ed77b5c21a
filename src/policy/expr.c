// SPDX-License-Identifier: Apache-2.0
#include "policy/expr.h"

#include "base/status.h"

#include <string.h>

struct expr expr_constant(bool b)
{
    return (struct expr){.is = b ? EXPR_IS_TRUE : EXPR_IS_FALSE, .binding = BIND_MEMBER, .text = b ? STR("true") : STR("false")};
}

struct expr expr_text(struct cel *c, enum binding binding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct expr e = {.is = EXPR_IS_TEXT, .binding = binding, .text = arena_vprintf(c->arena, format, args)};
    va_end(args);
    return e;
}

struct str expr_inside(struct cel *c, struct expr e, enum binding binding)
{
    return e.binding >= binding ? e.text : arena_printf(c->arena, "(%.*s)", STR_ARG(e.text));
}

// Conjunction and disjunction are the same thing with `end` for what settles it.
static struct expr join(struct cel *c, const struct expr *items, size_t n, bool conjunction)
{
    const struct str sign = conjunction ? STR(" && ") : STR(" || ");
    const enum binding binding = conjunction ? BIND_AND : BIND_OR;
    struct expr only = expr_constant(conjunction);
    struct buf text;
    size_t written = 0;
    buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < n; i++) {
        if (items[i].is == (conjunction ? EXPR_IS_FALSE : EXPR_IS_TRUE)) {
            buf_fini(&text);
            return items[i];
        }
        if (items[i].is != EXPR_IS_TEXT)
            continue;
        only = items[i];
        buf_add(&text, written++ ? sign : STR(""));
        buf_add(&text, expr_inside(c, items[i], binding));
    }
    if (written > 1)
        only = (struct expr){EXPR_IS_TEXT, binding, arena_str(c->arena, buf_str(&text))};
    buf_fini(&text);
    return only;
}

struct expr expr_and(struct cel *c, const struct expr *items, size_t n)
{
    return join(c, items, n, true);
}

struct expr expr_or(struct cel *c, const struct expr *items, size_t n)
{
    return join(c, items, n, false);
}

struct expr expr_not(struct cel *c, struct expr e)
{
    if (e.is != EXPR_IS_TEXT)
        return expr_constant(e.is == EXPR_IS_FALSE);
    return expr_text(c, BIND_UNARY, "!%.*s", STR_ARG(expr_inside(c, e, BIND_MEMBER)));
}

struct expr cel_refuse(struct cel *c, const char *format, ...)
{
    if (!c->out->why.ptr) {
        va_list args;
        va_start(args, format);
        c->out->why = arena_vprintf(c->arena, format, args);
        va_end(args);
    }
    return expr_constant(false);
}

// --- names -----------------------------------------------------------------------------------------------------------------------

static bool is_taken(const struct cel *c, struct str name)
{
    // What CEL keeps for itself, of words that may come out below, and the variables of an admission policy.
    static const struct str reserved[] = {STR("in"), STR("as"), STR("if"), STR("for"), STR("object"), STR("request"), STR("package")};
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (str_eq(reserved[i], name))
            return true;
    }
    for (size_t i = 0; i < c->n_names; i++) {
        if (str_eq(c->names[i], name))
            return true;
    }
    return false;
}

// "containers" gives container, "subjects" subject.
struct str cel_name(struct cel *c, struct str list)
{
    struct str word = STR("item");
    bool plain = list.len > 1;
    for (size_t i = 0; i < list.len; i++)
        plain = plain && char_lower(list.ptr[i]) >= 'a' && char_lower(list.ptr[i]) <= 'z';
    if (plain)
        word = str_slice(list, 0, list.len - (list.len > 2 && list.ptr[list.len - 1] == 's'));
    struct str name = word;
    for (unsigned i = 2; is_taken(c, name); i++)
        name = arena_printf(c->arena, "%.*s%u", STR_ARG(word), i);
    must(c->n_names < NAMES_DEPTH); // shapes are not nested that deep
    c->names[c->n_names++] = name;
    return name;
}

void cel_name_done(struct cel *c)
{
    c->n_names--;
}

struct str cel_string(struct cel *c, struct str s)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    cel_write_string(&text, s);
    struct str kept = arena_str(c->arena, buf_str(&text));
    buf_fini(&text);
    return kept;
}
