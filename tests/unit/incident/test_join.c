// SPDX-License-Identifier: Apache-2.0
// Do two identities that share what nobody else has become one incident, and two that share what anybody has stay two?
#include "world.h"

#include "incident/campaign.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define WALLET "4AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define POD(image, args)                                                                                                                   \
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"" image "\",\"args\":[" args "]}]}}"

static const struct str registries[] = {STR("registry.example")}, images[] = {STR("docker.io/library/nginx")};
static const struct campaign_knowledge stock = {.registries = {registries, 1}, .images = {images, 1}};

static int set_up(void **state)
{
    static struct world w;
    world_init(&w);
    w.knowledge.stock = &stock;
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    world_fini(*state);
    return 0;
}

// Two accounts of the cluster, each at home at an inner address and then used from an outer one of its own.
static void strike(struct world *w, const char *first, const char *second)
{
    static const struct {
        const char *user, *home, *away;
    } stolen[] = {{"system:serviceaccount:shop:web", "10.1.0.5", "203.0.113.7"},
                  {"system:serviceaccount:lab:ci", "10.2.0.9", "198.51.100.44"}};
    const char *pods[] = {first, second};
    for (int i = 0; i < 2; i++) {
        for (int k = 0; k < 3; k++)
            DEED(w, k, .user = stolen[i].user, .address = stolen[i].home, .verb = "list", .resource = "configmaps", .ns = "x");
        DEED(w, 5000 + 600 * i, .user = stolen[i].user, .address = stolen[i].away, .verb = "create", .resource = "pods", .ns = "x",
             .name = i ? "b" : "a", .code = 201, .request = pods[i], .alert = "miner", .level = LEVEL_CRITICAL);
    }
}

static size_t incidents(struct world *w, const char *first, const char *second)
{
    size_t n;
    strike(w, first, second);
    const struct incident *x = world_judge(w, &n);
    if (n == 1)
        assert_non_null(
            find_pivot(x, "same-indicator", "principal:system:serviceaccount:shop:web", "principal:system:serviceaccount:lab:ci"));
    return n;
}

static void one_wallet(void **state)
{
    assert_int_equal(incidents(*state, POD("evil/a", "\"-u\",\"" WALLET "\""), POD("other/b", "\"--user\",\"" WALLET "\"")), 1);
}

static void one_image_and_command(void **state)
{
    const char *pod = POD("evil/miner", "\"-o\",\"run something that is long enough to be known again\"");
    assert_int_equal(incidents(*state, pod, pod), 1);
}

static void a_base_image(void **state)
{
    assert_int_equal(incidents(*state, POD("nginx", "\"one long command line that the first one runs\""),
                               POD("nginx", "\"another long command line which the second ran\"")),
                     2);
}

static void an_image_of_the_house(void **state)
{
    const char *pod = POD("registry.example/shop/web", "");
    assert_int_equal(incidents(*state, pod, pod), 2);
}

// Somebody who belongs here runs it, too.
static void what_others_here_run(void **state)
{
    struct world *w = *state;
    const char *pod = POD("team/tool", "\"a command line that is long enough to be known again\"");
    DEED(w, 1, .user = "alice", .address = "10.9.9.9", .verb = "create", .resource = "pods", .ns = "x", .name = "a-1", .code = 201,
         .request = pod);
    assert_int_equal(incidents(w, pod, pod), 2);
}

static void two_wallets(void **state)
{
    assert_int_equal(
        incidents(*state, POD("evil/a", "\"-u\",\"" WALLET "\""),
                  POD("evil/a", "\"-u\",\"4B"
                                "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC\"")),
        2);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(one_wallet),           TEST(one_image_and_command), TEST(a_base_image), TEST(an_image_of_the_house),
        TEST(what_others_here_run), TEST(two_wallets),
    };
    return cmocka_run_group_tests_name("join", tests, NULL, NULL);
}
