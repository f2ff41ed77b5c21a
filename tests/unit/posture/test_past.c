// SPDX-License-Identifier: Apache-2.0
// Are runs read, ordered and compared as past.h says, and is what is no run passed over?
#include "posture/past.h"

#include "codec/json/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RUN(time, cluster, score, controls)                                                                                                \
    "{\"kind\":\"run\",\"time\":\"2026-01-0" time "T00:00:00Z\",\"cluster\":\"" cluster "\",\"score\":" score                              \
    ",\"max\":10,\"controls\":[" controls "]}\n"
#define CONTROL(id, max, healthy, unhealthy) "{\"id\":\"" id "\",\"max\":" max ",\"healthy\":" healthy ",\"unhealthy\":" unhealthy "}"

static struct past *past;
static char *text;

static void read_text(const char *lines)
{
    const size_t n = strlen(lines);
    text = calloc(1, n + JSON_PADDING);
    assert_non_null(text);
    memcpy(text, lines, n);
    past = past_new(str_make(text, n));
}

static int tear_down(void **state)
{
    (void)state;
    past_free(past);
    free(text);
    past = NULL;
    text = NULL;
    return 0;
}

static void runs_are_in_order_cluster_by_cluster(void **state)
{
    (void)state;
    read_text(RUN("2", "b", "2", "") RUN("1", "b", "1", "") RUN("3", "a", "9", "") RUN("2", "b", "3", ""));
    const struct past_series b = past_of(past, STR("b")), all = past_all(past);
    assert_int_equal(b.n, 3);
    assert_true(b.runs[0].score.points == 1 && b.runs[1].score.points == 2 && b.runs[2].score.points == 3); // at one time: as written
    assert_int_equal(all.n, 4);
    assert_true(str_eq(all.runs[0].cluster, STR("a")));
    assert_int_equal(past_of(past, STR("0")).n + past_of(past, STR("aa")).n + past_of(past, STR("c")).n, 0);
    const struct past_series longer = past_append(past, b, 5, (struct score){4, 10});
    assert_int_equal(longer.n, 4);
    assert_true(longer.runs[3].time == 5 && longer.runs[0].score.points == 1);
}

static void what_is_no_run_is_counted(void **state)
{
    (void)state;
    read_text("\n[]\n{\"kind\":\"run\"}\n{\"kind\":\"score\",\"cluster\":\"a\"}\n" RUN("1", "a", "-1", "") RUN("1", "a", "11", "")
                  RUN("x", "a", "1", "") RUN("1", "a", "1", "") "{\"kind\":\"run\",\"ti");
    assert_int_equal(past_bad(past), 7);
    assert_int_equal(past_all(past).n, 1);
}

static void nothing_is_no_run(void **state)
{
    (void)state;
    read_text("");
    assert_int_equal(past_all(past).n + past_of(past, STR("a")).n + past_bad(past), 0);
}

static void the_largest_changes_come_first(void **state)
{
    (void)state;
    read_text(RUN("1", "a", "5", CONTROL("up", "4", "1", "3") "," CONTROL("same", "4", "2", "2") "," CONTROL("down", "6", "5", "0")));
    const struct control_score scores[] = {
        {.control = {.id = STR("down")}, .points = 6, .healthy = 0, .unhealthy = 5},
        {.control = {.id = STR("new")}, .points = 2, .healthy = 1, .unhealthy = 1},
        {.control = {.id = STR("same")}, .points = 4, .healthy = 4, .unhealthy = 4},
        {.control = {.id = STR("up")}, .points = 4, .healthy = 4, .unhealthy = 0},
    };
    struct past_change out[PAST_CHANGES];
    const size_t n = past_changes(past_all(past).runs, &(struct score_sheet){.scores = scores, .n = 4}, out);
    assert_int_equal(n, 3);
    assert_true(str_eq(out[0].id, STR("down")) && out[0].gained == -6 && out[0].before == 0 && out[0].now == 5);
    assert_true(str_eq(out[1].id, STR("up")) && out[1].gained == 3 && out[1].before == 3 && out[1].now == 0);
    assert_true(str_eq(out[2].id, STR("new")) && out[2].gained == 1);
}

static void more_changes_than_places_keep_the_largest(void **state)
{
    (void)state;
    struct control_score scores[3 * PAST_CHANGES];
    struct past_change out[PAST_CHANGES];
    read_text(RUN("1", "a", "5", ""));
    for (size_t i = 0; i < 3 * PAST_CHANGES; i++)
        scores[i] = (struct control_score){.control = {.id = STR("c")}, .points = (double)((i * 7) % (3 * PAST_CHANGES) + 1), .healthy = 1};
    assert_int_equal(past_changes(past_all(past).runs, &(struct score_sheet){.scores = scores, .n = 3 * PAST_CHANGES}, out),
                     3 * PAST_CHANGES);
    for (size_t i = 0; i < PAST_CHANGES; i++)
        assert_true(out[i].gained == (double)(3 * PAST_CHANGES - i));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(runs_are_in_order_cluster_by_cluster, tear_down),
        cmocka_unit_test_teardown(what_is_no_run_is_counted, tear_down),
        cmocka_unit_test_teardown(nothing_is_no_run, tear_down),
        cmocka_unit_test_teardown(the_largest_changes_come_first, tear_down),
        cmocka_unit_test_teardown(more_changes_than_places_keep_the_largest, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
