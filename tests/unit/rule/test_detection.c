// SPDX-License-Identifier: Apache-2.0
// Does every form of a Sigma detection become the condition the specification means, and is everything else refused at its place?
#include "compile_text.h"

static void values_compare_whole_or_by_wildcards(void **state)
{
    (void)state;
    expect_item("f: abc", "f = \"abc\"");
    expect_item("f: abc*", "f startswith \"abc\"");
    expect_item("f: '*abc'", "f endswith \"abc\"");
    expect_item("f: '*abc*'", "f contains \"abc\"");
    expect_item("f: 'a*b?c'", "f like \"a\" * \"b\" ? \"c\"");
    expect_item("f: '*'", "f = *");
    expect_item("f: '**'", "f = *");
    expect_item("f: ''", "f = \"\"");
    expect_item("f: '?'", "f like ?");
    expect_item("f:", "f is null");
    expect_item("f: null", "f is null");
    expect_item("f: true", "f = \"true\"");
    expect_item("f: TRUE", "f = \"true\"");
    expect_item("f: yes", "f = \"yes\"");
    expect_item("f: 5", "f = 5");
    expect_item("f: '5'", "f = \"5\"");
    expect_item("a.b[0].c d: 5", "a.b[0].c d = 5");
}

// "Escape Character" of the specification, every row of it.
static void backslashes_escape_wildcards_and_themselves(void **state)
{
    (void)state;
    expect_item("f: C:\\Windows\\x", "f = \"C:\\\\Windows\\\\x\"");
    expect_item("f: C:\\\\x", "f = \"C:\\\\x\"");
    expect_item("f: 'a\\*b\\?'", "f = \"a*b?\"");
    expect_item("f: 'a\\\\*'", "f startswith \"a\\\\\"");
    expect_item("f: 'a\\\\\\*'", "f = \"a\\\\*\"");
    expect_item("f: 'a\\\\\\'", "f = \"a\\\\\\\\\"");
    expect_item("f: 'a\\\\\\\\'", "f = \"a\\\\\\\\\"");
    expect_item("f: 'a\\'", "f = \"a\\\\\"");
    expect_item("f|contains: 'a\\'", "f contains \"a\\\\\"");
    expect_item("f: 'a\\%b'", "f = \"a\\\\%b\"");
}

static void lists_maps_and_keywords_combine(void **state)
{
    (void)state;
    expect_item("f: [a, b*]", "(f = \"a\" or f startswith \"b\")");
    expect_item("f: [a]", "f = \"a\"");
    expect_item("f|contains|all: [a, b]", "(f contains \"a\" and f contains \"b\")");
    expect_item("{f: a, g: 1}", "(f = \"a\" and g = 1)");
    expect_item("[{f: a, g: 1}, {h: b}]", "((f = \"a\" and g = 1) or h = \"b\")");
    expect_item("[a, 'b*c', 7]", "(keyword contains \"a\" or keyword like * \"b\" * \"c\" * or keyword contains \"7\")");
    expect_item("'|all': [a, b]", "(keyword contains \"a\" and keyword contains \"b\")");
    expect_item("'|re': 'a.c'", "keyword re \"a.c\"");
    expect_item("'|startswith': a", "keyword startswith \"a\"");
    expect_item("[a, {f: b}]", "(keyword contains \"a\" or f = \"b\")");
    expect_item("[[a, b], c]", "((keyword contains \"a\" or keyword contains \"b\") or keyword contains \"c\")");
    expect_condition("  s: word\n  condition: s\n", "keyword contains \"word\"");
}

static void text_modifiers_apply_in_order(void **state)
{
    (void)state;
    expect_item("f|startswith: a", "f startswith \"a\"");
    expect_item("f|endswith: a", "f endswith \"a\"");
    expect_item("f|contains: '*a*'", "f contains \"a\"");
    expect_item("f|contains: a*b", "f like * \"a\" * \"b\" *");
    expect_item("f|contains: ''", "f = *");
    expect_item("f|contains: 12", "f contains \"12\"");
    expect_item("f|cased: aB", "f = \"aB\" cased");
    expect_item("f|contains|cased: aB", "f contains \"aB\" cased");
    expect_item("f|neq: a", "not f = \"a\"");
    expect_item("f|neq: [a, b]", "not (f = \"a\" or f = \"b\")");
    expect_item("f|neq|all: [a, b]", "not (f = \"a\" and f = \"b\")");
    expect_item("f|neq: null", "not f is null");
    expect_item("f|contains|neq: a", "not f contains \"a\"");
    expect_item("f|base64: foobar", "f = \"Zm9vYmFy\"");
    expect_item("f|base64|contains: foo", "f contains \"Zm9v\"");
    expect_item("f|base64: 'a\\*'", "f = \"YSo=\"");
    expect_item("f|wide|base64|contains: cmd", "f contains \"YwBtAGQA\"");
    expect_item("f|utf16le|base64: cmd", "f = \"YwBtAGQA\"");
    expect_item("f|utf16be|base64: cmd", "f = \"AGMAbQBk\"");
    expect_item("f|utf16|base64: cmd", "f = \"//5jAG0AZAA=\"");
    expect_item("f|utf16le|base64: \"\\U0001F600\"", "f = \"PdgA3g==\"");
    // The three strings the specification's own example gives.
    expect_item("f|base64offset|contains: http://", "(f contains \"aHR0cDovL\" or f contains \"h0dHA6Ly\" or f contains \"odHRwOi8v\")");
}

static void windash_writes_every_dash(void **state)
{
    (void)state;
    expect_item("f|windash|contains: ' -x'", "(f contains \" -x\" or f contains \" /x\" or f contains \" \xe2\x80\x93x\" or f contains "
                                             "\" \xe2\x80\x94x\" or f contains \" \xe2\x80\x95x\")");
    expect_item("f|windash: a-b", "f = \"a-b\""); // within a word it is no flag
    expect_item("f|windash: 'a - b'", "f = \"a - b\"");
    struct compiled c = compile("title: t\nlogsource: {product: p}\ndetection:\n  s:\n    f|windash: '-a --b *-c'\n  condition: s\n");
    assert_int_equal(c.set->rules[0].condition->n, 125);
    release(&c);
}

static void typed_modifiers_make_other_patterns(void **state)
{
    (void)state;
    expect_item("f|re: ^a.*\\d$", "f re \"^a.*\\\\d$\"");
    expect_item("f|re|i: a", "f re \"a\" i");
    expect_item("f|re|i|m|s: a", "f re \"a\" ims");
    expect_item("f|re|all: [a, b]", "(f re \"a\" and f re \"b\")");
    expect_item("f|cidr: 10.0.0.0/8", "f in 10.0.0.0/8");
    expect_item("f|cidr: [fd00::/8, 192.168.1.1]", "(f in fd00::/8 or f in 192.168.1.1)");
    expect_item("f|exists: true", "f exists");
    expect_item("f|exists: false", "not f exists");
    expect_item("f|lt: 5", "f < 5");
    expect_item("f|gte: -1.5", "f >= -1.5");
    expect_item("f|gt: 0x10", "f > 16");
    expect_item("f|fieldref: g", "f = field g");
    expect_item("f|fieldref|endswith: g.h", "f endswith field g.h");
    expect_item("f|fieldref|contains|neq: g", "not f contains field g");
    expect_item("f|hour: 13", "f hour = 13");
    expect_item("f|hour|gte: 22", "f hour >= 22");
    expect_item("f|week: [1, 52]", "(f week = 1 or f week = 52)");
    expect_item("f|minute: 0", "f minute = 0");
    expect_item("f|year|neq: 2024", "not f year = 2024");
}

static void bad_items_are_refused_at_their_place(void **state)
{
    (void)state;
    expect_item_refused("f|startwith: a", "t.yml:5:7: error: unknown modifier 'startwith'; did you mean 'startswith'");
    expect_item_refused("f|contains|xyzzy: a", "t.yml:5:16: error: unknown modifier 'xyzzy'");
    expect_item_refused("'f|': a", "t.yml:5:8: error: unknown modifier ''");
    expect_item_refused("f|contains|re: a", "t.yml:5:16: error: modifier 're' cannot be combined with 'contains'");
    expect_item_refused("f|re|contains: a", "t.yml:5:10: error: modifier 'contains' cannot be combined with 're'");
    expect_item_refused("f|cidr|base64: 10.0.0.0/8", "t.yml:5:12: error: modifier 'base64' cannot be combined with 'cidr'");
    expect_item_refused("f|exists|contains: true", "t.yml:5:14: error: modifier 'contains' cannot be combined with 'exists'");
    expect_item_refused("f|i: a", "t.yml:5:7: error: modifier 'i' is a flag of regular expressions: write it behind re");
    expect_item_refused("f|lt|gt: 1", "t.yml:5:10: error: modifier 'gt' cannot be combined with 'lt'");
    expect_item_refused("f|all|all: [a, b]", "t.yml:5:11: error: modifier 'all' cannot be combined with 'all'");
    expect_item_refused("'|exists': true", "t.yml:5:5: error: modifier 'exists' needs a field before it");
    expect_item_refused("'|lt': 1", "t.yml:5:5: error: modifier 'lt' needs a field before it");
    expect_item_refused("f|exists: yes", "t.yml:5:15: error: exists needs true or false");
    expect_item_refused("f|exists: [true]", "t.yml:5:15: error: exists needs true or false, not a list");
    expect_item_refused("f|base64: a*", "t.yml:5:15: error: a value with wildcards cannot be encoded in Base64: escape them (\\* \\?), "
                                        "and put contains after it");
    expect_item_refused("f|contains|base64: a", "t.yml:5:24: error: a value with wildcards cannot be encoded in Base64: escape them "
                                                "(\\* \\?), and put contains after it");
    expect_item_refused("f|base64offset: a", "t.yml:5:21: error: too short for base64offset: nothing of it is the same at every offset");
    expect_item_refused("f|fieldref: g*", "t.yml:5:17: error: a field's name cannot have wildcards: use fieldref|startswith, |endswith "
                                          "or |contains");
    expect_item_refused("f|re: 'ab(c'", "t.yml:5:16: error: regular expression does not compile: missing closing parenthesis");
    expect_item_refused("f|re: [ok, '[z-a]']", "t.yml:5:20: error: regular expression does not compile: range out of order in character "
                                               "class");
    expect_item_refused("f|cidr: 10.0.0.1/8", "t.yml:5:13: error: network '10.0.0.1/8' has bits set behind its prefix: clear them, or "
                                              "shorten the prefix to none");
    expect_item_refused("f|cidr: 10.0.0/8", "t.yml:5:13: error: '10.0.0/8' is not a network: write address/bits, such as 10.0.0.0/8 or "
                                            "fd00::/8");
    expect_item_refused("f|cidr: 10.0.0.0/33", "t.yml:5:13: error: '10.0.0.0/33' is not a network: write address/bits, such as "
                                               "10.0.0.0/8 or fd00::/8");
    expect_item_refused("f|cidr: 10.*", "t.yml:5:13: error: '10.*' is not a network: write address/bits, such as 10.0.0.0/8 or fd00::/8");
    expect_item_refused("f|gte: abc", "t.yml:5:12: error: modifier 'gte' needs a number, not a text");
    expect_item_refused("f|gte: '5'", "t.yml:5:12: error: modifier 'gte' needs a number, not a text");
    expect_item_refused("f|hour: 24", "t.yml:5:13: error: '24' is not an hour: whole numbers from 0 to 23");
    expect_item_refused("f: [a, null]", "t.yml:5:12: error: null cannot be one of several values: test it in a selection of its own");
    expect_item_refused("f|contains: null", "t.yml:5:17: error: null cannot be modified: write the field without modifiers");
    expect_item_refused("f: []", "t.yml:5:8: error: the list is empty: nothing can match");
    expect_item_refused("f: {g: a}", "t.yml:5:8: error: the value of a field cannot be a map; for items of one array element write "
                                     "f|same");
    expect_item_refused("f: [[a]]", "t.yml:5:9: error: a value of a field cannot be a list");
    expect_item_refused("{}", "t.yml:5:5: error: the map is empty: it would match everything");
    expect_item_refused("[]", "t.yml:5:5: error: the list is empty: nothing can match");
    expect_item_refused("[null]", "t.yml:5:6: error: null needs a field: it cannot be a keyword");
    expect_item_refused("f|windash: '-a -b -c -d -e -f -g'", "t.yml:5:16: error: this value stands for more than 16384 alternatives");
}

static void the_whole_condition_grammar_is_read(void **state)
{
    (void)state;
    static const struct {
        const char *condition, *expected;
    } cases[] = {
        {"a", "f = 1"},
        {"a and b1", "(f = 1 and g = 2)"},
        {"a or b1 and b2", "(f = 1 or (g = 2 and h = 3))"},
        {"not a and b1", "(not f = 1 and g = 2)"},
        {"not (a and b1)", "not (f = 1 and g = 2)"},
        {"not not a", "f = 1"},
        {"(a or b1) and not b2", "((f = 1 or g = 2) and not h = 3)"},
        {"a OR b1 AND NOT b2", "(f = 1 or (g = 2 and not h = 3))"},
        {"1 of b*", "(g = 2 or h = 3)"},
        {"any of b*", "(g = 2 or h = 3)"},
        {"all of b*", "(g = 2 and h = 3)"},
        {"1 of them", "(f = 1 or g = 2 or h = 3)"},
        {"all of them", "(f = 1 and g = 2 and h = 3)"},
        {"2 of them", "2 of (f = 1, g = 2, h = 3)"},
        {"3 of them", "(f = 1 and g = 2 and h = 3)"},
        {"1 of *1", "g = 2"},
        {"all of *", "(f = 1 and g = 2 and h = 3)"}, // a hidden name needs an underscore in the pattern
        {"1 of _*", "i = 4"},
        {"a and _x", "(f = 1 and i = 4)"},
        {"1 of a", "f = 1"},
        {"not 1 of b* or a", "(not (g = 2 or h = 3) or f = 1)"},
        {"a and (not 1 of b*)", "(f = 1 and not (g = 2 or h = 3))"},
        {"[a, b1 and b2]", "(f = 1 or (g = 2 and h = 3))"},
        {"\"\\n a  and\\tb1 \"", "(f = 1 and g = 2)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char detection[1000];
        snprintf(detection, sizeof detection, "  a: {f: 1}\n  b1: {g: 2}\n  b2: {h: 3}\n  _x: {i: 4}\n  condition: %s\n",
                 cases[i].condition);
        expect_condition(detection, cases[i].expected);
    }
}

static void bad_conditions_are_refused_at_their_token(void **state)
{
    (void)state;
    static const struct {
        const char *condition, *diag;
    } cases[] = {
        {"selecton", "t.yml:5:14: error: no selection is named 'selecton'; did you mean 'selection'"},
        {"selection and", "t.yml:5:27: error: condition: expected a name or a parenthesis, found its end"},
        {"selection selection", "t.yml:5:24: error: condition: expected and, or, or its end, found selection"},
        {"(selection", "t.yml:5:24: error: condition: expected and, or, or a closing parenthesis, found its end"},
        {"selection)", "t.yml:5:23: error: condition: expected and, or, or its end, found )"},
        {"()", "t.yml:5:15: error: condition: expected a name or a parenthesis, found )"},
        {"1 of filter*", "t.yml:5:19: error: no selection is named like 'filter*'"},
        {"2 of sel*", "t.yml:5:14: error: 2 of sel*: 1 selection is so named"},
        {"0 of sel*", "t.yml:5:14: error: 0 of sel*: 1 selection is so named"},
        {"1 of", "t.yml:5:18: error: condition: expected a pattern or them after of, found its end"},
        {"selection and sel*", "t.yml:5:28: error: no selection is named 'sel*': write 1 of or all of before a pattern"},
        {"selection | count() > 5",
         "t.yml:5:24: error: aggregations (| count() by ..., | near ...) are deprecated and not read: write a correlation rule, such as "
         "type event_count or value_count with group-by and timespan"},
        {"'selection and xx'", "t.yml:5:29: error: no selection is named 'xx'"},
        {"[]", "t.yml:5:14: error: the list of conditions is empty"},
        {"{a: b}", "t.yml:5:3: error: a condition must be a text"},
        {"", "t.yml:5:3: error: a condition must be a text"},
        {"and", "t.yml:5:14: error: condition: expected a name or a parenthesis, found and"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char detection[1000];
        snprintf(detection, sizeof detection, "  selection: {f: 1}\n  condition: %s\n", cases[i].condition);
        expect_refusal(detection, cases[i].diag);
    }
    expect_refusal("  selection: {f: 1}\n  condition: |\n    selection\n    and nope\n", "t.yml:7:9: error: no selection is named 'nope'");
    expect_refusal("  selection: {f: 1}\n", "t.yml:3:1: error: there is no condition");
    expect_refusal("  condition: a\n", "t.yml:3:1: error: the detection has no selection");
    expect_refusal("  _a: {f: 1}\n  condition: 1 of them\n", "t.yml:5:19: error: them: every selection's name begins with an underscore");
}

static void items_can_hold_within_one_element(void **state)
{
    (void)state;
    expect_item("pod.container|same: {securityContext.privileged: true, image|startswith: evil/}",
                "pod.container same ((securityContext.privileged = \"true\" and image startswith \"evil/\"))");
    expect_item("{x.y|same: [{a: 1}, {b|neq: 2}], verb: create}", "((x.y same (a = 1) or x.y same (not b = 2)) and verb = \"create\")");
    expect_item("x|same|all: [{a: 1}, {b: 2}]", "(x same (a = 1) and x same (b = 2))");
    expect_item("x|same: {a: null, b|exists: false}", "x same ((a is null and not b exists))");
    expect_item_refused("x|same: [a]", "t.yml:5:14: error: same needs a map of items that one element must have, or a list of such maps");
    expect_item_refused("x|same: {y|same: {a: 1}}", "t.yml:5:14: error: same cannot stand inside same: name the inner array as the scope");
    expect_item_refused("x|same: {'|all': [a, b]}", "t.yml:5:14: error: inside same every item needs a field");
    expect_item_refused("x|same|neq: {a: 1}", "t.yml:5:12: error: modifier 'neq' cannot be combined with 'same'");
    expect_item_refused("'|same': {a: 1}", "t.yml:5:5: error: modifier 'same' needs a field before it");
    expect_item_refused("x|same: {}", "t.yml:5:13: error: the map is empty: it would match everything");
    expect_item_refused("x|same: []", "t.yml:5:13: error: the list is empty: nothing can match");
}

static void placeholders_expand_to_their_lists(void **state)
{
    (void)state;
    struct arena a;
    struct diags diags;
    struct placeholders p = {0};
    struct yaml_source source = {.name = STR("p.yml"),
                                 .text = STR("servers: [srv*, 'dc 1']\nadmin: root\nnone: []\nnets: [10.0.0.0/8, fd00::/8]\n")};
    arena_init(&a, ARENA_UNLIMITED);
    diags_init(&diags);
    assert_int_equal(placeholders_load(&p, &a, source, &diags), ST_OK);
    assert_int_equal(p.n, 4);
    struct rule_options options = {.placeholders = &p};
    static const struct {
        const char *item, *expected;
    } cases[] = {
        {"f|expand: '%servers%'", "(f startswith \"srv\" or f = \"dc 1\")"},
        {"f|contains|expand: '%servers%'", "(f contains \"srv\" or f contains \"dc 1\")"},
        {"f|expand: 'x%admin%/%admin%*'", "f startswith \"xroot/root\""},
        {"f|expand: '\\%plain%admin%'", "f = \"%plainroot\""},
        {"f|expand: 100%", "f = \"100%\""},
        {"f: '%servers%'", "f = \"%servers%\""},
        {"f|cidr|expand: '%nets%'", "(f in 10.0.0.0/8 or f in fd00::/8)"},
        {"f|re|expand: '^%admin%$'", "f re \"^root$\""},
        {"f|base64|expand: '%admin%'", "f = \"cm9vdA==\""},
        {"f|expand: '%nope%'", NULL},
        {"f|expand: '%none%'", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char detection[500], yaml[1000];
        snprintf(detection, sizeof detection, "  s:\n    %s\n  condition: s\n", cases[i].item);
        struct compiled c = compile_with(wrap(yaml, sizeof yaml, detection), &options);
        assert_int_equal(c.result, cases[i].expected ? ST_OK : ST_INPUT);
        if (cases[i].expected)
            assert_string_equal(condition_text(&c, 0), cases[i].expected);
        else
            assert_non_null(strstr(c.diags.items[0].text.ptr, "placeholder"));
        release(&c);
    }
    source.text = STR("a: {b: 1}\n");
    assert_int_equal(placeholders_load(&p, &a, source, &diags), ST_INPUT);
    assert_string_equal(diags.items[0].text.ptr, "placeholder 'a' needs a value, or a list of values");
    diags_fini(&diags);
    arena_fini(&a);
    expect_item_refused("f|expand: '%x%'", "t.yml:5:15: error: placeholder %x% has no values here: give them with --placeholders");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_compare_whole_or_by_wildcards),
        cmocka_unit_test(backslashes_escape_wildcards_and_themselves),
        cmocka_unit_test(lists_maps_and_keywords_combine),
        cmocka_unit_test(text_modifiers_apply_in_order),
        cmocka_unit_test(windash_writes_every_dash),
        cmocka_unit_test(typed_modifiers_make_other_patterns),
        cmocka_unit_test(bad_items_are_refused_at_their_place),
        cmocka_unit_test(the_whole_condition_grammar_is_read),
        cmocka_unit_test(bad_conditions_are_refused_at_their_token),
        cmocka_unit_test(items_can_hold_within_one_element),
        cmocka_unit_test(placeholders_expand_to_their_lists),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
