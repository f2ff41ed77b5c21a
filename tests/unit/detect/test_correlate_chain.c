// SPDX-License-Identifier: Apache-2.0
// Does a correlation over correlations see the fields that the lower ones do not group by?
#include "detect/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct str rules_text =
    STR("title: refused\nname: refused\nlogsource: {product: p}\ndetection: {s: {f: 1}, condition: s}\n---\n"
        "title: entered\nname: entered\nlogsource: {product: p}\ndetection: {s: {f: 2}, condition: s}\n---\n"
        "title: many\nname: many\ncorrelation: {type: event_count, rules: refused, group-by: host, timespan: 1h, "
        "condition: {gte: 2}}\n---\n"
        "title: top\nname: top\ncorrelation: {type: temporal_ordered, rules: [many, entered], group-by: user, "
        "timespan: 1h}\n");

struct heard {
    const struct ruleset *rules;
    size_t n;
    char user[16];
};

static void hear(void *context, const struct correlated *c)
{
    struct heard *h = context;
    if (c->rule != ruleset_find(h->rules, STR("top")))
        return;
    h->n++;
    assert_true(c->n_group == 1 && c->group[0].len < sizeof h->user);
    for (size_t i = 0; i < c->group[0].len; i++)
        h->user[i] = c->group[0].ptr[i];
}

static void feed(struct correlator *c, const struct ruleset *rules, struct str rule, int64_t second, struct str host, struct str user)
{
    uint32_t index = ruleset_find(rules, rule);
    const struct rule *r = &rules->rules[index];
    struct str captures[4] = {0};
    assert_true(r->n_captures <= 4);
    for (size_t i = 0; i < r->n_captures; i++)
        captures[i] = str_eq(r->captures[i], STR("host")) ? host : user;
    struct match m = {.rule = index, .time = second * NS_PER_SECOND, .sequence = (uint64_t)second, .captures = captures};
    correlator_feed(c, &m, true);
}

static void the_completing_match_gives_the_other_fields(void **state)
{
    (void)state;
    struct diags diags;
    struct ruleset *rules;
    struct yaml_source source = {.name = STR("r.yml"), .text = rules_text};
    diags_init(&diags);
    assert_int_equal(ruleset_load(&rules, &source, 1, NULL, &diags), ST_OK);
    struct heard h = {.rules = rules};
    struct correlator *c = correlator_new(rules, CORRELATOR_LIMITS_DEFAULT, hear, &h);
    feed(c, rules, STR("refused"), 1, STR("h1"), STR("alice"));
    feed(c, rules, STR("refused"), 2, STR("h2"), STR("bob"));
    feed(c, rules, STR("entered"), 3, STR("h1"), STR("alice")); // no host has two refusals yet
    assert_int_equal(h.n, 0);
    feed(c, rules, STR("refused"), 4, STR("h1"), STR("bob")); // completes h1: its user is bob
    feed(c, rules, STR("entered"), 5, STR("h9"), STR("alice"));
    assert_int_equal(h.n, 0);
    feed(c, rules, STR("entered"), 6, STR("h9"), STR("bob"));
    assert_int_equal(h.n, 1);
    assert_string_equal(h.user, "bob");
    correlator_free(c);
    ruleset_free(rules);
    diags_fini(&diags);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_completing_match_gives_the_other_fields)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
