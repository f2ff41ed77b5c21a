// SPDX-License-Identifier: Apache-2.0
// Conditions judged on the whole tree: those that ask about one element of an array, and keywords. Exact, and only reached when the cheap
// part of a rule holds.
#include "base/status.h"
#include "detect/plan.h"

// What a field makes of a value: one pattern after the other asks for it.
struct derived {
    const struct field *field; // NULL: nothing yet
    const struct json_value *value;
    struct transform_out texts;
};

struct judge {
    const struct plan *plan;
    struct arena *arena;
    bool *gave_up;
    struct derived *derived;
};

static void pick_one(struct value_list *v, enum field_pick pick)
{
    const struct json_value *found = NULL;
    for (size_t i = 0; i < v->n && pick != PICK_ALL; i++)
        if (v->items[i]->kind < JSON_ARRAY && (!found || pick == PICK_LAST))
            found = v->items[i];
    if (found) {
        v->items[0] = found;
        v->n = 1;
    }
}

static bool value_satisfies(const struct judge *j, const struct field *field, const struct pattern *p, const struct json_value *v)
{
    if (!field->transform || v->kind != JSON_STRING)
        return pattern_matches(p, (struct scalar){v->kind, v->text}, j->gave_up);
    struct derived *d = j->derived;
    if (d->field != field || d->value != v) {
        *d = (struct derived){field, v, {.arena = j->arena}};
        field_derive(field, v->text, &d->texts);
    }
    for (size_t i = 0; i < d->texts.n; i++)
        if (pattern_matches(p, (struct scalar){JSON_STRING, d->texts.items[i]}, j->gave_up))
            return true;
    return false;
}

static bool judge_values(const struct judge *j, const struct field *field, const struct pattern *p, const struct value_list *v)
{
    bool null = v->n == 0;
    for (size_t i = 0; i < v->n; i++) {
        null = null || v->items[i]->kind == JSON_NULL;
        if (p->op != PATTERN_NULL && p->op != PATTERN_EXISTS && value_satisfies(j, field, p, v->items[i]))
            return true;
    }
    return p->op == PATTERN_NULL ? null : p->op == PATTERN_EXISTS ? v->n > 0 : false;
}

static bool has_text(const struct json_value *v)
{
    return v->text.ptr && v->kind != JSON_NULL;
}

static bool judge_field_pattern(const struct judge *j, const struct scope *scope, const struct json_value *element, const struct node *n,
                                const struct value_list *v)
{
    struct value_list others = {0};
    bool found = false;
    const struct field *other = scope_field(scope, n->pattern.text, j->arena);
    paths_collect(element, other->paths, other->n_paths, j->arena, &others);
    for (size_t i = 0; i < v->n && !found; i++)
        for (size_t k = 0; k < others.n && !found; k++)
            found = has_text(v->items[i]) && has_text(others.items[k]) &&
                    pattern_compare_text(n->pattern.how, n->pattern.cased, v->items[i]->text, others.items[k]->text);
    return found;
}

static bool judge_test(const struct judge *j, const struct scope *scope, const struct json_value *element, const struct node *n)
{
    const struct field *field = scope_field(scope, n->field, j->arena);
    struct value_list v = {0};
    paths_collect(element, field->paths, field->n_paths, j->arena, &v);
    pick_one(&v, field->pick);
    bool result = n->pattern.op == PATTERN_FIELD ? judge_field_pattern(j, scope, element, n, &v) : judge_values(j, field, &n->pattern, &v);
    return result;
}

static bool judge_element(const struct judge *j, const struct scope *scope, const struct json_value *element, const struct node *n)
{
    size_t yes = 0;
    if (n->kind == NODE_TEST)
        return judge_test(j, scope, element, n);
    for (size_t i = 0; i < n->n; i++)
        yes += judge_element(j, scope, element, n->children[i]);
    switch (n->kind) {
    case NODE_AND:
        return yes == n->n;
    case NODE_OR:
        return yes > 0;
    case NODE_NOT:
        return yes == 0;
    default:
        return yes >= n->count;
    }
}

static bool judge_same(const struct judge *j, const struct node *n, const struct json_value *record)
{
    const struct scope *scope = plan_scope(j->plan->dictionary, n->scope, j->arena);
    struct value_list elements = {0};
    bool found = false;
    paths_collect(record, scope->paths, scope->n_paths, j->arena, &elements);
    for (size_t i = 0; i < elements.n && !found; i++)
        found = elements.items[i]->kind == JSON_OBJECT && judge_element(j, scope, elements.items[i], n->children[0]);
    return found;
}

static bool judge_keyword(const struct judge *j, const struct node *n, const struct json_value *v)
{
    if (v->kind < JSON_ARRAY)
        return v->kind != JSON_NULL && pattern_matches(&n->pattern, (struct scalar){v->kind, v->text}, j->gave_up);
    for (const struct json_value *member = v->first; member; member = member->next)
        if (judge_keyword(j, n, member))
            return true;
    return false;
}

// NOLINTNEXTLINE(readability-non-const-parameter): written through the judge
bool tree_satisfies(const struct plan *p, const struct node *condition, const struct json_value *record, struct arena *a, bool *gave_up)
{
    struct derived derived = {0};
    const struct judge j = {.plan = p, .arena = a, .gave_up = gave_up, .derived = &derived};
    return condition->kind == NODE_SAME ? judge_same(&j, condition, record) : judge_keyword(&j, condition, record);
}
