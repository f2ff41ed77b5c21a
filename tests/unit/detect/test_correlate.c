// SPDX-License-Identifier: Apache-2.0
// Does each correlation type fire exactly when the Sigma specification says, at every edge?
#include "correlate_world.h"

static void run(struct world *w)
{
    world_start(w, CORRELATOR_LIMITS_DEFAULT);
}

static void event_count_fires_at_its_threshold_and_after(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", 0, -1), COMPARE_GTE, 3);
    run(&w);
    world_feed(&w, 0, 0, "a", NULL);
    world_feed(&w, 0, 1, "b", NULL); // another group
    world_feed(&w, 0, 2, "a", NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 0, 10, "a", NULL); // the first is exactly a timespan old: it counts
    world_feed(&w, 0, 10.5, "a", NULL);
    world_feed(&w, 0, 20.6, "a", NULL);
    assert_string_equal(world_log(&w), "1 10 0 4 [a] 3 3 (1 3 4)\n1 10.5 2 5 [a] 3 3 (3 4 5)\n");
    world_fini(&w);
}

static void matches_without_group_value_are_counted_not_joined(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", 0, -1), COMPARE_GTE, 2);
    run(&w);
    world_feed(&w, 0, 0, NULL, NULL);
    world_feed(&w, 0, 1, NULL, NULL);
    assert_string_equal(world_log(&w), "");
    assert_int_equal(correlator_counters(w.correlator).no_group, 2);
    world_feed(&w, 0, 2, "", NULL); // the empty string is a value
    world_feed(&w, 0, 3, "", NULL);
    assert_string_equal(world_log(&w), "1 3 2 4 [] 2 2 (3 4)\n");
    world_fini(&w);
}

static void conditions_may_be_ranges_and_negated(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    struct correlation *range = world_correlate(&w, CORRELATION_EVENT_COUNT, 100, "0", -1, -1);
    world_bound(range, COMPARE_GT, 1);
    world_bound(range, COMPARE_LTE, 3);
    struct correlation *not_two = world_correlate(&w, CORRELATION_EVENT_COUNT, 100, "0", -1, -1);
    world_bound(not_two, COMPARE_EQ, 2);
    not_two->bounds[0].negated = true;
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 100, "0", -1, -1), COMPARE_LT, 2);
    run(&w);
    for (int i = 0; i < 4; i++)
        world_feed(&w, 0, i, NULL, NULL);
    assert_string_equal(world_log(&w), "2 0 0 1 [] 1 1 (1)\n3 0 0 1 [] 1 1 (1)\n"
                                       "1 1 0 2 [] 2 2 (1 2)\n"
                                       "1 2 0 3 [] 3 3 (1 2 3)\n2 2 0 3 [] 3 3 (1 2 3)\n"
                                       "2 3 0 4 [] 4 4 (1 2 3 4)\n");
    world_fini(&w);
}

static void one_record_counts_once(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 2);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "01", 0, -1), COMPARE_GTE, 2);
    run(&w);
    w.sequence = 1;
    world_feed_at(&w, 0, 0, "a", "", NULL);
    world_feed_at(&w, 1, 0, "a", "", NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 1, 0, "a", NULL); // another record of the same instant
    assert_string_equal(world_log(&w), "2 0 0 2 [a] 2 2 (1 2)\n");
    world_fini(&w);
}

static void value_count_counts_distinct_values_in_the_window(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_VALUE_COUNT, 10, "0", 0, 2), COMPARE_GTE, 2);
    run(&w);
    world_feed(&w, 0, 0, "a", "x");
    world_feed(&w, 0, 5, "a", "x"); // seen again: counts until 15
    world_feed(&w, 0, 6, "a", NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 0, 15, "a", "y");
    world_feed(&w, 0, 16, "a", "y");
    world_feed(&w, 0, 17, "a", "X"); // values are told apart as they are written
    assert_string_equal(world_log(&w), "1 15 5 4 [a] 2 2 (2 4)\n1 17 16 6 [a] 2 2 (5 6)\n");
    world_fini(&w);
}

static void several_fields_are_one_tuple(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    struct correlation *spec = world_correlate(&w, CORRELATION_VALUE_COUNT, 10, "0", -1, 1);
    world_bound(spec, COMPARE_GTE, 3);
    spec->n_fields = 2;
    spec->field_capture = (uint32_t[]){1, 2};
    run(&w);
    world_feed_at(&w, 0, 0, "", "ab", "c");
    world_feed_at(&w, 0, 0, "", "a", "bc"); // not the same tuple
    world_feed_at(&w, 0, 0, "", "ab", "c");
    world_feed_at(&w, 0, 0, "", "ab", NULL); // half a tuple is none
    assert_string_equal(world_log(&w), "");
    world_feed_at(&w, 0, 0, "", "c", "ab");
    assert_int_equal(strncmp(world_log(&w), "1 0 0 0 [] 3 3", 14), 0);
    world_fini(&w);
}

static void temporal_wants_all_rules_in_any_order(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 3);
    world_correlate(&w, CORRELATION_TEMPORAL, 10, "012", 0, -1);
    run(&w);
    world_feed(&w, 2, 0, "a", NULL);
    world_feed(&w, 0, 1, "a", NULL);
    world_feed(&w, 1, 2, "b", NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 1, 10, "a", NULL);
    world_feed(&w, 1, 11, "a", NULL); // rule 2 has left
    assert_string_equal(world_log(&w), "3 10 0 4 [a] 3 3 (1 2 4)\n");
    world_fini(&w);
}

static void temporal_conditions_count_rules_or_combine_them(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 3);
    world_bound(world_correlate(&w, CORRELATION_TEMPORAL, 10, "012", -1, -1), COMPARE_GTE, 2);
    struct correlation_expr zero = {.kind = EXPR_RULE, .input = 0}, one = {.kind = EXPR_RULE, .input = 1};
    struct correlation_expr two = {.kind = EXPR_RULE, .input = 2}, not_two = {.kind = EXPR_NOT, .n = 1};
    struct correlation_expr either = {.kind = EXPR_OR, .n = 2}, all = {.kind = EXPR_AND, .n = 2};
    not_two.children = (struct correlation_expr *[]){&two};
    either.children = (struct correlation_expr *[]){&zero, &one};
    all.children = (struct correlation_expr *[]){&either, &not_two};
    world_correlate(&w, CORRELATION_TEMPORAL, 10, "012", -1, -1)->expr = &all;
    run(&w);
    world_feed(&w, 2, 0, NULL, NULL);
    world_feed(&w, 0, 5, NULL, NULL);
    world_feed(&w, 1, 11, NULL, NULL); // rule 2 has left
    assert_string_equal(world_log(&w), "3 5 0 2 [] 2 2 (1 2)\n3 11 5 3 [] 2 2 (2 3)\n4 11 5 3 [] 2 2 (2 3)\n");
    world_fini(&w);
}

static void temporal_ordered_wants_the_order(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 3);
    world_correlate(&w, CORRELATION_TEMPORAL_ORDERED, 10, "012", 0, -1);
    run(&w);
    world_feed(&w, 2, 0, "a", NULL);
    world_feed(&w, 0, 1, "a", NULL);
    world_feed(&w, 2, 2, "a", NULL);
    world_feed(&w, 1, 3, "a", NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 2, 3, "a", NULL);  // same instant, later in the input
    world_feed(&w, 0, 4, "a", NULL);  // still true: 0 at 1, 1 at 3, 2 at 3
    world_feed(&w, 2, 12, "a", NULL); // 0 at 1 has left; 0 at 4 has no 1 behind it
    assert_string_equal(world_log(&w), "3 3 0 5 [a] 5 3 (1 2 3 4 5)\n3 4 0 6 [a] 6 3 (1 2 3 4 5 6)\n");
    world_fini(&w);
}

static void one_record_is_one_step_of_an_order(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 2);
    world_correlate(&w, CORRELATION_TEMPORAL_ORDERED, 10, "01", -1, -1);
    world_correlate(&w, CORRELATION_TEMPORAL, 10, "01", -1, -1);
    run(&w);
    w.sequence = 1;
    world_feed_at(&w, 0, 0, "", "", NULL);
    world_feed_at(&w, 1, 0, "", "", NULL);
    assert_string_equal(world_log(&w), "3 0 0 1 [] 2 2 (1)\n");
    w.sequence = 2;
    world_feed_at(&w, 0, 0, "", "", NULL);
    world_feed_at(&w, 1, 0, "", "", NULL);
    assert_string_equal(world_log(&w), "3 0 0 1 [] 2 2 (1)\n3 0 0 2 [] 3 2 (1 2)\n2 0 0 2 [] 4 2 (1 2)\n");
    world_fini(&w);
}

static void figures_over_numbers(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_VALUE_SUM, 10, "0", -1, 2), COMPARE_GT, -1000);
    world_bound(world_correlate(&w, CORRELATION_VALUE_AVG, 10, "0", -1, 2), COMPARE_GT, -1000);
    world_bound(world_correlate(&w, CORRELATION_VALUE_MEDIAN, 10, "0", -1, 2), COMPARE_GT, -1000);
    struct correlation *p90 = world_correlate(&w, CORRELATION_VALUE_PERCENTILE, 10, "0", -1, 2);
    p90->percentile = 90;
    world_bound(p90, COMPARE_GT, -1000);
    run(&w);
    world_feed(&w, 0, 0, NULL, "99"); // leaves
    world_feed(&w, 0, 20, NULL, "4");
    world_feed(&w, 0, 21, NULL, "-1");
    world_feed(&w, 0, 22, NULL, "1.5e1");
    w.log.n = 0;
    world_feed(&w, 0, 23, NULL, "four"); // no numbers: no match of these
    world_feed(&w, 0, 23, NULL, "1e999");
    world_feed(&w, 0, 23, NULL, NULL);
    world_feed(&w, 0, 23, NULL, "2");
    assert_string_equal(world_log(&w), "1 23 20 8 [] 4 20 (2 3 4 8)\n2 23 20 8 [] 4 5 (2 3 4 8)\n"
                                       "3 23 20 8 [] 4 3 (2 3 4 8)\n4 23 20 8 [] 4 11.7 (2 3 4 8)\n");
    world_fini(&w);
}

static void new_value_fires_once_the_group_is_known(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_correlate(&w, CORRELATION_NEW_VALUE, 10, "0", 0, 2);
    w.every = false; // every new value is news, also when told in a row
    run(&w);
    world_feed(&w, 0, 0, "a", "x");
    world_feed(&w, 0, 9, "a", "y");
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 0, 10, "a", "z");
    world_feed(&w, 0, 11, "a", "x");
    world_feed(&w, 0, 12, "b", "x"); // a group not known yet
    world_feed(&w, 0, 1000, "a", "q");
    world_feed(&w, 0, 1001, "a", "z"); // nothing is forgotten
    assert_string_equal(world_log(&w), "1 10 0 3 [a] 3 3 (3)\n1 1000 0 6 [a] 4 4 (6)\n");
    world_fini(&w);
}

static void told_once_a_timespan(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", -1, -1), COMPARE_GTE, 2);
    w.every = false;
    run(&w);
    for (int i = 0; i <= 13; i++)
        world_feed(&w, 0, i, NULL, NULL);
    // Told at 1, then at 12: at 11 the telling is exactly a timespan old.
    assert_string_equal(world_log(&w), "1 1 0 2 [] 2 2 (1 2)\n1 12 2 13 [] 11 11 (3 4 5 6 7 8 9 10 11 12 13)\n");
    w.log.n = 0;
    world_feed(&w, 0, 24, NULL, NULL); // alone: false
    world_feed(&w, 0, 25, NULL, NULL); // true anew
    assert_string_equal(world_log(&w), "1 25 24 16 [] 2 2 (15 16)\n");
    world_fini(&w);
}

static void correlations_feed_correlations(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 2);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", 0, -1), COMPARE_GTE, 2);
    world_correlate(&w, CORRELATION_TEMPORAL_ORDERED, 60, "21", 0, -1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 60, "2", -1, -1), COMPARE_GTE, 2);
    run(&w);
    world_feed(&w, 1, 0, "a", NULL);
    world_feed(&w, 0, 1, "a", NULL);
    world_feed(&w, 0, 2, "a", NULL);
    world_feed(&w, 1, 3, "b", NULL);
    world_feed(&w, 1, 4, "a", NULL);
    assert_string_equal(world_log(&w), "2 2 1 3 [a] 2 2 (2 3)\n3 4 0 5 [a] 3 2 (1 3 5)\n");
    world_feed(&w, 0, 5, "a", NULL);
    assert_string_equal(strchr(strchr(world_log(&w), '\n') + 1, '\n') + 1,
                        "2 5 1 6 [a] 3 3 (2 3 6)\n3 5 0 6 [a] 4 2 (1 3 5 6)\n4 5 2 6 [] 2 2 (3 6)\n");
    world_fini(&w);
}

// With `every` off, what goes on is one thing for those who count, and is still there for those who look for it.
static void quiet_correlations_still_hold_for_temporal_ones(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 2);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 100, "0", -1, -1), COMPARE_GTE, 2);
    world_correlate(&w, CORRELATION_TEMPORAL_ORDERED, 5, "21", -1, -1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 100, "2", -1, -1), COMPARE_GTE, 2);
    w.every = false;
    run(&w);
    for (int i = 0; i < 20; i++)
        world_feed(&w, 0, i, NULL, NULL);
    world_feed(&w, 1, 20, NULL, NULL);
    assert_string_equal(world_log(&w), "2 1 0 2 [] 2 2 (1 2)\n3 20 15 21 [] 6 2 (16 17 18 19 20 21)\n");
    world_fini(&w);
}

static void late_matches_join_the_window_that_is_left(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", 0, -1), COMPARE_GTE, 3);
    run(&w);
    world_feed(&w, 0, 20, "a", NULL);
    world_feed(&w, 0, 9.9, "a", NULL); // too late
    world_feed(&w, 0, 10, "a", NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 0, 15, "a", NULL);
    assert_string_equal(world_log(&w), "1 15 10 4 [a] 3 3 (3 4 1)\n");
    assert_int_equal(correlator_counters(w.correlator).late, 1);
    world_fini(&w);
}

static void matches_without_time_join_the_newest(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", 0, -1), COMPARE_GTE, 2);
    world_correlate(&w, CORRELATION_NEW_VALUE, 10, "0", 1, 2);
    run(&w);
    world_feed_at(&w, 0, TIME_NONE, "x", "n", "1"); // before any time is known
    world_feed_at(&w, 0, TIME_NONE, "y", "n", "2");
    w.sequence = 1;
    world_feed_at(&w, 0, 100 * SECOND, "a", "n", "3"); // n is known since now
    w.sequence = 2;
    world_feed_at(&w, 0, TIME_NONE, "a", "n", "4");
    assert_string_equal(world_log(&w), "1 100 100 2 [a] 2 2 (1 2)\n");
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_count_fires_at_its_threshold_and_after),
        cmocka_unit_test(matches_without_group_value_are_counted_not_joined),
        cmocka_unit_test(conditions_may_be_ranges_and_negated),
        cmocka_unit_test(one_record_counts_once),
        cmocka_unit_test(value_count_counts_distinct_values_in_the_window),
        cmocka_unit_test(several_fields_are_one_tuple),
        cmocka_unit_test(temporal_wants_all_rules_in_any_order),
        cmocka_unit_test(temporal_conditions_count_rules_or_combine_them),
        cmocka_unit_test(temporal_ordered_wants_the_order),
        cmocka_unit_test(one_record_is_one_step_of_an_order),
        cmocka_unit_test(figures_over_numbers),
        cmocka_unit_test(new_value_fires_once_the_group_is_known),
        cmocka_unit_test(told_once_a_timespan),
        cmocka_unit_test(correlations_feed_correlations),
        cmocka_unit_test(quiet_correlations_still_hold_for_temporal_ones),
        cmocka_unit_test(late_matches_join_the_window_that_is_left),
        cmocka_unit_test(matches_without_time_join_the_newest),
    };
    return cmocka_run_group_tests_name("correlate", tests, NULL, NULL);
}
