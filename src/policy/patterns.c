// SPDX-License-Identifier: Apache-2.0
// One value against patterns, in CEL. What value can be there is known by its shape, so booleans and numbers need no text. Upper and lower
// case of A-Z do not differ in Sigma: both sides are folded by lowerAscii().
#include "policy/expr.h"

#include "base/utf8.h"

#include <math.h>

// The value at hand, and what has been collected about it.
struct matching {
    struct cel *cel;
    struct str value;
    struct expr *items;
    size_t n;
    struct buf exact, folded; // literals that it may be equal to
    size_t n_exact, n_folded;
};

static bool has_letter(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (char_lower(s.ptr[i]) >= 'a' && char_lower(s.ptr[i]) <= 'z')
            return true;
    }
    return false;
}

static bool folds(const struct pattern *p, struct str text)
{
    return !p->cased && has_letter(text);
}

static struct str folded_value(struct cel *c, struct str value)
{
    return arena_printf(c->arena, "%.*s.lowerAscii()", STR_ARG(value));
}

// --- text ------------------------------------------------------------------------------------------------------------------------

static void add_equal(struct matching *m, const struct pattern *p)
{
    const bool fold = folds(p, p->text);
    struct buf *list = fold ? &m->folded : &m->exact;
    size_t *n = fold ? &m->n_folded : &m->n_exact;
    buf_add(list, (*n)++ ? STR(", ") : STR(""));
    buf_add(list, cel_string(m->cel, fold ? arena_lower(m->cel->arena, p->text) : p->text));
}

static struct expr equal_to(struct cel *c, struct str value, const struct buf *list, size_t n)
{
    if (n == 1)
        return expr_text(c, BIND_RELATION, "%.*s == %.*s", STR_ARG(value), STR_ARG(buf_str(list)));
    return expr_text(c, BIND_RELATION, "%.*s in [%.*s]", STR_ARG(value), STR_ARG(buf_str(list)));
}

static struct expr call(struct matching *m, const struct pattern *p, const char *function, struct str text)
{
    struct cel *c = m->cel;
    const bool fold = folds(p, text);
    const struct str value = fold ? folded_value(c, m->value) : m->value;
    const struct str literal = cel_string(c, fold ? arena_lower(c->arena, text) : text);
    return expr_text(c, BIND_MEMBER, "%.*s.%s(%.*s)", STR_ARG(value), function, STR_ARG(literal));
}

static void add_regex_literal(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = char_lower(s.ptr[i]);
        if ((c > 0x20 && c < 0x7f) && !((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '/' || c == '-'))
            buf_add_char(out, '\\');
        buf_add_char(out, s.ptr[i]);
    }
}

static struct expr glob(struct matching *m, const struct pattern *p)
{
    struct buf text;
    bool fold = false;
    buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < p->n_glob; i++)
        fold = fold || (p->glob[i].kind == GLOB_LITERAL && folds(p, p->glob[i].text));
    buf_add(&text, STR("(?s)\\A"));
    for (size_t i = 0; i < p->n_glob; i++) {
        const struct glob_token *t = &p->glob[i];
        if (t->kind == GLOB_LITERAL)
            add_regex_literal(&text, fold ? arena_lower(m->cel->arena, t->text) : t->text);
        else
            buf_add(&text, t->kind == GLOB_RUN ? STR(".*") : STR("."));
    }
    buf_add(&text, STR("\\z"));
    const struct str value = fold ? folded_value(m->cel, m->value) : m->value;
    const struct expr e = expr_text(m->cel, BIND_MEMBER, "%.*s.matches(%.*s)", STR_ARG(value), STR_ARG(cel_string(m->cel, buf_str(&text))));
    buf_fini(&text);
    return e;
}

static struct expr regex(struct matching *m, const struct pattern *p)
{
    struct str why = STR_NONE;
    const struct str text = cel_regex(m->cel->arena, p->text, p->regex_flags, &why);
    if (!text.ptr)
        return cel_refuse(m->cel, "the regular expression %.*s has no equal in RE2: %.*s", STR_ARG(p->text), STR_ARG(why));
    return expr_text(m->cel, BIND_MEMBER, "%.*s.matches(%.*s)", STR_ARG(m->value), STR_ARG(cel_string(m->cel, text)));
}

static struct expr network(struct matching *m, const struct pattern *p)
{
    struct cel *c = m->cel;
    c->out->minor = 30; // the release that brought ip() and cidr()
    c->out->note = STR("an IPv4 address written as one of IPv6 (::ffff:...) is none to CEL, and is not looked for");
    const struct expr both[2] = {
        expr_text(c, BIND_MEMBER, "isIP(%.*s)", STR_ARG(m->value)),
        expr_text(c, BIND_MEMBER, "cidr(%.*s).containsIP(%.*s)", STR_ARG(cel_string(c, p->text)), STR_ARG(m->value)),
    };
    return expr_and(c, both, 2);
}

static struct expr text_matches(struct matching *m, const struct pattern *p)
{
    switch (p->op) {
    case PATTERN_CONTAINS:
        return call(m, p, "contains", p->text);
    case PATTERN_PREFIX:
        return call(m, p, "startsWith", p->text);
    case PATTERN_SUFFIX:
        return call(m, p, "endsWith", p->text);
    case PATTERN_GLOB:
        return glob(m, p);
    case PATTERN_REGEX:
        return regex(m, p);
    case PATTERN_CIDR:
        return network(m, p);
    case PATTERN_NUMBER:
        return cel_refuse(m->cel, "a text is compared as a number");
    default:
        return cel_refuse(m->cel, "parts of a time are asked for");
    }
}

static bool is_utf8(const struct pattern *p)
{
    bool good = !p->text.ptr || utf8_invalid_at(p->text) == SIZE_MAX;
    for (size_t i = 0; i < p->n_glob; i++)
        good = good && (p->glob[i].kind != GLOB_LITERAL || utf8_invalid_at(p->glob[i].text) == SIZE_MAX);
    return good;
}

static struct expr text_patterns(struct cel *c, struct str value, const struct asked *asked)
{
    struct matching m = {.cel = c, .value = value, .items = arena_array(c->arena, struct expr, asked->n + 2)};
    buf_init(&m.exact, SIZE_MAX);
    buf_init(&m.folded, SIZE_MAX);
    for (size_t i = 0; i < asked->n; i++) {
        const struct pattern *p = &asked->tests[i]->pattern;
        if (!is_utf8(p))
            m.items[m.n++] = cel_refuse(c, "a text is looked for that is not UTF-8");
        else if (p->op == PATTERN_ANY)
            m.items[m.n++] = expr_constant(true);
        else if (p->op == PATTERN_EQUALS)
            add_equal(&m, p);
        else
            m.items[m.n++] = text_matches(&m, p);
    }
    if (m.n_exact)
        m.items[m.n++] = equal_to(c, value, &m.exact, m.n_exact);
    if (m.n_folded)
        m.items[m.n++] = equal_to(c, folded_value(c, value), &m.folded, m.n_folded);
    buf_fini(&m.exact);
    buf_fini(&m.folded);
    return expr_or(c, m.items, m.n);
}

// --- booleans and numbers --------------------------------------------------------------------------------------------------------

// There are two values to try.
static struct expr bool_pattern(struct cel *c, struct str value, const struct pattern *p)
{
    bool gave_up = false;
    const bool yes = pattern_matches(p, (struct scalar){JSON_TRUE, STR("true")}, &gave_up);
    const bool no = pattern_matches(p, (struct scalar){JSON_FALSE, STR("false")}, &gave_up);
    if (yes == no)
        return expr_constant(yes);
    return expr_text(c, BIND_RELATION, "%.*s == %s", STR_ARG(value), yes ? "true" : "false");
}

// As a bound of an integer: 2.5 lies between 2 and 3.
static struct expr compare_int(struct cel *c, struct str value, enum compare how, double bound)
{
    const bool whole = floor(bound) == bound;
    if (fabs(bound) > 1e15)
        return cel_refuse(c, "a number is too large to be compared exactly");
    switch (how) {
    case COMPARE_EQ:
        return whole ? expr_text(c, BIND_RELATION, "%.*s == %.0f", STR_ARG(value), bound) : expr_constant(false);
    case COMPARE_LT:
        return expr_text(c, BIND_RELATION, "%.*s < %.0f", STR_ARG(value), ceil(bound));
    case COMPARE_LTE:
        return expr_text(c, BIND_RELATION, "%.*s <= %.0f", STR_ARG(value), floor(bound));
    case COMPARE_GT:
        return expr_text(c, BIND_RELATION, "%.*s > %.0f", STR_ARG(value), floor(bound));
    case COMPARE_GTE:
        return expr_text(c, BIND_RELATION, "%.*s >= %.0f", STR_ARG(value), ceil(bound));
    }
    return expr_constant(false);
}

static bool is_canonical(struct str s, double *out)
{
    char again[32];
    if (!s.len || s.len > 15 || !str_to_double(s, out) || floor(*out) != *out)
        return false;
    const int len = __builtin_snprintf(again, sizeof again, "%.0f", *out);
    return str_eq(str_make(again, (size_t)len), s);
}

static struct expr int_pattern(struct cel *c, struct str value, const struct node *test, const struct asked *asked)
{
    const struct pattern *p = &test->pattern;
    const struct asked one = {.question = ASK_PATTERNS, .tests = &test, .n = 1, .field = asked->field};
    double number;
    if (p->op == PATTERN_ANY)
        return expr_constant(true);
    if (p->op == PATTERN_NUMBER)
        return compare_int(c, value, p->compare, p->number);
    if (p->op == PATTERN_EQUALS && p->number_too)
        return compare_int(c, value, COMPARE_EQ, p->number);
    if (p->op == PATTERN_EQUALS)
        return is_canonical(p->text, &number) ? compare_int(c, value, COMPARE_EQ, number) : expr_constant(false);
    if (p->op == PATTERN_CIDR) // of a text only
        return expr_constant(false);
    return text_patterns(c, arena_printf(c->arena, "string(%.*s)", STR_ARG(value)), &one);
}

static struct expr other_pattern(struct cel *c, const struct pattern *p, enum shape_kind kind)
{
    if (p->op == PATTERN_ANY)
        return expr_constant(true);
    if (kind == SHAPE_OBJECT || kind == SHAPE_MAP)
        return expr_constant(false);
    return cel_refuse(c, "a value is compared that Kubernetes writes in several ways, or that is not known here");
}

static struct expr derived_patterns(struct cel *c, struct str value, const struct asked *asked)
{
    const struct field *f = asked->field;
    struct str list;
    if (f->then || !cel_transform(c, f->transform->name, value, &list))
        return cel_refuse(c, "there is no CEL for the transform %.*s", STR_ARG(f->then ? f->then->name : f->transform->name));
    const struct str name = cel_name(c, STR("parts"));
    const struct expr inner = text_patterns(c, name, asked);
    cel_name_done(c);
    if (inner.is != EXPR_IS_TEXT)
        return inner.is == EXPR_IS_TRUE ? expr_text(c, BIND_RELATION, "size(%.*s) > 0", STR_ARG(list)) : inner;
    return expr_text(c, BIND_MEMBER, "%.*s.exists(%.*s, %.*s)", STR_ARG(list), STR_ARG(name), STR_ARG(inner.text));
}

struct expr cel_patterns(struct cel *c, struct str value, struct shape shape, const struct asked *asked)
{
    const enum shape_kind kind = shape_kind(shape);
    struct expr *items = arena_array(c->arena, struct expr, asked->n + 1);
    if (asked->field->pick != PICK_ALL)
        return cel_refuse(c, "only the first or last of several values counts");
    if (kind == SHAPE_STRING)
        return asked->field->transform ? derived_patterns(c, value, asked) : text_patterns(c, value, asked);
    for (size_t i = 0; i < asked->n; i++) {
        const struct node *test = asked->tests[i];
        items[i] = kind == SHAPE_BOOL  ? bool_pattern(c, value, &test->pattern)
                   : kind == SHAPE_INT ? int_pattern(c, value, test, asked)
                                       : other_pattern(c, &test->pattern, kind);
    }
    return expr_or(c, items, asked->n);
}

// --- two values ------------------------------------------------------------------------------------------------------------------

static struct expr compare_texts(struct cel *c, const struct pattern *p, struct str value, struct str other)
{
    const char *const function = p->how == PATTERN_CONTAINS ? "contains" : p->how == PATTERN_PREFIX ? "startsWith" : "endsWith";
    if (!p->cased) {
        value = folded_value(c, value);
        other = folded_value(c, other);
    }
    if (p->how == PATTERN_EQUALS)
        return expr_text(c, BIND_RELATION, "%.*s == %.*s", STR_ARG(value), STR_ARG(other));
    return expr_text(c, BIND_MEMBER, "%.*s.%s(%.*s)", STR_ARG(value), function, STR_ARG(other));
}

// The text of a value; ptr NULL: it has none, or none that is known.
static struct str text_of(struct cel *c, struct compared v)
{
    switch (shape_kind(v.shape)) {
    case SHAPE_STRING:
        return v.value;
    case SHAPE_BOOL:
        return arena_printf(c->arena, "(%.*s ? 'true' : 'false')", STR_ARG(v.value));
    case SHAPE_INT:
        return arena_printf(c->arena, "string(%.*s)", STR_ARG(v.value));
    case SHAPE_OBJECT:
    case SHAPE_MAP:
        return STR_NONE;
    default:
        (void)cel_refuse(c, "a value is compared that Kubernetes writes in several ways, or that is not known here");
        return STR_NONE;
    }
}

struct expr cel_compare(struct cel *c, const struct pattern *how, struct compared value, struct compared other)
{
    if (value.field->pick != PICK_ALL || other.field->pick != PICK_ALL)
        return cel_refuse(c, "only the first or last of several values counts");
    if (value.field->transform || other.field->transform)
        return cel_refuse(c, "two fields are compared, and one of them is made from what is there");
    const struct str text = text_of(c, value), other_text = text_of(c, other);
    return text.ptr && other_text.ptr ? compare_texts(c, how, text, other_text) : expr_constant(false);
}
