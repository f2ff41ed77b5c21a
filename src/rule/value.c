// SPDX-License-Identifier: Apache-2.0
#include "value.h"

#include "base/vec.h"

#include <string.h>

bool values_add(struct document *d, struct values *list, struct value v, const struct yaml_value *at)
{
    if (list->n == VALUE_ALTERNATIVES_MAX) {
        refuse(d, value_place(d, at), "this value stands for more than %d alternatives", VALUE_ALTERNATIVES_MAX);
        return false;
    }
    if (list->n == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 4;
        struct value *bigger = arena_array(d->c->scratch, struct value, list->cap);
        if (list->n)
            memcpy(bigger, list->items, list->n * sizeof *bigger);
        list->items = bigger;
    }
    list->items[list->n++] = v;
    return true;
}

struct value value_literal(struct document *d, struct str text)
{
    struct value v = {arena_new(d->c->scratch, struct glob_token), 1};
    v.tokens[0] = (struct glob_token){GLOB_LITERAL, text};
    return v;
}

struct value value_concat(struct document *d, struct value a, struct value b)
{
    struct value v = {arena_array(d->c->scratch, struct glob_token, a.n + b.n), a.n + b.n};
    if (a.n)
        memcpy(v.tokens, a.tokens, a.n * sizeof *v.tokens);
    if (b.n)
        memcpy(v.tokens + a.n, b.tokens, b.n * sizeof *v.tokens);
    return v;
}

// The alternative that the counter stands for: digit i of it is the option taken from slot i.
static struct value combination(struct document *d, const struct slot *slots, size_t n, size_t number)
{
    size_t tokens = 0;
    for (size_t i = 0, rest = number; i < n; rest /= slots[i++].n)
        tokens += slots[i].options[rest % slots[i].n].n;
    struct value v = {arena_array(d->c->scratch, struct glob_token, tokens), 0};
    for (size_t i = 0, rest = number; i < n; rest /= slots[i++].n) {
        struct value part = slots[i].options[rest % slots[i].n];
        if (part.n)
            memcpy(v.tokens + v.n, part.tokens, part.n * sizeof *part.tokens);
        v.n += part.n;
    }
    return v;
}

bool values_combine(struct document *d, const struct slot *slots, size_t n, struct values *out, const struct yaml_value *at)
{
    size_t total = 1, tokens = 0;
    for (size_t i = 0; i < n; i++) {
        total = total > VALUE_ALTERNATIVES_MAX ? total : total * slots[i].n;
        size_t longest = 0;
        for (size_t j = 0; j < slots[i].n; j++)
            longest = slots[i].options[j].n > longest ? slots[i].options[j].n : longest;
        tokens += longest;
    }
    if (total > VALUE_ALTERNATIVES_MAX || (tokens && total > VALUE_TOKENS_MAX / tokens + 1)) {
        refuse(d, value_place(d, at), "this value stands for more than %d alternatives", VALUE_ALTERNATIVES_MAX);
        return false;
    }
    for (size_t number = 0; number < total; number++)
        if (!values_add(d, out, combination(d, slots, n, number), at))
            return false;
    return true;
}

bool value_has_wildcard(struct value v)
{
    for (size_t i = 0; i < v.n; i++)
        if (v.tokens[i].kind != GLOB_LITERAL)
            return true;
    return false;
}

struct str value_text(struct document *d, struct value v)
{
    if (v.n == 1)
        return v.tokens[0].text;
    size_t len = 0;
    for (size_t i = 0; i < v.n; i++)
        len += v.tokens[i].text.len;
    char *text = arena_alloc(d->c->scratch, len + 1);
    size_t at = 0;
    for (size_t i = 0; i < v.n; i++) {
        struct str part = v.tokens[i].text;
        if (part.len)
            memcpy(text + at, part.ptr, part.len);
        at += part.len;
    }
    return str_make(text, len);
}

// --- wildcards -------------------------------------------------------------------------------------------------------------------

// A backslash escapes *, ? and itself; before anything else, and at the end, it is itself. With placeholders also %.
static bool is_escape(struct str text, size_t i, bool expand)
{
    if (text.ptr[i] != '\\' || i + 1 == text.len)
        return false;
    char next = text.ptr[i + 1];
    return next == '*' || next == '?' || next == '\\' || (expand && next == '%');
}

static size_t count_wildcards(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '*' || text.ptr[i] == '?';
    return n;
}

static struct value read_wildcards(struct document *d, struct str text, bool expand)
{
    struct value v = {arena_array(d->c->scratch, struct glob_token, 2 * count_wildcards(text) + 1), 0};
    char *literal = arena_alloc(d->c->scratch, text.len + 1);
    size_t start = 0, len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (is_escape(text, i, expand)) {
            literal[len++] = text.ptr[++i];
        } else if (c == '*' || c == '?') {
            if (len > start)
                v.tokens[v.n++] = (struct glob_token){GLOB_LITERAL, str_make(literal + start, len - start)};
            start = len;
            v.tokens[v.n++] = (struct glob_token){c == '*' ? GLOB_RUN : GLOB_ONE, STR_NONE};
        } else {
            literal[len++] = c;
        }
    }
    if (len > start || v.n == 0)
        v.tokens[v.n++] = (struct glob_token){GLOB_LITERAL, str_make(literal + start, len - start)};
    return v;
}

// Raw text in a value with placeholders: only \% is an escape.
static struct value read_raw(struct document *d, struct str text, bool expand)
{
    if (!expand || str_find(text, STR("\\%"), 0) == SIZE_MAX)
        return value_literal(d, text);
    char *literal = arena_alloc(d->c->scratch, text.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\\' && i + 1 < text.len && text.ptr[i + 1] == '%')
            i++;
        literal[len++] = text.ptr[i];
    }
    return value_literal(d, str_make(literal, len));
}

static struct value read_part(struct document *d, struct str text, enum value_reading reading, bool expand)
{
    return reading == VALUE_RAW ? read_raw(d, text, expand) : read_wildcards(d, text, expand);
}

// --- placeholders ----------------------------------------------------------------------------------------------------------------

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || c == '_' || (char_lower(c) >= 'a' && char_lower(c) <= 'z') || (unsigned char)c >= 0x80;
}

// Finds the next %name% that no backslash escapes, at or after `from`: its start, end and name.
static bool find_placeholder(struct str text, size_t from, size_t *start, size_t *end, struct str *name)
{
    for (size_t i = from; (i = str_find_char(text, '%', i)) != SIZE_MAX; i++) {
        size_t close = i + 1;
        while (close < text.len && is_word(text.ptr[close]))
            close++;
        if ((i > 0 && text.ptr[i - 1] == '\\') || close == i + 1 || close == text.len || text.ptr[close] != '%')
            continue;
        *start = i;
        *end = close + 1;
        *name = str_slice(text, i + 1, close);
        return true;
    }
    return false;
}

static bool find_values(const struct placeholders *known, struct str name, struct str **values, size_t *n)
{
    for (size_t i = 0; known && i < known->n; i++)
        if (str_eq(known->items[i].name, name)) {
            *values = known->items[i].values;
            *n = known->items[i].n;
            return true;
        }
    return false;
}

typedef VEC(struct slot) slots;

static void add_text(struct document *d, struct str text, enum value_reading reading, slots *list)
{
    struct value *option = arena_new(d->c->scratch, struct value);
    *option = text.len ? read_part(d, text, reading, true) : (struct value){0};
    *vec_push(list) = (struct slot){option, 1};
}

static bool add_placeholder(struct document *d, const struct yaml_value *at, struct str name, enum value_reading reading, slots *list)
{
    struct str *texts;
    size_t n;
    if (!find_values(d->c->options->placeholders, name, &texts, &n)) {
        refuse(d, value_place(d, at), "placeholder %%%.*s%% has no values here: give them with --placeholders", STR_ARG(name));
        return false;
    }
    if (n == 0) {
        refuse(d, value_place(d, at), "the list of placeholder %%%.*s%% is empty", STR_ARG(name));
        return false;
    }
    struct value *options = arena_array(d->c->scratch, struct value, n);
    for (size_t i = 0; i < n; i++)
        options[i] = read_part(d, texts[i], reading, false);
    *vec_push(list) = (struct slot){options, n};
    return true;
}

bool values_read(struct document *d, const struct yaml_value *at, struct str text, enum value_reading reading, bool expand,
                 struct values *out)
{
    size_t from = 0, start, end;
    struct str name;
    if (text.len > VALUE_LENGTH_MAX) {
        refuse(d, value_place(d, at), "this value is longer than %d bytes", VALUE_LENGTH_MAX);
        return false;
    }
    if (!expand || !find_placeholder(text, 0, &start, &end, &name))
        return values_add(d, out, read_part(d, text, reading, expand), at);
    slots list = {0};
    bool known = true;
    for (; known && find_placeholder(text, from, &start, &end, &name); from = end) {
        add_text(d, str_slice(text, from, start), reading, &list);
        known = add_placeholder(d, at, name, reading, &list);
    }
    add_text(d, str_slice(text, from, text.len), reading, &list);
    known = known && values_combine(d, list.items, list.n, out, at);
    vec_fini(&list);
    return known;
}

// --- to a pattern ----------------------------------------------------------------------------------------------------------------

// Neighbouring literals in one, neighbouring runs in one, empty literals gone; literals kept.
static struct value normalise(struct document *d, struct value v)
{
    struct value out = {arena_array(d->c->arena, struct glob_token, v.n + 1), 0};
    for (size_t i = 0; i < v.n;) {
        if (v.tokens[i].kind != GLOB_LITERAL) {
            bool again = v.tokens[i].kind == GLOB_RUN && out.n && out.tokens[out.n - 1].kind == GLOB_RUN;
            if (!again)
                out.tokens[out.n++] = v.tokens[i];
            i++;
            continue;
        }
        size_t end = i;
        while (end < v.n && v.tokens[end].kind == GLOB_LITERAL)
            end++;
        struct str text = value_text(d, (struct value){v.tokens + i, end - i});
        if (text.len)
            out.tokens[out.n++] = (struct glob_token){GLOB_LITERAL, arena_str(d->c->arena, text)};
        i = end;
    }
    return out;
}

struct pattern value_pattern(struct document *d, struct value v)
{
    v = normalise(d, v);
    struct glob_token *t = v.tokens;
    bool run_first = v.n && t[0].kind == GLOB_RUN, run_last = v.n && t[v.n - 1].kind == GLOB_RUN;
    if (v.n == 0)
        return (struct pattern){.op = PATTERN_EQUALS, .text = STR("")};
    if (v.n == 1 && run_first)
        return (struct pattern){.op = PATTERN_ANY};
    if (v.n == 1 && t[0].kind == GLOB_LITERAL)
        return (struct pattern){.op = PATTERN_EQUALS, .text = t[0].text};
    if (v.n == 2 && run_first && t[1].kind == GLOB_LITERAL)
        return (struct pattern){.op = PATTERN_SUFFIX, .text = t[1].text};
    if (v.n == 2 && run_last && t[0].kind == GLOB_LITERAL)
        return (struct pattern){.op = PATTERN_PREFIX, .text = t[0].text};
    if (v.n == 3 && run_first && run_last && t[1].kind == GLOB_LITERAL)
        return (struct pattern){.op = PATTERN_CONTAINS, .text = t[1].text};
    return (struct pattern){.op = PATTERN_GLOB, .glob = t, .n_glob = v.n};
}
