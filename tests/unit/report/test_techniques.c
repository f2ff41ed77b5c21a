// SPDX-License-Identifier: Apache-2.0
// Do tags light the right places of the matrix, and does the table refuse what is wrong in it?
#include "alerts.h"
#include "report/common/matrix.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct techniques *techniques;

static int load(void **state)
{
    (void)state;
    techniques = sample_techniques();
    return 0;
}

static int unload(void **state)
{
    (void)state;
    techniques_free(techniques);
    return 0;
}

// "execution:MS-TA9008 impact:-": what the tags light.
static void assert_lit(const char *tags, const char *expected)
{
    struct str list[16], rest = str_from_c(tags);
    struct rule rule = {.tags = list};
    while (rest.ptr)
        list[rule.n_tags++] = str_split(&rest, ' ');
    struct hit hits[HITS_MAX];
    size_t n = techniques_of(techniques, &rule, hits);
    struct buf said;
    buf_init(&said, 1000);
    for (size_t i = 0; i < n; i++) {
        buf_addf(&said, "%s%.*s:", i ? " " : "", STR_ARG(techniques->tactics[hits[i].tactic].tag));
        buf_add(&said, hits[i].technique == TECHNIQUE_NONE ? STR("-") : techniques->items[hits[i].technique].id);
    }
    buf_add_char(&said, '\0');
    assert_string_equal(said.ptr, expected);
    buf_fini(&said);
}

static void tags_light_places(void **state)
{
    (void)state;
    assert_lit("attack.execution ms.ta9008", "execution:MS-TA9008");
    assert_lit("attack.t1610 attack.execution", "execution:T1610");
    assert_lit("attack.T1610", "execution:T1610 defense-evasion:T1610");
    assert_lit("attack.privilege_escalation ms.ta9013", "privilege-escalation:MS-TA9013");
    assert_lit("attack.privilege-escalation ms.ta9013", "privilege-escalation:MS-TA9013");
    assert_lit("microsoft.ms-ta9039", "impact:MS-TA9039");
    assert_lit("attack.impact", "impact:-");
    assert_lit("attack.impact ms.ta9008", "execution:MS-TA9008 impact:-");
}

static void one_act_is_shown_once(void **state)
{
    (void)state;
    assert_lit("attack.execution attack.t1610 ms.ta9008", "execution:MS-TA9008");
    assert_lit("attack.impact attack.t1496.001 ms.ta9039", "impact:MS-TA9039");
    assert_lit("attack.impact attack.t1496", "impact:MS-TA9039"); // the same name in both
    // T1610 is the same act as MS-TA9018, but execution was tagged and only T1610 serves it.
    assert_lit("attack.execution attack.privilege_escalation attack.t1610 ms.ta9018", "privilege-escalation:MS-TA9018 execution:T1610");
}

static void other_tags_are_left_alone(void **state)
{
    (void)state;
    assert_lit("cve.2021-25741 attack. attack ms. .t1610 detection.threat-hunting attack.t9999 attack.g0139", "");
    assert_lit("attack.t1059.999", "execution:T1059"); // an unknown sub-technique is its technique
}

static void counts_are_of_alerts(void **state)
{
    (void)state;
    struct sample s;
    struct digest d;
    struct matrix m;
    sample_init(&s);
    digest_init(&d);
    s.tags[1] = STR("ms.ta9006");
    digest_add(&d, &s.alert);
    digest_add(&d, &s.alert);
    struct rule other = s.rule;
    struct str more[] = {STR("ms.ta9006"), STR("ms.ta9008"), STR("attack.execution")};
    other.id = STR("other");
    other.level = LEVEL_LOW;
    other.tags = more;
    other.n_tags = 3;
    s.alert.rule = &other;
    digest_add(&d, &s.alert);
    other.n_tags = 0;
    matrix_init(&m, techniques, &d);
    assert_int_equal(m.unplaced, 1);
    other.n_tags = 3;
    matrix_fini(&m);
    matrix_init(&m, techniques, &d);
    size_t execution = 3;
    assert_string_equal(techniques->tactics[execution].tag.ptr, "execution");
    const struct matrix_column *column = &m.columns[execution];
    assert_int_equal(column->alerts, 3); // the other rule's alert once, though it hit two techniques
    assert_int_equal(column->cells.n, 2);
    assert_int_equal(column->cells.items[0].alerts, 3);
    assert_int_equal(column->cells.items[0].worst, LEVEL_CRITICAL);
    assert_int_equal(column->cells.items[1].alerts, 1);
    assert_int_equal(column->cells.items[1].worst, LEVEL_LOW);
    matrix_fini(&m);
    digest_fini(&d);
}

static void mistakes_in_the_table_are_named(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "tactics: []\n",
        "- a\n",
        "",
        "tactics:\n  - {id: A, tag: a}\ntechniques: []\n",
        "tactics:\n  - {id: A, tag: a, name: A}\n  - {id: B, tag: A, name: B}\ntechniques: []\n",
        "tactics:\n  - {id: A, tag: a, name: A}\ntechniques:\n  - {id: T1, name: T, tactics: [b]}\n",
        "tactics:\n  - {id: A, tag: a, name: A}\ntechniques:\n  - {name: T, tactics: [a]}\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct techniques *t;
        struct diags diags;
        diags_init(&diags);
        assert_int_equal(techniques_load(&t, (struct yaml_source){.name = STR("wrong.yml"), .text = str_from_c(wrong[i])}, &diags),
                         ST_INPUT);
        assert_null(t);
        assert_true(diags.errors > 0);
        diags_fini(&diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_light_places),
        cmocka_unit_test(one_act_is_shown_once),
        cmocka_unit_test(other_tags_are_left_alone),
        cmocka_unit_test(counts_are_of_alerts),
        cmocka_unit_test(mistakes_in_the_table_are_named),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
