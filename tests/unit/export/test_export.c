// SPDX-License-Identifier: Apache-2.0
// Do exports say of an incident what it is, and do hostile texts stay texts?
#include "alerts.h"
#include "base/time.h"
#include "export/attack.h"
#include "export/export.h"
#include "export/stix_pattern.h"
#include "export/stix_pen.h"

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

static void assert_has(const struct buf *text, const char *part)
{
    if (str_find(buf_str(text), str_from_c(part), 0) == SIZE_MAX)
        fail_msg("'%s' is missing in %.*s", part, STR_ARG(buf_str(text)));
}

static void assert_lacks(const struct buf *text, const char *part)
{
    if (str_find(buf_str(text), str_from_c(part), 0) != SIZE_MAX)
        fail_msg("'%s' is in %.*s", part, STR_ARG(buf_str(text)));
}

// --- techniques ------------------------------------------------------------------------------------------------------------------

static void a_step_is_placed_in_attack(void **state)
{
    struct incident_step step = {.part = STEP_ACT, .act = ACT_EXEC};
    struct attack out[ATTACK_MAX];
    (void)state;
    assert_int_equal(attack_of(techniques, &step, out), 1); // MS-TA9006 means T1609
    assert_true(str_eq(out[0].id, STR("T1609")) && str_eq(out[0].tactic, STR("execution")) && !out[0].microsoft);
    step.act = ACT_PROBE;
    assert_int_equal(attack_of(techniques, &step, out), 1);
    assert_true(str_eq(out[0].id, STR("T1595")));
    step.part = STEP_DOOR;
    assert_int_equal(attack_of(techniques, &step, out), 0);
}

static void a_layer_scores_by_the_worst_rule(void **state)
{
    static const struct rule high = {.id = {"r", 1}, .level = LEVEL_HIGH}, low = {.id = {"s", 1}, .level = LEVEL_LOW};
    const struct rule *rules[] = {&low, &high};
    struct incident_step steps[20];
    struct incident incident = {.id = STR("INC-1"), .timeline = steps, .n_timeline = 20};
    struct buf out;
    (void)state;
    for (size_t i = 0; i < 20; i++)
        steps[i] =
            (struct incident_step){.part = STEP_ACT, .act = ACT_EXEC, .text = STR("ran </script>\x1b"), .time = (int64_t)i, .count = 1};
    steps[19].rules = rules;
    steps[19].n_rules = 2;
    struct layer *l = layer_new(techniques);
    layer_incident(l, &incident);
    buf_init(&out, SIZE_MAX);
    layer_write(l, &out);
    assert_has(&out, "\"techniqueID\":\"T1609\",\"tactic\":\"execution\",\"score\":4");
    assert_has(&out, "1970-01-01T00:00:00.000000Z INC-1: ran \\u003c/script\\u003e\\u001b");
    assert_has(&out, "and 4 more steps");
    assert_has(&out, "\"layer\":\"4.5\"");
    assert_lacks(&out, "\x1b");
    layer_free(l);
    buf_fini(&out);
}

// --- STIX ------------------------------------------------------------------------------------------------------------------------

static void assert_pattern(const char *type, struct str value, const char *expected)
{
    struct incident_indicator indicator = {str_from_c(type), value};
    struct buf out;
    buf_init(&out, 4096);
    assert_int_equal(stix_pattern(&out, &indicator), expected != NULL);
    buf_add_char(&out, '\0');
    assert_string_equal(out.ptr, expected ? expected : "");
    buf_fini(&out);
}

static void patterns_quote_what_they_hold(void **state)
{
    (void)state;
    assert_pattern("address", STR("203.0.113.7"), "[ipv4-addr:value = '203.0.113.7']");
    assert_pattern("address", STR("2001:db8::7"), "[ipv6-addr:value = '2001:db8::7']");
    assert_pattern("address", STR("nowhere"), NULL);
    assert_pattern("image", STR("docker.io/a/b' OR '1' = '1\\"), "[software:name = 'docker.io/a/b\\' OR \\'1\\' = \\'1\\\\']");
    assert_pattern("pool", STR("pool.example.net:3333"),
                   "[network-traffic:dst_ref.value = 'pool.example.net' AND network-traffic:dst_port = 3333]");
    assert_pattern("pool", STR("pool.example.net:99999"), NULL);
    assert_pattern("image_digest", STR("sha256:4a1c4b21597c1b4415bdbecb28a3296c6b5e23ca4f9feeb599860a1dac6a0108"),
                   "[file:hashes.'SHA-256' = '4a1c4b21597c1b4415bdbecb28a3296c6b5e23ca4f9feeb599860a1dac6a0108']");
    assert_pattern("image_digest", STR("sha256:' OR 'a"), NULL);
    assert_pattern("script", STR("0123456789abcdef"), NULL);
}

// Section 2.9: the identifier of an observable comes from its canonical JSON, so anyone makes the same one.
static void observables_have_the_identifiers_of_the_specification(void **state)
{
    (void)state;
    struct stix_id address = stix_observable_id("ipv4-addr", "value", STR("198.51.100.3"));
    assert_true(str_eq(stix_id_str(&address), STR("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4")));
    struct stix_id account = stix_observable_id("user-account", "user_id", STR("a\"\\\x01\n\xc3\xa9"));
    assert_true(str_eq(stix_id_str(&account), STR("user-account--fecd2272-1746-5b4a-a1bc-2039d5d31053")));
}

static void texts_are_cleaned(void **state)
{
    struct arena a;
    (void)state;
    arena_init(&a, ARENA_UNLIMITED);
    assert_true(str_eq(stix_clean(&a, STR("a\xff\xc3"
                                          "b\xed\xa0\x80")),
                       STR("a\xef\xbf\xbd\xef\xbf\xbd"
                           "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd")));
    assert_true(str_eq(stix_clean(&a, STR("caf\xc3\xa9")), STR("caf\xc3\xa9")));
    arena_fini(&a);
}

static void people_at_home_are_not_told(void **state)
{
    struct str intruder = STR("203.0.113.7"), home = STR("198.51.100.11");
    struct incident_actor actors[] = {
        {.principal = STR("system:anonymous"), .addresses = &intruder, .n_addresses = 1, .role = ROLE_INTRUDER},
        {.principal = STR("bob@corp.example"), .addresses = &home, .n_addresses = 1, .role = ROLE_DOOR},
    };
    struct incident incident = {.id = STR("INC-1"),
                                .cluster = STR("c"),
                                .title = STR("title"),
                                .severity = LEVEL_HIGH,
                                .first = 0,
                                .last = 1,
                                .actors = actors,
                                .n_actors = 2};
    struct buf out;
    (void)state;
    buf_init(&out, SIZE_MAX);
    struct stix *s = stix_new(techniques);
    stix_incident(s, &incident);
    stix_incident(s, &incident); // told twice, it stands there once
    assert_int_equal(stix_write(s, &out), 0);
    assert_has(&out, "203.0.113.7");
    assert_lacks(&out, "bob@corp.example");
    assert_lacks(&out, "198.51.100.11");
    size_t first = str_find(buf_str(&out), STR("\"type\":\"report\""), 0);
    assert_true(first != SIZE_MAX && str_find(buf_str(&out), STR("\"type\":\"report\""), first + 1) == SIZE_MAX);
    stix_free(s);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_step_is_placed_in_attack),
        cmocka_unit_test(a_layer_scores_by_the_worst_rule),
        cmocka_unit_test(patterns_quote_what_they_hold),
        cmocka_unit_test(observables_have_the_identifiers_of_the_specification),
        cmocka_unit_test(texts_are_cleaned),
        cmocka_unit_test(people_at_home_are_not_told),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
