// SPDX-License-Identifier: Apache-2.0
// Does an audit policy decide about a request as the API server does, and is what the API server would refuse refused here?
#include "engine/coverage/audit_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n"

static struct audit_policy *read_policy(const char *text, struct diags *diags)
{
    struct audit_policy *p = NULL;
    diags_init(diags);
    const status result = audit_policy_read(&p, (struct yaml_source){.name = STR("p"), .text = str_from_c(text)}, diags);
    assert_true((result == ST_OK) == (p != NULL));
    assert_true(p || diags->errors);
    return p;
}

#define RESOURCE(...) .action = {.verb = STR("get"), .namespace = STR("a"), .name = STR("n"), __VA_ARGS__}

static struct str groups[] = {STR("g"), STR("system:authenticated")};
static const struct event pod = {
    .actor = {.principal = STR("u"), .groups = groups, .n_groups = 2}, .stage = STR("ResponseComplete"), RESOURCE(.resource = STR("pods"))};
static const struct event log_of_pod = {.actor = {.principal = STR("u"), .groups = groups, .n_groups = 2},
                                        .stage = STR("ResponseComplete"),
                                        RESOURCE(.resource = STR("pods"), .subresource = STR("log"))};
static const struct event deployment = {.actor = {.principal = STR("u")},
                                        .stage = STR("ResponseStarted"),
                                        RESOURCE(.group = STR("apps"), .resource = STR("deployments"), .subresource = STR("scale"))};
static const struct event node = {
    .actor = {.principal = STR("u")}, .stage = STR("ResponseComplete"), .action = {.verb = STR("list"), .resource = STR("nodes")}};
static const struct event path = {.actor = {.principal = STR("u")},
                                  .stage = STR("ResponseComplete"),
                                  .action = {.verb = STR("get"), .uri = STR("/healthz/etcd?verbose")}};

static const struct {
    const char *rule;
    const struct event *event;
    bool matches;
} cases[] = {
    {"{level: Request}", &pod, true},
    {"{level: Request}", &path, true},
    {"{level: Request, users: [u]}", &pod, true},
    {"{level: Request, users: [v]}", &pod, false},
    {"{level: Request, userGroups: [x, g]}", &pod, true},
    {"{level: Request, userGroups: [x]}", &pod, false},
    {"{level: Request, userGroups: [g]}", &node, false},
    {"{level: Request, verbs: [get]}", &pod, true},
    {"{level: Request, verbs: [list]}", &pod, false},
    {"{level: Request, resources: [{group: '', resources: [pods]}]}", &pod, true},
    {"{level: Request, resources: [{resources: [pods]}]}", &pod, true},
    {"{level: Request, resources: [{group: ''}]}", &pod, true},
    {"{level: Request, resources: [{group: apps}]}", &pod, false},
    {"{level: Request, resources: [{group: '*', resources: [pods]}]}", &pod, false},
    {"{level: Request, resources: [{group: '', resources: [pods]}]}", &log_of_pod, false},
    {"{level: Request, resources: [{group: '', resources: [pods/log]}]}", &log_of_pod, true},
    {"{level: Request, resources: [{group: '', resources: ['pods/*']}]}", &log_of_pod, true},
    {"{level: Request, resources: [{group: '', resources: ['pods/*']}]}", &pod, true},
    {"{level: Request, resources: [{group: '', resources: ['*/log']}]}", &log_of_pod, true},
    {"{level: Request, resources: [{group: '', resources: ['*/log']}]}", &pod, false},
    {"{level: Request, resources: [{group: '', resources: ['*']}]}", &log_of_pod, true},
    {"{level: Request, resources: [{group: apps, resources: ['*/scale']}]}", &deployment, true},
    {"{level: Request, resources: [{group: '', resources: [pods], resourceNames: [n]}]}", &pod, true},
    {"{level: Request, resources: [{group: '', resources: [pods], resourceNames: [m]}]}", &pod, false},
    {"{level: Request, resources: [{group: '', resourceNames: [m]}]}", &pod, true},
    {"{level: Request, namespaces: [a]}", &pod, true},
    {"{level: Request, namespaces: [b]}", &pod, false},
    {"{level: Request, namespaces: ['']}", &node, true},
    {"{level: Request, namespaces: ['']}", &path, false},
    {"{level: Request, nonResourceURLs: ['/healthz*']}", &path, true},
    {"{level: Request, nonResourceURLs: ['/healthz']}", &path, false},
    {"{level: Request, nonResourceURLs: ['/healthz/etcd']}", &path, true},
    {"{level: Request, nonResourceURLs: ['*']}", &path, true},
    {"{level: Request, nonResourceURLs: ['*']}", &pod, false},
};

static void a_rule_matches_as_in_the_server(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[512];
        struct diags diags;
        snprintf(text, sizeof text, HEAD "- %s\n", cases[i].rule);
        struct audit_policy *p = read_policy(text, &diags);
        assert_non_null(p);
        const struct audit_verdict v = audit_policy_judge(p, cases[i].event);
        if ((v.level == AUDIT_REQUEST && v.line == 4) != cases[i].matches)
            fail_msg("%s, case %zu", cases[i].rule, i);
        audit_policy_free(p);
        diags_fini(&diags);
    }
}

static void the_first_rule_decides(void **state)
{
    (void)state;
    struct diags diags;
    struct audit_policy *p = read_policy(HEAD "- {level: None, users: [x]}\n- {level: Metadata}\n- {level: RequestResponse}\n", &diags);
    const struct audit_verdict v = audit_policy_judge(p, &pod);
    assert_int_equal(v.level, AUDIT_METADATA);
    assert_int_equal(v.line, 5);
    audit_policy_free(p);
    diags_fini(&diags);
}

static void without_a_rule_nothing_is_logged(void **state)
{
    (void)state;
    struct diags diags;
    struct audit_policy *p = read_policy(HEAD "- {level: Request, users: [x]}\n", &diags);
    const struct audit_verdict v = audit_policy_judge(p, &pod);
    assert_int_equal(v.level, AUDIT_NONE);
    assert_int_equal(v.line, 0);
    audit_policy_free(p);
    diags_fini(&diags);
}

static void stages_of_policy_and_rule_add_up(void **state)
{
    (void)state;
    struct diags diags;
    struct audit_policy *p =
        read_policy("apiVersion: audit.k8s.io/v1beta1\nkind: Policy\nomitStages: [ResponseStarted]\nrules:\n"
                    "- {level: Request, omitStages: [Panic, ResponseComplete], users: [u], verbs: [list]}\n- {level: Request}\n",
                    &diags);
    assert_true(audit_policy_judge(p, &deployment).stage_omitted);
    assert_true(audit_policy_judge(p, &node).stage_omitted);
    assert_false(audit_policy_judge(p, &pod).stage_omitted);
    audit_policy_free(p);
    diags_fini(&diags);
}

static void what_is_none_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "kind: Pod\napiVersion: v1\n",
        "kind: Policy\napiVersion: policy/v1\n",
        "apiVersion: audit.k8s.io/v1\nkind: Policy\n",
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: []\n",
        "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: {}\n",
        HEAD "- {users: [a]}\n",
        HEAD "- {level: Everything}\n",
        HEAD "- {level: Request, users: a}\n",
        HEAD "- {level: Request, users: [[a]]}\n",
        HEAD "- {level: Request, resources: [pods]}\n",
        HEAD "- {level: Request, resources: {a: b}}\n",
        HEAD "- {level: Request, omitStages: [Later]}\n",
        HEAD "- {level: Request, nonResourceURLs: ['/a'], namespaces: [a]}\n",
        HEAD "- {level: Request}\n---\n" HEAD "- {level: Request}\n",
        HEAD "- [\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct diags diags;
        struct audit_policy *p = read_policy(texts[i], &diags);
        if (p)
            fail_msg("taken: %s", texts[i]);
        diags_fini(&diags);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_matches_as_in_the_server),  cmocka_unit_test(the_first_rule_decides),
        cmocka_unit_test(without_a_rule_nothing_is_logged), cmocka_unit_test(stages_of_policy_and_rule_add_up),
        cmocka_unit_test(what_is_none_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
