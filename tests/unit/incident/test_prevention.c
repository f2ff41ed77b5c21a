// SPDX-License-Identifier: Apache-2.0
// What would have stopped an intruder: is each act judged by what the log holds of it, exactly, and is it said where it holds nothing?
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define POD(security, more)                                                                                                                \
    "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":"           \
    "\"evil/m:1\",\"securityContext\":{" security "}}]" more "}}"
#define RESTRICTED                                                                                                                         \
    "\"allowPrivilegeEscalation\":false,\"runAsNonRoot\":true,\"capabilities\":{\"drop\":[\"ALL\"]},\"seccompProfile\":{\"type\":"         \
    "\"RuntimeDefault\"}"

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

static void make(struct world *w, const char *resource, const char *request, const char *response)
{
    DEED(w, 1, .user = "system:anonymous", .address = "203.0.113.66", .binding = "ClusterRoleBinding door", .verb = "create",
         .resource = resource, .ns = "a", .name = "p", .code = 201, .request = request, .response = response, .alert = "pod");
}

static const struct incident_fix *fix_of(const struct incident *x, const char *name)
{
    for (size_t i = 0; i < x->n_prevention; i++)
        if (str_eq(x->prevention[i].fix, str_from_c(name)))
            return &x->prevention[i];
    return NULL;
}

static size_t stopped_by(const struct incident *x, const char *name)
{
    const struct incident_fix *fix = fix_of(x, name);
    return fix ? fix->stopped : 0;
}

// A pod with all that restricted asks for but one thing.
static void restricted_is_judged_by_all_its_checks(void **state)
{
    static const struct {
        const char *pod;
        size_t baseline, restricted;
    } pods[] = {
        {POD(RESTRICTED, ""), 0, 0},
        {POD(RESTRICTED ",\"runAsUser\":0", ""), 0, 1},
        {POD(RESTRICTED, ",\"volumes\":[{\"name\":\"v\",\"nfs\":{\"path\":\"/\"}}]"), 0, 1},
        {POD(RESTRICTED, ",\"volumes\":[{\"name\":\"v\",\"hostPath\":{\"path\":\"/\"}}]"), 1, 1},
        {POD(RESTRICTED, ",\"securityContext\":{\"seLinuxOptions\":{\"type\":\"spc_t\"}}"), 1, 1},
        {POD(RESTRICTED, ",\"securityContext\":{\"sysctls\":[{\"name\":\"kernel.msgmax\"}]}"), 1, 1},
        {POD("", ""), 0, 1},
    };
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++) {
        struct world *w = *state;
        size_t n;
        if (i) {
            world_fini(w);
            world_init(w);
        }
        make(w, "pods", pods[i].pod, NULL);
        const struct incident *x = world_judge(w, &n);
        assert_int_equal(n, 1);
        assert_int_equal(stopped_by(x, "Pod Security: baseline"), pods[i].baseline);
        assert_int_equal(stopped_by(x, "Pod Security: restricted"), pods[i].restricted);
    }
}

static void what_the_server_made_of_it_counts_more_than_what_was_sent(void **state)
{
    struct world *w = *state;
    size_t n;
    make(w, "pods", POD(RESTRICTED, ""), POD(RESTRICTED ",\"privileged\":true", ""));
    assert_int_equal(stopped_by(world_judge(w, &n), "Pod Security: baseline"), 1);
}

static void without_a_body_nothing_is_claimed(void **state)
{
    struct world *w = *state;
    size_t n;
    make(w, "daemonsets", NULL, NULL);
    const struct incident *x = world_judge(w, &n);
    const struct incident_fix *restricted = fix_of(x, "Pod Security: restricted");
    assert_non_null(restricted);
    assert_int_equal(restricted->stopped, 0);
    assert_int_equal(restricted->unjudged, 1);
    assert_false(restricted->chosen);
    assert_int_equal(fix_of(x, "only images of trusted registries")->unjudged, 1);
}

static void a_part_of_a_pod_is_not_taken_for_the_whole(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 1, .user = "system:anonymous", .address = "203.0.113.66", .binding = "ClusterRoleBinding door", .verb = "patch",
         .resource = "deployments", .ns = "a", .name = "p", .alert = "pod",
         .request = "{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"image\":\"e/"
                    "m\"}]}}}}");
    const struct incident_fix *restricted = fix_of(world_judge(w, &n), "Pod Security: restricted");
    assert_non_null(restricted);
    assert_int_equal(restricted->stopped, 0);
    assert_int_equal(restricted->unjudged, 1);
}

// The workload was logged without a body, its pod with one.
static void the_pods_of_a_workload_speak_for_it(void **state)
{
    struct world *w = *state;
    size_t n;
    make(w, "daemonsets", NULL, NULL);
    DEED(w, 2, .user = "system:serviceaccount:kube-system:replicaset-controller", .address = "10.0.0.1", .verb = "create",
         .resource = "pods", .ns = "a", .name = "p-x7k2p", .code = 201, .response = POD("\"privileged\":true", ""));
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(stopped_by(x, "Pod Security: baseline"), 1);
    assert_int_equal(fix_of(x, "Pod Security: baseline")->unjudged, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(restricted_is_judged_by_all_its_checks), TEST(what_the_server_made_of_it_counts_more_than_what_was_sent),
        TEST(without_a_body_nothing_is_claimed),      TEST(a_part_of_a_pod_is_not_taken_for_the_whole),
        TEST(the_pods_of_a_workload_speak_for_it),
    };
    return cmocka_run_group_tests_name("prevention", tests, NULL, NULL);
}
