// SPDX-License-Identifier: Apache-2.0
// Does every text that a regular expression matches hold what is said to stand in all of them?
#include "rule/regex.h"
#include "rule/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void expect(const char *pattern, unsigned flags, const char *literal)
{
    struct arena a;
    struct regex_error error;
    arena_init(&a, ARENA_UNLIMITED);
    if (!regex_compile(&a, str_from_c(pattern), flags, &error))
        fail_msg("%s: %s", pattern, error.text);
    struct str found = regex_literal(&a, str_from_c(pattern), flags);
    if (!str_eq(found.ptr ? found : STR(""), str_from_c(literal)))
        fail_msg("%s: '%.*s', not '%s'", pattern, STR_ARG(found), literal);
    arena_fini(&a);
}

static void what_must_be_there_is_found(void **state)
{
    (void)state;
    expect("/api/v1/namespaces/amber-[0-9a-f]{4,8}/pods/birch-\\d+/exec", 0, "/api/v1/namespaces/amber-");
    expect("stratum\\+tcp://", 0, "stratum+tcp://");
    expect("^curl .*\\| *sh$", 0, "curl ");
    expect("a(bc|de)f{2}ghi", 0, "ghi");
    expect("abc+de", 0, "abc");
    expect("abcd?ef", 0, "abc");
    expect("[]a]xy[^]b]z", 0, "xy");
    expect("ab[\\]]cde", 0, "cde");
    expect("one two", REGEX_I, "one two");
}

static void what_may_be_absent_is_not(void **state)
{
    (void)state;
    expect("abc|def", 0, "");
    expect("(abc|def)", 0, "");
    expect("(?:abc)?", 0, "");
    expect("a*", 0, "");
    expect("ab{0,3}", 0, "a");
    expect("ab*?cd", 0, "cd");
    expect("\xc3\xa9?x", 0, "x");            // the quantifier is about both bytes
    expect("back", REGEX_I, "bac");          // the sign for kelvin is a k
    expect("x(?i)abc", 0, "");               // options inside
    expect("\\Qa|b\\E", 0, "");              // quoted
    expect("ab\\x41cd", 0, "");              // escapes that say what they mean by number
    expect("a{,3}bcd", 0, "");               // braces that are no quantifier here, and may be one elsewhere
    expect("(?#abc)d", 0, "");               // a comment
    expect("[[:alpha:]]bcd", 0, "");         // named classes
    expect("(*UCP)abc", 0, "");              // verbs
    expect("a(b\\)c)d", 0, "a");             // a parenthesis that closes nothing
    expect("(?<!abc)def(?!ghij)", 0, "def"); // what is looked for around
}

// --- random expressions ------------------------------------------------------------------------------------------------------------

static uint32_t next_random(uint64_t *seed, uint32_t n)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*seed >> 33) % n;
}

static void add(char *out, const char *text)
{
    strcat(out, text);
}

static void make_sequence(uint64_t *seed, char *out, unsigned depth);

static void make_atom(uint64_t *seed, char *out, unsigned depth)
{
    static const char *const atoms[] = {"a", "b",   "k",   "s",   "K",    "/",     "-",    "\\.",     "\\-",
                                        ".", "\\d", "\\w", "\\b", "[ab]", "[^a/]", "[]k]", "\xc3\xa9"};
    if (depth < 2 && next_random(seed, 6) == 0) {
        static const char *const opens[] = {"(", "(?:", "(?=", "(?!"};
        add(out, opens[next_random(seed, 4)]);
        make_sequence(seed, out, depth + 1);
        add(out, ")");
    } else {
        add(out, atoms[next_random(seed, sizeof atoms / sizeof *atoms)]);
    }
}

static void make_sequence(uint64_t *seed, char *out, unsigned depth)
{
    static const char *const quantifiers[] = {"*", "+", "?", "*?", "++", "{2}", "{0,1}", "{1,}"};
    for (uint32_t n = 1 + next_random(seed, 4); n > 0; n--) {
        make_atom(seed, out, depth);
        if (next_random(seed, 4) == 0)
            add(out, quantifiers[next_random(seed, sizeof quantifiers / sizeof *quantifiers)]);
        if (next_random(seed, 12) == 0 && n > 1)
            add(out, "|");
    }
}

static void make_text(uint64_t *seed, char *out)
{
    static const char *const parts[] = {"a", "b", "k", "A", "s", "S", "/", "-", ".", "\xc3\xa9", "\xe2\x84\xaa", "\xc5\xbf", "1"};
    out[0] = '\0';
    for (uint32_t n = next_random(seed, 9); n > 0; n--)
        add(out, parts[next_random(seed, sizeof parts / sizeof *parts)]);
}

static void no_match_is_without_it(void **state)
{
    (void)state;
    uint64_t seed = 20261126;
    size_t matches = 0, known = 0;
    for (unsigned i = 0; i < 4000; i++) {
        char pattern[512] = "", text[128];
        struct arena a;
        struct regex_error error;
        const unsigned flags = next_random(&seed, 2) ? REGEX_I : 0;
        arena_init(&a, ARENA_UNLIMITED);
        make_sequence(&seed, pattern, 0);
        const void *regex = regex_compile(&a, str_from_c(pattern), flags, &error);
        struct str literal = regex ? regex_literal(&a, str_from_c(pattern), flags) : STR_NONE;
        known += literal.len > 0;
        for (unsigned k = 0; regex && literal.len && k < 200; k++) {
            bool gave_up = false;
            make_text(&seed, text);
            if (!regex_matches(regex, str_from_c(text), &gave_up))
                continue;
            matches++;
            if (str_find_ci(str_from_c(text), literal, 0) == SIZE_MAX)
                fail_msg("/%s/ matches '%s', which does not hold '%.*s'", pattern, text, STR_ARG(literal));
        }
        arena_fini(&a);
    }
    assert_true(known > 1000 && matches > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_must_be_there_is_found),
        cmocka_unit_test(what_may_be_absent_is_not),
        cmocka_unit_test(no_match_is_without_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
