// SPDX-License-Identifier: Apache-2.0
// By which way was a page reached: is each way told from the others for each program of the table that ships, and "undecided" said when
// nothing speaks for any?
#include "world.h"

#include "base/status.h"
#include "engine/pack/knowledge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct program {
    const char *name, *namespace, *account, *service, *agent, *principal;
};

static const struct program programs[] = {
    {"Kubernetes Dashboard", "kubernetes-dashboard", "kubernetes-dashboard", "kubernetes-dashboard", "dashboard/v2.0",
     "system:serviceaccount:kubernetes-dashboard:kubernetes-dashboard"},
    {"Argo Workflows", "argo", "argo-server", "argo-server", "argo-workflows/v3 argo-server", "system:serviceaccount:argo:argo-server"},
    {"Jenkins", "ci", "jenkins", "jenkins", "okhttp/3.12", "system:serviceaccount:ci:jenkins"},
    {"JupyterHub", "jhub", "hub", "proxy-public", "python-httpx/0.2", "system:serviceaccount:jhub:hub"},
    {"Grafana", "monitoring", "grafana", "grafana", "Grafana/9", "system:serviceaccount:monitoring:grafana"},
};
enum { PROGRAMS = sizeof programs / sizeof *programs };

static struct pack *pack; // loaded once for all tests

static int load(void **state)
{
    struct diags diags;
    const struct pack_options options = {.stream = STR("audit")};
    (void)state;
    diags_init(&diags);
    status result = pack_load(&pack, &options, &diags);
    diags_fini(&diags);
    return result == ST_OK ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    pack_free(pack);
    return 0;
}

static void begin(struct world *w, const struct program *p)
{
    world_init(w);
    w->knowledge.pages = pack->pages;
    w->knowledge.n_pages = pack->n_pages;
    for (int i = 0; i < 6; i++) // its work, day by day
        DEED(w, 60 * i, .user = p->principal, .address = "10.1.0.5", .verb = "list", .resource = "pods", .ns = p->namespace,
             .agent = p->agent);
}

static void strike(struct world *w, const struct program *p, const char *address, const char *agent)
{
    DEED(w, 5000, .user = p->principal, .address = address, .verb = "create", .resource = "deployments", .ns = "default", .name = "m",
         .code = 201, .agent = agent, .binding = "ClusterRoleBinding page", .alert = "miner", .level = LEVEL_CRITICAL);
}

static void end(struct world *w, const struct program *p, const char *verdict)
{
    size_t n, told = 0;
    const struct incident *list = world_judge(w, &n);
    for (size_t i = 0; i < n; i++) {
        if (!list[i].vector.interface.ptr)
            continue;
        told++;
        if (!str_eq(list[i].vector.verdict, str_from_c(verdict)))
            fail_msg("%s: %.*s, not %s", p->name, STR_ARG(list[i].vector.verdict), verdict);
        assert_true(str_eq(list[i].vector.program, str_from_c(p->name)));
        assert_int_equal(list[i].vector.n_hypotheses, HYPOTHESES_MAX);
    }
    assert_int_equal(told, 1);
    world_fini(w);
}

static void an_opened_service(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        const struct program *p = &programs[i];
        struct world w;
        begin(&w, p);
        DEED(&w, 1000, .user = "bob", .address = "10.9.9.9", .verb = "patch", .resource = "services", .ns = p->namespace,
             .name = p->service, .response = "{\"kind\":\"Service\",\"spec\":{\"type\":\"NodePort\"}}");
        strike(&w, p, "10.1.0.5", p->agent);
        end(&w, p, "exposed");
    }
}

static void a_service_of_another_name_that_selects_its_pods(void **state)
{
    const struct program *p = &programs[0];
    struct world w;
    (void)state;
    begin(&w, p);
    DEED(&w, 1000, .user = "bob", .address = "10.9.9.9", .verb = "create", .resource = "services", .ns = p->namespace, .name = "front",
         .code = 201, .alert = "opened|davy.door", .level = LEVEL_MEDIUM,
         .response = "{\"kind\":\"Service\",\"spec\":{\"type\":\"LoadBalancer\",\"selector\":{\"k8s-app\":\"kubernetes-dashboard\"}}}");
    strike(&w, p, "10.1.0.5", p->agent);
    end(&w, p, "exposed");
}

// Beside the Gateway, in a namespace of its own.
static void a_route_of_another_namespace(void **state)
{
    static const struct {
        const char *resource, *spec, *verdict;
    } cases[] = {
        {"httproutes", "\"rules\":[{\"backendRefs\":[{\"name\":\"kubernetes-dashboard\",\"namespace\":\"kubernetes-dashboard\"}]}]",
         "exposed"},
        {"httproutes", "\"rules\":[{\"backendRefs\":[{\"name\":\"kubernetes-dashboard\"}]}]", "undecided"}, // its own namespace's
        {"httproutes", "\"rules\":[{\"backendRefs\":[{\"name\":\"shop\",\"namespace\":\"kubernetes-dashboard\"}]}]", "undecided"},
        {"virtualservices", "\"http\":[{\"route\":[{\"destination\":{\"host\":\"kubernetes-dashboard.kubernetes-dashboard.svc\"}}]}]",
         "exposed"},
        {"virtualservices", "\"http\":[{\"route\":[{\"destination\":{\"host\":\"kubernetes-dashboard.shop\"}}]}]", "undecided"},
    };
    const struct program *p = &programs[0];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world w;
        char body[256];
        begin(&w, p);
        (void)snprintf(body, sizeof body, "{\"spec\":{%s}}", cases[i].spec);
        DEED(&w, 1000, .user = "bob", .address = "10.9.9.9", .verb = "create", .resource = cases[i].resource, .ns = "infra",
             .name = "kubernetes-dashboard", .code = 201, .response = body);
        strike(&w, p, "10.1.0.5", p->agent);
        end(&w, p, cases[i].verdict);
    }
}

static void a_container_that_was_entered(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        const struct program *p = &programs[i];
        struct world w;
        begin(&w, p);
        DEED(&w, 4000, .user = "system:anonymous", .address = "203.0.113.66", .verb = "create", .resource = "pods", .sub = "exec",
             .ns = "shop", .name = "web-1", .code = 101, .uri = "/api/v1/namespaces/shop/pods/web-1/exec?command=sh", .alert = "exec");
        strike(&w, p, "10.1.0.5", p->agent);
        end(&w, p, "compromised_container");
    }
}

static void a_person_through_the_api_server(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        const struct program *p = &programs[i];
        struct world w;
        begin(&w, p);
        DEED(&w, 4900, .user = "alice", .address = "192.0.2.9", .verb = "get", .resource = "services", .sub = "proxy", .ns = p->namespace,
             .name = p->service);
        strike(&w, p, "10.1.0.5", p->agent);
        end(&w, p, "legitimate_navigation");
    }
}

static void its_token_from_elsewhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        const struct program *p = &programs[i];
        struct world w;
        begin(&w, p);
        strike(&w, p, "203.0.113.66", "curl/8");
        end(&w, p, "stolen_token");
    }
}

static void nothing_speaks_for_any(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        struct world w;
        begin(&w, &programs[i]);
        strike(&w, &programs[i], "10.1.0.5", programs[i].agent);
        end(&w, &programs[i], "undecided");
    }
}

// --- what a dump of objects shows
// ---------------------------------------------------------------------------------------------------------

static size_t nobody_allows(const void *context, const struct standing_request *request, struct standing_grant *out)
{
    (void)context, (void)request, (void)out;
    return 0;
}

static size_t nobody_is_named(const void *context, struct str principal, struct standing_grant *out)
{
    (void)context, (void)principal, (void)out;
    return 0;
}

static enum presence nothing_is_found(const void *context, struct str resource, struct str namespace, struct str name,
                                      struct standing_object *out)
{
    (void)context, (void)resource, (void)namespace, (void)name, (void)out;
    return PRESENCE_UNKNOWN;
}

static const struct standing_way *the_way(const void *context, size_t *n)
{
    *n = 1;
    return context;
}

// A Service of a name that says nothing, in front of a workload with an account of its own.
static void stands(const struct program *p, struct standing_way way, const char *verdict)
{
    struct world w;
    way.text = STR("Deployment x/y through Service x/front is open");
    way.resource = STR("services");
    way.name = STR("front");
    way.object = (struct standing_object){.file = STR("dump.yaml"), .line = 7, .created = TIME_NONE};
    const struct standing standing = {&way, nobody_allows, nobody_is_named, nothing_is_found, the_way};
    begin(&w, p);
    w.standing = &standing;
    strike(&w, p, "10.1.0.5", p->agent);
    end(&w, p, verdict);
}

static void a_way_in_the_objects_is_known_by_labels_images_or_ports(void **state)
{
    (void)state;
    static const struct str labels[] = {STR("proxy")}, images[] = {STR("docker.io/jupyterhub/configurable-http-proxy")};
    static const uint64_t page[] = {8000}, both[] = {8000, 9999}, other[] = {9999};
    const struct program *hub = &programs[3];
    const struct standing_way known = {.workload_namespace = STR("jhub"), .labels = {labels, 1}};
    struct standing_way way = known;
    stands(hub, way, "exposed");
    way.workload_namespace = STR("shop");
    stands(hub, way, "undecided");
    way = (struct standing_way){.workload_namespace = STR("jhub"), .images = {images, 1}};
    stands(hub, way, "exposed");
    way = (struct standing_way){.workload_namespace = STR("jhub")};
    stands(hub, way, "undecided");
    way = known;
    way.ports = (struct standing_numbers){page, 1};
    way.listens = (struct standing_numbers){both, 2};
    stands(hub, way, "exposed");
    way.ports = (struct standing_numbers){other, 1};
    stands(hub, way, "undecided");
    way.listens = way.ports; // it was moved to another port
    stands(hub, way, "exposed");
}

// Both: who sat before it cannot be told.
static void two_ways_at_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROGRAMS; i++) {
        const struct program *p = &programs[i];
        struct world w;
        begin(&w, p);
        DEED(&w, 1000, .user = "bob", .address = "10.9.9.9", .verb = "patch", .resource = "services", .ns = p->namespace,
             .name = p->service, .response = "{\"kind\":\"Service\",\"spec\":{\"type\":\"NodePort\"}}");
        DEED(&w, 4900, .user = "alice", .address = "192.0.2.9", .verb = "get", .resource = "services", .sub = "proxy", .ns = p->namespace,
             .name = p->service);
        strike(&w, p, "10.1.0.5", p->agent);
        end(&w, p, "undecided");
    }
}

// An account of whose page no program is known to name itself: one call says nothing against it.
static void an_unknown_program_is_not_taken_for_a_thief(void **state)
{
    const struct program *p = &programs[2];
    struct world w;
    (void)state;
    world_init(&w);
    w.knowledge.pages = pack->pages;
    w.knowledge.n_pages = pack->n_pages;
    strike(&w, p, "10.1.0.5", "Go-http-client/2.0");
    end(&w, p, "undecided");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_opened_service),
        cmocka_unit_test(a_service_of_another_name_that_selects_its_pods),
        cmocka_unit_test(a_route_of_another_namespace),
        cmocka_unit_test(a_container_that_was_entered),
        cmocka_unit_test(a_person_through_the_api_server),
        cmocka_unit_test(its_token_from_elsewhere),
        cmocka_unit_test(nothing_speaks_for_any),
        cmocka_unit_test(a_way_in_the_objects_is_known_by_labels_images_or_ports),
        cmocka_unit_test(two_ways_at_once),
        cmocka_unit_test(an_unknown_program_is_not_taken_for_a_thief),
    };
    return cmocka_run_group_tests_name("vector", tests, load, unload);
}
