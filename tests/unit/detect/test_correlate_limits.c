// SPDX-License-Identifier: Apache-2.0
// When a limit of the correlator bites: is what is dropped counted, is it the right thing, and does memory stay within its bound?
#include "correlate_world.h"

// The default limits with one of them replaced.
static struct correlator_limits with_groups(size_t groups, size_t bytes)
{
    struct correlator_limits limits = CORRELATOR_LIMITS_DEFAULT;
    limits.groups = groups;
    limits.bytes = bytes;
    return limits;
}

static struct correlator_limits with_entries(size_t entries, size_t bytes)
{
    struct correlator_limits limits = CORRELATOR_LIMITS_DEFAULT;
    limits.events = limits.values = entries;
    limits.bytes = bytes;
    return limits;
}

static void name_group(char out[32], unsigned i)
{
    snprintf(out, 32, "group-%u", i);
}

static void the_idlest_group_leaves_first(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 1000, "0", 0, -1), COMPARE_GTE, 2);
    world_start(&w, with_groups(2, 1 << 20));
    world_feed(&w, 0, 0, "a", NULL);
    world_feed(&w, 0, 1, "b", NULL);
    world_feed(&w, 0, 2, "a", NULL); // fires; b is now the idlest
    world_feed(&w, 0, 3, "c", NULL); // b leaves
    world_feed(&w, 0, 4, "b", NULL); // a leaves
    world_feed(&w, 0, 5, "c", NULL); // fires
    assert_string_equal(world_log(&w), "1 2 0 3 [a] 2 2 (1 3)\n1 5 3 6 [c] 2 2 (4 6)\n");
    assert_int_equal(correlator_counters(w.correlator).dropped_groups, 2);
    world_fini(&w);
}

static void groups_whose_window_is_over_are_no_loss(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 1, "0", 0, -1), COMPARE_GTE, 2);
    world_start(&w, with_groups(2, 1 << 20));
    char name[32];
    for (unsigned i = 0; i < 1000; i++) {
        name_group(name, i);
        world_feed(&w, 0, i * 0.7, name, NULL);
    }
    assert_int_equal(correlator_counters(w.correlator).dropped_groups, 0);
    world_fini(&w);
}

static void a_high_threshold_gets_the_room_it_needs(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 1000, "0", -1, -1), COMPARE_GTE, 50);
    world_bound(world_correlate(&w, CORRELATION_VALUE_COUNT, 1000, "0", -1, 2), COMPARE_GT, 50);
    world_start(&w, with_entries(5, 1 << 20));
    char name[32];
    for (unsigned i = 1; i <= 51; i++) {
        name_group(name, i);
        world_feed(&w, 0, i, NULL, name);
        assert_int_equal(w.log.n > 0, i >= 50);
    }
    const char *log = world_log(&w);
    assert_non_null(strstr(log, "1 50 1 50 [] 50 50"));
    assert_non_null(strstr(log, "2 51 1 51 [] 51 51"));
    assert_int_equal(correlator_counters(w.correlator).dropped_events, 0);
    world_fini(&w);
}

static void a_full_window_keeps_the_newest(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_VALUE_SUM, 1000, "0", -1, 2), COMPARE_GT, 0);
    world_correlate(&w, CORRELATION_NEW_VALUE, 10, "0", -1, 2);
    world_start(&w, with_entries(2, 1 << 20));
    world_feed(&w, 0, 0, NULL, "1");
    world_feed(&w, 0, 1, NULL, "2");
    w.log.n = 0;
    world_feed(&w, 0, 20, NULL, "4"); // news; 1 is forgotten
    world_feed(&w, 0, 21, NULL, "2");
    world_feed(&w, 0, 22, NULL, "1"); // news again: better told twice than never
    assert_string_equal(world_log(&w), "1 20 1 3 [] 2 6 (2 3)\n2 20 0 3 [] 2 2 (3)\n1 21 20 4 [] 2 6 (3 4)\n"
                                       "1 22 21 5 [] 2 3 (4 5)\n2 22 0 5 [] 2 2 (5)\n");
    assert_int_equal(correlator_counters(w.correlator).dropped_events, 3);
    assert_int_equal(correlator_counters(w.correlator).dropped_values, 2);
    world_fini(&w);
}

// Noise of one step must not wash out the others; and what is left out without changing an answer is no loss.
static void a_flood_of_one_rule_does_not_hide_a_sequence(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 3);
    world_correlate(&w, CORRELATION_TEMPORAL, 100000, "012", -1, -1);
    world_correlate(&w, CORRELATION_TEMPORAL_ORDERED, 100000, "012", -1, -1);
    world_start(&w, with_entries(10, 1 << 20));
    world_feed(&w, 0, 0, NULL, NULL);
    world_feed(&w, 1, 1, NULL, NULL);
    for (unsigned i = 2; i < 500; i++)
        world_feed(&w, 0, i, NULL, NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 2, 500, NULL, NULL);
    assert_non_null(strstr(world_log(&w), "3 500 "));
    assert_non_null(strstr(world_log(&w), "4 500 0 501 "));
    assert_int_equal(correlator_counters(w.correlator).dropped_events, 0);
    world_fini(&w);
}

// A flood of groups in one correlation costs that correlation its idlest groups, not the others theirs.
static void memory_is_bounded_and_the_flooded_correlation_pays(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 2);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 1000000, "0", 0, -1), COMPARE_GTE, 3);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 1000000, "1", 0, -1), COMPARE_GTE, 3);
    world_start(&w, with_groups(1000000, 256u << 10));
    char name[32];
    for (unsigned i = 0; i < 100; i++) {
        name_group(name, i);
        world_feed(&w, 1, 0, name, NULL);
        world_feed(&w, 1, 0, name, NULL);
    }
    for (unsigned i = 0; i < 20000; i++) {
        name_group(name, i);
        world_feed(&w, 0, 1, name, NULL);
    }
    assert_true(correlator_counters(w.correlator).dropped_groups > 18000);
    assert_string_equal(world_log(&w), "");
    for (unsigned i = 0; i < 100; i++) {
        name_group(name, i);
        world_feed(&w, 1, 2, name, NULL);
    }
    unsigned told = 0;
    for (size_t i = 0; i < w.log.n; i++)
        told += w.log.items[i] == '\n';
    assert_int_equal(told, 100);
    assert_true(correlator_bytes(w.correlator) <= 256u << 10);
    world_fini(&w);
}

static void one_group_may_not_outgrow_the_memory(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 1000000, "0", 0, -1), COMPARE_GTE, 1e9);
    world_correlate(&w, CORRELATION_NEW_VALUE, 1, "0", 0, 2);
    world_start(&w, with_entries(1000000, 64u << 10));
    char name[32];
    for (unsigned i = 0; i < 5000; i++) {
        name_group(name, i);
        world_feed(&w, 0, i, "a", name);
    }
    struct correlator_counters counters = correlator_counters(w.correlator);
    assert_true(counters.dropped_events + counters.dropped_values + counters.dropped_groups > 4000);
    assert_true(correlator_bytes(w.correlator) <= 64u << 10);
    world_fini(&w);
}

static void without_memory_nothing_joins_and_all_is_counted(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", 0, -1), COMPARE_GTE, 1);
    world_start(&w, with_groups(1000, 0));
    world_feed(&w, 0, 0, "a", NULL);
    assert_string_equal(world_log(&w), "");
    assert_int_equal(correlator_counters(w.correlator).dropped_groups, 1);
    world_fini(&w);
}

// A group-by value of megabytes is an ordinary input: told apart by its whole text, kept as a short one.
static void long_values_are_told_apart_and_kept_short(void **state)
{
    (void)state;
    struct world w;
    world_init(&w, 1);
    world_bound(world_correlate(&w, CORRELATION_EVENT_COUNT, 10, "0", 0, -1), COMPARE_GTE, 2);
    world_start(&w, with_groups(1000, 64u << 10));
    enum { LONG = 1 << 20 };
    char *text = calloc(1, LONG + 1);
    memset(text, 'x', LONG);
    world_feed(&w, 0, 0, text, NULL);
    text[LONG - 1] = 'y';
    world_feed(&w, 0, 1, text, NULL);
    assert_string_equal(world_log(&w), "");
    world_feed(&w, 0, 2, text, NULL);
    assert_int_equal(w.log.n, strlen("1 2 1 3 [] 2 2 (2 3)\n") + 1024);
    free(text);
    world_fini(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_idlest_group_leaves_first),
        cmocka_unit_test(groups_whose_window_is_over_are_no_loss),
        cmocka_unit_test(a_high_threshold_gets_the_room_it_needs),
        cmocka_unit_test(a_full_window_keeps_the_newest),
        cmocka_unit_test(a_flood_of_one_rule_does_not_hide_a_sequence),
        cmocka_unit_test(memory_is_bounded_and_the_flooded_correlation_pays),
        cmocka_unit_test(one_group_may_not_outgrow_the_memory),
        cmocka_unit_test(without_memory_nothing_joins_and_all_is_counted),
        cmocka_unit_test(long_values_are_told_apart_and_kept_short),
    };
    return cmocka_run_group_tests_name("correlate-limits", tests, NULL, NULL);
}
