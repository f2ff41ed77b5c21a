// SPDX-License-Identifier: Apache-2.0
// Is the score of a fleet what fleet.h says it is, worked out by hand?
#include "posture/fleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define CONTROL(name, max, good, bad)                                                                                                      \
    {                                                                                                                                      \
        .control = {.id = STR(name)}, .points = (max), .healthy = (good), .unhealthy = (bad)                                               \
    }

static bool near(double a, double b)
{
    return a - b < 1e-9 && b - a < 1e-9;
}

static void add(struct fleet *f, const char *name, const struct control_score *scores, size_t n, double weight,
                enum criticality criticality)
{
    fleet_add(f, &(struct score_sheet){.cluster = str_from_c(name), .scores = scores, .n = n}, (struct fleet_weight){weight, criticality});
}

static void clusters_weigh_what_was_assessed_in_them(void **state)
{
    (void)state;
    const struct control_score quarter[] = {CONTROL("a", 4, 10, 30)}, half[] = {CONTROL("a", 4, 5, 5)};
    struct fleet *f = fleet_new(false);
    add(f, "quarter", quarter, 1, 0, CRITICALITY_MEDIUM); // 25 %, 40 things
    add(f, "half", half, 1, 0, CRITICALITY_MEDIUM);       // 50 %, 10 things
    const struct fleet_sheet s = fleet_close(f);
    assert_true(near(s.clusters[0].share, 0.8) && near(s.clusters[1].share, 0.2));
    assert_true(near(s.percent, 0.8 * 25 + 0.2 * 50)); // 30, and not the 37.5 of a plain mean
    assert_int_equal(s.n_controls, 1);
    assert_true(near(s.controls[0].gain, 0.8 * 75 + 0.2 * 50)); // all that is missing: 70
    assert_true(s.controls[0].clusters == 2 && s.controls[0].unhealthy == 35);
    fleet_free(f);
}

static void criticality_multiplies(void **state)
{
    (void)state;
    const struct control_score quarter[] = {CONTROL("a", 4, 10, 30)}, half[] = {CONTROL("a", 4, 5, 5)};
    struct fleet *f = fleet_new(false);
    add(f, "quarter", quarter, 1, 0, CRITICALITY_LOW); // 40 / 2 = 20
    add(f, "half", half, 1, 0, CRITICALITY_CRITICAL);  // 10 x 4 = 40
    const struct fleet_sheet s = fleet_close(f);
    assert_true(near(s.clusters[0].share, 1.0 / 3) && near(s.percent, 25.0 / 3 + 100.0 / 3));
    fleet_free(f);
}

static void named_weights_take_the_place_of_numbers(void **state)
{
    (void)state;
    const struct control_score quarter[] = {CONTROL("a", 4, 10, 30)}, half[] = {CONTROL("a", 4, 5, 5)};
    struct fleet *f = fleet_new(true);
    add(f, "quarter", quarter, 1, 3, CRITICALITY_MEDIUM);
    add(f, "half", half, 1, 0, CRITICALITY_HIGH); // 1 x 2
    const struct fleet_sheet s = fleet_close(f);
    assert_true(s.named && near(s.percent, (3 * 25.0 + 2 * 50.0) / 5));
    fleet_free(f);
}

static void what_nothing_was_assessed_in_counts_neither_way(void **state)
{
    (void)state;
    const struct control_score quarter[] = {CONTROL("a", 4, 10, 30)}, nothing[] = {CONTROL("a", 4, 0, 0)};
    for (int named = 0; named < 2; named++) {
        struct fleet *f = fleet_new(named);
        add(f, "nothing", nothing, 1, 9, CRITICALITY_CRITICAL);
        struct fleet_sheet s = fleet_close(f);
        assert_true(near(s.percent, 100) && s.clusters[0].share == 0);
        fleet_free(f);
        f = fleet_new(named);
        add(f, "nothing", nothing, 1, 9, CRITICALITY_CRITICAL);
        add(f, "quarter", quarter, 1, 1, CRITICALITY_MEDIUM);
        s = fleet_close(f);
        assert_true(near(s.percent, 25) && s.clusters[0].share == 0 && near(s.clusters[1].share, 1));
        fleet_free(f);
    }
    struct fleet *f = fleet_new(false);
    assert_true(near(fleet_close(f).percent, 100));
    fleet_free(f);
}

static void what_to_fix_first_considers_exposure_and_criticality(void **state)
{
    (void)state;
    struct control_score one[] = {CONTROL("a", 5, 0, 1), CONTROL("b", 5, 0, 1)}, other[] = {CONTROL("a", 5, 1, 0), CONTROL("c", 5, 0, 1)};
    struct fleet *f = fleet_new(false);
    add(f, "one", one, 2, 0, CRITICALITY_MEDIUM);  // 2 things
    add(f, "other", other, 2, 0, CRITICALITY_LOW); // 2 / 2
    struct fleet_sheet s = fleet_close(f);
    assert_true(near(s.controls[0].gain, 100.0 / 3) && near(s.controls[1].gain, 100.0 / 3) && near(s.controls[2].gain, 50.0 / 3));
    assert_true(str_eq(s.controls[0].control.id, STR("a")) && str_eq(s.controls[2].control.id, STR("c")));
    fleet_free(f);
    other[1].exposed = 1;
    f = fleet_new(false);
    add(f, "one", one, 2, 0, CRITICALITY_MEDIUM);
    add(f, "other", other, 2, 0, CRITICALITY_HIGH); // 4
    s = fleet_close(f);
    assert_true(str_eq(s.controls[0].control.id, STR("c")) && near(s.controls[0].gain, 4.0 / 6 * 50) &&
                near(s.controls[0].risk, 4.0 / 6 * 100));
    fleet_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clusters_weigh_what_was_assessed_in_them),
        cmocka_unit_test(criticality_multiplies),
        cmocka_unit_test(named_weights_take_the_place_of_numbers),
        cmocka_unit_test(what_nothing_was_assessed_in_counts_neither_way),
        cmocka_unit_test(what_to_fix_first_considers_exposure_and_criticality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
