// SPDX-License-Identifier: Apache-2.0
// Do reports stay within their bounds, keep what matters, and count what they do not show?
#include "alerts.h"
#include "report/common/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void add_from(struct digest *d, struct sample *s, unsigned number)
{
    char name[32];
    s->addresses[1] = str_make(name, (size_t)snprintf(name, sizeof name, "10.%u.%u.%u", number >> 16, number >> 8 & 255, number & 255));
    digest_add(d, &s->alert);
    s->addresses[1] = STR("plain");
}

static uint64_t shown(const struct digest *d)
{
    uint64_t n = 0;
    for (size_t i = 0; i < d->n_actors; i++)
        n += d->actors[i]->alerts;
    return n;
}

static void noise_does_not_push_out_what_matters(void **state)
{
    (void)state;
    struct sample s;
    struct digest d;
    sample_init(&s);
    digest_init(&d);
    for (unsigned i = 0; i < 500; i++) {
        s.rule.level = LEVEL_LOW;
        add_from(&d, &s, i);
    }
    s.rule.level = LEVEL_CRITICAL;
    add_from(&d, &s, 1000);
    s.rule.level = LEVEL_LOW;
    s.alert.time += NS_PER_SECOND;
    for (unsigned i = 2000; i < 20000; i++)
        add_from(&d, &s, i);
    digest_sort(&d);
    assert_int_equal(d.n_actors, DIGEST_ACTORS);
    assert_int_equal(digest_urgent(&d), 1);
    assert_int_equal(d.actors[0]->worst, LEVEL_CRITICAL);
    assert_int_equal(shown(&d) + digest_dropped(&d), d.alerts);
    assert_int_equal(d.alerts, 500 + 1 + 18000);
    assert_int_equal(d.by_level[LEVEL_LOW], 18500);
    digest_fini(&d);
}

static uint64_t shown_of_actor(const struct seen_actor *a)
{
    uint64_t n = a->more_rules;
    for (const struct seen_rule *r = a->rules; r; r = r->next)
        n += r->alerts;
    return n;
}

static void every_list_is_bounded_and_counted(void **state)
{
    (void)state;
    struct sample s;
    struct digest d;
    sample_init(&s);
    digest_init(&d);
    enum { ALERTS = 50000 };
    char object[32], verb[32], value[32], id[32];
    for (unsigned i = 0; i < ALERTS; i++) {
        s.alert.action.name = str_make(object, (size_t)snprintf(object, sizeof object, "object-%u", i));
        s.alert.action.verb = str_make(verb, (size_t)snprintf(verb, sizeof verb, "verb-%u", i % 20));
        s.details[0].value = str_make(value, (size_t)snprintf(value, sizeof value, "value-%u", i));
        s.evidence[0].audit_id = str_make(id, (size_t)snprintf(id, sizeof id, "id-%u", i));
        s.evidence[0].line = i + 1;
        digest_add(&d, &s.alert);
    }
    const struct seen_actor *a = d.actors[0];
    const struct seen_rule *r = a->rules;
    assert_int_equal(a->arena.used <= DIGEST_ACTOR_BYTES, true);
    assert_int_equal(shown_of_actor(a), ALERTS);
    uint64_t acts = r->more_actions;
    for (const struct seen_action *x = r->actions; x; x = x->next)
        acts += x->alerts;
    assert_int_equal(acts, ALERTS);
    assert_int_equal(r->n_actions, DIGEST_ACTIONS);
    assert_int_equal(r->actions->n_objects, DIGEST_OBJECTS);
    assert_int_equal(r->actions->n_objects + r->actions->more, r->actions->alerts);
    assert_int_equal(r->n_evidence, ALERTS);
    assert_int_equal(digest_evidence(r, 0)->line, 1);
    assert_int_equal(digest_evidence(r, digest_evidence_kept(r) - 1)->line, ALERTS);
    uint64_t points = 0;
    for (size_t i = 0; i < a->n_points; i++)
        points += a->points[i].alerts;
    assert_int_equal(points, ALERTS);
    assert_true(a->n_points <= DIGEST_POINTS);
    digest_fini(&d);
}

static void a_severe_rule_takes_the_place_of_a_mild_one(void **state)
{
    (void)state;
    static struct rule rules[DIGEST_RULES + 1];
    static char ids[DIGEST_RULES + 1][16];
    struct sample s;
    struct digest d;
    sample_init(&s);
    digest_init(&d);
    for (unsigned i = 0; i <= DIGEST_RULES; i++) {
        rules[i] = s.rule;
        rules[i].level = i == DIGEST_RULES ? LEVEL_CRITICAL : LEVEL_LOW;
        rules[i].id = str_make(ids[i], (size_t)snprintf(ids[i], sizeof ids[i], "rule-%u", i));
        s.alert.rule = &rules[i];
        digest_add(&d, &s.alert);
    }
    digest_sort(&d);
    assert_int_equal(d.actors[0]->n_rules, DIGEST_RULES);
    assert_int_equal(d.actors[0]->rules->rule->level, LEVEL_CRITICAL);
    assert_int_equal(d.actors[0]->more_rules, 1);
    assert_int_equal(shown_of_actor(d.actors[0]), DIGEST_RULES + 1);
    assert_int_equal(d.totals.n, DIGEST_RULES + 1);
    digest_fini(&d);
}

static void long_names_are_told_apart_by_what_was_cut(void **state)
{
    (void)state;
    static char long_a[4000], long_b[4000];
    struct sample s;
    struct digest d;
    sample_init(&s);
    digest_init(&d);
    memset(long_a, 'x', sizeof long_a);
    memset(long_b, 'x', sizeof long_b);
    long_b[sizeof long_b - 1] = 'y';
    s.alert.actor.principal = str_make(long_a, sizeof long_a);
    digest_add(&d, &s.alert);
    digest_add(&d, &s.alert);
    s.alert.actor.principal = str_make(long_b, sizeof long_b);
    digest_add(&d, &s.alert);
    assert_int_equal(d.n_actors, 2);
    assert_int_equal(d.actors[0]->principal.whole, sizeof long_a);
    assert_true(d.actors[0]->principal.text.len <= DIGEST_TEXT);
    digest_fini(&d);
}

static void what_is_below_the_level_is_counted(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    s.rule.level = LEVEL_MEDIUM;
    for (unsigned format = REPORT_TEXT; format <= REPORT_HTML; format++) {
        struct buf out = sample_report(&s, (struct report_options){.format = (enum report_format)format, .least = LEVEL_HIGH});
        struct str said = format == REPORT_TEXT   ? STR("not shown: 1 medium alert")
                          : format == REPORT_JSON ? STR("\"hidden\":{\"critical\":0,\"high\":0,\"medium\":1,")
                                                  : STR("<b>1</b><span>below the level asked for</span>");
        assert_true(str_find(buf_str(&out), said, 0) != SIZE_MAX);
        assert_true(str_find(buf_str(&out), STR("\"kind\":\"alert\""), 0) == SIZE_MAX);
        buf_fini(&out);
    }
}

static status refuse(void *context, struct str bytes)
{
    (void)bytes;
    ++*(unsigned *)context;
    return ST_IO;
}

static void a_failing_writer_stops_the_report(void **state)
{
    (void)state;
    struct sample s;
    sample_init(&s);
    unsigned calls = 0;
    struct report *r = report_new((struct report_options){.format = REPORT_JSON}, refuse, &calls);
    assert_int_equal(report_alert(r, &s.alert), ST_IO);
    assert_int_equal(report_alert(r, &s.alert), ST_IO);
    assert_int_equal(report_finish(r, &s.summary), ST_IO);
    assert_int_equal(calls, 1);
    report_free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(noise_does_not_push_out_what_matters),        cmocka_unit_test(every_list_is_bounded_and_counted),
        cmocka_unit_test(a_severe_rule_takes_the_place_of_a_mild_one), cmocka_unit_test(long_names_are_told_apart_by_what_was_cut),
        cmocka_unit_test(what_is_below_the_level_is_counted),          cmocka_unit_test(a_failing_writer_stops_the_report),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
