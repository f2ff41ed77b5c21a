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

// --- fields and values -----------------------------------------------------------------------------------------------------------

const struct dictionary *lint_judge(const struct document *d, const struct rule *r)
{
    const struct dictionary *dictionary = d->c->options->dictionary;
    bool asked = d->c->options->lint && dictionary && dictionary_takes(dictionary, r->product, r->category, r->service);
    return asked ? dictionary : NULL;
}

static struct str join_path(struct arena *a, const struct field_path *path, struct str field)
{
    struct str joined = STR("");
    for (size_t i = 0; i < path->n; i++)
        joined = arena_printf(a, "%.*s%.*s.", STR_ARG(joined), STR_ARG(path->keys[i]));
    return arena_printf(a, "%.*s%.*s", STR_ARG(joined), STR_ARG(field));
}

// A field of an element: known to the scope, or below one of the places where such elements are.
static enum schema_answer judge_in_scope(const struct document *d, struct str field, struct str text, bool number, struct str *hint)
{
    struct arena *a = d->c->scratch;
    const struct scope *scope = dictionary_scope(d->judge, d->scope);
    if (!scope)
        return dictionary_judge(d->judge, arena_printf(a, "%.*s.%.*s", STR_ARG(d->scope), STR_ARG(field)), text, number, a, hint);
    for (size_t i = 0; i < scope->n_fields; i++)
        if (str_eq(scope->fields[i].name, field))
            return SCHEMA_YES;
    enum schema_answer answer = SCHEMA_YES;
    for (size_t i = 0; i < scope->n_paths; i++) {
        answer = dictionary_judge(d->judge, join_path(a, &scope->paths[i], field), text, number, a, hint);
        if (answer == SCHEMA_YES)
            break;
    }
    *hint = STR_NONE; // it would name a path from the root
    return answer;
}

static enum schema_answer judge(const struct document *d, struct str field, struct str text, bool number, struct str *hint)
{
    *hint = STR_NONE;
    if (!d->judge || !field.len)
        return SCHEMA_YES;
    if (d->scope.ptr)
        return judge_in_scope(d, field, text, number, hint);
    return dictionary_judge(d->judge, field, text, number, d->c->scratch, hint);
}

static const char *before(struct str hint)
{
    return hint.len ? "; did you mean " : "";
}

void lint_field(const struct document *d, const struct yaml_value *item, struct str field)
{
    struct str hint;
    if (judge(d, field, STR_NONE, false, &hint) != SCHEMA_UNKNOWN_FIELD)
        return;
    struct str stream = dictionary_stream(d->judge);
    const char *consequence = item->kind == YAML_NULL ? "always true" : "can never match";
    warn(d, key_place(d, item), "%s: %.*s events have no field '%.*s'%s%s%.*s", consequence, STR_ARG(stream), STR_ARG(field),
         d->scope.ptr ? " there" : "", before(hint), STR_ARG(hint));
}

void lint_value(const struct document *d, const struct yaml_value *v, struct str field, const struct pattern *p)
{
    struct str hint;
    struct str text = p->op == PATTERN_EQUALS ? p->text : STR_NONE;
    enum schema_answer answer = judge(d, field, text, p->op == PATTERN_NUMBER || p->number_too, &hint);
    if (answer == SCHEMA_WRONG_TYPE)
        warn(d, value_place(d, v), "can never match: field '%.*s' holds no such value as '%.*s'%s%.*s", STR_ARG(field), STR_ARG(v->text),
             hint.len ? ": it holds " : "", STR_ARG(hint));
    else if (answer == SCHEMA_NOT_IN_ENUM)
        warn(d, value_place(d, v), "can never match: field '%.*s' is never '%.*s'%s%.*s", STR_ARG(field), STR_ARG(v->text), before(hint),
             STR_ARG(hint));
    else if (p->op == PATTERN_FIELD && judge(d, p->text, STR_NONE, false, &hint) == SCHEMA_UNKNOWN_FIELD)
        warn(d, value_place(d, v), "can never match: there is no field '%.*s'%s%.*s", STR_ARG(p->text), before(hint), STR_ARG(hint));
}
