// SPDX-License-Identifier: Apache-2.0
// Does every value of a list count where correlations group and count: the second image of a pod as well as the first? Are the sets each
// value with each, each once, and bounded?
#include "detect/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct str dictionary_text = STR("stream: trial\n"
                                              "logsource: [{product: p}]\n"
                                              "fields:\n"
                                              "  user: {path: user, about: x}\n"
                                              "  image: {path: images, many: true, about: x}\n"
                                              "  place: {path: places, many: true, about: x}\n");

static const struct str rules_text = STR(
    "title: made\nname: made\nlogsource: {product: p}\ndetection: {s: {kind: pod}, condition: s}\n---\n"
    "title: often\ncorrelation: {type: event_count, rules: [made], group-by: [user, image, place], timespan: 1h, condition: {gte: "
    "3}}\n---\n"
    "title: new\ncorrelation: {type: new_value, rules: [made], group-by: [user], timespan: 1m, condition: {field: image}}\n---\n"
    "title: many\ncorrelation: {type: value_count, rules: [made], group-by: [user], timespan: 1h, condition: {field: image, gte: 7}}\n");

struct world {
    struct dictionary *dictionary;
    struct ruleset *rules;
    struct plan *plan;
    struct matcher *matcher;
    struct correlator *correlator;
    char told[4096];
    uint64_t sequence;
};

static void on_told(void *context, const struct correlated *c)
{
    struct world *w = context;
    char *at = w->told + strlen(w->told);
    at += sprintf(at, "%.*s", (int)w->rules->rules[c->rule].title.len, w->rules->rules[c->rule].title.ptr);
    for (size_t i = 0; i < c->n_group; i++)
        at += sprintf(at, "%c%.*s", i ? ',' : ' ', (int)c->group[i].len, c->group[i].ptr);
    sprintf(at, "; ");
}

static int build_world(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    struct diags diags;
    struct yaml_source source = {.name = STR("r.yml"), .text = rules_text};
    diags_init(&diags);
    assert_int_equal(dictionary_load(&w->dictionary, (struct yaml_source){.name = STR("d.yml"), .text = dictionary_text}, &diags), ST_OK);
    struct rule_options options = {.dictionary = w->dictionary};
    assert_int_equal(ruleset_load(&w->rules, &source, 1, &options, &diags), ST_OK);
    assert_int_equal(plan_new(&w->plan, w->rules, w->dictionary, NULL, 0, &diags), ST_OK);
    diags_fini(&diags);
    w->matcher = matcher_new(w->plan, JSON_LIMITS_DEFAULT);
    w->correlator = correlator_new(w->rules, CORRELATOR_LIMITS_DEFAULT, on_told, w);
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    struct world *w = *state;
    correlator_free(w->correlator);
    matcher_free(w->matcher);
    plan_free(w->plan);
    ruleset_free(w->rules);
    dictionary_free(w->dictionary);
    free(w);
    return 0;
}

// The sets of the one detection rule; what correlations tell is in w->told. Gives how many sets there are.
static size_t feed(struct world *w, int64_t second, const char *record, const struct str **sets)
{
    static char padded[2048 + JSON_PADDING];
    struct json_error error;
    size_t n_sets;
    assert_true(strlen(record) <= 2048);
    memset(padded, 0, sizeof padded);
    memcpy(padded, record, strlen(record));
    assert_int_equal(matcher_record(w->matcher, str_make(padded, strlen(record)), &error), JSON_OK);
    w->told[0] = '\0';
    w->sequence++;
    *sets = matcher_captures(w->matcher, 0, &n_sets);
    for (size_t i = 0; i < n_sets; i++) {
        struct match match = {0, second * 1000000000, w->sequence, *sets + i * w->rules->rules[0].n_captures, w->sequence};
        correlator_feed(w->correlator, &match, false);
    }
    return n_sets;
}

static void each_image_counts(void **state)
{
    struct world *w = *state;
    const struct str *sets;
    assert_int_equal(feed(w, 0, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"a\",\"b\",\"a\"],\"places\":\"p\"}", &sets), 2);
    assert_int_equal(feed(w, 1, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"c\",\"b\"],\"places\":\"p\"}", &sets), 2);
    assert_string_equal(w->told, "");
    feed(w, 2, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"a\",\"b\"],\"places\":\"p\"}", &sets);
    assert_string_equal(w->told, "often u,b,p; ");
    // Known for more than a minute: the second image is news as the first would be, and once.
    feed(w, 120, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"a\",\"evil\"],\"places\":\"p\"}", &sets);
    assert_non_null(strstr(w->told, "new u; "));
    feed(w, 121, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"a\",\"evil\"],\"places\":\"q\"}", &sets);
    assert_null(strstr(w->told, "new"));
    feed(w, 122, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"x\",\"y\",\"z\"],\"places\":\"q\"}", &sets);
    assert_string_equal(w->told, "new u; many u; ");
}

static void a_record_counts_once_for_a_group(void **state)
{
    struct world *w = *state;
    const struct str *sets;
    for (int i = 0; i < 2; i++)
        feed(w, i, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"a\",\"b\",\"c\"],\"places\":[\"p\",\"p\"]}", &sets);
    assert_string_equal(w->told, "");
}

static void sets_are_each_with_each_and_bounded(void **state)
{
    struct world *w = *state;
    const struct str *sets;
    size_t n = w->rules->rules[0].n_captures;
    assert_int_equal(feed(w, 0, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"a\",\"b\",null],\"places\":[\"p\",\"q\",\"r\"]}", &sets),
                     6);
    for (size_t i = 0; i < 6; i++)
        for (size_t k = 0; k < i; k++) {
            bool same = true;
            for (size_t c = 0; c < n; c++)
                same = same && str_eq(sets[i * n + c], sets[k * n + c]);
            assert_false(same);
        }
    assert_int_equal(matcher_counters(w->matcher).captures_cut, 0);
    assert_int_equal(feed(w, 0, "{\"kind\":\"pod\",\"user\":\"u\",\"images\":[\"a\",\"b\",\"c\",\"d\",\"e\"],\"places\":[1,2,3,4]}", &sets),
                     15);
    assert_int_equal(matcher_counters(w->matcher).captures_cut, 1);
    assert_int_equal(feed(w, 0, "{\"kind\":\"pod\"}", &sets), 1);
    for (size_t c = 0; c < n; c++)
        assert_null(sets[c].ptr);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_image_counts, build_world, free_world),
        cmocka_unit_test_setup_teardown(a_record_counts_once_for_a_group, build_world, free_world),
        cmocka_unit_test_setup_teardown(sets_are_each_with_each_and_bounded, build_world, free_world),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
