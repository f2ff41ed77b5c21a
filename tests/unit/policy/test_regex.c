// SPDX-License-Identifier: Apache-2.0
// Is a PCRE2 pattern handed to RE2 only where both read it alike, and written anew where they do not?
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check(const char *pattern, unsigned flags, const char *wanted)
{
    struct arena a;
    struct str why = STR_NONE;
    arena_init(&a, ARENA_UNLIMITED);
    const struct str made = cel_regex(&a, str_from_c(pattern), flags, &why);
    if (!wanted && made.ptr)
        fail_msg("%s became %s", pattern, made.ptr);
    if (wanted && !made.ptr)
        fail_msg("%s was refused: %.*s", pattern, STR_ARG(why));
    if (wanted && !str_eq(made, str_from_c(wanted)))
        fail_msg("%s became %.*s", pattern, STR_ARG(made));
    assert_int_equal(why.ptr != NULL, wanted == NULL);
    arena_fini(&a);
}

static void what_both_read_alike_passes(void **state)
{
    (void)state;
    check("", 0, "");
    check("abc", 0, "abc");
    check("^[a-z0-9_-]+(?:x|y)*?\\.\\d{2,3}", 0, "^[a-z0-9_-]+(?:x|y)*?\\.\\d{2,3}");
    check("(a)(b|c)", 0, "(?:a)(?:b|c)");
    check("a{1000}", 0, "a{1000}");
    check("a{,3}b{x}", 0, "a\\{,3\\}b\\{x\\}");
    check("\\bpool\\b", 0, "\\bpool\\b");
    check("[^]a]", 0, "[^\\]a]");
    check("\xc3\xbc+", 0, "\xc3\xbc+");
    check("a.b", REGEX_I | REGEX_S, "(?is)a.b");
    check("^a", REGEX_M, "(?m)^a");
}

static void what_differs_is_written_anew(void **state)
{
    (void)state;
    check("a\\s", 0, "a[\\t\\n\\v\\f\\r ]");
    check("\\S+", 0, "[^\\t\\n\\v\\f\\r ]+");
    check("[\\s,]", 0, "[\\t\\n\\v\\f\\r ,]");
    check("a$", 0, "a(?:\\n?\\z)");
    check("(a$|b)", 0, "(?:a(?:\\n?\\z)|b)");
    check("a$|b", 0, "a(?:\\n?\\z)|b");
}

static void what_re2_lacks_is_refused(void **state)
{
    (void)state;
    static const char *const patterns[] = {
        "(?=a)", "(?!a)",  "(?<=a)",    "(?<!a)",  "(?>a)", "a++",     "a*+",         "a{2}+", "(a)\\1", "\\k<x>", "(?<n>a)",
        "(?i)a", "(?#c)a", "(*ACCEPT)", "(?R)",    "(?1)",  "\\Ka",    "\\Ga",        "\\Za",  "\\h",    "\\R",    "\\X",
        "\\pL",  "\\x41",  "\\101",     "\\Qa\\E", "\\cA",  "\\e",     "[[:alpha:]]", "[\\S]", "[\\b]",  "[a",     "a{1001}",
        "(a",    "a)",     "*a",        "a$b",     "(a$)b", "(a|b$)c", "a$$*",        "($)+",  "\\",     "(?",     "(",
    };
    for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++)
        check(patterns[i], 0, NULL);
    check("a$", REGEX_M, NULL);
}

static void nothing_is_read_behind_the_end(void **state)
{
    (void)state;
    static const char pattern[] = "^(?:a[b-c]{2,3}\\s|d\\.e$)*";
    for (size_t n = 0; n < sizeof pattern; n++) {
        char *copy = strndup(pattern, n);
        struct arena a;
        struct str why;
        arena_init(&a, ARENA_UNLIMITED);
        (void)cel_regex(&a, str_make(copy, n), 0, &why);
        arena_fini(&a);
        free(copy);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_both_read_alike_passes),
        cmocka_unit_test(what_differs_is_written_anew),
        cmocka_unit_test(what_re2_lacks_is_refused),
        cmocka_unit_test(nothing_is_read_behind_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
