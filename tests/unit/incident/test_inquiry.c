// SPDX-License-Identifier: Apache-2.0
// Does taint reach what belongs to an intrusion, and stop where others begin? An intruder may try to blind it: each way has its test.
#include "world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define ANON "system:anonymous"
#define EVIL "203.0.113.66"
#define DOOR "ClusterRoleBinding open-door"
#define MINER                                                                                                                              \
    "{\"apiVersion\":\"apps/"                                                                                                              \
    "v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"m\"},\"spec\":{\"replicas\":2,\"template\":{\"spec\":{\"containers\":[{"        \
    "\"image\":"                                                                                                                           \
    "\"evil/m:1\"}]}}}}"

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

// --- pivots -----------------------------------------------------------------------------------------------------------------------------

static void a_planted_account_is_followed_to_another_address(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "bob", .address = "10.9.9.9", .verb = "create", .resource = "clusterrolebindings", .name = "open-door", .code = 201);
    DEED(w, 10, .user = ANON, .address = EVIL, .verb = "list", .resource = "namespaces", .binding = DOOR);
    DEED(w, 11, .user = ANON, .address = EVIL, .verb = "create", .resource = "serviceaccounts", .ns = "kube-system", .name = "upd",
         .code = 201, .binding = DOOR, .alert = "change");
    DEED(w, 12, .user = ANON, .address = EVIL, .verb = "get", .resource = "secrets", .ns = "kube-system", .name = "upd-token-abcde",
         .binding = DOOR);
    DEED(w, 20, .user = "system:serviceaccount:kube-system:upd", .address = "198.51.100.7", .verb = "list", .resource = "secrets");
    DEED(w, 21, .user = "alice", .address = "198.51.100.9", .verb = "list", .resource = "secrets");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    for (uint64_t line = 1; line <= 5; line++)
        assert_true(tells(x, line));
    assert_false(tells(x, 6));
    assert_non_null(
        find_pivot(x, "token", "object:secrets/kube-system/upd-token-abcde", "principal:system:serviceaccount:kube-system:upd"));
    assert_non_null(find_pivot(x, "used-from", "principal:system:serviceaccount:kube-system:upd", "address:198.51.100.7"));
    assert_true(str_eq(x->cause.object, STR("ClusterRoleBinding/open-door")));
    assert_true(str_eq(x->cause.granted_by, STR("bob")));
    assert_true(str_eq(x->vector.verdict, STR("anonymous_access")));
}

// CN=mallory in PEM in base64, as a CertificateSigningRequest carries it; made with openssl req.
#include "csr.h"

static void a_certificate_leads_to_its_user(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = ANON, .address = EVIL, .verb = "create", .resource = "certificatesigningrequests", .name = "csr-1", .code = 201,
         .binding = DOOR, .request = "{\"kind\":\"CertificateSigningRequest\",\"spec\":{\"request\":\"" CSR_MALLORY "\"}}", .alert = "csr");
    DEED(w, 5, .user = "mallory", .address = "192.0.2.50", .verb = "list", .resource = "pods");
    DEED(w, 6, .user = "alice", .address = "192.0.2.51", .verb = "list", .resource = "pods");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 2));
    assert_false(tells(x, 3));
    assert_non_null(find_pivot(x, "certificate", "object:certificatesigningrequests/csr-1", "principal:mallory"));
}

static void the_very_token_is_known_by_its_id(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "system:serviceaccount:shop:app", .address = "10.1.0.5", .verb = "list", .resource = "pods");
    DEED(w, 1, .user = ANON, .address = EVIL, .verb = "create", .resource = "serviceaccounts", .sub = "token", .ns = "shop", .name = "app",
         .code = 201, .issued = "JTI=77", .response = "{\"kind\":\"TokenRequest\"}", .alert = "token");
    DEED(w, 2, .user = "system:serviceaccount:shop:app", .address = "10.1.0.9", .credential = "JTI=77", .verb = "get",
         .resource = "secrets", .ns = "shop", .name = "x");
    DEED(w, 3, .user = "system:serviceaccount:shop:app", .address = "10.1.0.5", .credential = "JTI=5", .verb = "list", .resource = "pods");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 3)); // an inner address tells nothing, the token does
    assert_false(tells(x, 1));
    assert_false(tells(x, 4));
}

static void what_controllers_make_is_a_consequence(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = ANON, .address = EVIL, .verb = "create", .resource = "deployments", .ns = "default", .name = "m", .code = 201,
         .binding = DOOR, .request = MINER, .alert = "miner");
    DEED(w, 1, .user = "system:serviceaccount:kube-system:deployment-controller", .address = "10.0.0.1", .verb = "create",
         .resource = "replicasets", .ns = "default", .name = "m-6c8", .code = 201,
         .request = "{\"metadata\":{\"name\":\"m-6c8\",\"ownerReferences\":[{\"kind\":\"Deployment\",\"name\":\"m\"}]}}");
    DEED(w, 2, .user = "system:kube-scheduler", .address = "10.0.0.1", .verb = "create", .resource = "pods", .sub = "binding",
         .ns = "default", .name = "m-6c8-75t22", .code = 201);
    DEED(w, 3, .user = "system:serviceaccount:kube-system:deployment-controller", .address = "10.0.0.1", .verb = "create",
         .resource = "replicasets", .ns = "other", .name = "m-777", .code = 201,
         .request = "{\"metadata\":{\"name\":\"m-777\",\"ownerReferences\":[{\"kind\":\"Deployment\",\"name\":\"m\"}]}}");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 2) && tells(x, 3));
    assert_false(tells(x, 4)); // the same name in another namespace
}

#define DEPLOYMENT(image) "{\"kind\":\"Deployment\",\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"image\":\"" image "\"}]}}}}"
static void replica_set(struct world *w, double at, const char *name)
{
    char body[256];
    (void)snprintf(body, sizeof body, "{\"metadata\":{\"name\":\"%s\",\"ownerReferences\":[{\"kind\":\"Deployment\",\"name\":\"shop\"}]}}",
                   name);
    DEED(w, at, .user = "system:serviceaccount:kube-system:deployment-controller", .address = "10.0.0.1", .verb = "create",
         .resource = "replicasets", .ns = "web", .name = name, .code = 201, .request = body);
}

static void a_changed_workload_has_consequences_until_it_is_changed_back(void **state)
{
    struct world *w = *state;
    size_t n;
    replica_set(w, 0, "shop-111"); // line 1
    DEED(w, 10, .user = ANON, .address = EVIL, .verb = "patch", .resource = "deployments", .ns = "web", .name = "shop", .binding = DOOR,
         .request = DEPLOYMENT("evil/m:1"), .alert = "miner");
    replica_set(w, 11, "shop-222"); // line 3
    DEED(w, 20, .user = "bob", .address = "10.9.9.9", .verb = "patch", .resource = "deployments", .ns = "web", .name = "shop",
         .request = DEPLOYMENT("evil/m:1")); // leaves it as it is
    replica_set(w, 21, "shop-333");          // line 5
    DEED(w, 30, .user = "bob", .address = "10.9.9.9", .verb = "patch", .resource = "deployments", .ns = "web", .name = "shop",
         .request = DEPLOYMENT("shop:2"));
    replica_set(w, 31, "shop-444"); // line 7
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    for (uint64_t line = 1; line <= 7; line++)
        assert_int_equal(tells(x, line), line == 2 || line == 3 || line == 5);
    assert_non_null(find_pivot(x, "changed", "principal:" ANON, "object:deployments/web/shop"));
}

// Two serious alerts, and one of them on somebody who removes what the other made.
static void who_cleans_up_is_nobodys_friend(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "bob", .address = "10.9.9.9", .verb = "list", .resource = "pods");
    DEED(w, 10, .user = ANON, .address = EVIL, .verb = "create", .resource = "deployments", .ns = "default", .name = "m", .code = 201,
         .binding = DOOR, .request = MINER, .alert = "miner");
    DEED(w, 20, .user = "bob", .address = "10.9.9.9", .verb = "delete", .resource = "deployments", .ns = "default", .name = "m",
         .alert = "removed");
    const struct incident *list = world_judge(w, &n);
    assert_int_equal(n, 2);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(list[i].n_actors, 1);
}

static void the_cause_of_impersonation_is_the_right_to_it(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "nina", .address = "10.9.9.9", .verb = "create", .resource = "clusterrolebindings", .name = "desk", .code = 201,
         .request = "{\"kind\":\"ClusterRoleBinding\",\"roleRef\":{\"kind\":\"ClusterRole\",\"name\":\"impersonator\"},\"subjects\":[{"
                    "\"kind\":\"User\",\"name\":\"quinn\"}]}");
    DEED(w, 10, .user = "quinn", .address = EVIL, .impersonated = "root", .verb = "list", .resource = "secrets", .alert = "impersonation");
    DEED(w, 11, .user = "quinn", .address = EVIL, .verb = "list", .resource = "pods", .binding = "ClusterRoleBinding devs");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(str_eq(x->cause.object, STR("ClusterRoleBinding/desk")));
    assert_true(str_eq(x->cause.granted_by, STR("nina")));
    assert_int_equal(x->cause.certainty, INFERRED);
    assert_true(tells(x, 1));
}

static void without_bodies_names_and_times_serve(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = ANON, .address = EVIL, .verb = "create", .resource = "deployments", .ns = "default", .name = "m", .code = 201,
         .binding = DOOR, .alert = "x");
    DEED(w, 1, .user = "system:serviceaccount:kube-system:deployment-controller", .address = "10.0.0.1", .verb = "create",
         .resource = "replicasets", .ns = "default", .name = "m-6c8", .code = 201);
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(tells(x, 2));
    assert_int_equal(x->timeline[1].certainty, INFERRED); // and it is said
}

// --- innocents
// -----------------------------------------------------------------------------------------------------------------------------

static void a_shared_address_does_not_taint_who_was_there_before(void **state)
{
    struct world *w = *state;
    size_t n;
    for (int i = 0; i < 5; i++)
        DEED(w, i, .user = i % 2 ? "alice" : "carol", .address = EVIL, .verb = "list", .resource = "pods", .ns = "shop");
    DEED(w, 10, .user = ANON, .address = EVIL, .verb = "list", .resource = "secrets", .binding = DOOR, .alert = "secrets");
    DEED(w, 11, .user = "alice", .address = EVIL, .verb = "delete", .resource = "pods", .ns = "shop", .name = "p");
    DEED(w, 12, .user = "carol", .address = EVIL, .verb = "list", .resource = "pods", .ns = "shop");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_timeline, 1);
    assert_true(tells(x, 6));
}

static void a_newcomer_at_a_crowded_address_is_not_tainted(void **state)
{
    struct world *w = *state;
    char user[16];
    size_t n;
    DEED(w, 0, .user = ANON, .address = EVIL, .verb = "list", .resource = "secrets", .binding = DOOR, .alert = "secrets");
    for (int i = 0; i < 8; i++) {
        snprintf(user, sizeof user, "user%d", i);
        world_add(w, (struct deed){.at = i + 1,
                                   .user = str_from_c(arena_str(&w->arena, str_from_c(user)).ptr).ptr,
                                   .address = EVIL,
                                   .verb = "list",
                                   .resource = "pods",
                                   .alert = "low",
                                   .level = LEVEL_LOW});
    }
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_timeline, 1);
}

static void the_page_is_tainted_only_while_in_other_hands(void **state)
{
    struct world *w = *state;
    size_t n;
    const char *page = "system:serviceaccount:kube-system:kubernetes-dashboard", *there = "10.244.3.33";
    for (int i = 0; i < 3; i++) { // bob looks at his shop, again and again
        DEED(w, 100 * i, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list", .resource = "namespaces");
        DEED(w, 100 * i + 1, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list", .resource = "pods", .ns = "shop");
    }
    DEED(w, 400, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list",
         .resource = "namespaces"); // the intruder's first look
    DEED(w, 402, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list", .resource = "nodes");
    DEED(w, 404, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list", .resource = "secrets", .alert = "secrets",
         .binding = "ClusterRoleBinding dash");
    DEED(w, 409, .user = page, .address = there, .agent = "dashboard/v2", .verb = "create", .resource = "deployments", .ns = "default",
         .name = "m", .code = 201, .alert = "deploy", .binding = "ClusterRoleBinding dash");
    DEED(w, 420, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list", .resource = "pods", .ns = "default");
    DEED(w, 900, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list", .resource = "namespaces"); // bob is back
    DEED(w, 901, .user = page, .address = there, .agent = "dashboard/v2", .verb = "list", .resource = "pods", .ns = "shop");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    for (uint64_t line = 1; line <= 13; line++)
        assert_int_equal(tells(x, line), line >= 7 && line <= 11);
    assert_true(x->vector.interface.ptr != NULL);
    assert_true(str_eq(x->vector.verdict, STR("undecided"))); // nothing says how the page was reached
}

static void a_pod_that_moved_is_not_a_stolen_token(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "system:serviceaccount:shop:app", .address = "10.1.0.5", .verb = "list", .resource = "pods");
    DEED(w, 1, .user = ANON, .address = EVIL, .verb = "list", .resource = "secrets", .binding = DOOR,
         .alert = "secrets"); // all tokens are known to him now
    DEED(w, 2, .user = "system:serviceaccount:shop:app", .address = "10.1.0.77", .verb = "list", .resource = "pods");
    DEED(w, 3, .user = "system:serviceaccount:shop:app", .address = EVIL, .verb = "list", .resource = "pods");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_false(tells(x, 1) || tells(x, 3));
    assert_true(tells(x, 4));
}

static void mistakes_and_indicators_alone_make_no_incident(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "bob", .address = "10.9.9.9", .verb = "create", .resource = "clusterrolebindings", .name = "x", .code = 201,
         .alert = "anonymous bound|davy.door");
    DEED(w, 1, .user = "carol", .address = "10.9.9.8", .verb = "create", .resource = "pods", .ns = "a", .name = "p", .code = 201,
         .alert = "image known|davy.indicator");
    assert_true(world_judge(w, &n) == NULL || n == 0);
}

// --- blinding
// --------------------------------------------------------------------------------------------------------------------------------

static void forged_forwarding_addresses_taint_nobody(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 0, .user = "alice", .address = "198.51.100.9", .verb = "list", .resource = "pods");
    DEED(w, 1, .user = ANON, .address = EVIL, .forwarded = "198.51.100.9", .verb = "list", .resource = "secrets", .binding = DOOR,
         .alert = "secrets");
    DEED(w, 2, .user = "alice", .address = "198.51.100.9", .verb = "delete", .resource = "pods", .ns = "a", .name = "p");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_timeline, 1);
    assert_true(str_eq(x->actors[0].addresses[0], STR(EVIL)));
}

static void ordinary_names_do_not_blind(void **state)
{
    struct world *w = *state;
    char ns[24];
    size_t n;
    DEED(w, 0, .user = ANON, .address = EVIL, .verb = "create", .resource = "deployments", .ns = "default", .name = "default", .code = 201,
         .binding = DOOR, .alert = "x");
    for (int i = 0; i < 3000; i++) { // every record of this namespace holds the name
        snprintf(ns, sizeof ns, "u%d", i);
        world_add(w, (struct deed){.at = i,
                                   .user = arena_str(&w->arena, str_from_c(ns)).ptr,
                                   .address = "10.0.0.7",
                                   .verb = "list",
                                   .resource = "pods",
                                   .ns = "default"});
    }
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_timeline, 1);
    assert_int_equal(inquiry_counters(w->inquiry).dropped_facts, 0);
    assert_true(inquiry_counters(w->inquiry).events < 10); // looked at, not kept
}

static void a_flood_of_addresses_stays_bounded_and_is_counted(void **state)
{
    struct world *w = *state;
    char address[24];
    size_t n;
    DEED(w, 0, .user = ANON, .address = EVIL, .verb = "create", .resource = "serviceaccounts", .ns = "a", .name = "x", .code = 201,
         .binding = DOOR, .alert = "x");
    for (int i = 0; i < 25000; i++) {
        snprintf(address, sizeof address, "100.64.%d.%d", i / 250, i % 250);
        world_add(w, (struct deed){.at = i + 1,
                                   .user = "system:serviceaccount:a:x",
                                   .address = arena_str(&w->arena, str_from_c(address)).ptr,
                                   .verb = "list",
                                   .resource = "pods"});
    }
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(inquiry_counters(w->inquiry).dropped_facts + inquiry_counters(w->inquiry).dropped_terms > 0);
    bool said = false;
    for (size_t i = 0; i < x->n_unknown; i++)
        said |= str_find(x->unknown[i], STR("beyond the limits"), 0) != SIZE_MAX;
    assert_true(said);
}

static void clocks_that_jump_do_not_stop_it(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 5000, .user = ANON, .address = EVIL, .verb = "list", .resource = "namespaces", .binding = DOOR);
    DEED(w, 4, .user = ANON, .address = EVIL, .verb = "create", .resource = "serviceaccounts", .ns = "a", .name = "x", .code = 201,
         .binding = DOOR, .alert = "x");
    DEED(w, 9000, .user = "system:serviceaccount:a:x", .address = "198.51.100.7", .verb = "list", .resource = "pods");
    DEED(w, 6, .user = "system:serviceaccount:a:x", .address = "198.51.100.7", .verb = "list", .resource = "nodes");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    for (uint64_t line = 1; line <= 4; line++)
        assert_true(tells(x, line));
    bool said = false;
    for (size_t i = 0; i < x->n_unknown; i++)
        said |= str_find(x->unknown[i], STR("go back by 149 minutes behind 2023-11-15 00:43:20"), 0) != SIZE_MAX;
    assert_true(said);
    for (size_t i = 1; i < x->n_timeline; i++)
        assert_true(x->timeline[i - 1].time <= x->timeline[i].time);
}

static void what_left_no_event_is_said_to_be_unknown(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 1, .user = ANON, .address = EVIL, .verb = "list", .resource = "secrets", .binding = DOOR,
         .alert = "secrets"); // nobody was seen to make the door
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_true(x->cause.granted_at == TIME_NONE);
    bool said = false;
    for (size_t i = 0; i < x->n_unknown; i++)
        said |= str_find(x->unknown[i], STR("who made ClusterRoleBinding/open-door"), 0) != SIZE_MAX;
    assert_true(said);
}

static void hostile_names_leave_commands_harmless(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 1, .user = ANON, .address = EVIL, .verb = "create", .resource = "clusterrolebindings", .name = "x; rm -rf '$HOME'", .code = 201,
         .binding = DOOR, .alert = "x");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_leftovers, 1);
    assert_true(str_eq(x->leftovers[0].fix, STR("kubectl delete clusterrolebindings -- 'x; rm -rf '\\''$HOME'\\'''")));
}

// --- prevention
// --------------------------------------------------------------------------------------------------------------------------------

static void hostile_names_stay_on_their_line(void **state)
{
    struct world *w = *state;
    size_t n;
    DEED(w, 1, .user = ANON, .address = EVIL, .verb = "get", .resource = "secrets", .ns = "a", .name = "x\nrm -rf /", .binding = DOOR,
         .alert = "x");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    assert_int_equal(x->n_leftovers, 1);
    assert_true(str_find_char(x->leftovers[0].fix, '\n', 0) == SIZE_MAX);
}

static void the_smallest_set_goes_to_the_cause(void **state)
{
    struct world *w = *state;
    size_t n, chosen = 0;
    DEED(w, 1, .user = ANON, .address = EVIL, .verb = "list", .resource = "secrets", .binding = DOOR, .alert = "secrets");
    DEED(w, 2, .user = ANON, .address = EVIL, .verb = "create", .resource = "deployments", .ns = "a", .name = "m", .code = 201,
         .binding = DOOR, .request = MINER, .alert = "miner");
    const struct incident *x = world_judge(w, &n);
    assert_int_equal(n, 1);
    for (size_t i = 0; i < x->n_prevention; i++)
        chosen += x->prevention[i].chosen;
    assert_int_equal(chosen, 1);
    assert_true(x->prevention[0].chosen);
    assert_true(str_eq(x->prevention[0].fix, STR("remove ClusterRoleBinding/open-door")));
    assert_int_equal(x->prevention[0].stopped, 2);
    assert_int_equal(x->stoppable, 2);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_planted_account_is_followed_to_another_address),
        TEST(a_certificate_leads_to_its_user),
        TEST(the_very_token_is_known_by_its_id),
        TEST(what_controllers_make_is_a_consequence),
        TEST(a_changed_workload_has_consequences_until_it_is_changed_back),
        TEST(who_cleans_up_is_nobodys_friend),
        TEST(the_cause_of_impersonation_is_the_right_to_it),
        TEST(without_bodies_names_and_times_serve),
        TEST(a_shared_address_does_not_taint_who_was_there_before),
        TEST(a_newcomer_at_a_crowded_address_is_not_tainted),
        TEST(the_page_is_tainted_only_while_in_other_hands),
        TEST(a_pod_that_moved_is_not_a_stolen_token),
        TEST(mistakes_and_indicators_alone_make_no_incident),
        TEST(forged_forwarding_addresses_taint_nobody),
        TEST(ordinary_names_do_not_blind),
        TEST(a_flood_of_addresses_stays_bounded_and_is_counted),
        TEST(clocks_that_jump_do_not_stop_it),
        TEST(what_left_no_event_is_said_to_be_unknown),
        TEST(hostile_names_leave_commands_harmless),
        TEST(hostile_names_stay_on_their_line),
        TEST(the_smallest_set_goes_to_the_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
