// SPDX-License-Identifier: Apache-2.0
// Is the score what docs/controls.md says it is, worked out by hand: points, gain, risk, what comes first?
#include "posture/score.h"

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

// The worked example that Microsoft publishes: 78 resources, 4 of them healthy, 6 points.
static void a_control_has_its_share_of_the_points(void **state)
{
    (void)state;
    const struct control_score s = CONTROL("a", 6, 4, 74);
    assert_true(near(control_points(&s), 6.0 * 4 / 78));
    assert_true(near(control_gain(&s), 6.0 * 74 / 78));
    const struct control_score nothing = CONTROL("b", 6, 0, 0);
    assert_true(near(control_points(&nothing), 0) && near(control_gain(&nothing), 0) && near(control_risk(&nothing), 0));
}

static void what_was_not_assessed_counts_neither_way(void **state)
{
    (void)state;
    struct control_score scores[] = {CONTROL("a", 4, 1, 3), CONTROL("b", 10, 0, 0), CONTROL("c", 6, 5, 0)};
    scores[1].unassessed = 7;
    scores[1].exempt = 2;
    const struct score sum = score_sum(scores, 3);
    assert_true(near(sum.points, 7) && near(sum.max, 10));
    assert_true(near(score_percent(sum), 70));
    assert_true(near(score_percent(score_sum(scores + 1, 1)), 100));
}

static void what_is_exposed_weighs_twice(void **state)
{
    (void)state;
    struct control_score s = CONTROL("a", 4, 2, 2);
    assert_true(near(control_risk(&s), 2));
    s.exposed = 1;
    assert_true(near(control_risk(&s), 3));
    s.exposed = 2;
    assert_true(near(control_risk(&s), 4));
}

static void the_order_is_by_risk_then_gain_severity_and_id(void **state)
{
    (void)state;
    struct control_score a = CONTROL("a", 4, 0, 1), b = CONTROL("b", 3, 0, 1);
    assert_true(control_first(&a, &b) < 0);
    b.exposed = 1;
    assert_true(control_first(&a, &b) > 0);
    b.points = 2;
    assert_true(control_first(&a, &b) < 0); // the same risk, the larger gain
    b = a;
    b.control.severity = SEVERITY_HIGH;
    assert_true(control_first(&a, &b) > 0);
    b = a;
    b.control.id = STR("b");
    assert_true(control_first(&a, &b) < 0 && control_first(&b, &a) > 0 && control_first(&a, &a) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_control_has_its_share_of_the_points),
        cmocka_unit_test(what_was_not_assessed_counts_neither_way),
        cmocka_unit_test(what_is_exposed_weighs_twice),
        cmocka_unit_test(the_order_is_by_risk_then_gain_severity_and_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
