// SPDX-License-Identifier: Apache-2.0
#include "lint.h"

// --- the header ------------------------------------------------------------------------------------------------------------------

static bool is_uuid(struct str s)
{
    if (s.len != 36)
        return false;
    for (size_t i = 0; i < s.len; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        char c = char_lower(s.ptr[i]);
        if (hyphen ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

static void check_present(const struct document *d, const char *key, const char *why)
{
    if (!yaml_get(d->root, str_from_c(key)))
        warn(d, value_place(d, d->root), "there is no %s: %s", key, why);
}

static void check_one_of(const struct document *d, const char *key, const struct str *allowed, size_t n)
{
    const struct yaml_value *v = yaml_get(d->root, str_from_c(key));
    if (!v)
        return;
    for (size_t i = 0; i < n; i++)
        if (str_eq(yaml_text(v), allowed[i]))
            return;
    struct str hint = did_you_mean(d->c->scratch, yaml_text(v), allowed, n);
    warn(d, value_place(d, v), "unknown %s '%.*s'%.*s", key, STR_ARG(yaml_text(v)), STR_ARG(hint));
}

void lint_header(const struct document *d, const struct rule *r)
{
    static const struct str statuses[] = {STR("stable"), STR("test"), STR("experimental"), STR("deprecated"), STR("unsupported")};
    enum { LEVELS = LEVEL_CRITICAL + 1, TITLE_MAX = 256 };
    struct str levels[LEVELS];
    if (!d->c->options->lint)
        return;
    for (unsigned i = 0; i < LEVELS; i++)
        levels[i] = rule_level_name((enum rule_level)i);
    const struct yaml_value *id = yaml_get(d->root, STR("id")), *title = yaml_get(d->root, STR("title"));
    check_present(d, "id", "alerts, filters and correlations refer to it");
    check_present(d, "description", "say what the rule finds and why it matters");
    if (id && !is_uuid(yaml_text(id)))
        warn(d, value_place(d, id), "the id is not a UUID");
    if (r->title.len > TITLE_MAX)
        warn(d, value_place(d, title), "the title is longer than %d bytes", TITLE_MAX);
    if (r->kind == RULE_FILTER)
        return;
    check_present(d, "level", "taken as medium");
    check_present(d, "falsepositives", "say when it fires on something harmless");
    check_one_of(d, "level", levels, LEVELS);
    check_one_of(d, "status", statuses, sizeof statuses / sizeof statuses[0]);
}

void lint_unused(const struct document *d, const struct selections *s)
{
    for (size_t i = 0; d->c->options->lint && i < s->n; i++)
        if (!s->items[i].used)
            warn(d, key_place(d, s->items[i].at), "selection '%.*s' is not used by the condition", STR_ARG(s->items[i].name));
}

// --- the condition ---------------------------------------------------------------------------------------------------------------

static struct place node_place(const struct document *d, const struct node *n)
{
    struct yaml_value at = {.line = n->line, .column = n->column};
    return value_place(d, &at);
}

static void say_never(const struct document *d, const struct node *n, struct str field, struct str hint, enum schema_answer answer)
{
    struct str stream = dictionary_stream(d->c->options->dictionary);
    struct place at = node_place(d, n);
    bool absent = n->pattern.op == PATTERN_NULL;
    const char *mean = hint.len ? "; did you mean " : "";
    switch (answer) {
    case SCHEMA_YES:
        break;
    case SCHEMA_UNKNOWN_FIELD:
        warn(d, at, "%s: %.*s events have no field '%.*s'%s%.*s", absent ? "always true" : "can never match", STR_ARG(stream),
             STR_ARG(field), mean, STR_ARG(hint));
        break;
    case SCHEMA_WRONG_TYPE:
        warn(d, at, "can never match: field '%.*s' does not hold such a value as '%.*s'%s%.*s", STR_ARG(field), STR_ARG(n->pattern.text),
             mean, STR_ARG(hint));
        break;
    case SCHEMA_NOT_IN_ENUM:
        warn(d, at, "can never match: field '%.*s' is never '%.*s'%s%.*s", STR_ARG(field), STR_ARG(n->pattern.text), mean, STR_ARG(hint));
        break;
    }
}

static enum schema_answer judge(const struct document *d, const struct node *n, struct str field, struct str *hint)
{
    const struct pattern *p = &n->pattern;
    struct str text = p->op == PATTERN_EQUALS ? p->text : STR_NONE;
    bool number = p->op == PATTERN_NUMBER || p->number_too;
    *hint = STR_NONE;
    return dictionary_judge(d->c->options->dictionary, field, text, number, d->c->scratch, hint);
}

static void check_test(const struct document *d, const struct node *n)
{
    struct str hint;
    enum schema_answer answer = judge(d, n, n->field, &hint);
    say_never(d, n, n->field, hint, answer);
    if (n->pattern.op != PATTERN_FIELD)
        return;
    answer = judge(d, n, n->pattern.text, &hint);
    say_never(d, n, n->pattern.text, hint, answer);
}

static struct str join_path(struct arena *a, const struct field_path *path, struct str field)
{
    struct str joined = STR("");
    for (size_t i = 0; i < path->n; i++)
        joined = arena_printf(a, "%.*s%.*s.", STR_ARG(joined), STR_ARG(path->keys[i]));
    return arena_printf(a, "%.*s%.*s", STR_ARG(joined), STR_ARG(field));
}

// A field of an element: known to the scope, or below one of the places where such elements are.
static void check_in_scope(const struct document *d, const struct node *n, struct str scope_name)
{
    const struct scope *scope = dictionary_scope(d->c->options->dictionary, scope_name);
    struct str hint, field = arena_printf(d->c->scratch, "%.*s.%.*s", STR_ARG(scope_name), STR_ARG(n->field));
    if (!scope) {
        enum schema_answer answer = judge(d, n, field, &hint);
        say_never(d, n, field, hint, answer);
        return;
    }
    for (size_t i = 0; i < scope->n_fields; i++)
        if (str_eq(scope->fields[i].name, n->field))
            return;
    enum schema_answer last = SCHEMA_YES;
    for (size_t i = 0; i < scope->n_paths; i++) {
        last = judge(d, n, join_path(d->c->scratch, &scope->paths[i], n->field), &hint);
        if (last == SCHEMA_YES)
            return;
    }
    say_never(d, n, field, STR_NONE, last);
}

static void check_node(const struct document *d, const struct node *n, struct str scope)
{
    if (n->kind == NODE_TEST && scope.ptr)
        check_in_scope(d, n, scope);
    else if (n->kind == NODE_TEST)
        check_test(d, n);
    for (size_t i = 0; i < n->n; i++)
        check_node(d, n->children[i], n->kind == NODE_SAME ? n->scope : scope);
}

void lint_condition(const struct document *d, const struct rule *r)
{
    const struct dictionary *dictionary = d->c->options->dictionary;
    if (d->c->options->lint && dictionary && dictionary_takes(dictionary, r->product, r->category, r->service))
        check_node(d, r->condition, STR_NONE);
}
