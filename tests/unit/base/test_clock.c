// SPDX-License-Identifier: Apache-2.0
// Does the order of records survive a clock that is set back, and nothing else change?
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MINUTES(n) ((n)*60 * NS_PER_SECOND)

static void a_clock_that_goes_forward_tells_the_time(void **state)
{
    (void)state;
    struct clock c = CLOCK_INIT;
    assert_true(clock_tell(&c, MINUTES(100)) == MINUTES(100));
    assert_true(clock_tell(&c, MINUTES(97)) == MINUTES(97)); // mixed up by a shipper
    assert_true(clock_tell(&c, TIME_NONE) == TIME_NONE);
    assert_true(clock_tell(&c, MINUTES(900)) == MINUTES(900));
    assert_true(c.back == 0 && c.shift == 0);
}

static void behind_a_step_back_it_goes_on(void **state)
{
    (void)state;
    struct clock c = CLOCK_INIT;
    (void)clock_tell(&c, MINUTES(100));
    assert_true(clock_tell(&c, MINUTES(40)) == MINUTES(100));
    assert_true(clock_tell(&c, MINUTES(43)) == MINUTES(103));
    assert_true(c.back == MINUTES(60) && c.from == MINUTES(100));
    assert_true(clock_tell(&c, MINUTES(13)) == MINUTES(103)); // and again, not as far
    assert_true(clock_tell(&c, MINUTES(14)) == MINUTES(104));
    assert_true(c.back == MINUTES(60) && c.from == MINUTES(100) && c.shift == MINUTES(90));
}

static void the_ends_of_time_are_no_trap(void **state)
{
    (void)state;
    struct clock c = CLOCK_INIT;
    assert_true(clock_tell(&c, INT64_MAX) == INT64_MAX);
    assert_true(clock_tell(&c, INT64_MIN + 1) == INT64_MAX);
    assert_true(clock_tell(&c, INT64_MAX) == INT64_MAX);
    assert_true(clock_tell(&c, 0) == INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clock_that_goes_forward_tells_the_time),
        cmocka_unit_test(behind_a_step_back_it_goes_on),
        cmocka_unit_test(the_ends_of_time_are_no_trap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
