// SPDX-License-Identifier: Apache-2.0
// Do processes on nodes join what happened at the API server: by name, uid, container, exec request; and does none that is innocent?
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define RS_CONTROLLER   "system:serviceaccount:kube-system:replicaset-controller"
#define DEP_CONTROLLER  "system:serviceaccount:kube-system:deployment-controller"
#define UID             "1dc45fb4-2846-409e-beef-d769e626dad8"
#define CONTAINER       "5f1e4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f"
#define CONTAINER_OTHER "6f1e4a3b2c1d0e9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f"
#define MINER           "xmrig -o stratum+tcp://pool.example:3333"

// The world begins at 22:13:20.
#define FALCO(clock, fields) "{\"rule\":\"R\",\"hostname\":\"node-1\",\"time\":\"2023-11-14T" clock "Z\",\"output_fields\":{" fields "}}"
#define IN_POD(pod)          "\"k8s.ns.name\":\"shop\",\"k8s.pod.name\":\"" pod "\""
#define RAN(name, pid, ppid, command)                                                                                                      \
    ",\"proc.name\":\"" name "\",\"proc.pid\":" pid ",\"proc.ppid\":" ppid ",\"proc.cmdline\":\"" command "\""

enum { FLOOD = 2500 };

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

// A Deployment of somebody's, down to its pod web-6c8-x1.
static void make_workload(struct world *w, double at, const char *who, const char *alert)
{
    DEED(w, at, .user = who, .address = "203.0.113.66", .binding = "ClusterRoleBinding b", .verb = "create", .resource = "deployments",
         .ns = "shop", .name = "web", .code = 201, .alert = alert);
    DEED(w, at + 0.1, .user = DEP_CONTROLLER, .address = "10.0.0.1", .verb = "create", .resource = "replicasets", .ns = "shop",
         .name = "web-6c8", .code = 201,
         .response = "{\"metadata\":{\"name\":\"web-6c8\",\"ownerReferences\":[{\"kind\":\"Deployment\",\"name\":\"web\"}]}}");
    DEED(w, at + 0.2, .user = RS_CONTROLLER, .address = "10.0.0.1", .verb = "create", .resource = "pods", .ns = "shop",
         .name = "web-6c8-x1", .code = 201,
         .response = "{\"metadata\":{\"name\":\"web-6c8-x1\",\"uid\":\"" UID
                     "\",\"ownerReferences\":[{\"kind\":\"ReplicaSet\",\"name\":\"web-6c8\"}]}}");
    DEED(w, at + 2, .user = "system:node:node-1", .address = "10.0.0.2", .verb = "patch", .resource = "pods", .sub = "status", .ns = "shop",
         .name = "web-6c8-x1", .request = "{\"status\":{\"containerStatuses\":[{\"containerID\":\"containerd://" CONTAINER "\"}]}}");
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

static bool says(const struct str *list, size_t n, const char *words)
{
    for (size_t i = 0; i < n; i++)
        if (str_find(list[i], str_from_c(words), 0) != SIZE_MAX)
            return true;
    return false;
}

// --- joining -----------------------------------------------------------------------------------------------------------------------------

static void by_name(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", "workload");
    world_add_host(w, FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("sh", "7", "1", "sh -c x")), NULL);
    world_add_host(w, FALCO("22:13:25", IN_POD("webhook-1") RAN("sh", "8", "1", "sh -c other")), NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *step = find_process(x, "sh -c x");
    assert_non_null(step);
    assert_int_equal(step->certainty, CERTAIN);
    assert_int_equal(step->part, STEP_CONSEQUENCE);
    assert_null(find_process(x, "sh -c other"));
}

static void by_container(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", "workload");
    world_add_host(w, FALCO("22:13:25", "\"container.id\":\"5f1e4a3b2c1d\"" RAN("sh", "7", "1", "sh -c x")), NULL);
    world_add_host(w, FALCO("22:13:25", "\"container.id\":\"5f1e4a3b2c1e\"" RAN("sh", "8", "1", "sh -c other")), NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *step = find_process(x, "sh -c x");
    assert_non_null(step);
    assert_true(str_eq(step->process->pod, STR("web-6c8-x1")));
    assert_null(find_process(x, "sh -c other"));
}

static void by_uid_in_a_listing(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", "workload");
    world_add_host(w,
                   "  7 1 root Tue Nov 14 22:13:25 2023 0::/kubepods.slice/kubepods-pod1dc45fb4_2846_409e_beef_d769e626dad8.slice/x.scope "
                   "sh -c x",
                   NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_non_null(find_process(x, "sh -c x"));
    assert_true(says(x->unknown, x->n_unknown, "read as UTC"));
}

// /proc/PID/cgroup tells the pod, /proc/PID/cmdline the command. Another node's process of that number is another one.
static void by_two_files_of_proc(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", "workload");
    world_add_host(w, "/proc/77/cmdline:sh -c x", NULL);
    world_add_host(w, "/proc/78/cmdline:sh -c other", NULL);
    world_add_host(w, "/proc/77/cgroup:0::/kubepods/pod" UID "/" CONTAINER, NULL);
    world_add_host(w, "/proc/78/cgroup:0::/kubepods/pod00000000-2846-409e-beef-d769e626dad8/" CONTAINER_OTHER, NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *step = find_process(x, "sh -c x");
    assert_non_null(step);
    assert_true(str_eq(step->process->pod, STR("web-6c8-x1")));
    assert_null(find_process(x, "sh -c other"));
    for (size_t i = 0; i < x->n_timeline; i++)
        assert_true(!x->timeline[i].process || x->timeline[i].process->command.ptr);
}

static void a_miner_in_one_file_and_its_pod_in_another(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", NULL);
    world_add_host(w, "/proc/77/cgroup:0::/kubepods/pod" UID "/" CONTAINER, NULL);
    world_add_host(w, "/proc/77/cmdline:web-6c8 --mine", "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *step = find_process(x, "web-6c8 --mine");
    assert_non_null(step);
    assert_true(str_eq(step->process->pod, STR("web-6c8-x1")));
}

// --- back to who made it ------------------------------------------------------------------------------------------------------------

static void a_miner_leads_to_the_maker_of_its_pod(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", NULL);
    world_add_host(w, FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("xmrig", "7", "1", MINER)), "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(has_actor(x, "mallory"));
    assert_true(tells(x, 1));
    const struct incident_pivot *up = find_pivot(x, "owner", "object:pods/shop/web-6c8-x1", "object:replicasets/shop/web-6c8");
    assert_non_null(up);
    assert_int_equal(up->certainty, CERTAIN);
    assert_non_null(find_pivot(x, "owner", "object:replicasets/shop/web-6c8", "object:deployments/shop/web"));
    const struct incident_pivot *made = find_pivot(x, "created", "principal:mallory", "object:deployments/shop/web");
    assert_non_null(made);
    assert_int_equal(made->certainty, INFERRED); // mallory may be a victim, too
    assert_non_null(find_process(x, MINER));
}

// Without bodies there are no owner references: names must do.
static void names_lead_where_references_are_missing(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "mallory", .address = "203.0.113.66", .verb = "create", .resource = "daemonsets", .ns = "shop", .name = "web",
         .code = 201);
    DEED(w, 1, .user = RS_CONTROLLER, .address = "10.0.0.1", .verb = "create", .resource = "pods", .ns = "shop", .name = "web-x1",
         .code = 201);
    world_add_host(w, FALCO("22:13:25", IN_POD("web-x1") RAN("xmrig", "7", "1", MINER)), "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(has_actor(x, "mallory"));
    const struct incident_pivot *up = find_pivot(x, "owner", "object:pods/shop/web-x1", "object:daemonsets/shop/web");
    assert_non_null(up);
    assert_int_equal(up->certainty, INFERRED);
}

// An hour later it is not what the pod was made for.
static void the_maker_of_a_pod_that_was_broken_into_is_innocent(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "alice", NULL);
    world_add_host(w, FALCO("23:13:25", IN_POD("web-6c8-x1") RAN("xmrig", "7", "6", MINER)), "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_actors, 0);
    assert_false(tells(x, 1));
    assert_true(says(x->unknown, x->n_unknown, "how the process got into Pod shop/web-6c8-x1"));
    assert_true(str_starts(x->title, STR("Malicious process in Pod")));
}

static void what_a_malicious_process_starts_belongs_to_it(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "alice", NULL);
    world_add_host(w, FALCO("23:13:25", IN_POD("web-6c8-x1") RAN("xmrig", "7", "6", MINER)), "miner");
    world_add_host(w, FALCO("23:13:26", IN_POD("web-6c8-x1") RAN("sh", "8", "7", "sh -c child")), NULL);
    world_add_host(w, FALCO("23:13:27", IN_POD("web-6c8-x1") RAN("nginx", "9", "1", "nginx worker")), NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *child = find_process(x, "sh -c child");
    assert_non_null(child);
    assert_int_equal(child->certainty, INFERRED);
    assert_null(find_process(x, "nginx worker"));
}

static void a_process_that_no_rule_knows_is_nothing(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "alice", NULL);
    world_add_host(w, FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("nginx", "9", "1", "nginx worker")), NULL);
    (void)world_judge(w, &n);
    assert_int_equal(n, 0);
}

// --- exec requests ------------------------------------------------------------------------------------------------------------------

#define EXEC(w, when, who, query, ...)                                                                                                     \
    DEED(w, when, .user = who, .address = "198.51.100.9", .binding = "ClusterRoleBinding b", .verb = "create", .resource = "pods",         \
         .sub = "exec", .ns = "shop", .name = "web-6c8-x1", .code = 101,                                                                   \
         .uri = "/api/v1/namespaces/shop/pods/web-6c8-x1/exec?" query __VA_OPT__(, ) __VA_ARGS__)

static void a_process_is_attributed_to_who_asked_for_it(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, -3600, "alice", NULL);
    EXEC(w, 4, "mallory", "command=sh&command=-c&command=curl%20x&container=web", .alert = "exec");
    EXEC(w, 4.5, "bob", "command=ls&container=web");
    world_add_host(
        w,
        FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("sh", "7", "6", "sh -c curl x") ",\"container.name\":\"web\",\"proc.pname\":\"runc\""),
        NULL);
    world_add_host(w, FALCO("22:13:26", IN_POD("web-6c8-x1") RAN("curl", "8", "7", "curl x")), NULL);
    world_add_host(
        w, FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("ls", "9", "6", "ls") ",\"container.name\":\"web\",\"proc.pname\":\"runc\""), NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    const struct incident_step *shell = find_process(x, "sh -c curl x"), *child = find_process(x, "curl x");
    assert_non_null(shell);
    assert_non_null(child);
    assert_int_equal(shell->process->session_certainty, CERTAIN);
    assert_true(str_eq(shell->actor.principal, STR("mallory")));
    assert_true(str_eq(child->actor.principal, STR("mallory")));
    assert_true(str_eq(shell->actor.addresses[0], STR("198.51.100.9")));
    assert_null(find_process(x, "ls")); // bob's
    assert_false(has_actor(x, "bob"));
}

static void a_malicious_process_leads_to_who_asked_for_it(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, -3600, "alice", NULL);
    EXEC(w, 4, "mallory", "command=sh&container=web");
    world_add_host(
        w, FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("xmrig", "7", "6", MINER) ",\"container.name\":\"web\",\"proc.pname\":\"sh\""),
        "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(has_actor(x, "mallory"));
    assert_false(has_actor(x, "alice"));
    assert_non_null(find_pivot(x, "exec", "principal:mallory", "process:shop/web-6c8-x1/xmrig"));
    assert_int_equal(find_process(x, MINER)->process->session_certainty, INFERRED); // by time and parent
}

static void another_container_is_not_it(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, -3600, "alice", NULL);
    EXEC(w, 4, "bob", "command=xmrig&container=sidecar");
    world_add_host(
        w, FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("xmrig", "7", "6", MINER) ",\"container.name\":\"web\",\"proc.pname\":\"runc\""),
        "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_false(has_actor(x, "bob"));
}

// Somebody who looks into the intruder's pod afterwards.
static void an_investigator_is_no_intruder(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", "workload");
    EXEC(w, 600, "bob", "command=ps&command=aux&container=web");
    world_add_host(
        w, FALCO("22:23:20", IN_POD("web-6c8-x1") RAN("ps", "7", "6", "ps aux") ",\"container.name\":\"web\",\"proc.pname\":\"runc\""),
        NULL);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_null(find_process(x, "ps aux"));
    assert_false(has_actor(x, "bob"));
}

// --- the access vector -------------------------------------------------------------------------------------------------------------

static void a_malicious_process_that_reached_the_page(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 5, .user = "system:serviceaccount:kube-system:kubernetes-dashboard", .address = "10.244.3.33", .agent = "dashboard/v2",
         .binding = "ClusterRoleBinding b", .verb = "create", .resource = "deployments", .ns = "kube-system", .name = "x", .code = 201,
         .alert = "workload");
    world_add_host(w,
                   FALCO("22:13:22",
                         IN_POD("web-6c8-x1")
                             RAN("curl", "7", "1", "curl https://10.244.3.33:8443") ","
                                                                                    "\"fd.name\":\"10.244.1.9:4711->10.244.3.33:8443\""),
                   "suspicious");
    const struct incident *x = world_judge(w, &n);
    for (size_t i = 0; i < n; i++)
        if (x[i].vector.interface.ptr) {
            const struct hypothesis *h = &x[i].vector.hypotheses[1];
            assert_true(str_eq(h->name, STR("compromised_container")));
            assert_int_equal(h->n_pro, 1);
            assert_true(str_find(h->pro[0], STR("curl https://10.244.3.33:8443 in Pod shop/web-6c8-x1 connected to it"), 0) != SIZE_MAX);
            return;
        }
    fail_msg("no incident through the page");
}

// --- starts -------------------------------------------------------------------------------------------------------------------------

static void the_search_starts_at_an_image(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "mallory", .address = "203.0.113.66", .verb = "create", .resource = "pods", .ns = "shop", .name = "p", .code = 201,
         .request = "{\"spec\":{\"containers\":[{\"image\":\"docker.io/evil/app:3\"}]}}");
    DEED(w, 9, .user = "carol", .address = "203.0.113.67", .verb = "create", .resource = "pods", .ns = "shop", .name = "q", .code = 201,
         .request = "{\"spec\":{\"containers\":[{\"image\":\"docker.io/good/app:3\"}]}}");
    world_start(w, "image:evil/app");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(has_actor(x, "mallory"));
    assert_false(has_actor(x, "carol"));
}

static void the_search_starts_at_an_address(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "mallory", .address = "203.0.113.66", .verb = "get", .resource = "secrets", .ns = "shop", .name = "s");
    DEED(w, 9, .user = "carol", .address = "203.0.113.67", .verb = "get", .resource = "secrets", .ns = "shop", .name = "s");
    world_start(w, "ip:203.0.113.66");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 1));
    assert_false(tells(x, 2));
}

static void words_that_start_nothing(void **state)
{
    static const char *const texts[] = {"", "host", "host:", "host:/tmp/", "image:", "image:A B", "ip:", "disk:sda", ":x"};
    struct inquiry_begin begin;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (inquiry_begin_parse(str_from_c(texts[i]), &begin))
            fail_msg("%s is taken", texts[i]);
}

// --- floods -------------------------------------------------------------------------------------------------------------------------

// An intruder's pod that starts thousands of programs hides neither the miner in another pod nor its own, and what is left out is said.
static void one_pod_crowds_out_no_other(void **state)
{
    struct world *w = *state;
    size_t n;
    make_workload(w, 0, "mallory", "workload");
    for (int i = 0; i < FLOOD; i++) {
        struct str text = arena_printf(&w->arena, FALCO("22:13:25", IN_POD("web-6c8-x1") RAN("sh", "%d", "1", "sh -c %d")), 1000 + i, i);
        world_add_host(w, text.ptr, NULL);
    }
    world_add_host(w, FALCO("22:14:25", IN_POD("web-6c8-x2") RAN("sh", "7", "1", "sh -c y")), NULL);
    world_add_host(w, FALCO("22:14:26", IN_POD("web-6c8-x1") RAN("xmrig", "8", "1", MINER)), "miner");
    DEED(w, 1, .user = RS_CONTROLLER, .address = "10.0.0.1", .verb = "create", .resource = "pods", .ns = "shop", .name = "web-6c8-x2",
         .code = 201);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_non_null(find_process(x, "sh -c y"));
    assert_non_null(find_process(x, MINER));
    assert_true(says(x->unknown, x->n_unknown, "records of processes in these pods"));
    assert_true(inquiry_counters(w->inquiry).dropped_processes > 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(by_name),
        TEST(by_container),
        TEST(by_uid_in_a_listing),
        TEST(by_two_files_of_proc),
        TEST(a_miner_in_one_file_and_its_pod_in_another),
        TEST(a_miner_leads_to_the_maker_of_its_pod),
        TEST(names_lead_where_references_are_missing),
        TEST(the_maker_of_a_pod_that_was_broken_into_is_innocent),
        TEST(what_a_malicious_process_starts_belongs_to_it),
        TEST(a_process_that_no_rule_knows_is_nothing),
        TEST(a_process_is_attributed_to_who_asked_for_it),
        TEST(a_malicious_process_leads_to_who_asked_for_it),
        TEST(another_container_is_not_it),
        TEST(an_investigator_is_no_intruder),
        TEST(a_malicious_process_that_reached_the_page),
        TEST(the_search_starts_at_an_image),
        TEST(the_search_starts_at_an_address),
        TEST(words_that_start_nothing),
        TEST(one_pod_crowds_out_no_other),
    };
    return cmocka_run_group_tests_name("processes", tests, NULL, NULL);
}
