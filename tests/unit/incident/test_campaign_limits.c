// SPDX-License-Identifier: Apache-2.0
// Do campaigns depend on nothing but the set of incidents, and stay within bounds whatever incidents claim?
#include "fleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    struct fleet *f = malloc(sizeof *f);
    if (!f)
        return -1;
    fleet_init(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fleet_fini(*state);
    free(*state);
    return 0;
}

static void write_all(const struct fleet *f, uint64_t seed, struct buf *out)
{
    struct campaigns *c = fleet_campaigns(f, seed);
    size_t n;
    const struct campaign *list = campaigns_conclude(c, &n);
    buf_clear(out);
    fleet_write(out, list, n);
    buf_addf(out, "refused %llu repeated %llu\n", (unsigned long long)campaigns_counters(c).refused,
             (unsigned long long)campaigns_counters(c).repeated);
    campaigns_free(c);
}

// Incidents whose indicators overlap in all ways: a few values of each type, many times, and clusters hit more than once.
static void make_tangle(struct fleet *f, uint64_t seed)
{
    for (unsigned i = 0; i < 300; i++) {
        uint64_t r = hash_mix(seed, i);
        struct incident *x = fleet_addf(f, arena_printf(&f->arena, "c%u", (unsigned)(r % 60)).ptr, (int64_t)(r >> 8 & 0x3fff),
                                        "image=docker.io/e/%u pool=p%u.example:1 script=s%u name=n%u address=198.51.100.%u spec=q%u%s",
                                        (unsigned)(r >> 24 & 7), (unsigned)(r >> 28 & 7), (unsigned)(r >> 32 & 7), (unsigned)(r >> 36 & 15),
                                        (unsigned)(r >> 40 & 31), (unsigned)(r >> 45 & 7), (r >> 50 & 15) == 0 ? " wallet=W" : "");
        if (r >> 54 & 1)
            x->vector = (struct incident_vector){.verdict = r >> 55 & 1 ? STR("exposed") : STR("stolen_token"), .certainty = CERTAIN};
    }
}

static void the_order_does_not_matter(void **state)
{
    struct fleet *f = *state;
    struct buf wanted, told;
    buf_init(&wanted, 16 << 20);
    buf_init(&told, 16 << 20);
    for (uint64_t tangle = 1; tangle <= 8; tangle++) {
        f->n = 0;
        make_tangle(f, tangle);
        write_all(f, 0, &wanted);
        assert_true(wanted.len > 1000);
        for (uint64_t seed = 1; seed <= 12; seed++) {
            write_all(f, seed, &told);
            assert_true(str_eq(buf_str(&told), buf_str(&wanted)));
        }
    }
    buf_fini(&wanted);
    buf_fini(&told);
}

static void concluding_twice_changes_nothing(void **state)
{
    struct fleet *f = *state;
    struct buf first, second;
    size_t n;
    buf_init(&first, 16 << 20);
    buf_init(&second, 16 << 20);
    make_tangle(f, 99);
    struct campaigns *c = campaigns_new(&fleet_knowledge, CAMPAIGN_WINDOW_DEFAULT);
    for (size_t i = 0; i < f->n; i++) {
        campaigns_add(c, &f->incidents[i]);
        if (i % 50 == 0)
            (void)campaigns_conclude(c, &n); // as a server would, now and then
    }
    const struct campaign *list = campaigns_conclude(c, &n);
    fleet_write(&first, list, n);
    campaigns_free(c);
    c = fleet_campaigns(f, 7);
    list = campaigns_conclude(c, &n);
    fleet_write(&second, list, n);
    assert_true(str_eq(buf_str(&first), buf_str(&second)));
    campaigns_free(c);
    buf_fini(&first);
    buf_fini(&second);
}

// Outputs of several runs over the same logs.
static void an_incident_told_twice_counts_once(void **state)
{
    struct fleet *f = *state;
    struct buf wanted, told;
    buf_init(&wanted, 1 << 20);
    buf_init(&told, 1 << 20);
    fleet_add(f, "a", 0, "wallet=W");
    fleet_add(f, "b", 60, "wallet=W");
    struct incident *longer = fleet_add(f, "b", 60, "wallet=W name=more");
    longer->id = f->incidents[1].id;
    longer->last += NS_PER_SECOND;
    write_all(f, 0, &wanted);
    for (uint64_t seed = 1; seed < 10; seed++) {
        write_all(f, seed, &told);
        assert_true(str_eq(buf_str(&told), buf_str(&wanted)));
    }
    assert_true(str_find(buf_str(&wanted), STR("repeated 1"), 0) != SIZE_MAX);
    assert_true(str_find(buf_str(&wanted), STR("name=more"), 0) != SIZE_MAX);
    buf_fini(&wanted);
    buf_fini(&told);
}

static void huge_values_are_kept_apart(void **state)
{
    struct fleet *f = *state;
    size_t n;
    static char text[1 << 20];
    memset(text, 'x', sizeof text);
    struct incident_indicator same = {STR("wallet"), {text, sizeof text}}, other = {STR("wallet"), {text, sizeof text - 1}};
    struct incident *a = fleet_add(f, "a", 0, ""), *b = fleet_add(f, "b", 1, ""), *c = fleet_add(f, "c", 2, "");
    a->indicators = b->indicators = &same;
    c->indicators = &other;
    a->n_indicators = b->n_indicators = c->n_indicators = 1;
    struct campaigns *campaigns = fleet_campaigns(f, 0);
    const struct campaign *list = campaigns_conclude(campaigns, &n);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].n_clusters, 2);
    assert_int_equal(list[0].indicators[0].value.len, CAMPAIGN_TEXT_MAX);
    assert_int_equal(campaigns_counters(campaigns).cut_texts, 3);
    campaigns_free(campaigns);
}

static void the_strongest_indicators_are_kept(void **state)
{
    struct fleet *f = *state;
    size_t n;
    struct incident *x[2] = {fleet_add(f, "a", 0, ""), fleet_add(f, "b", 1, "")};
    for (unsigned k = 0; k < 2; k++) {
        x[k]->indicators = arena_array(&f->arena, struct incident_indicator, 201);
        for (unsigned i = 0; i < 200; i++) // decoys
            x[k]->indicators[i] = (struct incident_indicator){STR("name"), arena_printf(&f->arena, "n%u-%u", k, i)};
        x[k]->indicators[200] = (struct incident_indicator){STR("wallet"), STR("W")};
        x[k]->n_indicators = 201;
    }
    struct campaigns *c = fleet_campaigns(f, 0);
    (void)campaigns_conclude(c, &n);
    assert_int_equal(n, 1);
    assert_int_equal(campaigns_counters(c).dropped_indicators, 2 * (201 - CAMPAIGN_INDICATORS_MAX));
    campaigns_free(c);
}

static void add_numbered(struct campaigns *c, unsigned i)
{
    char id[16];
    struct buf text;
    buf_init(&text, sizeof id);
    buf_addf(&text, "%08u", i);
    struct incident_indicator wallet = {STR("wallet"), STR("W")};
    struct incident x = {
        .id = buf_str(&text),
        .cluster = buf_str(&text),
        .first = i * NS_PER_SECOND,
        .last = i * NS_PER_SECOND,
        .indicators = &wallet,
        .n_indicators = 1,
    };
    campaigns_add(c, &x);
    buf_fini(&text);
}

// More incidents than are kept: the newest ones count, in whatever order they came.
static void the_oldest_give_way(void **state)
{
    const unsigned all = CAMPAIGN_INCIDENTS_MAX * 3;
    (void)state;
    for (unsigned step = 1; step < 8; step += 4) { // neither even nor a multiple of 3: every number comes once
        struct campaigns *c = campaigns_new(&fleet_knowledge, CAMPAIGN_WINDOW_DEFAULT);
        size_t n;
        for (unsigned i = 0; i < all; i++)
            add_numbered(c, step == 1 ? all - 1 - i : (unsigned)((uint64_t)i * 65537 * step % all));
        const struct campaign *list = campaigns_conclude(c, &n);
        assert_int_equal(n, 1);
        assert_int_equal(list[0].n_clusters, CAMPAIGN_INCIDENTS_MAX);
        assert_true(list[0].first == (int64_t)(all - CAMPAIGN_INCIDENTS_MAX) * NS_PER_SECOND);
        assert_int_equal(campaigns_counters(c).dropped_incidents, all - CAMPAIGN_INCIDENTS_MAX);
        campaigns_free(c);
    }
}

static void nothing_in_nothing_out(void **state)
{
    struct campaigns *c = fleet_campaigns(*state, 0);
    size_t n = 1;
    (void)campaigns_conclude(c, &n);
    assert_int_equal(n, 0);
    struct incident empty = {.first = TIME_NONE, .last = TIME_NONE};
    campaigns_add(c, &empty);
    (void)campaigns_conclude(c, &n);
    assert_int_equal(n, 0);
    campaigns_free(c);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_order_does_not_matter),  TEST(concluding_twice_changes_nothing),  TEST(an_incident_told_twice_counts_once),
        TEST(huge_values_are_kept_apart), TEST(the_strongest_indicators_are_kept), TEST(the_oldest_give_way),
        TEST(nothing_in_nothing_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
