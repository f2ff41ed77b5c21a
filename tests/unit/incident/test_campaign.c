// SPDX-License-Identifier: Apache-2.0
// Which incidents become one campaign, and which never do, whatever the order they come in?
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

// The clusters of each campaign in brackets, in their order: "[a b] [c d e]".
static void assert_campaigns(const struct fleet *f, const char *wanted)
{
    struct campaigns *c = fleet_campaigns(f, 0);
    struct buf told;
    size_t n;
    const struct campaign *list = campaigns_conclude(c, &n);
    buf_init(&told, 1 << 20);
    for (size_t i = 0; i < n; i++) {
        buf_add(&told, i ? STR(" [") : STR("["));
        for (size_t k = 0; k < list[i].n_clusters; k++)
            buf_addf(&told, "%s%.*s", k ? " " : "", STR_ARG(list[i].clusters[k].name));
        buf_add_char(&told, ']');
    }
    buf_add_char(&told, '\0');
    assert_string_equal(told.ptr, wanted);
    buf_fini(&told);
    campaigns_free(c);
}

// --- what joins --------------------------------------------------------------------------------------------------------------------

static void a_wallet_is_proof(void **state)
{
    fleet_add(*state, "a", 0, "wallet=W image=docker.io/evil/one name=x");
    fleet_add(*state, "b", 60, "wallet=W image=docker.io/evil/two name=y");
    fleet_add(*state, "c", 90, "wallet=V image=docker.io/evil/three name=z");
    assert_campaigns(*state, "[a b]");
}

static void what_is_trusted_or_stock_joins_nobody(void **state)
{
    fleet_add(*state, "a", 0,
              "image=docker.io/library/redis image=r.trusted.example/x image=quay.io/any/alpine image_digest=sha256:1 agent=kubectl/v1.20 "
              "address=10.0.0.7 address=172.20.1.1 address=fd00::1 name=system:kube-dns pool=pool.supportxmr.com:3333");
    fleet_add(*state, "b", 60,
              "image=docker.io/library/redis image=r.trusted.example/x image=quay.io/any/alpine image_digest=sha256:1 agent=kubectl/v1.20 "
              "address=10.0.0.7 address=172.20.1.1 address=fd00::1 name=system:kube-dns pool=pool.supportxmr.com:3333");
    assert_campaigns(*state, "");
}

static void one_weak_indicator_is_not_enough(void **state)
{
    fleet_add(*state, "a", 0, "image=docker.io/evil/one name=nginx");
    fleet_add(*state, "b", 60, "image=docker.io/evil/one name=nginx");
    assert_campaigns(*state, "");
    fleet_add(*state, "c", 70, "image=docker.io/evil/one pool=p.example:1 script=5c");
    fleet_add(*state, "d", 80, "image=docker.io/evil/one pool=p.example:1 script=5c");
    assert_campaigns(*state, "[c d]");
}

static void names_alone_never_join(void **state)
{
    fleet_add(*state, "a", 0, "name=a name=b name=c name=d name=e name=f name=g name=h agent=evil/1");
    fleet_add(*state, "b", 60, "name=a name=b name=c name=d name=e name=f name=g name=h agent=evil/1");
    assert_campaigns(*state, "");
}

static void other_wallets_count_against(void **state)
{
    fleet_add(*state, "a", 0, "wallet=A pool=p.example:1 script=5c");
    fleet_add(*state, "b", 60, "wallet=B pool=p.example:1 script=5c");
    assert_campaigns(*state, "");
    fleet_add(*state, "c", 70, "pool=p.example:1 script=5c");
    assert_campaigns(*state, "[a c]"); // as well as [b c]: the earlier one, and then c belongs to those of wallet A
}

// --- time --------------------------------------------------------------------------------------------------------------------------

static void the_window_slides(void **state)
{
    const int64_t hour = 3600;
    fleet_add(*state, "a", 0, "wallet=W");
    fleet_add(*state, "b", 10 + 2 * hour, "wallet=W"); // a ends at 10
    fleet_add(*state, "c", 20 + 4 * hour, "wallet=W"); // and b ten seconds after it began
    assert_campaigns(*state, "[a b c]");
}

static void the_window_has_an_edge(void **state)
{
    struct incident *late = fleet_add(*state, "b", 10 + 2 * 3600, "wallet=W");
    fleet_add(*state, "a", 0, "wallet=W");
    assert_campaigns(*state, "[a b]");
    late->first++;
    assert_campaigns(*state, "");
}

static void without_a_time_nothing_joins(void **state)
{
    struct incident *timeless = fleet_add(*state, "a", 0, "wallet=W");
    timeless->first = timeless->last = TIME_NONE;
    fleet_add(*state, "b", 0, "wallet=W")->last = INT64_MAX;
    fleet_add(*state, "c", 0, "wallet=W")->first = INT64_MIN + 1;
    assert_campaigns(*state, "[c b]");
    struct campaigns *c = fleet_campaigns(*state, 0);
    assert_int_equal(campaigns_counters(c).without_time, 1);
    campaigns_free(c);
}

static void one_cluster_is_no_campaign(void **state)
{
    fleet_add(*state, "a", 0, "wallet=W");
    fleet_add(*state, "a", 60, "wallet=W");
    assert_campaigns(*state, "");
    fleet_add(*state, "b", 90, "wallet=W");
    assert_campaigns(*state, "[a b]");
}

// --- rarity ------------------------------------------------------------------------------------------------------------------------

// A base image that davy's lists do not know, with the script of a tutorial: everybody has both, and nothing else in common.
static void what_strangers_share_joins_nobody(void **state)
{
    for (unsigned i = 0; i < 1000; i++)
        fleet_addf(*state, ((struct str)arena_printf(&((struct fleet *)*state)->arena, "c%u", i)).ptr, i * 5,
                   "image=docker.io/tools/box script=1 spec=2 name=box address=198.51.%u.%u", i / 250, i % 250);
    assert_campaigns(*state, "");
}

// As many clusters share as much, and a pool too: that is what tells a large campaign from a base image.
static void a_large_campaign_is_not_common(void **state)
{
    struct fleet *f = *state;
    struct campaigns *c;
    size_t n;
    for (unsigned i = 0; i < 1000; i++) {
        const char *cluster = arena_printf(&f->arena, "c%u", i).ptr, *stranger = arena_printf(&f->arena, "s%u", i).ptr;
        fleet_addf(f, cluster, i * 5, "image=docker.io/x/box script=1 pool=p.example:1 name=n%u address=198.51.%u.%u", i, i / 250, i % 250);
        fleet_addf(f, stranger, i * 5, "image=docker.io/tools/box name=box%u address=203.0.%u.%u", i % 7, i / 250, i % 250);
    }
    c = fleet_campaigns(f, 0);
    const struct campaign *list = campaigns_conclude(c, &n);
    assert_int_equal(n, 1);
    assert_int_equal(list[0].n_clusters, 1000);
    assert_int_equal(list[0].n_incidents, 1000);
    assert_int_equal(list[0].n_links, 999);
    campaigns_free(c);
}

// --- chains ------------------------------------------------------------------------------------------------------------------------

// Each shares enough with the next, and nothing with the one after.
static void a_chain_of_weak_links_joins_no_strangers(void **state)
{
    fleet_add(*state, "a", 0, "image=docker.io/e/1 pool=p1.example:1 script=s1");
    fleet_add(*state, "b", 10, "image=docker.io/e/1 pool=p1.example:1 script=s1 image=docker.io/e/2 pool=p2.example:1 script=s2");
    fleet_add(*state, "c", 20, "image=docker.io/e/2 pool=p2.example:1 script=s2 image=docker.io/e/3 pool=p3.example:1 script=s3");
    fleet_add(*state, "d", 30, "image=docker.io/e/3 pool=p3.example:1 script=s3");
    assert_campaigns(*state, "[a b] [c d]");
    struct campaigns *c = fleet_campaigns(*state, 0);
    size_t n;
    (void)campaigns_conclude(c, &n);
    assert_int_equal(campaigns_counters(c).refused, 1);
    campaigns_free(c);
}

// An odd member of a crowd does not bring its other acquaintances in.
static void an_odd_member_is_no_bridge(void **state)
{
    struct fleet *f = *state;
    for (unsigned i = 0; i < 6; i++)
        fleet_addf(f, arena_printf(&f->arena, "m%u", i).ptr, i, "image=docker.io/e/1 pool=p1.example:1 script=s1%s",
                   i == 3 ? " image=docker.io/e/2 pool=p2.example:1 script=s2" : "");
    for (unsigned i = 0; i < 4; i++)
        fleet_addf(f, arena_printf(&f->arena, "z%u", i).ptr, 20 + i, "image=docker.io/e/2 pool=p2.example:1 script=s2");
    assert_campaigns(f, "[m0 m1 m2 m3 m4 m5] [z0 z1 z2 z3]");
}

// --- what is told ------------------------------------------------------------------------------------------------------------------

static void a_proven_vector_is_carried_as_inferred(void **state)
{
    struct incident *a = fleet_add(*state, "a", 0, "wallet=W"), *b = fleet_add(*state, "b", 1, "wallet=W");
    struct incident *c = fleet_add(*state, "c", 2, "wallet=W");
    size_t n;
    a->vector.verdict = STR("exposed");
    a->vector.certainty = CERTAIN;
    b->vector.verdict = STR("exposed"); // suspected: not a proof for others
    c->vector.verdict = STR_NONE;
    struct campaigns *campaigns = fleet_campaigns(*state, 0);
    const struct campaign *told = campaigns_conclude(campaigns, &n);
    assert_int_equal(n, 1);
    assert_true(str_eq(told->vector, STR("exposed")));
    assert_int_equal(told->proven, 1);
    assert_int_equal(told->carried, 1);
    assert_true(told->clusters[0].certainty == CERTAIN && !told->clusters[0].carried);
    assert_true(told->clusters[1].certainty == INFERRED && !told->clusters[1].carried);
    assert_true(told->clusters[2].certainty == INFERRED && told->clusters[2].carried);
    assert_true(str_eq(told->clusters[2].vector, STR("exposed")));
    campaigns_free(campaigns);
    a->vector.certainty = INFERRED; // nowhere proven: nothing is carried
    campaigns = fleet_campaigns(*state, 0);
    told = campaigns_conclude(campaigns, &n);
    assert_null(told->vector.ptr);
    assert_int_equal(told->carried, 0);
    assert_int_equal(told->undecided, 1);
    campaigns_free(campaigns);
}

static void two_proofs_in_as_many_clusters_carry_none(void **state)
{
    struct incident *a = fleet_add(*state, "a", 0, "wallet=W"), *b = fleet_add(*state, "b", 1, "wallet=W");
    size_t n;
    fleet_add(*state, "c", 2, "wallet=W");
    a->vector.verdict = STR("exposed");
    b->vector.verdict = STR("stolen_token");
    a->vector.certainty = b->vector.certainty = CERTAIN;
    struct campaigns *c = fleet_campaigns(*state, 0);
    const struct campaign *told = campaigns_conclude(c, &n);
    assert_null(told->vector.ptr);
    assert_int_equal(told->proven, 2);
    assert_int_equal(told->undecided, 1);
    campaigns_free(c);
}

static void the_plan_is_of_each_cluster(void **state)
{
    struct str fix_a[] = {STR("kubectl delete clusterrolebinding -- a")}, fix_b[] = {STR("kubectl delete clusterrolebinding -- b")};
    struct incident_leftover left[] = {
        {.object = STR("object:pods/default/x"), .why = STR("made"), .fix = STR("kubectl delete pods -- x")}};
    struct incident *a = fleet_add(*state, "a", 0, "wallet=W name=x"), *b = fleet_add(*state, "b", 1, "wallet=W name=y");
    struct incident *again = fleet_add(*state, "a", 5, "wallet=W name=x");
    size_t n;
    a->cause = again->cause = (struct incident_cause){.object = STR("ClusterRoleBinding/a"), .fix = fix_a, .n_fix = 1};
    b->cause = (struct incident_cause){.object = STR("ClusterRoleBinding/b"), .fix = fix_b, .n_fix = 1};
    a->leftovers = again->leftovers = left;
    a->n_leftovers = again->n_leftovers = 1;
    struct campaigns *c = fleet_campaigns(*state, 0);
    const struct campaign *told = campaigns_conclude(c, &n);
    assert_int_equal(told->n_clusters, 2);
    assert_int_equal(told->clusters[0].incidents, 2);
    assert_int_equal(told->clusters[0].n_fixes, 1);
    assert_int_equal(told->clusters[0].n_leftovers, 1);
    assert_true(str_eq(told->clusters[1].fixes[0], fix_b[0]));
    assert_int_equal(told->clusters[1].n_leftovers, 0);
    assert_int_equal(told->n_indicators, 3); // the wallet first: both have it
    assert_true(str_eq(told->indicators[0].type, STR("wallet")) && told->indicators[0].clusters == 2);
    assert_true(told->indicators[1].clusters == 1 && told->indicators[2].clusters == 1);
    campaigns_free(c);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_wallet_is_proof),
        TEST(what_is_trusted_or_stock_joins_nobody),
        TEST(one_weak_indicator_is_not_enough),
        TEST(names_alone_never_join),
        TEST(other_wallets_count_against),
        TEST(the_window_slides),
        TEST(the_window_has_an_edge),
        TEST(without_a_time_nothing_joins),
        TEST(one_cluster_is_no_campaign),
        TEST(what_strangers_share_joins_nobody),
        TEST(a_large_campaign_is_not_common),
        TEST(a_chain_of_weak_links_joins_no_strangers),
        TEST(an_odd_member_is_no_bridge),
        TEST(a_proven_vector_is_carried_as_inferred),
        TEST(two_proofs_in_as_many_clusters_carry_none),
        TEST(the_plan_is_of_each_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
