// SPDX-License-Identifier: Apache-2.0
// Are processes attributed to who was attached, added a debug container or went through the kubelet, and to nobody who only was there?
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define MINER "xmrig -o stratum+tcp://pool.example:3333"

// The world begins at 22:13:20.
#define RAN(clock, container, pid, ppid, parent, command)                                                                                  \
    "{\"rule\":\"R\",\"hostname\":\"node-1\",\"time\":\"2023-11-14T" clock "Z\",\"output_fields\":{\"k8s.ns.name\":\"shop\","              \
    "\"k8s.pod.name\":\"web-1\",\"container.name\":\"" container "\",\"proc.name\":\"x\",\"proc.pid\":" pid ",\"proc.ppid\":" ppid         \
    ",\"proc.pname\":\"" parent "\",\"proc.cmdline\":\"" command "\"}}"

#define ATTACH(w, when, who, query, ...)                                                                                                   \
    DEED(w, when, .user = who, .address = "198.51.100.9", .binding = "ClusterRoleBinding b", .verb = "create", .resource = "pods",         \
         .sub = "attach", .ns = "shop", .name = "web-1", .code = 101,                                                                      \
         .uri = "/api/v1/namespaces/shop/pods/web-1/attach?" query __VA_OPT__(, ) __VA_ARGS__)

#define DEBUG(w, when, who, ...)                                                                                                           \
    DEED(w, when, .user = who, .address = "198.51.100.9", .binding = "ClusterRoleBinding b", .verb = "patch", .resource = "pods",          \
         .sub = "ephemeralcontainers", .ns = "shop", .name = "web-1" __VA_OPT__(, ) __VA_ARGS__)

#define WITH_CONTAINER(name) .request = "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"" name "\",\"image\":\"busybox\"}]}}"

#define KUBELET(w, when, who, how, path, ...)                                                                                              \
    DEED(w, when, .user = who, .address = "198.51.100.9", .binding = "ClusterRoleBinding b", .verb = how, .resource = "nodes",             \
         .sub = "proxy", .name = "node-1", .uri = "/api/v1/nodes/node-1/proxy/" path __VA_OPT__(, ) __VA_ARGS__)

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

static const struct incident_step *find_process(const struct incident *x, const char *command)
{
    for (size_t i = 0; i < x->n_timeline; i++)
        if (x->timeline[i].process && str_eq(x->timeline[i].process->command, str_from_c(command)))
            return &x->timeline[i];
    return NULL;
}

static bool has_actor(const struct incident *x, const char *principal)
{
    for (size_t i = 0; i < x->n_actors; i++)
        if (str_eq(x->actors[i].principal, str_from_c(principal)))
            return true;
    return false;
}

// The only incident's step of that command is this one's, by this way.
static void assert_is_of(struct world *w, const char *command, const char *who, const char *way, enum certainty certainty)
{
    size_t n;
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *step = find_process(x, command);
    assert_non_null(step);
    assert_true(str_eq(step->actor.principal, str_from_c(who)));
    assert_true(str_eq(step->process->session_way, str_from_c(way)));
    assert_int_equal(step->process->session_certainty, certainty);
    assert_true(has_actor(x, who));
}

static void assert_is_of_nobody(struct world *w, const char *command, const char *who)
{
    size_t n;
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_false(has_actor(x, who));
    const struct incident_step *step = find_process(x, command);
    assert_true(!step || !step->process->session_way.ptr);
}

// --- attach ------------------------------------------------------------------------------------------------------------------------------

static void what_is_typed_into_an_attached_shell(void **state)
{
    ATTACH(*state, 4, "mallory", "container=web&stdin=true&tty=true");
    world_add_host(*state, RAN("22:13:26", "web", "8", "7", "sh", MINER), "miner");
    assert_is_of(*state, MINER, "mallory", "attach", INFERRED);
}

static void whoever_only_watches_types_nothing(void **state)
{
    ATTACH(*state, 4, "bob", "container=web&stdout=true");
    world_add_host(*state, RAN("22:13:26", "web", "8", "7", "sh", MINER), "miner");
    assert_is_of_nobody(*state, MINER, "bob");
}

static void what_a_server_starts_was_not_typed(void **state)
{
    ATTACH(*state, 4, "bob", "container=web&stdin=true");
    world_add_host(*state, RAN("22:13:26", "web", "8", "7", "httpd", MINER), "miner");
    assert_is_of_nobody(*state, MINER, "bob");
}

// The server's own shell: it has a parent in the container.
static void a_shell_that_is_not_the_first_process_is_not_attached(void **state)
{
    struct world *w = *state;
    ATTACH(w, 4, "bob", "container=web&stdin=true");
    world_add_host(w, RAN("22:13:25", "web", "7", "6", "httpd", "sh -c x"), NULL);
    world_add_host(w, RAN("22:13:26", "web", "8", "7", "sh", MINER), "miner");
    assert_is_of_nobody(w, MINER, "bob");
}

static void after_the_end_nobody_is_attached(void **state)
{
    ATTACH(*state, 4, "bob", "container=web&stdin=true"); // ends at once
    world_add_host(*state, RAN("22:14:26", "web", "8", "7", "sh", MINER), "miner");
    assert_is_of_nobody(*state, MINER, "bob");
}

// --- debug containers --------------------------------------------------------------------------------------------------------------------

static void what_runs_in_a_debug_container(void **state)
{
    DEBUG(*state, 4, "mallory", WITH_CONTAINER("look"));
    world_add_host(*state, RAN("23:13:26", "look", "8", "7", "containerd-shim", MINER), "miner");
    assert_is_of(*state, MINER, "mallory", "debug", CERTAIN);
}

static void other_containers_are_not_the_debuggers(void **state)
{
    DEBUG(*state, 4, "bob", WITH_CONTAINER("look"));
    world_add_host(*state, RAN("22:13:26", "web", "8", "7", "containerd-shim", MINER), "miner");
    assert_is_of_nobody(*state, MINER, "bob");
}

static void without_a_body_the_name_must_do(void **state)
{
    DEBUG(*state, 4, "mallory");
    world_add_host(*state, RAN("22:13:26", "debugger-x7k2p", "8", "7", "containerd-shim", MINER), "miner");
    assert_is_of(*state, MINER, "mallory", "debug", INFERRED);
}

static void a_guest_in_a_debug_container_makes_it_less_certain(void **state)
{
    struct world *w = *state;
    DEBUG(w, 1, "bob", WITH_CONTAINER("look"));
    ATTACH(w, 4, "mallory", "container=look&stdin=true");
    world_add_host(w, RAN("22:13:25", "look", "8", "7", "sh", MINER), "miner");
    assert_is_of(w, MINER, "bob", "debug", INFERRED);
}

static void who_ran_a_command_in_a_debug_container_is_known(void **state)
{
    struct world *w = *state;
    DEBUG(w, 1, "bob", WITH_CONTAINER("look"));
    DEED(w, 5, .user = "mallory", .address = "198.51.100.9", .binding = "ClusterRoleBinding b", .verb = "create", .resource = "pods",
         .sub = "exec", .ns = "shop", .name = "web-1", .code = 101, .uri = "/x/exec?container=look&command=xmrig&command=-o&command=pool");
    world_add_host(w, RAN("22:13:25", "look", "8", "7", "runc", "xmrig -o pool"), "miner");
    assert_is_of(w, "xmrig -o pool", "mallory", "exec", CERTAIN);
}

static void a_debug_container_that_was_refused_is_none(void **state)
{
    DEBUG(*state, 4, "bob", WITH_CONTAINER("look"), .code = 403);
    world_add_host(*state, RAN("22:13:26", "look", "8", "7", "containerd-shim", MINER), "miner");
    assert_is_of_nobody(*state, MINER, "bob");
}

// The other way round: the intruder is known, and what he did in there is found.
static void an_intruders_debug_container_is_looked_into(void **state)
{
    struct world *w = *state;
    size_t n;
    DEBUG(w, 4, "mallory", WITH_CONTAINER("look"), .alert = "debug");
    world_add_host(w, RAN("22:13:26", "look", "8", "7", "containerd-shim", "cat /etc/shadow"), NULL);
    world_add_host(w, RAN("22:13:26", "web", "9", "7", "httpd", "worker"), NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *step = find_process(x, "cat /etc/shadow");
    assert_non_null(step);
    assert_true(str_eq(step->actor.principal, STR("mallory")));
    assert_null(find_process(x, "worker"));
}

// --- the kubelet -------------------------------------------------------------------------------------------------------------------------

static void what_the_kubelet_was_told_to_run(void **state)
{
    KUBELET(*state, 5, "mallory", "create", "run/shop/web-1/web?cmd=xmrig%20-o%20pool");
    world_add_host(*state, RAN("22:13:25", "web", "8", "7", "runc", "xmrig -o pool"), "miner");
    assert_is_of(*state, "xmrig -o pool", "mallory", "kubelet", CERTAIN);
}

static void the_kubelet_of_another_pod_is_not_it(void **state)
{
    KUBELET(*state, 5, "bob", "create", "run/shop/web-2/web?cmd=xmrig%20-o%20pool");
    world_add_host(*state, RAN("22:13:25", "web", "8", "7", "runc", "xmrig -o pool"), "miner");
    assert_is_of_nobody(*state, "xmrig -o pool", "bob");
}

static void a_pod_is_entered_and_not_its_node(void **state)
{
    struct world *w = *state;
    size_t n;
    KUBELET(w, 5, "mallory", "get", "exec/shop/web-1/1dc45fb4/web?command=sh&input=1", .code = 101, .alert = "kubelet");
    world_add_host(w, RAN("22:13:25", "web", "8", "7", "runc", "id"), NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_non_null(find_pivot(x, "exec", "principal:mallory", "object:pods/shop/web-1"));
    assert_non_null(find_process(x, "id"));
    bool told = false;
    for (size_t i = 0; i < x->n_timeline; i++)
        told |= str_eq(x->timeline[i].text, STR("ran in Pod shop/web-1, container web through the kubelet of Node node-1: sh"));
    assert_true(told);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(what_is_typed_into_an_attached_shell),
        TEST(whoever_only_watches_types_nothing),
        TEST(what_a_server_starts_was_not_typed),
        TEST(a_shell_that_is_not_the_first_process_is_not_attached),
        TEST(after_the_end_nobody_is_attached),
        TEST(what_runs_in_a_debug_container),
        TEST(other_containers_are_not_the_debuggers),
        TEST(without_a_body_the_name_must_do),
        TEST(a_guest_in_a_debug_container_makes_it_less_certain),
        TEST(who_ran_a_command_in_a_debug_container_is_known),
        TEST(a_debug_container_that_was_refused_is_none),
        TEST(an_intruders_debug_container_is_looked_into),
        TEST(what_the_kubelet_was_told_to_run),
        TEST(the_kubelet_of_another_pod_is_not_it),
        TEST(a_pod_is_entered_and_not_its_node),
    };
    return cmocka_run_group_tests_name("entries", tests, NULL, NULL);
}
