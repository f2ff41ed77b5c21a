// SPDX-License-Identifier: Apache-2.0
#include "filter.h"

#include "detection.h"
#include "expression.h"
#include "lint.h"

enum { PAIRS_MAX = 1 << 21 }; // of filter and rule, in all

static bool read_rules(struct draft *dr, const struct yaml_value *map)
{
    const struct document *d = &dr->document;
    const struct yaml_value *v = yaml_get(map, STR("rules"));
    if (!v || v->kind == YAML_NULL || v->kind == YAML_MAP || (v->kind == YAML_LIST && v->count == 0)) {
        refuse(d, key_place(d, v ? v : map), "the filter names no rules: list their ids or names, or write any");
        return false;
    }
    dr->any = str_eq_ci(yaml_text(v), STR("any"));
    return dr->any || references_read(dr, v);
}

bool filter_read(struct draft *dr, const struct yaml_value *map)
{
    struct selections s;
    if (map->kind != YAML_MAP) {
        refuse(&dr->document, key_place(&dr->document, map), "filter must be a map");
        return false;
    }
    if (!read_rules(dr, map) || !selections_read(&dr->document, map, &s))
        return false;
    dr->rule.condition = selections_condition(&dr->document, map, &s);
    if (!dr->rule.condition)
        return false;
    lint_unused(&dr->document, &s);
    return true;
}

static bool covers(struct str filter, struct str rule)
{
    return !filter.ptr || (rule.ptr && str_eq(filter, rule));
}

static bool covers_rule(const struct rule *filter, const struct rule *rule)
{
    return covers(filter->product, rule->product) && covers(filter->category, rule->category) && covers(filter->service, rule->service);
}

static void assign(struct drafts *list, uint32_t filter, uint32_t target)
{
    if (list->filtered++ < PAIRS_MAX)
        *vec_push(&list->items[target].filters) = filter;
}

static void assign_reference(struct drafts *list, uint32_t filter, struct reference *ref)
{
    const struct draft *f = &list->items[filter];
    bool ambiguous;
    uint32_t target = drafts_find(list, ref->name, &ambiguous);
    struct place at = value_place(&f->document, ref->at);
    if (ambiguous)
        warn(&f->document, at, "several rules are named '%.*s': the filter applies to none of them, write the id", STR_ARG(ref->name));
    else if (target == DRAFT_NONE)
        warn(&f->document, at, "no rule '%.*s' is loaded: the filter does nothing for it", STR_ARG(ref->name));
    else if (list->items[target].rule.kind != RULE_DETECTION)
        warn(&f->document, at, "'%.*s' is not a detection rule: filters apply to the rules that a correlation refers to",
             STR_ARG(ref->name));
    else if (!covers_rule(&f->rule, &list->items[target].rule))
        warn(&f->document, at, "the filter's logsource does not cover rule '%.*s': it is not applied", STR_ARG(ref->name));
    else if (!list->items[target].refused)
        assign(list, filter, target);
}

void filters_assign(struct drafts *list, uint32_t filter)
{
    struct draft *f = &list->items[filter];
    for (size_t i = 0; i < f->n_refs; i++)
        assign_reference(list, filter, &f->refs[i]);
    for (uint32_t i = 0; f->any && i < list->n; i++) {
        const struct draft *dr = &list->items[i];
        if (!dr->refused && dr->rule.kind == RULE_DETECTION && covers_rule(&f->rule, &dr->rule))
            assign(list, filter, i);
    }
    if (list->filtered > PAIRS_MAX) {
        refuse(&f->document, value_place(&f->document, f->document.root), "filters apply to rules more than %d times in all", PAIRS_MAX);
        list->filtered = PAIRS_MAX;
    }
}

bool filters_join(const struct drafts *list, struct draft *dr)
{
    if (dr->filters.n == 0)
        return true;
    struct node **parts = arena_array(dr->document.c->arena, struct node *, dr->filters.n + 1);
    parts[0] = dr->rule.condition;
    for (size_t i = 0; i < dr->filters.n; i++)
        parts[i + 1] = list->items[dr->filters.items[i]].rule.condition;
    dr->rule.condition = node_join(&dr->document, NODE_AND, parts, dr->filters.n + 1, dr->document.root);
    return dr->rule.condition != NULL;
}
