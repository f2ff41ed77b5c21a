// SPDX-License-Identifier: Apache-2.0
// One identity in several hands: is what an intruder did with it told from what its owner goes on doing, at the same address too? By the
// tool, by who told a controller to do it, by whose node it is, and by what a program does all the time.
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SHOP "system:serviceaccount:shop:app"
#define NODE "system:node:n1"
#define HOME "10.1.0.5"
#define EVIL "203.0.113.66"
#define WITH_HOST                                                                                                                          \
    "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"image\":\"x/"                                            \
    "y:1\",\"securityContext\":{\"privileged\":true}}]}}"
#define OF_WORKFLOW                                                                                                                        \
    "{\"kind\":\"Pod\",\"metadata\":{\"name\":\"flow-1\",\"ownerReferences\":[{\"kind\":\"Workflow\",\"name\":\"flow\"}]},\"spec\":{"      \
    "\"containers\":[{\"image\":\"evil/m:1\"}]}}"

static int set_up(void **state)
{
    static struct world w;
    world_init(&w);
    *state = &w;
    return 0;
}

static int tear_down(void **state)
{
    world_fini(*state);
    return 0;
}

static void another_tool_in_the_same_pod(void **state)
{
    struct world *w = *state;
    size_t n;
    for (int i = 0; i < 5; i++) // lines 1 to 5
        DEED(w, 10 * i, .user = SHOP, .address = HOME, .verb = "get", .resource = "configmaps", .ns = "shop", .name = "c",
             .agent = "shop/1.4");
    DEED(w, 100, .user = SHOP, .address = HOME, .verb = "list", .resource = "pods", .ns = "shop", .agent = "curl/7.74.0");
    DEED(w, 101, .user = SHOP, .address = HOME, .verb = "get", .resource = "configmaps", .ns = "shop", .name = "c", .agent = "shop/1.5");
    DEED(w, 9000, .user = SHOP, .address = HOME, .verb = "create", .resource = "pods", .ns = "shop", .name = "p", .code = 201,
         .agent = "curl/7.74.0", .alert = "host");
    DEED(w, 9001, .user = SHOP, .address = HOME, .verb = "get", .resource = "configmaps", .ns = "shop", .name = "c", .agent = "shop/1.5");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 6) && tells(x, 8)); // hours apart
    for (uint64_t line = 1; line <= 9; line++)
        assert_int_equal(tells(x, line), line == 6 || line == 8);
}

static void kubelet(struct world *w, double at, const char *address)
{
    DEED(w, at, .user = NODE, .address = address, .verb = "patch", .resource = "pods", .sub = "status", .ns = "shop", .name = "p",
         .agent = "kubelet/v1.28");
}

static void a_pod_with_the_host_leads_to_its_node(void **state)
{
    struct world *w = *state;
    size_t n;
    for (int i = 0; i < 3; i++) // lines 1 to 3
        DEED(w, i, .user = NODE, .address = "10.0.0.7", .verb = "get", .resource = "nodes", .name = "n1", .agent = "kubelet/v1.28");
    DEED(w, 10, .user = "system:anonymous", .address = EVIL, .verb = "create", .resource = "pods", .ns = "shop", .name = "p", .code = 201,
         .request = WITH_HOST, .alert = "host");
    kubelet(w, 12, "10.0.0.7"); // line 5
    DEED(w, 60, .user = NODE, .address = "198.51.100.3", .verb = "list", .resource = "nodes", .agent = "kubectl/v1.25");
    DEED(w, 61, .user = NODE, .address = "198.51.100.3", .verb = "get", .resource = "secrets", .ns = "shop", .name = "s",
         .agent = "kubectl/v1.25");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 4) && tells(x, 6) && tells(x, 7));
    assert_false(tells(x, 1) || tells(x, 2) || tells(x, 3));
    assert_non_null(find_pivot(x, "node", "object:pods/shop/p", "principal:" NODE));
    assert_non_null(find_pivot(x, "used-from", "principal:" NODE, "address:198.51.100.3"));
}

static void the_credential_used_on_the_node_itself(void **state)
{
    struct world *w = *state;
    size_t n;
    for (int i = 0; i < 3; i++)
        DEED(w, i, .user = NODE, .address = "10.0.0.7", .verb = "get", .resource = "nodes", .name = "n1", .agent = "kubelet/v1.28");
    DEED(w, 60, .user = NODE, .address = "10.0.0.7", .verb = "list", .resource = "nodes", .agent = "kubectl/v1.25");
    DEED(w, 61, .user = NODE, .address = "10.0.0.7", .verb = "list", .resource = "secrets", .code = 403, .agent = "kubectl/v1.25",
         .alert = "node does what kubelets do not|davy.hand");
    kubelet(w, 62, "10.0.0.7"); // line 6
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 4) && tells(x, 5));
    assert_false(tells(x, 1) || tells(x, 6));
}

static void a_kubelet_with_another_address_is_nobodys(void **state)
{
    struct world *w = *state;
    size_t n;
    for (int i = 0; i < 3; i++)
        DEED(w, i, .user = NODE, .address = "10.0.0.7", .verb = "get", .resource = "nodes", .name = "n1", .agent = "kubelet/v1.28");
    DEED(w, 10, .user = "system:anonymous", .address = EVIL, .verb = "create", .resource = "pods", .ns = "shop", .name = "p", .code = 201,
         .request = WITH_HOST, .alert = "host");
    kubelet(w, 12, "10.0.0.7");
    kubelet(w, 20, "10.0.0.8"); // it was given a new one
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_false(tells(x, 5) || tells(x, 6));
}

#define PAGE       "system:serviceaccount:flows:flow-server"
#define CONTROLLER "system:serviceaccount:flows:flow-controller"
static void a_controller_does_what_it_was_told(void **state)
{
    struct world *w = *state;
    size_t n;
    for (int i = 0; i < 3; i++) // lines 1 to 3
        DEED(w, i, .user = CONTROLLER, .address = "10.1.0.6", .verb = "list", .resource = "pods", .ns = "flows", .agent = "flowd/1");
    DEED(w, 10, .user = PAGE, .address = HOME, .verb = "create", .resource = "workflows", .ns = "flows", .name = "flow", .code = 201,
         .agent = "flows/1", .binding = "ClusterRoleBinding flows");
    DEED(w, 11, .user = CONTROLLER, .address = "10.1.0.6", .verb = "create", .resource = "pods", .ns = "flows", .name = "flow-1",
         .code = 201, .agent = "flowd/1", .request = OF_WORKFLOW, .alert = "miner");
    DEED(w, 12, .user = CONTROLLER, .address = "10.1.0.6", .verb = "list", .resource = "pods", .ns = "flows", .agent = "flowd/1");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 4) && tells(x, 5));
    assert_false(tells(x, 1) || tells(x, 3) || tells(x, 6));
    assert_true(str_eq(x->actors[0].principal, STR(PAGE)));
    assert_non_null(find_pivot(x, "owner", "object:pods/flows/flow-1", "object:workflows/flows/flow"));
}

// Owner references are free to choose: what nobody else was seen to make exonerates nobody.
static void an_owner_that_nobody_made_exonerates_nobody(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 11, .user = CONTROLLER, .address = "10.1.0.6", .verb = "create", .resource = "pods", .ns = "flows", .name = "flow-1",
         .code = 201, .agent = "flowd/1", .request = OF_WORKFLOW, .alert = "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_actors, 1);
    assert_true(str_eq(x->actors[0].principal, STR(CONTROLLER)));
}

static void look(struct world *w, double at) // what the page does all day: two lines
{
    DEED(w, at, .user = PAGE, .address = HOME, .verb = "list", .resource = "namespaces", .agent = "flows/1");
    DEED(w, at + 0.1, .user = PAGE, .address = HOME, .verb = "list", .resource = "pods", .ns = "web", .agent = "flows/1");
}

static void a_page_that_works_on_meanwhile(void **state)
{
    struct world *w = *state;
    size_t n;
    for (int i = 0; i < 4; i++) // lines 1 to 8
        look(w, 10 * i);
    DEED(w, 41, .user = PAGE, .address = HOME, .verb = "list", .resource = "nodes", .agent = "flows/1");
    DEED(w, 43, .user = PAGE, .address = HOME, .verb = "get", .resource = "secrets", .ns = "web", .name = "s", .agent = "flows/1");
    look(w, 44); // lines 11 and 12
    DEED(w, 46, .user = PAGE, .address = HOME, .verb = "create", .resource = "deployments", .ns = "web", .name = "m", .code = 201,
         .agent = "flows/1", .alert = "miner");
    look(w, 50);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    for (uint64_t line = 1; line <= 15; line++)
        assert_int_equal(tells(x, line), line == 9 || line == 10 || line == 13);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(another_tool_in_the_same_pod),           TEST(a_pod_with_the_host_leads_to_its_node),
        TEST(the_credential_used_on_the_node_itself), TEST(a_kubelet_with_another_address_is_nobodys),
        TEST(a_controller_does_what_it_was_told),     TEST(an_owner_that_nobody_made_exonerates_nobody),
        TEST(a_page_that_works_on_meanwhile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
