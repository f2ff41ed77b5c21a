// SPDX-License-Identifier: Apache-2.0
// Are documents that refer to each other put together rightly: correlations, filters, collections, identities, order, silence?
#include "compile_text.h"

#define RULE(id, name)                                                                                                                     \
    "title: " name "\nid: " id "\nname: " name "\nlogsource: {product: p, service: s}\ndetection: {s: {f: " name "}, condition: s}\n---\n"

static const struct rule *rule_of(const struct compiled *c, const char *id_or_name)
{
    uint32_t i = ruleset_find(c->set, str_from_c(id_or_name));
    assert_true(i != UINT32_MAX);
    return &c->set->rules[i];
}

static void expect_diag(const char *yaml, size_t rules_left, const char *diag)
{
    struct compiled c = compile(yaml);
    assert_int_equal(c.set->n, rules_left);
    assert_int_equal(c.diags.n, 1);
    diags_text(&c);
    *strchr(c.text.ptr, '\n') = '\0';
    assert_string_equal(c.text.ptr, diag);
    release(&c);
}

static void headers_are_kept(void **state)
{
    (void)state;
    struct compiled c =
        compile("# a comment\n\ntitle: A Title\nid: 0e95725d-7320-415d-80f7-004da920fc11\nname: n\nstatus: test\nlevel: high\n"
                "description: d\nauthor: me\ndate: 2024-01-02\nreferences: [r1, r2]\ntags: attack.t1\nfalsepositives: [x]\n"
                "response: pull the plug\nunknown: {key: [1]}\n"
                "logsource: {product: kubernetes, service: audit, definition: x}\ndetection: {s: {f: 1}, condition: s}\n");
    assert_int_equal(c.result, ST_OK);
    const struct rule *r = &c.set->rules[0];
    assert_true(str_eq(r->id, STR("0e95725d-7320-415d-80f7-004da920fc11")));
    assert_true(str_eq(r->title, STR("A Title")) && str_eq(r->status, STR("test")) && str_eq(r->author, STR("me")));
    assert_true(str_eq(r->date, STR("2024-01-02")) && str_eq(r->advice, STR("pull the plug")) && r->level == LEVEL_HIGH);
    assert_int_equal(r->n_references, 2);
    assert_true(r->n_tags == 1 && str_eq(r->tags[0], STR("attack.t1")));
    assert_true(str_eq(r->product, STR("kubernetes")) && !r->category.ptr && str_eq(r->service, STR("audit")));
    assert_true(str_eq(r->file, STR("t.yml")) && r->line == 3 && !r->silent);
    assert_true(rule_of(&c, "n") == r);
    assert_int_equal(ruleset_find(c.set, STR("nope")), UINT32_MAX);
    release(&c);
}

static void ids_come_from_name_or_title_when_missing(void **state)
{
    (void)state;
    struct compiled c = compile("title: Some Rule (v2)!\nlogsource: {product: p}\ndetection: {s: {f: 1}, condition: s}\n---\n"
                                "title: t\nname: my_name\nlogsource: {product: p}\ndetection: {s: {f: 1}, condition: s}\n");
    assert_int_equal(c.set->n, 2);
    assert_true(str_eq(c.set->rules[0].id, STR("my_name")));
    assert_true(str_eq(c.set->rules[1].id, STR("some-rule-v2")));
    assert_int_equal(c.set->rules[0].level, LEVEL_MEDIUM);
    release(&c);
}

static void documents_that_are_no_rules_are_refused(void **state)
{
    (void)state;
    expect_diag("- a\n", 0, "t.yml:1:1: error: not a Sigma document: it is not a map");
    expect_diag("title: t\n", 0, "t.yml:1:1: error: not a Sigma document: it has neither detection, nor correlation, nor filter");
    expect_diag("logsource: {product: p}\ndetection: {s: {f: 1}, condition: s}\n", 0, "t.yml:1:1: error: there is no title");
    expect_diag("title: t\ndetection: {s: {f: 1}, condition: s}\n", 0, "t.yml:1:1: error: there is no logsource");
    expect_diag("title: t\nlogsource: {definition: x}\ndetection: {s: {f: 1}, condition: s}\n", 0,
                "t.yml:2:1: error: logsource names no product, category or service");
    expect_diag("title: t\nlogsource: x\ndetection: {s: {f: 1}, condition: s}\n", 0, "t.yml:2:1: error: logsource must be a map");
    expect_diag("title: t\nlogsource: {product: p}\ndetection: [a]\n", 0, "t.yml:3:1: error: detection must be a map");
    expect_diag("title: t\nlogsource: {product: p}\ndetection: {s: {f: 1}, condition: s}\nfilter: {}\n", 0,
                "t.yml:4:1: error: a document has one of detection, correlation and filter, not several");
    expect_diag("title: [\n", 0, "t.yml:2:1: error: not YAML: flow sequence without a closing bracket");
}

static void rules_are_sorted_and_one_id_is_one_rule(void **state)
{
    (void)state;
    struct compiled c = compile(RULE("b", "two") RULE("a", "one") RULE("c", "three"));
    assert_int_equal(c.set->n, 3);
    assert_true(str_eq(c.set->rules[0].id, STR("a")) && str_eq(c.set->rules[2].id, STR("c")));
    release(&c);
    expect_diag(RULE("a", "one") RULE("a", "two") RULE("b", "three"), 2, "t.yml:8:5: error: id 'a' is already taken by t.yml:1");
    expect_diag("title: X\nlogsource: {product: p}\ndetection: {s: {f: 1}, condition: s}\n---\n"
                "title: x\nlogsource: {product: p}\ndetection: {s: {f: 2}, condition: s}\n",
                1, "t.yml:5:8: error: there is no id, and 'x' is already taken by t.yml:1: give the rule an id");
}

static void correlations_resolve_to_indices_and_captures(void **state)
{
    (void)state;
    struct compiled c = compile(
        "title: corr\nid: 0\nlevel: high\ncorrelation:\n  type: value_count\n  rules: [two, a]\n  group-by: [user, ip]\n"
        "  timespan: 15m\n  aliases: {ip: {two: src, a: dst}}\n  condition: {field: [name, ns], gte: 3, lt: 10}\n---\n" RULE("a", "one")
            RULE("b", "two"));
    if (c.result != ST_OK)
        fail_msg("%s", diags_text(&c));
    const struct rule *r = rule_of(&c, "0");
    const struct correlation *k = r->correlation;
    assert_int_equal(r->kind, RULE_CORRELATION);
    assert_true(k->type == CORRELATION_VALUE_COUNT && k->n_inputs == 2 && k->n_group_by == 2 && k->n_fields == 2);
    assert_true(k->timespan == 900 * NS_PER_SECOND);
    assert_int_equal(k->inputs[0], ruleset_find(c.set, STR("b")));
    assert_int_equal(k->inputs[1], ruleset_find(c.set, STR("a")));
    assert_true(k->n_bounds == 2 && k->bounds[0].compare == COMPARE_GTE && k->bounds[0].number == 3 && k->bounds[1].compare == COMPARE_LT);
    const struct rule *two = rule_of(&c, "two"), *one = rule_of(&c, "one");
    assert_true(two->silent && one->silent && !r->silent && two->n_captures == 4);
    assert_true(str_eq(two->captures[k->group_by_capture[0]], STR("user")) && str_eq(two->captures[k->group_by_capture[1]], STR("src")));
    assert_true(str_eq(one->captures[k->group_by_capture[3]], STR("dst")) && str_eq(two->captures[k->field_capture[1]], STR("ns")));
    assert_true(r->n_captures == 2 && str_eq(r->captures[1], STR("ip")));
    assert_true(c.set->n_order == 1 && &c.set->rules[c.set->order[0]] == r);
    release(&c);
}

#define CORR(id, rules, rest) "title: c" id "\nid: " id "\ncorrelation: {rules: " rules ", timespan: 1h, group-by: [u], " rest "}\n---\n"

static void every_correlation_type_is_read(void **state)
{
    (void)state;
    struct compiled c =
        compile(RULE("a", "one") RULE("b", "two") CORR("c0", "a", "type: event_count, condition: {gt: 1}")
                    CORR("c1", "[a]", "type: value_count, condition: {field: x, eq: 1}") CORR("c2", "[a, b]", "type: temporal")
                        CORR("c3", "[a, b]", "type: temporal_ordered") CORR("c4", "[a]", "type: value_sum, condition: {field: x, gte: 1.5}")
                            CORR("c5", "[a]", "type: value_avg, condition: {field: x, lte: 1}")
                                CORR("c6", "[a]", "type: value_percentile, condition: {field: x, percentile: 95, lte: 1}")
                                    CORR("c7", "[a]", "type: value_median, condition: {field: x, neq: 1}")
                                        CORR("c8", "[a]", "type: new_value, condition: {field: x}"));
    if (c.result != ST_OK)
        fail_msg("%s", diags_text(&c));
    for (unsigned i = 0; i < 9; i++) {
        char id[8];
        snprintf(id, sizeof id, "c%u", i);
        assert_int_equal(rule_of(&c, id)->correlation->type, i);
    }
    assert_true(rule_of(&c, "c6")->correlation->percentile == 95);
    assert_true(rule_of(&c, "c7")->correlation->bounds[0].negated);
    assert_int_equal(rule_of(&c, "c2")->correlation->n_bounds, 0);
    release(&c);
}

static void temporal_conditions_may_be_expressions(void **state)
{
    (void)state;
    struct compiled c = compile(RULE("a", "one") RULE("b", "two") RULE("d", "three") CORR(
        "c1", "[a, b, d]", "type: temporal, condition: one and (two or not three)") "title: x\nid: c2\ncorrelation: {type: temporal, "
                                                                                    "timespan: 1h, condition: b and a}\n");
    if (c.result != ST_OK)
        fail_msg("%s", diags_text(&c));
    const struct correlation_expr *e = rule_of(&c, "c1")->correlation->expr;
    assert_true(e->kind == EXPR_AND && e->n == 2 && e->children[0]->kind == EXPR_RULE && e->children[0]->input == 0);
    assert_true(e->children[1]->kind == EXPR_OR && e->children[1]->children[1]->kind == EXPR_NOT);
    assert_int_equal(e->children[1]->children[1]->children[0]->input, 2);
    const struct correlation *k = rule_of(&c, "c2")->correlation; // the expression names the rules
    assert_int_equal(k->n_inputs, 2);
    assert_int_equal(k->inputs[0], ruleset_find(c.set, STR("b")));
    release(&c);
    expect_diag(RULE("a", "one") RULE("b", "two") CORR("c1", "[a]", "type: temporal, condition: a and b"), 2,
                "t.yml:15:89: error: 'b' is not one of the correlation's rules");
    expect_diag(RULE("a", "one") RULE("b", "two") CORR("c1", "[a, b]", "type: temporal, condition: a"), 2,
                "t.yml:15:26: error: rule 'b' is in the list, but not in the condition");
    expect_diag(RULE("a", "one") CORR("c1", "[a]", "type: event_count, condition: a"), 1,
                "t.yml:9:86: error: only temporal correlations have an expression over rules as condition");
}

static void correlations_chain_and_cycles_are_named(void **state)
{
    (void)state;
    struct compiled c = compile(CORR("z1", "[m1, a]", "type: temporal_ordered") CORR("m1", "[a]", "type: event_count, condition: {gte: 5}")
                                    RULE("a", "one"));
    assert_int_equal(c.result, ST_OK);
    assert_int_equal(c.set->n_order, 2);
    assert_int_equal(c.set->order[0], ruleset_find(c.set, STR("m1")));
    assert_int_equal(c.set->order[1], ruleset_find(c.set, STR("z1")));
    assert_true(rule_of(&c, "m1")->silent && !rule_of(&c, "z1")->silent);
    release(&c);

    c = compile(CORR("x", "[y]", "type: temporal") CORR("y", "[z]", "type: temporal") CORR("z", "[x]", "type: temporal")
                    CORR("w", "[x]", "type: temporal") CORR("self", "[self]", "type: temporal") RULE("a", "one"));
    assert_int_equal(c.set->n, 1);
    assert_int_equal(c.diags.n, 5);
    assert_string_equal(c.diags.items[0].text.ptr, "the correlation refers to itself: x -> y -> z -> x");
    assert_string_equal(c.diags.items[1].text.ptr, "the correlation refers to itself: y -> z -> x -> y");
    assert_non_null(strstr(c.diags.items[3].text.ptr, "the correlation is in a cycle, or refers to one: w -> x -> y -> z -> x"));
    assert_string_equal(c.diags.items[4].text.ptr, "the correlation refers to itself: self -> self");
    release(&c);
}

static void references_that_lead_nowhere_say_why(void **state)
{
    (void)state;
    expect_diag(CORR("c", "[nope]", "type: temporal"), 0, "t.yml:3:23: error: no rule has the id or name 'nope'");
    expect_diag(RULE("a", "one") CORR("c", "[a, one]", "type: temporal"), 1, "t.yml:9:26: error: rule 'one' is named twice");
    expect_diag(RULE("a", "same") RULE("b", "same") CORR("c", "[same]", "type: temporal"), 2,
                "t.yml:15:23: error: several rules are named 'same': write the id");
    struct compiled c = compile("title: bad\nid: bad\nlogsource: {product: p}\ndetection: {s: {f|nope: 1}, condition: s}\n---\n" //
                                CORR("c", "[bad]", "type: temporal") CORR("d", "[c]", "type: temporal"));
    assert_int_equal(c.set->n, 0);
    assert_int_equal(c.diags.n, 3);
    assert_string_equal(c.diags.items[1].text.ptr, "rule 'bad' was refused (t.yml:1)");
    assert_string_equal(c.diags.items[2].text.ptr, "rule 'c' was refused (t.yml:6)");
    release(&c);
}

// A chain whose upper part groups by what the lower part does not group by (the note of "Ordered Temporal Proximity").
static void values_are_carried_through_chains(void **state)
{
    (void)state;
    struct compiled c = compile(
        RULE("a", "one") RULE("b", "two") "title: m\nid: m\ncorrelation: {type: event_count, rules: [a, b], "
                                          "group-by: host, aliases: {who: {b: owner}}, timespan: 1h, condition: {gte: 2}}\n---\n"
                                          "title: n\nid: n\ncorrelation: {type: temporal, rules: [m], group-by: host, timespan: 1h}\n---\n"
                                          "title: t\nid: t\ncorrelation: {type: temporal, rules: [n, a], group-by: who, timespan: 1h}\n");
    if (c.result != ST_OK)
        fail_msg("%s", diags_text(&c));
    const struct rule *t = rule_of(&c, "t"), *n = rule_of(&c, "n"), *m = rule_of(&c, "m"), *two = rule_of(&c, "b");
    assert_true(t->n_captures == 1 && n->n_captures == 2 && m->n_captures == 2);
    assert_int_equal(t->correlation->group_by_capture[0], 1); // behind n's own group-by
    assert_true(str_eq(n->captures[1], STR("who")) && str_eq(m->captures[1], STR("who")));
    assert_true(n->correlation->n_carried == 1 && n->correlation->carried_capture[0] == 1);
    assert_true(m->correlation->n_carried == 1 && t->correlation->n_carried == 0);
    assert_true(str_eq(two->captures[m->correlation->carried_capture[1]], STR("owner"))); // m's alias
    release(&c);
}

static void bad_correlations_are_refused_at_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *body, *diag;
    } cases[] = {
        {"{type: event_cont, rules: a, timespan: 1h}",
         "t.yml:9:21: error: unknown correlation type 'event_cont'; did you mean 'event_count'"},
        {"{rules: a, timespan: 1h}", "t.yml:9:1: error: the correlation has no type"},
        {"{type: temporal, timespan: 1h}", "t.yml:9:1: error: the correlation names no rules"},
        {"{type: temporal, rules: [], timespan: 1h}", "t.yml:9:31: error: the correlation names no rules"},
        {"{type: temporal, rules: [[a]], timespan: 1h}", "t.yml:9:39: error: the id or name of a rule is needed here"},
        {"{type: temporal, rules: a}", "t.yml:9:1: error: the correlation has no timespan"},
        {"{type: temporal, rules: a, timespan: 1 hour}",
         "t.yml:9:51: error: '1 hour' is not a timespan: write a number and one of s m h d, such as 90m"},
        {"{type: event_count, rules: a, timespan: 1h}", "t.yml:9:1: error: event_count needs a bound in its condition, such as gte: 10"},
        {"{type: event_count, rules: a, timespan: 1h, condition: {gte: x}}", "t.yml:9:75: error: 'gte' needs a number"},
        {"{type: event_count, rules: a, timespan: 1h, condition: {ge: 1}}",
         "t.yml:9:70: error: unknown key 'ge' in the condition: gt, gte, lt, lte, eq, neq, field or percentile"},
        {"{type: event_count, rules: a, timespan: 1h, condition: {gte: 1, field: x}}",
         "t.yml:9:58: error: event_count takes no field in its condition"},
        {"{type: value_count, rules: a, timespan: 1h, condition: {gte: 1}}",
         "t.yml:9:58: error: value_count needs a field in its condition"},
        {"{type: value_sum, rules: a, timespan: 1h, condition: {gte: 1, field: x, percentile: 3}}",
         "t.yml:9:86: error: percentile belongs to type value_percentile"},
        {"{type: value_percentile, rules: a, timespan: 1h, condition: {gte: 1, field: x, percentile: 101}}",
         "t.yml:9:105: error: percentile needs a number from 0 to 100"},
        {"{type: new_value, rules: a, timespan: 1h, condition: {gte: 1, field: x}}",
         "t.yml:9:56: error: new_value takes no bound in its condition"},
        {"{type: temporal, rules: a, timespan: 1h, group-by: {u: 1}}", "t.yml:9:65: error: 'group-by' needs a name, or a list of names"},
        {"{type: temporal, rules: a, timespan: 1h, generate: yes}", "t.yml:9:65: error: generate needs true or false"},
        {"{type: temporal, rules: a, timespan: 1h, aliases: {x: {nope: f}}}", "t.yml:9:69: error: alias 'x': no rule is named 'nope'"},
        {"{type: temporal, rules: a, timespan: 1h, aliases: {x: f}}", "t.yml:9:65: error: alias 'x' must be a map of rule to field"},
        {"{type: temporal, rules: a, timespan: 1h, condition: 5}",
         "t.yml:9:55: error: the condition of a correlation is a map, such as gte: 10, or an expression over its rules"},
        {"text", "t.yml:9:1: error: correlation must be a map"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char yaml[2000];
        snprintf(yaml, sizeof yaml, RULE("a", "one") "title: c\nid: c\ncorrelation: %s\n", cases[i].body);
        expect_diag(yaml, 1, cases[i].diag);
    }
    expect_diag(RULE("a", "one") "id: c\ncorrelation: {type: temporal, rules: a, timespan: 1h}\n", 1,
                "t.yml:7:1: error: there is no title");
}

static void a_missing_percentile_is_said(void **state)
{
    (void)state;
    struct compiled c = compile(RULE("a", "one") CORR("c", "[a]", "type: value_percentile, condition: {field: x, lte: 1}"));
    assert_int_equal(c.result, ST_OK);
    assert_string_equal(c.diags.items[0].text.ptr, "no percentile is given: taken as 50, the median");
    assert_true(rule_of(&c, "c")->correlation->percentile == 50);
    release(&c);
}

static void generating_correlations_let_their_rules_speak(void **state)
{
    (void)state;
    struct compiled c = compile(RULE("a", "one") RULE("b", "two") RULE("d", "three") CORR("c1", "[a, b]", "type: temporal, generate: true")
                                    CORR("c2", "[b, d]", "type: temporal") "title: e\nid: e\ngenerate: true\ncorrelation: {type: temporal, "
                                                                           "rules: [c2], timespan: 1h, group-by: u}\n");
    assert_int_equal(c.result, ST_OK);
    assert_false(rule_of(&c, "a")->silent);
    assert_false(rule_of(&c, "b")->silent); // one of them generates
    assert_true(rule_of(&c, "d")->silent);
    assert_false(rule_of(&c, "c2")->silent);
    release(&c);
}

#define FILTER(rules, body) "title: filt\nid: filt\nlogsource: {product: p}\nfilter: {rules: " rules ", " body "}\n---\n"

static void filters_join_the_rules_they_name(void **state)
{
    (void)state;
    struct compiled c = compile(FILTER("[a, two]", "selection: {u|startswith: adm}, condition: not selection") RULE("a", "one")
                                    RULE("b", "two") RULE("d", "three"));
    assert_int_equal(c.result, ST_OK);
    assert_int_equal(c.set->n, 3);
    assert_string_equal(condition_text(&c, 0), "(f = \"one\" and not u startswith \"adm\")");
    assert_string_equal(condition_text(&c, 1), "(f = \"two\" and not u startswith \"adm\")");
    assert_string_equal(condition_text(&c, 2), "f = \"three\"");
    release(&c);
    c = compile(RULE("a", "one")
                    FILTER("any", "x: {u: 1}, y: {u: 2}, condition: not 1 of them") "title: g\nid: g\nlogsource: {product: q}\n"
                                                                                    "filter: {rules: any, s: {u: 3}, condition: s}\n");
    assert_int_equal(c.diags.n, 0);
    assert_string_equal(condition_text(&c, 0), "(f = \"one\" and not (u = 1 or u = 2))");
    release(&c);
}

static void filters_that_do_nothing_say_so(void **state)
{
    (void)state;
    struct compiled c = compile(RULE("a", "one") CORR("c", "[a]", "type: temporal") FILTER(
        "[a, c, nope]",
        "s: {u: 1}, condition: s") "title: g\nid: g\nlogsource: {product: p, service: t}\nfilter: {rules: a, s: {u: 3}, condition: s}\n");
    assert_int_equal(c.result, ST_OK); // warnings
    assert_int_equal(c.diags.warnings, 3);
    assert_non_null(strstr(c.diags.items[0].text.ptr, "'c' is not a detection rule"));
    assert_non_null(strstr(c.diags.items[1].text.ptr, "no rule 'nope' is loaded"));
    assert_non_null(strstr(c.diags.items[2].text.ptr, "logsource does not cover rule 'a'"));
    assert_string_equal(condition_text(&c, 0), "(f = \"one\" and u = 1)");
    release(&c);
    expect_diag(FILTER("[]", "s: {u: 1}, condition: s"), 0,
                "t.yml:4:10: error: the filter names no rules: list their ids or names, or write any");
    expect_diag("title: f\nid: f\nlogsource: {product: p}\nfilter: {s: {u: 1}, condition: s}\n", 0,
                "t.yml:4:1: error: the filter names no rules: list their ids or names, or write any");
    expect_diag(FILTER("any", "condition: s"), 0, "t.yml:4:1: error: the filter has no selection");
    expect_diag(FILTER("any", "s: {u: 1}, condition: x"), 0, "t.yml:4:44: error: no selection is named 'x'");
    expect_diag(FILTER("any", "s: {u: 1}, condition: s") CORR("c", "filt", "type: temporal"), 0,
                "t.yml:8:22: error: 'filt' is a filter, not a rule");
}

static void collections_share_repeat_and_reset(void **state)
{
    (void)state;
    struct compiled c = compile("action: global\ntitle: shared\nid: g\nlevel: low\ndetection: {condition: s}\n---\n"
                                "logsource: {product: p}\ndetection: {s: {f: 1}}\n---\n"
                                "level: high\nlogsource: {product: q}\ndetection: {s: {f: 2}}\n---\n"
                                "action: repeat\ndetection: {s: {f: 3}}\n---\n"
                                "action: reset\n---\n"
                                "title: alone\nid: x\nlogsource: {product: p}\ndetection: {s: {f: 4}, condition: s}\n");
    if (c.result != ST_OK)
        fail_msg("%s", diags_text(&c));
    assert_int_equal(c.set->n, 4);
    assert_true(str_eq(c.set->rules[0].id, STR("g")) && str_eq(c.set->rules[1].id, STR("g-2")) && str_eq(c.set->rules[2].id, STR("g-3")));
    assert_true(c.set->rules[0].level == LEVEL_LOW && c.set->rules[1].level == LEVEL_HIGH && c.set->rules[2].level == LEVEL_HIGH);
    assert_true(str_eq(c.set->rules[2].product, STR("q")) && c.set->rules[3].level == LEVEL_MEDIUM);
    assert_string_equal(condition_text(&c, 2), "f = 3");
    release(&c);
    expect_diag("action: repeat\ntitle: t\n", 0, "t.yml:1:1: error: action: repeat has no document before it to repeat");
    expect_diag("action: jump\ntitle: t\n", 0, "t.yml:1:9: error: unknown action 'jump': global, reset or repeat");
}

static void one_bad_document_leaves_the_others(void **state)
{
    (void)state;
    struct compiled c = compile(RULE("a", "one") "title: t\nlogsource: {product: p}\ndetection: {s: {f|x: 1}, condition: s}\n---\n" RULE(
        "b", "two") "title: d\ntitle: e\n---\n" RULE("c", "three"));
    assert_int_equal(c.result, ST_INPUT);
    assert_int_equal(c.set->n, 3);
    assert_int_equal(c.diags.errors, 2);
    release(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_kept),
        cmocka_unit_test(ids_come_from_name_or_title_when_missing),
        cmocka_unit_test(documents_that_are_no_rules_are_refused),
        cmocka_unit_test(rules_are_sorted_and_one_id_is_one_rule),
        cmocka_unit_test(correlations_resolve_to_indices_and_captures),
        cmocka_unit_test(every_correlation_type_is_read),
        cmocka_unit_test(temporal_conditions_may_be_expressions),
        cmocka_unit_test(correlations_chain_and_cycles_are_named),
        cmocka_unit_test(references_that_lead_nowhere_say_why),
        cmocka_unit_test(values_are_carried_through_chains),
        cmocka_unit_test(bad_correlations_are_refused_at_their_place),
        cmocka_unit_test(a_missing_percentile_is_said),
        cmocka_unit_test(generating_correlations_let_their_rules_speak),
        cmocka_unit_test(filters_join_the_rules_they_name),
        cmocka_unit_test(filters_that_do_nothing_say_so),
        cmocka_unit_test(collections_share_repeat_and_reset),
        cmocka_unit_test(one_bad_document_leaves_the_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
