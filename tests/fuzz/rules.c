// SPDX-License-Identifier: Apache-2.0
// Can any text make the YAML reader, the rule compiler, or a pattern it made crash, hang, or break what rule.h promises?
#include "rule/rule.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_node(const struct node *n)
{
    static const struct scalar values[] = {
        {JSON_STRING, STR("system:serviceaccount:kube-system:x")},
        {JSON_STRING, STR("2026-11-22T01:35:33Z")},
        {JSON_STRING, STR("10.1.2.3")},
        {JSON_STRING, STR("\xff\xfe\x00 -a /b")},
        {JSON_NUMBER, STR("404")},
        {JSON_NULL, STR("null")},
        {JSON_OBJECT, {NULL, 0}},
    };
    bool gave_up = false, leaf = n->kind == NODE_TEST || n->kind == NODE_KEYWORD;
    for (size_t i = 0; leaf && i < sizeof values / sizeof values[0]; i++)
        (void)pattern_matches(&n->pattern, values[i], &gave_up);
    must(leaf == (n->n == 0));
    must((n->kind != NODE_NOT && n->kind != NODE_SAME) || n->n == 1);
    must(n->kind != NODE_SOME || (n->count > 1 && n->count < n->n));
    for (size_t i = 0; i < n->n; i++)
        check_node(n->children[i]);
}

static void check_correlation(const struct ruleset *r, const struct rule *rule)
{
    const struct correlation *c = rule->correlation;
    must(c);
    must(rule->n_captures == c->n_group_by + c->n_carried);
    for (size_t i = 0; i < c->n_inputs; i++) {
        must(c->inputs[i] < r->n);
        const struct rule *input = &r->rules[c->inputs[i]];
        for (size_t g = 0; g < c->n_group_by; g++)
            must(c->group_by_capture[i * c->n_group_by + g] < input->n_captures);
        for (size_t f = 0; f < c->n_fields; f++)
            must(c->field_capture[i * c->n_fields + f] < input->n_captures);
        for (size_t k = 0; k < c->n_carried; k++)
            must(c->carried_capture[i * c->n_carried + k] < input->n_captures);
    }
}

static void check_order(const struct ruleset *r)
{
    for (size_t i = 0; i < r->n_order; i++) {
        const struct correlation *c = r->rules[r->order[i]].correlation;
        must(c);
        for (size_t j = i; j < r->n_order; j++)
            for (size_t k = 0; k < c->n_inputs; k++)
                must(c->inputs[k] != r->order[j]); // an input comes before
    }
}

static void check_ruleset(const struct ruleset *r)
{
    size_t correlations = 0;
    struct buf text;
    buf_init(&text, 1 << 20);
    for (size_t i = 0; i < r->n; i++) {
        const struct rule *rule = &r->rules[i];
        must(i == 0 || str_cmp(r->rules[i - 1].id, rule->id) < 0);
        must(ruleset_find(r, rule->id) == i);
        must((rule->kind == RULE_DETECTION) == (rule->condition != NULL) &&
             (rule->kind == RULE_CORRELATION) == (rule->correlation != NULL));
        if (rule->condition) {
            check_node(rule->condition);
            node_write(&text, rule->condition);
        } else {
            check_correlation(r, rule);
        }
        correlations += rule->correlation != NULL;
    }
    must(correlations == r->n_order);
    check_order(r);
    buf_fini(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct diags diags;
    struct placeholders placeholders = {0};
    struct ruleset *rules;
    struct buf text;
    struct dictionary *dictionary = dictionary_generic();
    struct yaml_source source = {.name = STR("fuzz.yml"), .text = str_make((const char *)data, size)};
    arena_init(&a, ARENA_UNLIMITED);
    diags_init(&diags);
    buf_init(&text, 1 << 20);
    status loaded =
        placeholders_load(&placeholders, &a, (struct yaml_source){.name = STR("p.yml"), .text = STR("x: [a, b*]\ny: -f /g\n")}, &diags);
    must(loaded == ST_OK);
    struct rule_options options = {.placeholders = &placeholders, .dictionary = dictionary, .lint = true};
    status result = ruleset_load(&rules, &source, 1, &options, &diags);
    must((result == ST_OK) == (diags.errors == 0));
    check_ruleset(rules);
    for (size_t i = 0; i < diags.n; i++)
        diag_write(&text, &diags.items[i]);
    ruleset_free(rules);
    dictionary_free(dictionary);
    buf_fini(&text);
    diags_fini(&diags);
    arena_fini(&a);
    return 0;
}
