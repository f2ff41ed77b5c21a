// SPDX-License-Identifier: Apache-2.0
// Are findings of two runs paired as compare.h says, cluster by cluster, and in a time that grows with their number alone?
#include "posture/compare.h"

#include "codec/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct comparison *c;
    struct diags diags;
    struct buf earlier;
};

static int set_up(void **state)
{
    struct fixture *f = must_alloc(calloc(1, sizeof *f));
    f->c = comparison_new();
    diags_init(&f->diags);
    buf_init(&f->earlier, SIZE_MAX);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    comparison_free(f->c);
    diags_fini(&f->diags);
    buf_fini(&f->earlier);
    free(f);
    return 0;
}

static void was(struct fixture *f, const char *cluster, const char *name, const char *why, const char *status_word)
{
    buf_addf(&f->earlier,
             "{\"kind\":\"finding\",\"cluster\":\"%s\",\"control\":{\"id\":\"x\",\"title\":\"t\",\"severity\":\"high\"},"
             "\"object\":{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"namespace\":null,\"name\":\"%s\"},\"status\":\"%s\",\"why\":\"%s\"}\n",
             cluster, name, status_word, why);
}

static status read_earlier(struct fixture *f)
{
    const size_t len = f->earlier.len;
    memset(must_alloc(buf_reserve(&f->earlier, JSON_PADDING)), 0, JSON_PADDING);
    return comparison_read(f->c, STR("old.json"), str_make(f->earlier.ptr, len), &f->diags);
}

static void is(struct fixture *f, const char *cluster, const char *name, const char *why, enum finding_status found)
{
    const struct finding finding = {.cluster = str_from_c(cluster),
                                    .control = {.id = STR("x"), .title = STR("t"), .severity = SEVERITY_HIGH},
                                    .object = {STR("v1"), STR("Pod"), STR_NONE, str_from_c(name)},
                                    .status = found,
                                    .why = str_from_c(why)};
    comparison_add(f->c, &finding);
}

static struct comparison_sheet ends(struct fixture *f, const char *cluster)
{
    return comparison_close(f->c, &(struct score_sheet){.cluster = str_from_c(cluster)});
}

static void each_cluster_has_its_own_changes(void **state)
{
    struct fixture *f = *state;
    was(f, "a", "one", "w", "unhealthy");
    was(f, "a", "two", "w", "unhealthy");
    was(f, "a", "three", "w", "healthy");
    was(f, "b", "one", "w", "unhealthy");
    assert_int_equal(read_earlier(f), ST_OK);
    is(f, "a", "one", "w", FINDING_UNHEALTHY);
    is(f, "a", "three", "w", FINDING_UNHEALTHY);
    struct comparison_sheet s = ends(f, "a");
    assert_int_equal(s.n, 2);
    assert_int_equal(s.items[0].change, CHANGE_NEW);
    assert_true(str_eq(s.items[0].object.name, STR("three")));
    assert_int_equal(s.items[1].change, CHANGE_GONE);
    assert_true(str_eq(s.items[1].object.name, STR("two")));
    s = ends(f, "b"); // nothing was found there
    assert_int_equal(s.of[CHANGE_GONE], 1);
    assert_int_equal(s.n, 1);
    comparison_tell_missing(f->c, &f->diags);
    assert_int_equal(f->diags.n, 0);
}

static void the_same_words_are_paired_first(void **state)
{
    struct fixture *f = *state;
    was(f, "a", "one", "first", "unhealthy");
    was(f, "a", "one", "second", "unhealthy");
    assert_int_equal(read_earlier(f), ST_OK);
    is(f, "a", "one", "third", FINDING_UNHEALTHY);
    is(f, "a", "one", "second", FINDING_UNHEALTHY);
    is(f, "a", "one", "fourth", FINDING_UNHEALTHY);
    const struct comparison_sheet s = ends(f, "a");
    assert_int_equal(s.n, 1); // third or fourth is first in other words
    assert_int_equal(s.of[CHANGE_NEW], 1);
    assert_true(str_eq(s.items[0].why, STR("fourth")));
}

static void what_is_accepted_or_unknown_is_not_gone(void **state)
{
    struct fixture *f = *state;
    was(f, "a", "one", "w", "unhealthy");
    was(f, "a", "two", "w", "unhealthy");
    assert_int_equal(read_earlier(f), ST_OK);
    is(f, "a", "one", "exempt: w", FINDING_EXEMPT);
    is(f, "a", "two", "unclear", FINDING_NOT_ASSESSABLE);
    const struct comparison_sheet s = ends(f, "a");
    assert_int_equal(s.of[CHANGE_EXEMPT], 1);
    assert_int_equal(s.of[CHANGE_UNSEEN], 1);
    assert_int_equal(s.n, 2);
}

static void many_about_one_object_take_no_longer(void **state)
{
    enum { MANY = 100000 };
    struct fixture *f = *state;
    char why[32];
    for (int i = 0; i < MANY; i++) {
        snprintf(why, sizeof why, "old %d", i);
        was(f, "a", "one", why, "unhealthy");
    }
    assert_int_equal(read_earlier(f), ST_OK);
    for (int i = 0; i < MANY + 1; i++) {
        snprintf(why, sizeof why, "new %d", i);
        is(f, "a", "one", why, FINDING_UNHEALTHY);
    }
    const struct comparison_sheet s = ends(f, "a");
    assert_int_equal(s.n, 1);
    assert_int_equal(s.of[CHANGE_NEW], 1);
}

static void odd_lines_are_told(void **state)
{
    struct fixture *f = *state;
    buf_add(&f->earlier, STR("\n{\"kind\":\"score\",\"cluster\":7}\n{\"kind\":\"finding\"}\nnot json\n"));
    assert_int_equal(read_earlier(f), ST_INPUT);
    assert_int_equal(f->diags.items[0].line, 4);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(each_cluster_has_its_own_changes),        CASE(the_same_words_are_paired_first),
        CASE(what_is_accepted_or_unknown_is_not_gone), CASE(odd_lines_are_told),
        CASE(many_about_one_object_take_no_longer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
