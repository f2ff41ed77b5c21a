// SPDX-License-Identifier: Apache-2.0
#include "correlation.h"

#include "expression.h"

#include <math.h>

enum { GROUP_BY_MAX = 32, FIELDS_MAX = 16, CAPTURES_MAX = 256 };

// What each type needs in its condition.
enum need { NEED_BOUND = 1, NEED_FIELD = 2, MAY_BOUND = 4, MAY_EXPRESSION = 8, MAY_PERCENTILE = 16 };

static const struct type {
    struct str name;
    enum correlation_type type;
    unsigned needs;
} types[] = {
    {STR("event_count"), CORRELATION_EVENT_COUNT, NEED_BOUND},
    {STR("value_count"), CORRELATION_VALUE_COUNT, NEED_BOUND | NEED_FIELD},
    {STR("temporal"), CORRELATION_TEMPORAL, MAY_BOUND | MAY_EXPRESSION},
    {STR("temporal_ordered"), CORRELATION_TEMPORAL_ORDERED, MAY_BOUND | MAY_EXPRESSION},
    {STR("value_sum"), CORRELATION_VALUE_SUM, NEED_BOUND | NEED_FIELD},
    {STR("value_avg"), CORRELATION_VALUE_AVG, NEED_BOUND | NEED_FIELD},
    {STR("value_percentile"), CORRELATION_VALUE_PERCENTILE, NEED_BOUND | NEED_FIELD | MAY_PERCENTILE},
    {STR("value_median"), CORRELATION_VALUE_MEDIAN, NEED_BOUND | NEED_FIELD},
    {STR("new_value"), CORRELATION_NEW_VALUE, NEED_FIELD},
};
enum { TYPES = sizeof types / sizeof types[0] };

static const struct type *find_type(const struct document *d, const struct yaml_value *map)
{
    const struct yaml_value *v = yaml_get(map, STR("type"));
    struct str names[TYPES];
    if (!v) {
        refuse(d, key_place(d, map), "the correlation has no type");
        return NULL;
    }
    for (size_t i = 0; i < TYPES; i++) {
        names[i] = types[i].name;
        if (str_eq(types[i].name, yaml_text(v)))
            return &types[i];
    }
    struct str hint = did_you_mean(d->c->scratch, yaml_text(v), names, TYPES);
    refuse(d, value_place(d, v), "unknown correlation type '%.*s'%.*s", STR_ARG(yaml_text(v)), STR_ARG(hint));
    return NULL;
}

// --- what the document says ------------------------------------------------------------------------------------------------------

static bool read_names(const struct document *d, const struct yaml_value *v, size_t max, struct str **out, size_t *n)
{
    *out = kept_list(d, v, n);
    if (!v)
        return true;
    if (*n == 0 || (v->kind == YAML_LIST && *n != v->count)) {
        refuse(d, value_place(d, v), "'%.*s' needs a name, or a list of names", STR_ARG(v->key));
        return false;
    }
    if (*n > max) {
        refuse(d, value_place(d, v), "'%.*s' names more than %zu fields", STR_ARG(v->key), max);
        return false;
    }
    return true;
}

static bool read_timespan(const struct document *d, const struct yaml_value *map, int64_t *out)
{
    const struct yaml_value *v = yaml_get(map, STR("timespan"));
    if (!v) {
        refuse(d, key_place(d, map), "the correlation has no timespan");
        return false;
    }
    if (timespan_parse(yaml_text(v), out))
        return true;
    refuse(d, value_place(d, v), "'%.*s' is not a timespan: write a number and one of s m h d, such as 90m", STR_ARG(yaml_text(v)));
    return false;
}

static bool read_generate(const struct document *d, const struct yaml_value *map, bool *out)
{
    const struct yaml_value *v = yaml_get(map, STR("generate"));
    if (!v)
        v = yaml_get(d->root, STR("generate"));
    if (v && v->kind != YAML_BOOL) {
        refuse(d, value_place(d, v), "generate needs true or false");
        return false;
    }
    *out = v && v->boolean;
    return true;
}

static bool find_operator(struct str name, struct correlation_bound *out)
{
    static const struct {
        struct str name;
        enum compare compare;
        bool negated;
    } operators[] = {
        {STR("gt"), COMPARE_GT, false},   {STR("gte"), COMPARE_GTE, false}, {STR("lt"), COMPARE_LT, false},
        {STR("lte"), COMPARE_LTE, false}, {STR("eq"), COMPARE_EQ, false},   {STR("neq"), COMPARE_EQ, true},
    };
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++)
        if (str_eq(operators[i].name, name)) {
            *out = (struct correlation_bound){operators[i].compare, operators[i].negated, 0};
            return true;
        }
    return false;
}

static bool read_bound(const struct document *d, const struct yaml_value *v, struct correlation *c)
{
    struct correlation_bound bound;
    if (!find_operator(v->key, &bound)) {
        refuse(d, key_place(d, v), "unknown key '%.*s' in the condition: gt, gte, lt, lte, eq, neq, field or percentile", STR_ARG(v->key));
        return false;
    }
    if (!yaml_number(v, &bound.number) || !isfinite(bound.number)) {
        refuse(d, value_place(d, v), "'%.*s' needs a number", STR_ARG(v->key));
        return false;
    }
    if (c->n_bounds == sizeof c->bounds / sizeof c->bounds[0]) {
        refuse(d, key_place(d, v), "more than four bounds in one condition");
        return false;
    }
    c->bounds[c->n_bounds++] = bound;
    return true;
}

static bool read_percentile(const struct document *d, const struct yaml_value *v, const struct type *t, struct correlation *c)
{
    if (!(t->needs & MAY_PERCENTILE)) {
        refuse(d, key_place(d, v), "percentile belongs to type value_percentile");
        return false;
    }
    if (yaml_number(v, &c->percentile) && c->percentile >= 0 && c->percentile <= 100)
        return true;
    refuse(d, value_place(d, v), "percentile needs a number from 0 to 100");
    return false;
}

static bool read_condition_map(const struct document *d, const struct yaml_value *condition, const struct type *t, struct correlation *c)
{
    c->percentile = 50;
    bool given = false;
    for (const struct yaml_value *v = condition->first; v; v = v->next) {
        bool percentile = str_eq(v->key, STR("percentile"));
        bool read;
        if (str_eq(v->key, STR("field")))
            read = read_names(d, v, FIELDS_MAX, &c->fields, &c->n_fields);
        else
            read = percentile ? read_percentile(d, v, t, c) : read_bound(d, v, c);
        if (!read)
            return false;
        given |= percentile;
    }
    if (t->needs & MAY_PERCENTILE && !given)
        warn(d, key_place(d, condition), "no percentile is given: taken as 50, the median");
    return true;
}

// All that a type's condition must and must not say.
static bool check_condition(const struct document *d, const struct yaml_value *at, const struct type *t, const struct correlation *c)
{
    if (t->needs & NEED_FIELD && c->n_fields == 0)
        refuse(d, key_place(d, at), "%.*s needs a field in its condition", STR_ARG(t->name));
    else if (!(t->needs & NEED_FIELD) && c->n_fields)
        refuse(d, key_place(d, at), "%.*s takes no field in its condition", STR_ARG(t->name));
    else if (t->needs & NEED_BOUND && c->n_bounds == 0)
        refuse(d, key_place(d, at), "%.*s needs a bound in its condition, such as gte: 10", STR_ARG(t->name));
    else if (!(t->needs & (NEED_BOUND | MAY_BOUND)) && c->n_bounds)
        refuse(d, key_place(d, at), "%.*s takes no bound in its condition", STR_ARG(t->name));
    else
        return true;
    return false;
}

static bool read_condition(struct draft *dr, const struct type *t)
{
    struct document *d = &dr->document;
    struct correlation *c = dr->rule.correlation;
    const struct yaml_value *v = yaml_get(dr->correlation, STR("condition"));
    if (v && v->kind == YAML_MAP)
        return read_condition_map(d, v, t, c) && check_condition(d, v, t, c);
    if (v && v->kind != YAML_STRING) {
        refuse(d, key_place(d, v), "the condition of a correlation is a map, such as gte: 10%s",
               t->needs & MAY_EXPRESSION ? ", or an expression over its rules" : "");
        return false;
    }
    if (!v)
        return check_condition(d, dr->correlation, t, c);
    if (t->needs & MAY_EXPRESSION)
        return expression_read(dr, v);
    refuse(d, value_place(d, v), "only temporal correlations have an expression over rules as condition");
    return false;
}

static bool read_rules(struct draft *dr)
{
    const struct document *d = &dr->document;
    const struct yaml_value *v = yaml_get(dr->correlation, STR("rules"));
    if (!v && dr->n_refs) // named by the expression
        return true;
    if (!v || v->kind == YAML_MAP || v->kind == YAML_NULL || (v->kind == YAML_LIST && v->count == 0)) {
        refuse(d, key_place(d, v ? v : dr->correlation), "the correlation names no rules");
        return false;
    }
    return references_read(dr, v);
}

bool correlation_read(struct draft *dr)
{
    struct document *d = &dr->document;
    const struct yaml_value *map = dr->correlation;
    if (map->kind != YAML_MAP) {
        refuse(d, key_place(d, map), "correlation must be a map");
        return false;
    }
    const struct type *t = find_type(d, map);
    if (!t)
        return false;
    struct correlation *c = dr->rule.correlation = arena_new(d->c->arena, struct correlation);
    c->type = t->type;
    return read_condition(dr, t) && read_rules(dr) && read_timespan(d, map, &c->timespan) && read_generate(d, map, &c->generate) &&
           read_names(d, yaml_get(map, STR("group-by")), GROUP_BY_MAX, &c->group_by, &c->n_group_by);
}

// --- what it refers to -----------------------------------------------------------------------------------------------------------

// The field that an alias stands for in one of the rules; NULL when the alias says nothing about it.
static const struct yaml_value *alias_member(const struct drafts *list, const struct yaml_value *alias, uint32_t target)
{
    for (const struct yaml_value *member = alias->first; member; member = member->next) {
        bool ambiguous;
        if (drafts_find(list, member->key, &ambiguous) == target)
            return member;
    }
    return NULL;
}

static bool check_aliases(const struct drafts *list, struct draft *dr)
{
    const struct document *d = &dr->document;
    const struct yaml_value *aliases = yaml_get(dr->correlation, STR("aliases"));
    if (!aliases)
        return true;
    if (aliases->kind != YAML_MAP) {
        refuse(d, key_place(d, aliases), "aliases must be a map: alias, then rule, then field");
        return false;
    }
    for (const struct yaml_value *alias = aliases->first; alias; alias = alias->next) {
        if (alias->kind != YAML_MAP) {
            refuse(d, key_place(d, alias), "alias '%.*s' must be a map of rule to field", STR_ARG(alias->key));
            return false;
        }
        for (const struct yaml_value *member = alias->first; member; member = member->next) {
            bool ambiguous;
            if (drafts_find(list, member->key, &ambiguous) == DRAFT_NONE) {
                refuse(d, key_place(d, member), "alias '%.*s': no rule is named '%.*s'", STR_ARG(alias->key), STR_ARG(member->key));
                return false;
            }
            if (member->kind >= YAML_LIST || !member->text.len) {
                refuse(d, value_place(d, member), "alias '%.*s' needs the name of a field", STR_ARG(alias->key));
                return false;
            }
        }
    }
    return true;
}

static struct str resolve_alias(const struct drafts *list, struct draft *dr, struct str name, uint32_t target)
{
    const struct yaml_value *alias = yaml_get(yaml_get(dr->correlation, STR("aliases")), name);
    if (!alias)
        return name;
    const struct yaml_value *member = alias_member(list, alias, target);
    if (member)
        return kept_text(&dr->document, member);
    if (dr->document.c->options->lint)
        warn(&dr->document, key_place(&dr->document, alias), "alias '%.*s' says nothing about rule '%.*s': the field of that name is taken",
             STR_ARG(name), STR_ARG(list->items[target].rule.id));
    return name;
}

struct capturing {
    struct drafts *list;
    const struct draft *dr; // the correlation that wants a value
    const struct yaml_value *at;
};

static bool refuse_capture(const struct capturing *c, const struct draft *target, const char *why)
{
    refuse(&c->dr->document, value_place(&c->dr->document, c->at), "rule '%.*s': %s", STR_ARG(target->rule.id), why);
    return false;
}

static bool has_capture(const struct draft *dr, struct str name, uint32_t *out)
{
    for (size_t i = 0; i < dr->captures.n; i++)
        if (str_eq(dr->captures.items[i], name)) {
            *out = (uint32_t)i;
            return true;
        }
    return false;
}

// Where the hits of a rule have the value. Those of a correlation have what it groups by; anything else it takes from the match that
// completes it, so that its inputs must have it too, and theirs.
static bool capture(const struct capturing *c, uint32_t target, struct str name, uint32_t *out, unsigned depth)
{
    enum { DEPTH_MAX = 32 };
    struct draft *dr = &c->list->items[target];
    if (has_capture(dr, name, out))
        return true;
    if (dr->captures.n == CAPTURES_MAX)
        return refuse_capture(c, dr, "correlations want too many of its fields");
    if (dr->rule.kind == RULE_CORRELATION) {
        if (depth == DEPTH_MAX)
            return refuse_capture(c, dr, "a field is wanted through too many correlations");
        uint32_t *row = arena_array(dr->document.c->scratch, uint32_t, dr->n_refs);
        for (size_t i = 0; i < dr->n_refs; i++)
            if (!capture(c, dr->refs[i].target, resolve_alias(c->list, dr, name, dr->refs[i].target), &row[i], depth + 1))
                return false;
        *vec_push(&dr->carried) = row;
    }
    *out = (uint32_t)dr->captures.n;
    *vec_push(&dr->captures) = name;
    return true;
}

static bool link_input(struct drafts *list, struct draft *dr, size_t input)
{
    struct correlation *c = dr->rule.correlation;
    const struct reference *ref = &dr->refs[input];
    const struct capturing capturing = {list, dr, ref->at};
    c->inputs[input] = ref->target; // a draft until link sorts the rules
    for (size_t g = 0; g < c->n_group_by; g++) {
        struct str field = resolve_alias(list, dr, c->group_by[g], ref->target);
        if (!capture(&capturing, ref->target, field, &c->group_by_capture[input * c->n_group_by + g], 0))
            return false;
    }
    for (size_t f = 0; f < c->n_fields; f++)
        if (!capture(&capturing, ref->target, c->fields[f], &c->field_capture[input * c->n_fields + f], 0))
            return false;
    return true;
}

bool correlation_link(struct drafts *list, struct draft *dr)
{
    struct correlation *c = dr->rule.correlation;
    struct arena *arena = dr->document.c->arena;
    if (!check_aliases(list, dr))
        return false;
    c->n_inputs = dr->n_refs;
    c->inputs = arena_array(arena, uint32_t, c->n_inputs);
    c->group_by_capture = arena_array(arena, uint32_t, c->n_inputs * c->n_group_by);
    c->field_capture = arena_array(arena, uint32_t, c->n_inputs * c->n_fields);
    for (size_t i = 0; i < c->n_inputs; i++)
        if (!link_input(list, dr, i))
            return false;
    for (size_t g = 0; g < c->n_group_by; g++)
        *vec_push(&dr->captures) = c->group_by[g];
    return expression_link(list, dr);
}
