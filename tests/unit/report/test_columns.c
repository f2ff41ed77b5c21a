// SPDX-License-Identifier: Apache-2.0
// Is text measured, cut and wrapped by the columns it takes, and are figures and spans of time written as people read them?
#include "report/common/columns.h"
#include "report/common/phrase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct buf out;

static int set_up(void **state)
{
    (void)state;
    buf_init(&out, 1 << 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    buf_fini(&out);
    return 0;
}

static void assert_out(const char *expected)
{
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, expected);
    buf_clear(&out);
}

static void cuts_end_in_an_ellipsis(void **state)
{
    (void)state;
    assert_int_equal(text_fit(&out, STR("abc"), 3, 3), 3);
    assert_out("abc");
    assert_int_equal(text_fit(&out, STR("abcd"), 4, 3), 3);
    assert_out("ab\xe2\x80\xa6");
    assert_int_equal(text_fit(&out, STR("abc"), 900, 9), 4); // cut by somebody else before
    assert_out("abc\xe2\x80\xa6");
    assert_int_equal(text_fit(&out, STR("a\x1b\x1b"), 3, 6), 6); // an escape is not cut in two
    assert_out("a\\x1b\xe2\x80\xa6");
    assert_int_equal(text_fit(&out, STR("abc"), 3, 0), 0);
    assert_out("");
}

static void wide_and_combining_characters_are_measured(void **state)
{
    (void)state;
    assert_int_equal(text_columns(STR("\xe6\xbc\xa2\xe5\xad\x97")), 4); // two Han characters
    assert_int_equal(text_columns(STR("e\xcc\x81")), 1);                // e and an acute accent
    assert_int_equal(text_columns(STR("\xf0\x9f\x98\x80")), 2);         // an emoji
    assert_int_equal(text_columns(STR("\xc3\xa9\xce\xa9")), 2);
    assert_int_equal(text_fit(&out, STR("\xe6\xbc\xa2\xe5\xad\x97"), 6, 3), 3); // half a character does not fit
    assert_out("\xe6\xbc\xa2\xe2\x80\xa6");
}

static void lines_break_at_spaces_and_lists(void **state)
{
    (void)state;
    text_wrap(&out, STR("one two three four five six\nseven"), (struct wrap){.indent = 2, .width = 24});
    assert_out("one two three four\n  five six seven\n");
    text_wrap(&out, STR("do:\n- this\n- that\n\nthen"), (struct wrap){.width = 40});
    assert_out("do:\n- this\n- that\nthen\n");
    text_wrap(&out, STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), (struct wrap){.width = 20});
    assert_out("aaaaaaaaaaaaaaaaaaa\naaaaaaaaaaa\n");
    text_wrap(&out, STR("one two three four five six seven eight nine ten"), (struct wrap){.width = 20, .max_lines = 2});
    assert_out("one two three four\nfive six seven\xe2\x80\xa6\n");
    text_wrap(&out, STR(" \n "), (struct wrap){.width = 20});
    assert_out("\n");
}

static void figures_read_well(void **state)
{
    (void)state;
    phrase_number(&out, 1234567);
    assert_out("1,234,567");
    phrase_count(&out, 1, "alert", "alerts");
    assert_out("1 alert");
    phrase_bytes(&out, 999);
    assert_out("999 bytes");
    phrase_bytes(&out, 999999);
    assert_out("1.0 MB");
    phrase_levels(&out, (uint64_t[]){1, 0, 2, 0, 3}, LEVEL_INFORMATIONAL);
    assert_out("3 critical, 2 medium and 1 informational alerts");
    phrase_levels(&out, (uint64_t[]){9, 0, 0, 1, 0}, LEVEL_HIGH);
    assert_out("1 high alert");
    phrase_levels(&out, (uint64_t[5]){0}, LEVEL_INFORMATIONAL);
    assert_out("no alerts");
}

static void spans_name_the_date_once(void **state)
{
    (void)state;
    int64_t a = 0, b = 0;
    assert_true(time_parse(STR("2026-11-22T01:09:22.9Z"), &a) && time_parse(STR("2026-11-22T01:09:30Z"), &b));
    phrase_span(&out, a, b, TIME_NONE);
    assert_out("2026-11-22 01:09:22\xe2\x80\x93"
               "01:09:30");
    phrase_span(&out, a, a, b);
    assert_out("01:09:22");
    phrase_span(&out, a, b + 86400 * NS_PER_SECOND, a);
    assert_out("2026-11-22 01:09:22 \xe2\x80\x93 2026-11-23 01:09:30");
    phrase_span(&out, TIME_NONE, TIME_NONE, a);
    assert_out("no time");
    phrase_span(&out, TIME_NONE, b, a);
    assert_out("01:09:30");
    phrase_time(&out, -1); // before 1970
    assert_out("1969-12-31 23:59:59");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(cuts_end_in_an_ellipsis),         TEST(wide_and_combining_characters_are_measured),
        TEST(lines_break_at_spaces_and_lists), TEST(figures_read_well),
        TEST(spans_name_the_date_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
