// SPDX-License-Identifier: Apache-2.0
// Do Cloud Audit Logs entries of GKE become the audit.k8s.io/v1 events that they were?
#include "reading.h"

// An entry with what follows put into its protoPayload.
#define ENTRY(method, resource, more)                                                                                                      \
    "{\"insertId\":\"id1\",\"logName\":\"projects/p/logs/cloudaudit.googleapis.com%2Factivity\",\"timestamp\":\"2026-11-22T01:02:03.5Z\"," \
    "\"resource\":{\"type\":\"k8s_cluster\",\"labels\":{\"cluster_name\":\"c\"}},\"labels\":{\"authorization.k8s.io/decision\":\"allow\"," \
    "\"authorization.k8s.io/reason\":\"r\"},\"protoPayload\":{\"@type\":\"type.googleapis.com/google.cloud.audit.AuditLog\","              \
    "\"serviceName\":\"k8s.io\",\"methodName\":\"" method "\",\"resourceName\":\"" resource "\",\"authenticationInfo\":{"                  \
    "\"principalEmail\":\"system:anonymous\"},\"requestMetadata\":{\"callerIp\":\"203.0.113.9\",\"callerSuppliedUserAgent\":\"kubectl/"    \
    "v1\"}" more "}}\n"

static const struct json_value *translate(struct fixture *f, const char *text)
{
    read_text(f, "a.json", str_from_c(text));
    assert_int_equal(f->n, 1);
    assert_int_equal(f->diags.n, 0);
    struct json_error error;
    char *copy = arena_alloc(&f->arena, f->records[0].text.len + JSON_PADDING);
    memcpy(copy, f->records[0].text.ptr, f->records[0].text.len);
    const struct json_value *v = json_parse(&f->arena, str_make(copy, f->records[0].text.len), JSON_LIMITS_DEFAULT, &error);
    assert_non_null(v);
    return v;
}

static void assert_at(const struct json_value *v, const struct str *keys, const char *expected)
{
    const struct json_value *found = json_at(v, keys);
    if (!expected) {
        assert_null(found);
        return;
    }
    if (!found || !str_eq(found->text, str_from_c(expected)))
        fail_msg("%s is %.*s, not %s", keys[0].ptr, STR_ARG(found ? found->text : STR("absent")), expected);
}
#define AT(v, expected, ...) assert_at(v, (const struct str[]){__VA_ARGS__, STR_NONE}, expected)

static void who_when_and_what_are_kept(void **state)
{
    struct fixture *f = *state;
    const struct json_value *v =
        translate(f, ENTRY("io.k8s.core.v1.pods.create", "core/v1/namespaces/x/pods/y",
                           ",\"request\":{\"kind\":\"Pod\",\"spec\":{\"a\":[1]}},\"response\":{\"kind\":\"Pod\"}"));
    AT(v, "Event", STR("kind"));
    AT(v, "audit.k8s.io/v1", STR("apiVersion"));
    AT(v, "RequestResponse", STR("level"));
    AT(v, "id1", STR("auditID"));
    AT(v, "ResponseComplete", STR("stage"));
    AT(v, "create", STR("verb"));
    AT(v, "/api/v1/namespaces/x/pods/y", STR("requestURI"));
    AT(v, "system:anonymous", STR("user"), STR("username"));
    AT(v, "kubectl/v1", STR("userAgent"));
    AT(v, "pods", STR("objectRef"), STR("resource"));
    AT(v, "x", STR("objectRef"), STR("namespace"));
    AT(v, "y", STR("objectRef"), STR("name"));
    AT(v, "v1", STR("objectRef"), STR("apiVersion"));
    AT(v, NULL, STR("objectRef"), STR("apiGroup"));
    AT(v, NULL, STR("objectRef"), STR("subresource"));
    AT(v, "201", STR("responseStatus"), STR("code"));
    AT(v, "Pod", STR("requestObject"), STR("kind"));
    AT(v, "Pod", STR("responseObject"), STR("kind"));
    AT(v, "allow", STR("annotations"), STR("authorization.k8s.io/decision"));
    AT(v, "r", STR("annotations"), STR("authorization.k8s.io/reason"));
    AT(v, "2026-11-22T01:02:03.5Z", STR("stageTimestamp"));
    AT(v, "2026-11-22T01:02:03.5Z", STR("requestReceivedTimestamp"));
    const struct json_value *addresses = json_get(v, STR("sourceIPs"));
    assert_true(addresses->count == 1 && str_eq(addresses->first->text, STR("203.0.113.9")));
}

static void names_of_every_form_are_taken_apart(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *entry, *uri, *group, *namespace, *resource, *name, *subresource;
    } cases[] = {
        {ENTRY("io.k8s.authorization.rbac.v1.clusterrolebindings.create", "rbac.authorization.k8s.io/v1/clusterrolebindings/b", ""),
         "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/b", "rbac.authorization.k8s.io", NULL, "clusterrolebindings", "b", NULL},
        {ENTRY("io.k8s.core.v1.secrets.list", "core/v1/namespaces/x/secrets", ""), "/api/v1/namespaces/x/secrets", NULL, "x", "secrets",
         NULL, NULL},
        {ENTRY("io.k8s.core.v1.secrets.list", "core/v1/secrets", ""), "/api/v1/secrets", NULL, NULL, "secrets", NULL, NULL},
        {ENTRY("io.k8s.core.v1.namespaces.delete", "core/v1/namespaces/x", ""), "/api/v1/namespaces/x", NULL, "x", "namespaces", "x", NULL},
        {ENTRY("io.k8s.core.v1.namespaces.finalize.update", "core/v1/namespaces/x/finalize", ""), "/api/v1/namespaces/x/finalize", NULL,
         "x", "namespaces", "x", "finalize"},
        {ENTRY("io.k8s.core.v1.nodes.proxy.get", "core/v1/nodes/n/proxy", ""), "/api/v1/nodes/n/proxy", NULL, NULL, "nodes", "n", "proxy"},
        {ENTRY("com.example.v1.widgets.patch", "example.com/v1/namespaces/x/widgets/w/status", ""),
         "/apis/example.com/v1/namespaces/x/widgets/w/status", "example.com", "x", "widgets", "w", "status"},
        {ENTRY("io.k8s.get", "healthz", ""), "/healthz", NULL, NULL, NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct json_value *v = translate(f, cases[i].entry);
        AT(v, cases[i].uri, STR("requestURI"));
        AT(v, cases[i].group, STR("objectRef"), STR("apiGroup"));
        AT(v, cases[i].namespace, STR("objectRef"), STR("namespace"));
        AT(v, cases[i].resource, STR("objectRef"), STR("resource"));
        AT(v, cases[i].name, STR("objectRef"), STR("name"));
        AT(v, cases[i].subresource, STR("objectRef"), STR("subresource"));
    }
}

static void codes_are_http_codes(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *entry, *code;
    } cases[] = {
        {ENTRY("io.k8s.core.v1.secrets.get", "core/v1/namespaces/x/secrets/s", ",\"status\":{\"code\":7,\"message\":\"no\"}"), "403"},
        {ENTRY("io.k8s.core.v1.secrets.get", "core/v1/namespaces/x/secrets/s", ",\"status\":{\"code\":5}"), "404"},
        {ENTRY("io.k8s.core.v1.secrets.get", "core/v1/namespaces/x/secrets/s", ",\"status\":{\"code\":16}"), "401"},
        {ENTRY("io.k8s.core.v1.secrets.get", "core/v1/namespaces/x/secrets/s", ",\"status\":{\"code\":422}"), "422"},
        {ENTRY("io.k8s.core.v1.secrets.get", "core/v1/namespaces/x/secrets/s", ",\"status\":{\"code\":0}"), "200"},
        {ENTRY("io.k8s.core.v1.secrets.get", "core/v1/namespaces/x/secrets/s", ",\"status\":{}"), "200"},
        {ENTRY("io.k8s.core.v1.pods.create", "core/v1/namespaces/x/pods/p",
               ",\"status\":{\"code\":10},\"response\":{\"@type\":\"core.k8s.io/v1.Status\",\"code\":409}"),
         "409"},
        {ENTRY("io.k8s.core.v1.pods.exec.create", "core/v1/namespaces/x/pods/p/exec", ""), "101"},
        {ENTRY("io.k8s.core.v1.pods.exec.create", "core/v1/namespaces/x/pods/p/exec", ",\"status\":{\"code\":7}"), "403"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        AT(translate(f, cases[i].entry), cases[i].code, STR("responseStatus"), STR("code"));
}

static void commands_are_where_kubernetes_has_them(void **state)
{
    struct fixture *f = *state;
    const struct json_value *v = translate(f, ENTRY("io.k8s.core.v1.pods.exec.create", "core/v1/namespaces/x/pods/p/exec",
                                                    ",\"request\":{\"command\":[\"sh\",\"-c\",\"id; ls &\"],\"container\":\"c\"}"));
    AT(v, "/api/v1/namespaces/x/pods/p/exec?command=sh&command=-c&command=id%3B%20ls%20%26&container=c", STR("requestURI"));
}

static void entries_of_other_services_are_foreign(void **state)
{
    struct fixture *f = *state;
    read_text(f, "a.json",
              STR(ENTRY("io.k8s.core.v1.pods.create", "core/v1/namespaces/x/pods/y",
                        "") "{\"insertId\":\"2\",\"protoPayload\":{\"serviceName\":\"container.googleapis.com\",\"methodName\":\"google."
                            "container.v1.ClusterManager."
                            "CreateCluster\"}}\n{\"insertId\":\"3\",\"jsonPayload\":{\"message\":\"x\"}}\n{\"protoPayload\":{"
                            "\"serviceName\":\"k8s.io\"}}\n"));
    assert_int_equal(f->n, 1);
    assert_int_equal(f->counters.foreign_records, 3);
    // gcloud logging read --format=json
    read_text(f, "a.json", STR("[\n" ENTRY("io.k8s.core.v1.pods.create", "core/v1/namespaces/x/pods/y", "") "]"));
    assert_int_equal(f->n, 1);
}

static void a_decision_is_made_of_the_authorization(void **state)
{
    struct fixture *f = *state;
    static const char head[] =
        "{\"insertId\":\"1\",\"timestamp\":\"2026-11-22T01:02:03Z\",\"protoPayload\":{\"serviceName\":\"k8s.io\",\"methodName\":"
        "\"io.k8s.core.v1.pods.get\",\"resourceName\":\"core/v1/pods\",\"authorizationInfo\":[{\"permission\":\"p\"";
    const struct str decision = STR("authorization.k8s.io/decision");
    AT(translate(f, arena_printf(&f->arena, "%s,\"granted\":true}]}}", head).ptr), "allow", STR("annotations"), decision);
    AT(translate(f, arena_printf(&f->arena, "%s}]}}", head).ptr), "forbid", STR("annotations"), decision);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(who_when_and_what_are_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_of_every_form_are_taken_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(codes_are_http_codes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(commands_are_where_kubernetes_has_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_of_other_services_are_foreign, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_is_made_of_the_authorization, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
