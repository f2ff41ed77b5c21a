// SPDX-License-Identifier: Apache-2.0
// Is an audit event understood as API servers really write them, with all that an intruder can forge or leave out?
//
// tests/data/audit/quirks.jsonl holds lines of a recorded kube-apiserver 1.20.2, one oddity each; the numbers below are its lines.
#include "codec/json/json.h"
#include "event/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum line {
    EXEC_SPDY_STARTED,
    EXEC_SPDY_COMPLETE,
    EXEC_WEBSOCKET_STARTED,
    EXEC_WEBSOCKET_COMPLETE,
    KUBELET_RUN_STARTED,
    KUBELET_RUN_COMPLETE,
    SERVER_SIDE_APPLY,
    JSON_PATCH,
    GENERATE_NAME,
    DRY_RUN,
    IMPERSONATION_REFUSED,
    IMPERSONATION,
    UNAUTHENTICATED_401,
    ANONYMOUS_403,
    FORGED_ADDRESSES,
    FORGED_AUDIT_ID,
    FORGED_AUDIT_ID_AGAIN,
    LONG_AGENT,
    STRANGE_AGENT,
    ADMISSION_REFUSED,
    TRUNCATED,
    LINES
};

static char text[256 * 1024];
static struct arena arena;
static const struct json_value *records[LINES];
static struct event events[LINES];

static int read_quirks(void **state)
{
    (void)state;
    FILE *file = fopen(QUIRKS, "rb");
    assert_non_null(file);
    size_t n = fread(text, 1, sizeof text - JSON_PADDING, file);
    (void)fclose(file);
    arena_init(&arena, ARENA_UNLIMITED);
    struct str rest = str_make(text, n);
    for (size_t i = 0; i < LINES; i++) {
        struct json_error error;
        records[i] = json_parse(&arena, str_split(&rest, '\n'), JSON_LIMITS_DEFAULT, &error);
        assert_non_null(records[i]);
        assert_true(event_decode(&events[i], records[i], &arena));
    }
    assert_int_equal(rest.len, 0);
    return 0;
}

static int forget_quirks(void **state)
{
    (void)state;
    arena_fini(&arena);
    return 0;
}

static void assert_str(struct str got, const char *want)
{
    struct str expected = str_from_c(want);
    if (!str_eq(got, expected) || !got.ptr != !expected.ptr)
        fail_msg("got '%.*s', want '%s'", STR_ARG(got), want);
}

static bool decode(struct event *e, const char *json)
{
    size_t len = strlen(json);
    char *padded = arena_alloc(&arena, len + JSON_PADDING);
    memcpy(padded, json, len);
    struct json_error error;
    const struct json_value *record = json_parse(&arena, str_make(padded, len), JSON_LIMITS_DEFAULT, &error);
    assert_non_null(record);
    return event_decode(e, record, &arena);
}

static void an_exec_is_an_exec_over_both_verbs(void **state)
{
    (void)state;
    static const enum line lines[] = {EXEC_SPDY_STARTED, EXEC_SPDY_COMPLETE, EXEC_WEBSOCKET_STARTED, EXEC_WEBSOCKET_COMPLETE};
    for (size_t i = 0; i < 4; i++) {
        const struct event_action *action = &events[lines[i]].action;
        assert_str(action->verb, i < 2 ? "create" : "get");
        assert_str(action->resource, "pods");
        assert_str(action->subresource, "exec");
        assert_str(action->namespace, "shop");
        assert_str(action->name, "t");
        assert_str(action->command, "id");
        assert_int_equal(action->code, 101); // the upgrade happened
    }
    assert_str(events[GENERATE_NAME].action.command, NULL);
}

static void a_command_through_the_kubelet_is_decoded(void **state)
{
    (void)state;
    const struct event_action *action = &events[KUBELET_RUN_COMPLETE].action;
    assert_str(action->resource, "nodes");
    assert_str(action->subresource, "proxy");
    assert_str(action->command, "id");
}

static void requests_that_lead_into_a_container_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *resource, *sub, *uri;
        enum entry_way way;
        bool by_kubelet, input;
        const char *ns, *pod, *container;
    } samples[] = {
        {"pods", "exec", "/x/exec?command=a&%63ontainer=c%2Dd&stdin=true", ENTRY_EXEC, false, true, "d", "n", "c-d"},
        {"pods", "attach", "/x/attach?container=c&stdin=false", ENTRY_ATTACH, false, false, "d", "n", "c"},
        {"pods", "attach", "/x/attach?stdin", ENTRY_ATTACH, false, true, "d", "n", NULL},
        {"pods", "ephemeralcontainers", "/x/ephemeralcontainers?container=c", ENTRY_EPHEMERAL, false, false, "d", "n", NULL},
        {"pods", "log", "/x/log?container=c", ENTRY_NONE, false, false, NULL, NULL, NULL},
        {"pods", "run", "/x/run?container=c", ENTRY_NONE, false, false, NULL, NULL, NULL},
        {"pods", NULL, "/x/exec?container=c", ENTRY_NONE, false, false, NULL, NULL, NULL},
        {"nodes", "proxy", "/api/v1/nodes/w/proxy/run/s/p/c?cmd=id", ENTRY_EXEC, true, false, "s", "p", "c"},
        {"nodes", "proxy", "/api/v1/nodes/w:10250/proxy/exec/s/p/1dc45fb4/c?command=id&input=1", ENTRY_EXEC, true, true, "s", "p", "c"},
        {"nodes", "proxy", "/api/v1/nodes/w/proxy/%61ttach/s//p/c?container=x", ENTRY_ATTACH, true, false, "s", "p", "c"},
        {"nodes", "proxy", "/api/v1/nodes/w/proxy/run/s/p", ENTRY_NONE, false, false, NULL, NULL, NULL},
        {"nodes", "proxy", "/api/v1/nodes/w/proxy/containerLogs/s/p/c", ENTRY_NONE, false, false, NULL, NULL, NULL},
        {"nodes", "proxy", "/api/v1/nodes/w/proxy/", ENTRY_NONE, false, false, NULL, NULL, NULL},
        {"services", "proxy", "/api/v1/namespaces/s/services/w/proxy/run/s/p/c", ENTRY_NONE, false, false, NULL, NULL, NULL},
    };
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct event_action action = {.resource = str_from_c(samples[i].resource),
                                      .subresource = str_from_c(samples[i].sub),
                                      .namespace = STR("d"),
                                      .name = STR("n"),
                                      .uri = str_from_c(samples[i].uri)};
        struct event_entry e = event_entry(&action, &a);
        assert_int_equal(e.way, samples[i].way);
        assert_int_equal(e.by_kubelet, samples[i].by_kubelet);
        assert_int_equal(e.input, samples[i].input);
        assert_true(str_eq(e.namespace, str_from_c(samples[i].ns)));
        assert_true(str_eq(e.pod, str_from_c(samples[i].pod)));
        assert_true(str_eq(e.container, str_from_c(samples[i].container)));
    }
    arena_fini(&a);
}

static void two_stages_are_one_request(void **state)
{
    (void)state;
    assert_int_equal(events[EXEC_SPDY_STARTED].request, events[EXEC_SPDY_COMPLETE].request);
    assert_true(events[EXEC_SPDY_STARTED].identity != events[EXEC_SPDY_COMPLETE].identity);
    assert_int_equal(events[KUBELET_RUN_STARTED].request, events[KUBELET_RUN_COMPLETE].request);
    assert_str(events[EXEC_SPDY_STARTED].stage, "ResponseStarted");
    struct event again;
    assert_true(event_decode(&again, records[EXEC_SPDY_COMPLETE], &arena));
    assert_int_equal(again.identity, events[EXEC_SPDY_COMPLETE].identity);
}

static void a_chosen_audit_id_does_not_join_requests(void **state)
{
    (void)state;
    const struct event *a = &events[FORGED_AUDIT_ID], *b = &events[FORGED_AUDIT_ID_AGAIN];
    assert_true(str_eq(a->audit_id, b->audit_id));
    assert_true(a->request != b->request);
    assert_true(a->identity != b->identity);
}

static void all_addresses_are_kept_the_last_is_the_peer(void **state)
{
    (void)state;
    const struct event_actor *actor = &events[FORGED_ADDRESSES].actor;
    assert_int_equal(actor->n_addresses, 4);
    assert_str(actor->addresses[0], "10.128.0.10");
    assert_str(actor->addresses[3], "198.51.100.77");
}

static void who_did_not_authenticate_is_nobody(void **state)
{
    (void)state;
    const struct event *e = &events[UNAUTHENTICATED_401];
    assert_str(e->actor.principal, NULL);
    assert_int_equal(e->actor.n_groups, 0);
    assert_str(e->decision, NULL);
    assert_str(e->stage, "ResponseStarted");
    assert_int_equal(e->action.code, 401);
    e = &events[ANONYMOUS_403];
    assert_str(e->actor.principal, "system:anonymous");
    assert_str(e->decision, "forbid");
    assert_int_equal(e->action.code, 403);
}

static void impersonation_keeps_both_names(void **state)
{
    (void)state;
    const struct event_actor *actor = &events[IMPERSONATION].actor;
    assert_str(actor->principal, "kubernetes-admin");
    assert_str(actor->impersonated, "bob@corp.example");
    assert_true(actor->n_impersonated_groups > 0);
    assert_str(events[IMPERSONATION_REFUSED].actor.impersonated, "system:serviceaccount:shop:default");
    assert_str(events[ANONYMOUS_403].actor.impersonated, NULL);
}

static void names_that_the_server_made_are_found(void **state)
{
    (void)state;
    const struct event_action *action = &events[GENERATE_NAME].action;
    assert_null(json_get(json_get(records[GENERATE_NAME], STR("objectRef")), STR("name")));
    assert_str(action->name, "gen-ldxds");
}

static void what_was_not_stored_is_known(void **state)
{
    (void)state;
    assert_true(events[DRY_RUN].action.dry_run);
    assert_false(events[GENERATE_NAME].action.dry_run);
    // allowed by the authorizer, refused by admission
    assert_str(events[ADMISSION_REFUSED].decision, "allow");
    assert_int_equal(events[ADMISSION_REFUSED].action.code, 403);
}

static void lost_bodies_are_known(void **state)
{
    (void)state;
    assert_true(events[TRUNCATED].truncated);
    assert_false(events[TRUNCATED].has_request || events[TRUNCATED].has_response);
    assert_str(events[TRUNCATED].level, "RequestResponse");
    assert_false(events[JSON_PATCH].truncated);
    assert_true(events[JSON_PATCH].has_request && events[JSON_PATCH].has_response);
    assert_true(events[SERVER_SIDE_APPLY].has_request);
}

static void agents_are_kept_as_they_came(void **state)
{
    (void)state;
    assert_true(str_ends(events[LONG_AGENT].actor.agent, STR("...TRUNCATED")));
    assert_int_equal(events[LONG_AGENT].actor.agent.len, 1024 + strlen("...TRUNCATED"));
    assert_str(events[STRANGE_AGENT].actor.agent, "evil\xef\xbf\xbd\xef\xbf\xbd \"quote\" <b>");
}

static void times_are_of_the_stage(void **state)
{
    (void)state;
    struct event e;
    int64_t received = 0, stage = 0;
    assert_true(time_parse(STR("2026-11-22T01:39:07.304942Z"), &received) && time_parse(STR("2026-11-22T01:39:07.314358Z"), &stage));
    assert_true(events[ANONYMOUS_403].received == received && events[ANONYMOUS_403].time == stage);
    assert_true(decode(&e, "{\"auditID\":\"a\",\"verb\":\"get\",\"stage\":\"Panic\",\"stageTimestamp\":\"soon\","
                           "\"requestReceivedTimestamp\":\"2026-11-22T01:39:07.304942Z\"}"));
    assert_true(e.time == received);
    assert_true(decode(&e, "{\"auditID\":\"a\",\"verb\":\"get\",\"stage\":\"Panic\"}"));
    assert_true(e.time == TIME_NONE && e.received == TIME_NONE);
}

static void v1beta1_is_the_same(void **state)
{
    (void)state;
    struct event e;
    int64_t time;
    assert_true(decode(&e, "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1beta1\",\"metadata\":{\"creationTimestamp\":"
                           "\"2018-01-01T00:00:00Z\"},\"level\":\"Metadata\",\"timestamp\":\"2018-01-01T00:00:00Z\",\"auditID\":\"a\","
                           "\"stage\":\"ResponseComplete\",\"requestURI\":\"/api/v1/pods\",\"verb\":\"list\","
                           "\"user\":{\"username\":\"u\"},\"sourceIPs\":[\"::1\"],\"objectRef\":{\"resource\":\"pods\"},"
                           "\"responseStatus\":{\"code\":200}}"));
    assert_true(time_parse(STR("2018-01-01T00:00:00Z"), &time) && e.time == time);
    assert_str(e.actor.principal, "u");
    assert_str(e.action.resource, "pods");
    assert_int_equal(e.action.code, 200);
}

static void bound_tokens_tell_their_pod(void **state)
{
    (void)state;
    struct event e;
    assert_true(decode(&e, "{\"auditID\":\"a\",\"verb\":\"get\",\"stage\":\"ResponseComplete\",\"user\":{\"username\":\"u\",\"extra\":{"
                           "\"authentication.kubernetes.io/credential-id\":[\"JTI=1\"],\"authentication.kubernetes.io/pod-name\":[\"p\"],"
                           "\"authentication.kubernetes.io/node-name\":[\"n\"]}}}"));
    assert_str(e.actor.credential_id, "JTI=1");
    assert_str(e.actor.pod, "p");
    assert_str(e.actor.node, "n");
}

static void other_documents_are_no_events(void **state)
{
    (void)state;
    static const char *const samples[] = {
        "[]",
        "1",
        "{}",
        "{\"auditID\":\"a\",\"verb\":\"get\"}",
        "{\"auditID\":1,\"verb\":\"get\",\"stage\":\"Panic\"}",
        "{\"verb\":\"get\",\"stage\":\"Panic\"}",
        "{\"kind\":\"EventList\",\"items\":[]}",
    };
    struct event e;
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++)
        assert_false(decode(&e, samples[i]));
    assert_false(event_decode(&e, NULL, &arena));
}

static void fields_of_a_wrong_type_are_absent(void **state)
{
    (void)state;
    struct event e;
    assert_true(decode(&e, "{\"auditID\":\"a\",\"verb\":\"get\",\"stage\":\"Panic\",\"user\":[],\"sourceIPs\":\"1.2.3.4\",\"userAgent\":{},"
                           "\"objectRef\":7,\"responseStatus\":{\"code\":\"200\"},\"requestURI\":null,\"annotations\":[1],"
                           "\"impersonatedUser\":null,\"requestObject\":null,\"responseObject\":false}"));
    assert_true(!e.actor.principal.ptr && !e.actor.n_addresses && !e.actor.agent.ptr && !e.action.uri.ptr && !e.action.code);
    assert_false(e.has_request);
    assert_true(e.has_response);
    assert_true(decode(&e, "{\"auditID\":\"\",\"verb\":\"\",\"stage\":\"\",\"sourceIPs\":[1,\"::1\",null],\"user\":{\"groups\":[{}],"
                           "\"extra\":{\"authentication.kubernetes.io/pod-name\":\"p\"}},\"responseStatus\":{\"code\":-1}}"));
    assert_int_equal(e.actor.n_addresses, 1);
    assert_int_equal(e.actor.n_groups, 0);
    assert_null(e.actor.pod.ptr);
    assert_int_equal(e.action.code, 0);
    assert_true(decode(&e, "{\"auditID\":\"a\",\"verb\":\"get\",\"stage\":\"Panic\",\"responseStatus\":{\"code\":99999999999}}"));
    assert_int_equal(e.action.code, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exec_is_an_exec_over_both_verbs),
        cmocka_unit_test(a_command_through_the_kubelet_is_decoded),
        cmocka_unit_test(requests_that_lead_into_a_container_are_known),
        cmocka_unit_test(two_stages_are_one_request),
        cmocka_unit_test(a_chosen_audit_id_does_not_join_requests),
        cmocka_unit_test(all_addresses_are_kept_the_last_is_the_peer),
        cmocka_unit_test(who_did_not_authenticate_is_nobody),
        cmocka_unit_test(impersonation_keeps_both_names),
        cmocka_unit_test(names_that_the_server_made_are_found),
        cmocka_unit_test(what_was_not_stored_is_known),
        cmocka_unit_test(lost_bodies_are_known),
        cmocka_unit_test(agents_are_kept_as_they_came),
        cmocka_unit_test(times_are_of_the_stage),
        cmocka_unit_test(v1beta1_is_the_same),
        cmocka_unit_test(bound_tokens_tell_their_pod),
        cmocka_unit_test(other_documents_are_no_events),
        cmocka_unit_test(fields_of_a_wrong_type_are_absent),
    };
    return cmocka_run_group_tests(tests, read_quirks, forget_quirks);
}
