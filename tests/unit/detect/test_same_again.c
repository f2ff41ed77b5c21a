// SPDX-License-Identifier: Apache-2.0
// Does what is remembered of one record ever answer for another? Records that differ in nothing that a signature tells, but in what the
// rules look at: each is judged after all others, and by a matcher that remembers none of them.
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
                                              "deferred: [body]\n"
                                              "fields:\n"
                                              "  name: {path: [ref.name, body.name], many: true, about: x}\n"
                                              "  first: {of: name, transform: first_word, about: x}\n"
                                              "  uid: {path: extra.uid, many: true, about: x}\n"
                                              "  inner: {path: body.uid, many: true, about: x}\n"
                                              "  kind: {path: kind, about: x}\n");

#define RULE(title, item) "title: " title "\nlogsource: {product: p}\ndetection: {s: {kind: pod, " item "}, condition: s}\n---\n"
static const struct str rules_text = STR(
    RULE("equals", "name: evil") RULE("contains", "name|contains: vil") RULE("exists", "name|exists: true")
        RULE("absent", "name|exists: false") RULE("any", "name: '*'") RULE("is null", "name: null") RULE("uid exists", "uid|exists: true")
            RULE("uid any", "uid: '*'") RULE("uid null", "uid: null") RULE("same", "uid|fieldref: name") RULE("inner any", "inner: '*'")
                RULE("inner null", "inner: null") RULE("inner equals", "inner: u7") RULE("word", "first: evil")
                    RULE("word any", "first: '*'") RULE("and body", "name: evil, body.image: miner") RULE(
                        "body",
                        "body.image|startswith: mi") "title: last\nlogsource: {product: p}\ndetection: {s: {kind: x}, condition: not s}\n");

struct world {
    struct dictionary *dictionary;
    struct ruleset *rules;
    struct plan *plan;
};

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
    *state = w;
    return 0;
}

static int free_world(void **state)
{
    struct world *w = *state;
    plan_free(w->plan);
    ruleset_free(w->rules);
    dictionary_free(w->dictionary);
    free(w);
    return 0;
}

// A bit for each rule that hits.
static uint64_t judge(struct matcher *m, const char *record)
{
    char padded[1024 + JSON_PADDING] = {0};
    struct json_error error;
    size_t n;
    uint64_t hits = 0;
    assert_true(strlen(record) <= 1024);
    memcpy(padded, record, strlen(record));
    assert_int_equal(matcher_record(m, str_make(padded, strlen(record)), &error), JSON_OK);
    const uint32_t *rules = matcher_hits(m, &n);
    for (size_t i = 0; i < n; i++)
        hits |= (uint64_t)1 << rules[i];
    return hits;
}

static uint64_t judge_afresh(const struct world *w, const char *record)
{
    struct matcher *m = matcher_new(w->plan, JSON_LIMITS_DEFAULT);
    uint64_t hits = judge(m, record);
    matcher_free(m);
    return hits;
}

static bool hits_rule(const struct world *w, uint64_t hits, const char *title)
{
    for (uint32_t i = 0; i < w->rules->n; i++)
        if (str_eq(w->rules->rules[i].title, str_from_c(title)))
            return hits >> i & 1;
    fail_msg("no rule '%s'", title);
    return false;
}

// What each place may hold: nothing, null, other kinds, other values of one kind.
static const char *const names[] = {
    "",
    "\"ref\":{},",
    "\"ref\":{\"name\":null},",
    "\"ref\":{\"name\":\"good\"},",
    "\"ref\":{\"name\":\"evil\"},",
    "\"ref\":{\"name\":\"\"},",
    "\"ref\":{\"name\":7},",
    "\"ref\":{\"name\":[]},",
    "\"ref\":{\"name\":[null,\"evil\"]},",
    "\"ref\":{\"name\":[\"good\",\"evil\"]},",
    "\"ref\":{\"name\":\"ev\\u0069l\"},",
    "\"ref\":{\"name\":\"u7\"},",
};
static const char *const extras[] = {
    "", "\"extra\":{\"uid\":\"u7\"},", "\"extra\":{\"uid\":\"u8\"},", "\"extra\":{\"uid\":null},", "\"extra\":{\"uid\":[\"u7\",null]},",
};
static const char *const bodies[] = {
    "",
    "\"body\":{},",
    "\"body\":{\"image\":\"miner\"},",
    "\"body\":{\"image\":\"web\",\"name\":\"evil\"},",
    "\"body\":{\"image\":\"miner\",\"uid\":\"u7\"},",
    "\"body\":{\"image\":\"miner\",\"uid\":\"u9\",\"name\":\"good\"},",
    "\"body\":{\"uid\":null},",
};
#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static void write_record(char *out, size_t size, unsigned i)
{
    const char *name = names[i % COUNT(names)], *extra = extras[i / COUNT(names) % COUNT(extras)];
    const char *body = bodies[i / COUNT(names) / COUNT(extras) % COUNT(bodies)];
    assert_true((size_t)snprintf(out, size, "{%s%s%s\"kind\":\"pod\"}", name, extra, body) < size);
}
enum { RECORDS = COUNT(names) * COUNT(extras) * COUNT(bodies) };

static void names_with_a_body_are_told_apart(void **state)
{
    const struct world *w = *state;
    struct matcher *m = matcher_new(w->plan, JSON_LIMITS_DEFAULT);
    const char *good = "{\"ref\":{\"name\":\"good\"},\"body\":{\"image\":\"miner\"},\"kind\":\"pod\"}";
    const char *evil = "{\"ref\":{\"name\":\"evil\"},\"body\":{\"image\":\"miner\"},\"kind\":\"pod\"}";
    for (unsigned i = 0; i < 4; i++) {
        assert_false(hits_rule(w, judge(m, good), "and body"));
        assert_true(hits_rule(w, judge(m, evil), "and body"));
    }
    matcher_free(m);
}

static void what_is_there_is_known_without_looking(void **state)
{
    const struct world *w = *state;
    struct matcher *m = matcher_new(w->plan, JSON_LIMITS_DEFAULT);
    uint64_t with = judge(m, "{\"ref\":{\"name\":\"a\"},\"kind\":\"pod\"}"), without = judge(m, "{\"kind\":\"pod\"}");
    assert_true(hits_rule(w, with, "exists") && hits_rule(w, with, "any") && !hits_rule(w, with, "absent"));
    assert_true(!hits_rule(w, without, "exists") && !hits_rule(w, without, "any") && hits_rule(w, without, "absent"));
    uint64_t before = matcher_counters(m).evaluated;
    uint64_t again = judge(m, "{\"kind\":\"pod\"}");
    assert_int_equal(again, without);
    assert_int_equal(matcher_counters(m).evaluated, before); // nothing was left open
    matcher_free(m);
}

// As record i is judged by a matcher that knows no other.
static uint64_t expected_of(const struct world *w, uint64_t *known, unsigned i)
{
    char record[1024];
    const uint64_t judged = (uint64_t)1 << 63;
    if (!known[i]) {
        write_record(record, sizeof record, i);
        known[i] = judge_afresh(w, record) | judged;
    }
    return known[i] & ~judged;
}

static void check(const struct world *w, struct matcher *m, uint64_t *known, unsigned i)
{
    char record[1024];
    write_record(record, sizeof record, i);
    uint64_t expected = expected_of(w, known, i), got = judge(m, record);
    if (got != expected)
        fail_msg("%s: rules %llx alone, %llx after others", record, (unsigned long long)expected, (unsigned long long)got);
}

static void every_record_after_every_other(void **state)
{
    const struct world *w = *state;
    uint64_t known[RECORDS] = {0};
    for (unsigned stride = 1; stride < RECORDS; stride += 35) { // each begins with another one, and none remembers what comes later
        struct matcher *m = matcher_new(w->plan, JSON_LIMITS_DEFAULT);
        for (unsigned i = 0, at = stride; i < 2 * RECORDS; i++, at = (at + stride) % RECORDS)
            check(w, m, known, at);
        matcher_free(m);
    }
}

// A field that brings ever new values is looked at no more for a while.
static void a_field_may_turn_out_to_vary(void **state)
{
    const struct world *w = *state;
    struct matcher *m = matcher_new(w->plan, JSON_LIMITS_DEFAULT);
    const char *miner = "{\"ref\":{\"name\":\"evil\"},\"body\":{\"image\":\"miner\"},\"kind\":\"pod\"}";
    const char *web = "{\"ref\":{\"name\":\"evil\"},\"body\":{\"image\":\"web\"},\"kind\":\"pod\"}";
    const char *none = "{\"ref\":{\"name\":\"evil\"},\"body\":{},\"kind\":\"pod\"}";
    uint64_t expected[] = {judge_afresh(w, miner), judge_afresh(w, web), judge_afresh(w, none)};
    char record[1024];
    for (unsigned i = 0; i < 20000; i++) {
        snprintf(record, sizeof record, "{\"ref\":{\"name\":\"n\"},\"body\":{\"image\":\"i%u\"},\"kind\":\"pod\"}", i);
        assert_false(hits_rule(w, judge(m, record), "body"));
        if (i % 1000 == 0) {
            assert_int_equal(judge(m, miner), expected[0]);
            assert_int_equal(judge(m, web), expected[1]);
            assert_int_equal(judge(m, none), expected[2]);
        }
    }
    matcher_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_with_a_body_are_told_apart),
        cmocka_unit_test(what_is_there_is_known_without_looking),
        cmocka_unit_test(every_record_after_every_other),
        cmocka_unit_test(a_field_may_turn_out_to_vary),
    };
    return cmocka_run_group_tests(tests, build_world, free_world);
}
