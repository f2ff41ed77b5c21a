// SPDX-License-Identifier: Apache-2.0
#include "item.h"

#include "address.h"
#include "lint.h"
#include "regex.h"

#include <math.h>

// --- values that are not text ----------------------------------------------------------------------------------------------------

static bool make_regex(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out)
{
    struct regex_error error;
    struct str text = arena_str(d->c->arena, value_text(d, value));
    const void *regex = regex_compile(d->c->arena, text, k->regex_flags, &error);
    if (!regex) {
        refuse(d, yaml_place_in(d->source, v, error.offset), "regular expression does not compile: %s", error.text);
        return false;
    }
    *out = (struct pattern){.op = PATTERN_REGEX, .cased = true, .text = text, .regex_flags = k->regex_flags, .regex = regex};
    out->literal = regex_literal(d->c->arena, text, k->regex_flags);
    return true;
}

static bool make_cidr(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out)
{
    (void)k;
    struct str text = arena_str(d->c->arena, value_text(d, value));
    *out = (struct pattern){.op = PATTERN_CIDR, .text = text};
    switch (cidr_parse(text, &out->cidr)) {
    case CIDR_OK:
        return true;
    case CIDR_MALFORMED:
        refuse(d, value_place(d, v), "'%.*s' is not a network: write address/bits, such as 10.0.0.0/8 or fd00::/8", STR_ARG(text));
        return false;
    case CIDR_HOST_BITS:
        refuse(d, value_place(d, v), "network '%.*s' has bits set behind its prefix: clear them, or shorten the prefix to none",
               STR_ARG(text));
        return false;
    }
    return false;
}

static bool make_field(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out)
{
    if (value_has_wildcard(value)) {
        refuse(d, value_place(d, v), "a field's name cannot have wildcards: use fieldref|startswith, |endswith or |contains");
        return false;
    }
    struct str text = arena_str(d->c->arena, value_text(d, value));
    if (text.len == 0) {
        refuse(d, value_place(d, v), "fieldref needs the name of a field");
        return false;
    }
    *out = (struct pattern){.op = PATTERN_FIELD, .cased = k->families & MOD_CASED, .text = text, .how = k->how};
    return true;
}

static bool read_number(struct document *d, const struct yaml_value *v, const struct key *k, double *out)
{
    if (yaml_number(v, out) && isfinite(*out))
        return true;
    struct str name = k->items[k->n - 1].modifier->name;
    refuse(d, value_place(d, v), "modifier '%.*s' needs a number%s", STR_ARG(name), v->kind == YAML_STRING ? ", not a text" : "");
    return false;
}

static bool make_number(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out)
{
    (void)value;
    *out = (struct pattern){.op = PATTERN_NUMBER, .compare = k->compare, .text = kept_text(d, v)};
    return read_number(d, v, k, &out->number);
}

static bool make_date(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out)
{
    static const struct {
        const char *name;
        double low, high;
    } ranges[] = {
        [DATE_MINUTE] = {"a minute", 0, 59}, [DATE_HOUR] = {"an hour", 0, 23},  [DATE_DAY] = {"a day", 1, 31},
        [DATE_WEEK] = {"a week", 1, 53},     [DATE_MONTH] = {"a month", 1, 12}, [DATE_YEAR] = {"a year", 0, 9999},
    };
    (void)value;
    *out = (struct pattern){.op = PATTERN_DATE, .date = k->date, .compare = k->compare, .text = kept_text(d, v)};
    if (!read_number(d, v, k, &out->number))
        return false;
    if (out->number >= ranges[k->date].low && out->number <= ranges[k->date].high && floor(out->number) == out->number)
        return true;
    refuse(d, value_place(d, v), "'%.*s' is not %s: whole numbers from %.0f to %.0f", STR_ARG(v->text), ranges[k->date].name,
           ranges[k->date].low, ranges[k->date].high);
    return false;
}

// Which family decides what a value is; text when none of them stands in the key.
static const struct value_type {
    unsigned family;
    enum value_reading reading;
    bool numeric; // the YAML value itself is a number
    bool (*make)(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out);
} types[] = {
    {MOD_RE, VALUE_RAW, false, make_regex}, {MOD_CIDR, VALUE_RAW, false, make_cidr},     {MOD_FIELD, VALUE_WILDCARDS, false, make_field},
    {MOD_DATE, VALUE_RAW, true, make_date}, {MOD_COMPARE, VALUE_RAW, true, make_number},
};

static const struct value_type *type_of(const struct key *k)
{
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (k->families & types[i].family)
            return &types[i];
    return NULL;
}

// --- text ------------------------------------------------------------------------------------------------------------------------

static bool transform(struct document *d, const struct yaml_value *v, const struct key *k, struct values *list)
{
    for (size_t i = 0; i < k->n; i++) {
        transform_fn *apply = k->items[i].modifier->transform;
        if (!apply)
            continue;
        struct values out = {0};
        for (size_t j = 0; j < list->n; j++)
            if (!apply(d, v, list->items[j], &out))
                return false;
        *list = out;
    }
    return true;
}

static struct str scalar_text(const struct yaml_value *v)
{
    if (v->kind == YAML_BOOL)
        return v->boolean ? STR("true") : STR("false"); // as JSON writes it
    return v->text;
}

// Anywhere in a value, unless the key says where.
static bool make_keyword(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out)
{
    struct values around = {0};
    if (!(k->families & MOD_PLACE)) {
        if (!transform_contains(d, v, value, &around))
            return false;
        value = around.items[0];
    }
    *out = value_pattern(d, value);
    out->cased = k->families & MOD_CASED;
    return true;
}

static bool make_text(struct document *d, const struct yaml_value *v, const struct key *k, struct value value, struct pattern *out)
{
    if (k->field.len == 0)
        return make_keyword(d, v, k, value, out);
    *out = value_pattern(d, value);
    out->cased = k->families & MOD_CASED;
    double number;
    bool changed = k->families & (MOD_PLACE | MOD_ENCODE | MOD_DASH | MOD_EXPAND);
    if (!changed && out->op == PATTERN_EQUALS && yaml_number(v, &number) && isfinite(number)) {
        out->number_too = true;
        out->number = number;
    }
    return true;
}

// --- nodes -----------------------------------------------------------------------------------------------------------------------

static struct node *test_new(struct document *d, const struct yaml_value *at, const struct key *k, struct pattern pattern)
{
    struct node *n = node_new(d, k->field.len ? NODE_TEST : NODE_KEYWORD, at);
    if (!n)
        return NULL;
    n->field = k->field.len ? arena_str(d->c->arena, k->field) : STR_NONE;
    n->pattern = pattern;
    return n;
}

static struct node *compile_exists(struct document *d, const struct yaml_value *item, const struct yaml_value *v, const struct key *k)
{
    if (v->kind != YAML_BOOL) {
        refuse(d, value_place(d, v), "exists needs true or false");
        return NULL;
    }
    struct node *test = test_new(d, item, k, (struct pattern){.op = PATTERN_EXISTS});
    return test && !v->boolean ? node_negate(d, test, item) : test;
}

static struct node *compile_null(struct document *d, const struct yaml_value *item, const struct key *k)
{
    unsigned harmless = MOD_NEQ | MOD_ALL | MOD_CASED;
    if (k->field.len == 0) {
        refuse(d, value_place(d, item), "null needs a field: it cannot be a keyword");
        return NULL;
    }
    if (k->families & ~harmless) {
        refuse(d, value_place(d, item), "null cannot be modified: write the field without modifiers");
        return NULL;
    }
    return test_new(d, item, k, (struct pattern){.op = PATTERN_NULL});
}

// One written value: the alternatives it stands for, joined by or.
static struct node *compile_value(struct document *d, const struct yaml_value *item, const struct yaml_value *v, const struct key *k)
{
    const struct value_type *type = type_of(k);
    bool expand = k->families & MOD_EXPAND;
    struct values list = {0};
    if (!values_read(d, v, scalar_text(v), type ? type->reading : VALUE_WILDCARDS, expand, &list))
        return NULL;
    if (!type && !transform(d, v, k, &list))
        return NULL;
    struct node **tests = arena_array(d->c->arena, struct node *, list.n);
    for (size_t i = 0; i < list.n; i++) {
        struct pattern pattern;
        if (!(type ? type->make : make_text)(d, v, k, list.items[i], &pattern))
            return NULL;
        lint_value(d, v, k->field, &pattern);
        tests[i] = test_new(d, item, k, pattern);
        if (!tests[i])
            return NULL;
    }
    return node_join(d, NODE_OR, tests, list.n, item);
}

static struct node *compile_scalar(struct document *d, const struct yaml_value *item, const struct yaml_value *v, const struct key *k)
{
    if (k->families & MOD_EXISTS)
        return compile_exists(d, item, v, k);
    if (v->kind == YAML_NULL)
        return compile_null(d, item, k);
    return compile_value(d, item, v, k);
}

static bool check_list_value(struct document *d, const struct yaml_value *v, const struct key *k)
{
    if (v->kind == YAML_NULL)
        refuse(d, value_place(d, v), "null cannot be one of several values: test it in a selection of its own");
    else if (v->kind >= YAML_LIST && k->field.len)
        refuse(d, value_place(d, v), "a value of a field cannot be a %s", v->kind == YAML_LIST ? "list" : "map");
    else if (v->kind >= YAML_LIST)
        refuse(d, value_place(d, v), "a keyword cannot be a %s", v->kind == YAML_LIST ? "list" : "map");
    else
        return true;
    return false;
}

static struct node *compile_list(struct document *d, const struct yaml_value *item, const struct key *k)
{
    if (item->count == 0) {
        refuse(d, value_place(d, item), "the list is empty: nothing can match");
        return NULL;
    }
    if (k->families & MOD_EXISTS) {
        refuse(d, value_place(d, item), "exists needs true or false, not a list");
        return NULL;
    }
    struct node **values = arena_array(d->c->arena, struct node *, item->count);
    size_t n = 0;
    for (const struct yaml_value *v = item->first; v; v = v->next) {
        if (!check_list_value(d, v, k))
            return NULL;
        values[n] = compile_scalar(d, item, v, k);
        if (!values[n++])
            return NULL;
    }
    return node_join(d, k->families & MOD_ALL ? NODE_AND : NODE_OR, values, n, item);
}

struct node *item_compile(struct document *d, const struct yaml_value *item, const struct key *k)
{
    if (item->kind == YAML_MAP) {
        refuse(d, value_place(d, item), "the value of a field cannot be a map; for items of one array element write %.*s|same",
               STR_ARG(k->field));
        return NULL;
    }
    lint_field(d, item, k->field);
    struct node *n = item->kind == YAML_LIST ? compile_list(d, item, k) : compile_scalar(d, item, item, k);
    return n && k->families & MOD_NEQ ? node_negate(d, n, item) : n;
}

struct node *keyword_compile(struct document *d, const struct yaml_value *value)
{
    struct key none = {.how = PATTERN_EQUALS};
    return item_compile(d, value, &none);
}
