// SPDX-License-Identifier: Apache-2.0
// Does one value satisfy one pattern exactly when Sigma says so?
#include "compile_text.h"

// Compiles one item and tries its pattern on a value.
static bool matches(const char *item, struct scalar value)
{
    char yaml[2048], detection[1024];
    snprintf(detection, sizeof detection, "  s:\n    %s\n  condition: s\n", item);
    struct compiled c = compile(wrap(yaml, sizeof yaml, detection));
    if (c.result != ST_OK)
        fail_msg("%s", diags_text(&c));
    bool gave_up = false, hit = pattern_matches(&c.set->rules[0].condition->pattern, value, &gave_up);
    assert_false(gave_up);
    release(&c);
    return hit;
}

static struct scalar text(const char *s)
{
    return (struct scalar){JSON_STRING, str_from_c(s)};
}

static struct scalar number(const char *s)
{
    return (struct scalar){JSON_NUMBER, str_from_c(s)};
}

static const struct scalar null = {JSON_NULL, {"null", 4}}, yes = {JSON_TRUE, {NULL, 0}}, list = {JSON_ARRAY, {NULL, 0}},
                           map = {JSON_OBJECT, {NULL, 0}};

static void text_ignores_ascii_case_alone(void **state)
{
    (void)state;
    assert_true(matches("f: aBc", text("AbC")));
    assert_false(matches("f: abc", text("abcd")));
    assert_false(matches("f|cased: aBc", text("abc")));
    assert_true(matches("f|cased: aBc", text("aBc")));
    assert_false(matches("f: \xc3\xa9", text("\xc3\x89"))); // e with acute, small and capital
    assert_true(matches("f|contains: MONERO", text("xx-monero-xx")));
    assert_true(matches("f|startswith: Ab", text("aBx")));
    assert_true(matches("f|endswith: Ab", text("xaB")));
    assert_false(matches("f|endswith|cased: Ab", text("xaB")));
    assert_true(matches("f: ''", text("")));
    assert_false(matches("f: ''", null));
}

static void globs_backtrack(void **state)
{
    (void)state;
    assert_true(matches("f: a*b*c", text("aXbXbXc")));
    assert_false(matches("f: a*b*c", text("aXbXbXcX")));
    assert_true(matches("f: 'a?c'", text("aBC")));
    assert_false(matches("f: 'a?c'", text("ac")));
    assert_true(matches("f: 'a?c'", text("a\xe2\x82\xac"
                                         "c"))); // one character, three bytes
    assert_true(matches("f: 'a?c'", text("a\xff"
                                         "c")));
    assert_true(matches("f: '*ab?'", text("ababaabX")));
    assert_true(matches("f: '?*?'", text("ab")));
    assert_false(matches("f: '?*?'", text("a")));
    assert_false(matches("f: '?'", text("")));
    assert_true(matches("f: '*a*a*a*a*b'", text("aaaaaaaaaaaaaaaaaaaaaaaaab")));
    assert_false(matches("f: '*a*a*a*a*b'", text("aaaaaaaaaaaaaaaaaaaaaaaaac")));
    assert_true(matches("f: 'x*?'", text("xy")));
    assert_false(matches("f: 'x*?'", text("x")));
    assert_false(matches("f|cased: 'a*B'", text("a--b")));
}

static void numbers_compare_by_value_and_as_text(void **state)
{
    (void)state;
    assert_true(matches("f: 5", number("5")));
    assert_true(matches("f: 5", number("5.0")));
    assert_true(matches("f: 5", number("0.5e1")));
    assert_true(matches("f: 5", text("5")));
    assert_false(matches("f: 5", text("5.0")));
    assert_false(matches("f: 5", number("6")));
    assert_true(matches("f: 0x10", number("16")));
    assert_true(matches("f: '5'", number("5")));
    assert_false(matches("f: '5'", number("5.0")));
    assert_true(matches("f: 9007199254740993", number("9007199254740993")));
    assert_false(matches("f: 9007199254740993", number("9007199254740992"))); // the same double
    assert_true(matches("f|contains: 40", number("1404")));
    assert_true(matches("f|gt: 400", number("401")));
    assert_false(matches("f|gt: 400", number("400")));
    assert_true(matches("f|gte: 400", number("4e2")));
    assert_true(matches("f|lt: 0", number("-0.5")));
    assert_true(matches("f|lte: 7", text("7")));
    assert_false(matches("f|lte: 7", text("seven")));
    assert_false(matches("f|lte: 7", null));
}

static void kinds_are_told_apart(void **state)
{
    (void)state;
    assert_true(matches("f: true", yes));
    assert_true(matches("f: 'true'", yes));
    assert_true(matches("f: true", text("True")));
    assert_false(matches("f: false", yes));
    assert_true(matches("f: null", null));
    assert_false(matches("f: null", text("null")));
    assert_false(matches("f: 'null'", null));
    assert_false(matches("f: '*'", list)); // its elements are values, it is none
    assert_true(matches("f: '*'", map));
    assert_true(matches("f: '*'", text("")));
    assert_false(matches("f: '*'", null));
    assert_true(matches("f|exists: true", null));
    assert_true(matches("f|exists: true", map));
    assert_false(matches("f: a", map));
    assert_false(matches("f|contains: u", null));
}

static void regular_expressions_are_pcre(void **state)
{
    (void)state;
    assert_true(matches("f|re: b+", text("abbbc")));
    assert_false(matches("f|re: B+", text("abbbc")));
    assert_true(matches("f|re|i: B+", text("abbbc")));
    assert_false(matches("f|re: a.c", text("a\nc")));
    assert_true(matches("f|re|s: a.c", text("a\nc")));
    assert_false(matches("f|re: ^c", text("a\nc")));
    assert_true(matches("f|re|m: ^c", text("a\nc")));
    assert_true(matches("f|re: ^.$", text("\xe2\x82\xac")));
    assert_true(matches("f|re: (?<!x)y(?=z)", text("ayz")));
    assert_true(matches("f|re: ok", text("\xff\xfe ok")));
    assert_true(matches("f|re: ^4\\d\\d$", number("404")));
    assert_false(matches("f|re: n", null));
    assert_true(pattern_compare_text(PATTERN_SUFFIX, false, STR("abC"), STR("BC")));
}

static void hostile_texts_end_a_regular_expression(void **state)
{
    (void)state;
    struct compiled c = compile("title: t\nlogsource: {product: p}\ndetection: {s: {f|re: '^(a+)+$'}, condition: s}\n");
    char hostile[40];
    memset(hostile, 'a', sizeof hostile);
    hostile[sizeof hostile - 1] = 'b';
    bool gave_up = false;
    assert_false(
        pattern_matches(&c.set->rules[0].condition->pattern, (struct scalar){JSON_STRING, str_make(hostile, sizeof hostile)}, &gave_up));
    assert_true(gave_up);
    release(&c);
    // A pattern cannot raise its own limits.
    c = compile("title: t\nlogsource: {product: p}\ndetection: {s: {f|re: '(*LIMIT_MATCH=4000000000)^(a+)+$'}, condition: s}\n");
    assert_int_equal(c.result, ST_OK);
    gave_up = false;
    assert_false(
        pattern_matches(&c.set->rules[0].condition->pattern, (struct scalar){JSON_STRING, str_make(hostile, sizeof hostile)}, &gave_up));
    assert_true(gave_up);
    release(&c);
}

static void networks_contain_addresses(void **state)
{
    (void)state;
    assert_true(matches("f|cidr: 10.0.0.0/8", text("10.255.0.1")));
    assert_false(matches("f|cidr: 10.0.0.0/8", text("11.0.0.1")));
    assert_true(matches("f|cidr: 10.0.0.0/8", text("::ffff:10.1.2.3")));
    assert_true(matches("f|cidr: 192.168.1.128/25", text("192.168.1.200")));
    assert_false(matches("f|cidr: 192.168.1.128/25", text("192.168.1.100")));
    assert_true(matches("f|cidr: 0.0.0.0/0", text("1.2.3.4")));
    assert_false(matches("f|cidr: 0.0.0.0/0", text("::1")));
    assert_true(matches("f|cidr: fd00::/8", text("fdab::1")));
    assert_true(matches("f|cidr: '::/0'", text("2001:db8::1")));
    assert_false(matches("f|cidr: '::/0'", text("1.2.3.4")));
    assert_true(matches("f|cidr: 1.2.3.4", text("1.2.3.4")));
    assert_false(matches("f|cidr: 10.0.0.0/8", text("10.0.0.1:443")));
    assert_false(matches("f|cidr: 10.0.0.0/8", text("")));
    assert_false(matches("f|cidr: 10.0.0.0/8", number("10")));
}

static void dates_have_parts(void **state)
{
    (void)state;
    assert_true(matches("f|hour: 1", text("2026-11-22T01:35:33.030423Z")));
    assert_true(matches("f|hour: 0", text("2026-11-22T01:35:33+01:00"))); // in UTC
    assert_true(matches("f|minute: 35", text("2026-11-22T01:35:33Z")));
    assert_true(matches("f|day: 22", text("2026-11-22T01:35:33Z")));
    assert_true(matches("f|month: 11", text("2026-11-22T01:35:33Z")));
    assert_true(matches("f|year: 2026", text("2026-11-22T01:35:33Z")));
    assert_true(matches("f|week: 47", text("2026-11-22T01:35:33Z")));
    assert_true(matches("f|year|gte: 2020", number("1700000000")));
    assert_false(matches("f|hour: 1", text("01:35")));
    assert_false(matches("f|hour: 1", null));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_ignores_ascii_case_alone),        cmocka_unit_test(globs_backtrack),
        cmocka_unit_test(numbers_compare_by_value_and_as_text), cmocka_unit_test(kinds_are_told_apart),
        cmocka_unit_test(regular_expressions_are_pcre),         cmocka_unit_test(hostile_texts_end_a_regular_expression),
        cmocka_unit_test(networks_contain_addresses),           cmocka_unit_test(dates_have_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
