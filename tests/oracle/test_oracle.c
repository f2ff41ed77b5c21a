// SPDX-License-Identifier: Apache-2.0
// Does the oracle decide what its README says, on examples small enough to be judged by eye?
#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct example {
    const char *item; // of a selection, in flow style
    const char *record;
    bool hit;
};

static bool judge(const struct dictionary *d, const struct example *e)
{
    char text[1024];
    snprintf(text, sizeof text, "title: t\nlogsource: {product: kubernetes}\ndetection:\n  s: %s\n  condition: s\n", e->item);
    struct rule_options options = {.dictionary = d};
    struct ruleset *rules;
    struct arena a;
    struct diags diags;
    diags_init(&diags);
    arena_init(&a, ARENA_UNLIMITED);
    struct yaml_source source = {.name = STR("t.yml"), .text = str_from_c(text)};
    if (ruleset_load(&rules, &source, 1, &options, &diags) != ST_OK)
        fail_msg("%s: %.*s", e->item, STR_ARG(diags.items[0].text));
    const struct tree *record = oracle_parse(&a, str_from_c(e->record));
    if (!record)
        fail_msg("%s is not JSON", e->record);
    bool hit = oracle_condition(d, rules->rules[0].condition, record, &a);
    ruleset_free(rules);
    arena_fini(&a);
    diags_fini(&diags);
    return hit;
}

static void check(const struct dictionary *d, const struct example *examples, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (judge(d, &examples[i]) != examples[i].hit)
            fail_msg("%s on %s: expected %s", examples[i].item, examples[i].record, examples[i].hit ? "a hit" : "no hit");
}

#define CHECK(d, examples) check((d), (examples), sizeof(examples) / sizeof(examples)[0])

static void values_of_fields(void **state)
{
    static const struct example examples[] = {
        {"{a.b: x}", "{\"a\":{\"b\":\"x\"}}", true},
        {"{a.b: x}", "{\"a.b\":\"x\"}", true},
        {"{a.b: x}", "{\"a.b\":\"y\",\"a\":{\"b\":\"x\"}}", false}, // the flat key comes first
        {"{a.b: x}", "{\"a\":[[{\"b\":\"y\"},{\"b\":[\"z\",[\"x\"]]}]]}", true},
        {"{a: x}", "{\"a\":\"y\",\"a\":\"x\"}", true},
        {"{a: '*'}", "{\"a\":null}", false},
        {"{a: '*'}", "{\"a\":[[],null]}", false},
        {"{a: '*'}", "{\"a\":[[{}]]}", true},
        {"{a: '*'}", "{\"a\":{}}", true},
        {"{a: ''}", "{\"a\":\"\"}", true},
        {"{a: ''}", "{}", false},
        {"{a: null}", "{}", true},
        {"{a: null}", "{\"a\":[]}", false},
        {"{a: null}", "{\"a\":[1,null]}", true},
        {"{a|exists: true}", "{\"a\":null}", true},
        {"{a|exists: true}", "{\"a\":[]}", true},
        {"{a|exists: false}", "{\"b\":1}", true},
        {"{a.b|exists: true}", "{\"a\":[]}", false},
    };
    CHECK(*state, examples);
}

static void texts_and_numbers(void **state)
{
    static const struct example examples[] = {
        {"{a: FOO}", "{\"a\":\"foo\"}", true},
        {"{a|cased: FOO}", "{\"a\":\"foo\"}", false},
        {"{a: K}", "{\"a\":\"\\u212a\"}", false}, // the Kelvin sign
        {"{a: 'f?o'}", "{\"a\":\"f\\u00e9o\"}", true},
        {"{a: 'f*o'}", "{\"a\":\"fo\"}", true},
        {"{a: 'f\\*o'}", "{\"a\":\"f*o\"}", true},
        {"{a: 'f\\*o'}", "{\"a\":\"fxo\"}", false},
        {"{a|contains: 'o\\\\'}", "{\"a\":\"fo\\\\\"}", true},
        {"{a: 5}", "{\"a\":5.0}", true},
        {"{a: 5}", "{\"a\":\"5\"}", true},
        {"{a: 5}", "{\"a\":\"5.0\"}", false},
        {"{a: '5'}", "{\"a\":5.0}", false},
        {"{a: 9007199254740993}", "{\"a\":9007199254740992}", false},
        {"{a|gte: 5}", "{\"a\":\"5.0\"}", true},
        {"{a|lt: 5}", "{\"a\":[\"four\",4e0]}", true},
        {"{a: true}", "{\"a\":\"True\"}", true},
        {"{a|re: '^f.o$'}", "{\"a\":\"fxo\"}", true},
        {"{a|re: '^F'}", "{\"a\":\"fxo\"}", false},
        {"{a|re|i: '^F'}", "{\"a\":\"fxo\"}", true},
        {"{a|cidr: 10.0.0.0/8}", "{\"a\":\"10.255.0.1\"}", true},
        {"{a|cidr: 10.0.0.0/8}", "{\"a\":\"::ffff:10.0.0.1\"}", true},
        {"{a|cidr: '::/0'}", "{\"a\":\"10.0.0.1\"}", false},
        {"{a|hour: 23}", "{\"a\":\"2024-12-31T00:30:00+01:00\"}", true},
        {"{a|week: 1}", "{\"a\":\"2024-12-30T00:00:00Z\"}", true},
    };
    CHECK(*state, examples);
}

static void conditions(void **state)
{
    static const struct example examples[] = {
        {"{a|fieldref: b}", "{\"a\":[\"x\",\"Y\"],\"b\":\"y\"}", true},
        {"{a|fieldref: b}", "{\"a\":null,\"b\":null}", false},
        {"{a|fieldref|startswith: b}", "{\"a\":\"xy\",\"b\":\"x\"}", true},
        {"[foo]", "{\"a\":{\"b\":[\"a FOO b\"]}}", true},
        {"[foo]", "{\"foo\":1}", false},
        {"[true]", "{\"a\":true}", true},
        {"{'|all': [foo, '5']}", "{\"a\":\"foo\",\"b\":15}", true},
        {"{a|contains|all: [x, y]}", "{\"a\":[\"x\",\"y\"]}", true}, // not of the same value
        {"{l|same: {a: x, b: 'y'}}", "{\"l\":[{\"a\":\"x\"},{\"b\":\"y\"}]}", false},
        {"{l|same: {a: x, b: 'y'}}", "{\"l\":[1,{\"a\":\"x\",\"b\":\"y\"}]}", true},
        {"{l|same: {a: x, b: 'y'}}", "{\"l\":{\"a\":\"x\",\"b\":\"y\"}}", true},
        {"{l|same: {a: x, b: null}}", "{\"l\":[{\"a\":\"x\"}]}", true},
    };
    CHECK(*state, examples);
}

static void dictionary_names(void **state)
{
    (void)state;
    static const struct example examples[] = {
        {"{t.ranked: x}", "{\"c\":\"x\"}", true},
        {"{t.ranked: x}", "{\"list\":{\"a\":null},\"c\":\"x\"}", false}, // null is a value of the higher rank
        {"{t.ranked: x}", "{\"list\":{\"a\":\"x\"},\"body\":{\"a\":\"y\"}}", true},
        {"{t.account: xmrig}", "{\"containers\":[{\"image\":\"xmrig/a:1\"}]}", true},
        {"{t.first: x}", "{\"addresses\":[[],[\"x\"],\"y\"]}", true},
        {"{t.first: 'y'}", "{\"addresses\":[\"x\",\"y\"]}", false},
        {"{t.last: null}", "{\"addresses\":[null,\"x y\"]}", false},
        {"{t.last: x}", "{\"addresses\":[null,\"x y\"]}", true},
        {"{t.element|same: {image.account: x, a: 1}}", "{\"list\":[{\"image\":\"x/y\",\"a\":1}]}", true},
        {"{t.element|same: {image.account: x, a: 1}}", "{\"list\":[{\"image\":\"x/y\"},{\"a\":1}]}", false},
    };
    struct dictionary *d = trial_dictionary();
    CHECK(d, examples);
    dictionary_free(d);
}

static void reading(void **state)
{
    (void)state;
    static const char *const bad[] = {"",    "{",         "{\"a\":1,}", "[1 2]",       "01",       "1.",           "-",
                                      "+1",  "\"\x01\"",  "\"\\x\"",    "\"\\u12g4\"", "\"\xff\"", "\"\xc0\x80\"", "nul",
                                      "1 1", "{\"a\" 1}", "{a:1}",      "\"",          "[1,]"};
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (oracle_parse(&a, str_from_c(bad[i])))
            fail_msg("%s was read", bad[i]);
    const struct tree *t = oracle_parse(&a, STR(" [\"\\ud83d\\ude00\\ud83d\\u0041\\/\", -0.5E+1 ,{\"\":null}]\r\n"));
    assert_non_null(t);
    assert_true(str_eq(t->first->text, STR("\xf0\x9f\x98\x80\xef\xbf\xbd"
                                           "A/")));
    assert_true(str_eq(t->first->next->text, STR("-0.5E+1")));
    assert_int_equal(t->first->next->next->first->kind, JSON_NULL);
    arena_fini(&a);
}

int main(void)
{
    struct dictionary *generic = dictionary_generic();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(values_of_fields, generic),
        cmocka_unit_test_prestate(texts_and_numbers, generic),
        cmocka_unit_test_prestate(conditions, generic),
        cmocka_unit_test(dictionary_names),
        cmocka_unit_test(reading),
    };
    int failed = cmocka_run_group_tests_name("oracle", tests, NULL, NULL);
    dictionary_free(generic);
    return failed;
}
