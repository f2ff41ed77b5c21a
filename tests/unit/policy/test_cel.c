// SPDX-License-Identifier: Apache-2.0
// Does each construct of a rule become the CEL that says the same, and is what cannot be said refused with its reason?
#include "pod/pss_table.h"
#include "policy/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct dictionary *posture;

static int set_up(void **state)
{
    (void)state;
    struct diags diags;
    char *text = malloc(1 << 20);
    FILE *file = fopen(POSTURE_YML, "re");
    assert_non_null(file);
    const size_t n = fread(text, 1, 1 << 20, file);
    fclose(file);
    diags_init(&diags);
    const status result = dictionary_load(&posture, (struct yaml_source){.name = STR("posture.yml"), .text = str_make(text, n)}, &diags);
    diags_fini(&diags);
    free(text);
    return result == ST_OK ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    dictionary_free(posture);
    return 0;
}

struct made {
    struct arena arena;
    struct ruleset *rules;
    struct cel_rule rule;
};

// The detection s of one rule, its condition `s` unless it says another.
static struct made translate(const char *kind, const char *detection)
{
    static const struct rule_options plain = {0};
    struct rule_options options = plain;
    char yaml[2048];
    struct diags diags;
    struct made m;
    snprintf(yaml, sizeof yaml, "title: t\nlogsource: {product: kubernetes, category: posture}\ndetection:\n  s:\n    %s\n%s", detection,
             strstr(detection, "condition:") ? "" : "  condition: s\n");
    const struct yaml_source source = {.name = STR("r.yml"), .text = str_from_c(yaml)};
    diags_init(&diags);
    options.dictionary = posture;
    if (ruleset_load(&m.rules, &source, 1, &options, &diags) != ST_OK)
        fail_msg("%.*s in\n%s", STR_ARG(diags.items[0].text), yaml);
    diags_fini(&diags);
    arena_init(&m.arena, ARENA_UNLIMITED);
    cel_translate(&m.rule, &m.arena, posture, m.rules->rules[0].condition, policy_kind_find(str_from_c(kind)));
    return m;
}

static void release(struct made *m)
{
    ruleset_free(m->rules);
    arena_fini(&m->arena);
}

static void becomes(const char *kind, const char *detection, const char *cel)
{
    struct made m = translate(kind, detection);
    if (m.rule.outcome == CEL_REFUSED)
        fail_msg("%s was refused: %.*s", detection, STR_ARG(m.rule.why));
    if (!str_eq(m.rule.condition, str_from_c(cel)))
        fail_msg("%s became\n%.*s", detection, STR_ARG(m.rule.condition));
    assert_int_equal(m.rule.outcome, str_eq(str_from_c(cel), STR("true"))    ? CEL_ALWAYS
                                     : str_eq(str_from_c(cel), STR("false")) ? CEL_NEVER
                                                                             : CEL_SOME);
    release(&m);
}

static void is_refused(const char *kind, const char *detection, const char *why)
{
    struct made m = translate(kind, detection);
    if (m.rule.outcome != CEL_REFUSED)
        fail_msg("%s became\n%.*s", detection, STR_ARG(m.rule.condition));
    if (str_find(m.rule.why, str_from_c(why), 0) == SIZE_MAX)
        fail_msg("%s: %.*s", detection, STR_ARG(m.rule.why));
    release(&m);
}

#define NAME "has(object.metadata) && has(object.metadata.name) && object.metadata.name"

static void texts(void **state)
{
    (void)state;
    becomes("ConfigMap", "metadata.name: aB", NAME ".lowerAscii() == 'ab'");
    becomes("ConfigMap", "metadata.name|cased: aB", NAME " == 'aB'");
    becomes("ConfigMap", "metadata.name: '12'", NAME " == '12'");
    becomes("ConfigMap", "metadata.name|contains: aB", NAME ".lowerAscii().contains('ab')");
    becomes("ConfigMap", "metadata.name|startswith|cased: aB", NAME ".startsWith('aB')");
    becomes("ConfigMap", "metadata.name|endswith: .Y", NAME ".lowerAscii().endsWith('.y')");
    becomes("ConfigMap", "metadata.name: 'a*B?.c'", NAME ".lowerAscii().matches('(?s)\\\\Aa.*b.\\\\.c\\\\z')");
    becomes("ConfigMap", "metadata.name|re: '^a\\d$'", NAME ".matches('^a\\\\d(?:\\\\n?\\\\z)')");
    becomes("ConfigMap", "metadata.name: \"it's \\\\ \\n \\u202e\"", NAME ".lowerAscii() == 'it\\'s \\\\ \\n \\u202E'");
    becomes("ConfigMap", "metadata.name: [a, B, '1']",
            "has(object.metadata) && has(object.metadata.name) && "
            "(object.metadata.name == '1' || object.metadata.name.lowerAscii() in ['a', 'b'])");
    becomes("ConfigMap", "metadata.name|contains|all: [a, b]", NAME ".lowerAscii().contains('a') && " NAME ".lowerAscii().contains('b')");
    becomes("ConfigMap", "metadata.name|neq: a", "!(" NAME ".lowerAscii() == 'a')");
    becomes("ConfigMap", "metadata.name: '*'", "has(object.metadata) && has(object.metadata.name)");
    becomes("ConfigMap", "metadata.name: null", "!(has(object.metadata) && has(object.metadata.name))");
    becomes("ConfigMap", "metadata.name|exists: false", "!(has(object.metadata) && has(object.metadata.name))");
}

static void booleans_and_numbers(void **state)
{
    (void)state;
    becomes("Pod", "pod.host_network: true", "has(variables.pod.hostNetwork) && variables.pod.hostNetwork == true");
    becomes("Pod", "pod.host_network|contains: als", "has(variables.pod.hostNetwork) && variables.pod.hostNetwork == false");
    becomes("Pod", "pod.host_network|contains: e", "has(variables.pod.hostNetwork)");
    becomes("Pod", "pod.host_network: maybe", "false");
    becomes("Pod", "spec.priority: 7", "has(variables.pod.priority) && variables.pod.priority == 7");
    becomes("Pod", "spec.priority: '7'", "has(variables.pod.priority) && variables.pod.priority == 7");
    becomes("Pod", "spec.priority: '07'", "false");
    becomes("Pod", "spec.priority|lt: 2.5", "has(variables.pod.priority) && variables.pod.priority < 3");
    becomes("Pod", "spec.priority|gte: -2.5", "has(variables.pod.priority) && variables.pod.priority >= -2");
    becomes("Pod", "spec.priority: 1.5", "false");
    becomes("Pod", "spec.priority|startswith: 99", "has(variables.pod.priority) && string(variables.pod.priority).startsWith('99')");
}

#define PRIVILEGED                                                                                                                         \
    "variables.containers.exists(container, has(container.securityContext) && has(container.securityContext.privileged) && "               \
    "container.securityContext.privileged == true)"

static void lists_and_elements(void **state)
{
    (void)state;
    becomes("Pod", "pod.privileged: true", PRIVILEGED);
    becomes("Deployment", "pod.privileged: true", PRIVILEGED);
    becomes("CronJob", "pod.privileged: true", PRIVILEGED);
    becomes("Pod", "spec.containers.name: a",
            "has(variables.pod.containers) && "
            "variables.pod.containers.exists(container, has(container.name) && container.name.lowerAscii() == 'a')");
    becomes("Pod", "spec.containers.args: '*'",
            "has(variables.pod.containers) && variables.pod.containers.exists(container, "
            "has(container.args) && size(container.args) > 0)");
    becomes("Pod", "pod.variable|same: {name: A, value: '*'}",
            "variables.containers.exists(container, has(container.env) && container.env.exists(env, "
            "has(env.name) && env.name.lowerAscii() == 'a' && has(env.value)))");
    becomes("ClusterRole", "rules|same: {verbs: '\\*', resources|neq: '\\*'}",
            "has(object.rules) && object.rules.exists(rule, has(rule.verbs) && rule.verbs.exists(verb, verb == '*') && "
            "!(has(rule.resources) && rule.resources.exists(resource, resource == '*')))");
    becomes("Pod", "metadata.labels.app.kubernetes.io/name: a",
            "has(object.metadata) && has(object.metadata.labels) && 'app.kubernetes.io/name' in object.metadata.labels && "
            "object.metadata.labels['app.kubernetes.io/name'].lowerAscii() == 'a'");
    becomes("Service", "service.external_address|cidr: 10.0.0.0/8",
            "has(object.spec) && has(object.spec.externalIPs) && object.spec.externalIPs.exists(externalIP, "
            "isIP(externalIP) && cidr('10.0.0.0/8').containsIP(externalIP))");
}

static void conditions(void **state)
{
    (void)state;
    becomes("Pod", "pod.host_network: true\n  t: {pod.host_pid: true}\n  condition: not (s or not t)",
            "!(has(variables.pod.hostNetwork) && variables.pod.hostNetwork == true || "
            "!(has(variables.pod.hostPID) && variables.pod.hostPID == true))");
    becomes("Pod", "pod.host_network: true\n  s2: {pod.host_pid: true}\n  s3: {pod.host_ipc: true}\n  condition: 2 of s*",
            "size([has(variables.pod.hostNetwork) && variables.pod.hostNetwork == true, has(variables.pod.hostPID) && "
            "variables.pod.hostPID == true, has(variables.pod.hostIPC) && variables.pod.hostIPC == true].filter(held, held)) >= 2");
    becomes("Pod", "pod.host_network|exists: true\n  n: {pod.host_network: nonsense}\n  condition: s or n",
            "has(variables.pod.hostNetwork)");
    becomes("Pod", "pod.host_network|exists: true\n  n: {pod.host_network: nonsense}\n  condition: s and n", "false");
    becomes("Pod", "pod.host_network: nonsense\n  condition: not s", "true");
}

static void images(void **state)
{
    (void)state;
    struct made m = translate("Pod", "pod.container|same: {image.registry: gcr.io}");
    assert_int_equal(m.rule.outcome, CEL_SOME);
    assert_true(m.rule.pod && m.rule.containers);
    assert_true(str_find(m.rule.condition, STR("[container.image].filter(text, text.matches('\\\\A"), 0) != SIZE_MAX);
    assert_true(str_ends(m.rule.condition, STR(".exists(part, part.lowerAscii() == 'gcr.io'))")));
    release(&m);
}

static void what_cannot_be_said_is_refused(void **state)
{
    (void)state;
    is_refused("ConfigMap", "- secret", "anywhere");
    is_refused("CertificateSigningRequest", "csr.subject: 'O=a'", "csr_subject");
    is_refused("ConfigMap", "metadata.name|re: '(?=a)'", "RE2");
    is_refused("ConfigMap", "metadata.name|gt: 5", "compared as a number");
    is_refused("Pod", "pod.container|same: {image.tag|fieldref: name}", "made from what is there");
    is_refused("Pod", "spec.containers.name|fieldref: spec.containers.resources.limits.cpu", "several ways");
    is_refused("ConfigMap", "metadata.name|fieldref: metadata.nonsense", "not known");
    is_refused("ConfigMap", "metadata.creationTimestamp|hour: 5", "time");
    is_refused("ConfigMap", "metadata.nonsense: a", "not known");
    is_refused("ConfigMap", "metadata.managedFields.manager: a", "not known here");
    is_refused("Pod", "spec.containers.resources.limits.cpu: '1'", "several ways");
    is_refused("Pod", "spec.containers.nonsense: a", "not known");
    is_refused("Pod", "spec.priority|lt: 1e300", "too large");
}

static void two_fields(void **state)
{
    (void)state;
#define NAMESPACE "has(object.metadata) && has(object.metadata.namespace) && "
    becomes("ConfigMap", "metadata.name|fieldref|cased: metadata.namespace",
            "has(object.metadata) && has(object.metadata.name) && " NAMESPACE "object.metadata.name == object.metadata.namespace");
    becomes("ConfigMap", "metadata.name|fieldref|startswith: metadata.namespace",
            "has(object.metadata) && has(object.metadata.name) && " NAMESPACE
            "object.metadata.name.lowerAscii().startsWith(object.metadata.namespace.lowerAscii())");
    becomes("Pod", "spec.containers|same: {name|fieldref|cased|contains: args}",
            "has(variables.pod.containers) && variables.pod.containers.exists(container, has(container.name) && has(container.args) && "
            "container.args.exists(arg, container.name.contains(arg)))");
    becomes("Pod", "spec.hostPID|fieldref|cased: spec.priority",
            "has(variables.pod.hostPID) && has(variables.pod.priority) && (variables.pod.hostPID ? 'true' : 'false') == "
            "string(variables.pod.priority)");
    becomes("Pod", "metadata.labels|fieldref: metadata.name", "false");
}

struct wanted_check {
    const char *id, *kind, *cel;
};
struct sought_check {
    struct wanted_check wanted;
    bool seen;
};

static void compare_check(void *context, const struct pss_check *check, const struct pss_revision *revision)
{
    struct sought_check *sought = context;
    const struct wanted_check *w = &sought->wanted;
    struct arena a;
    struct cel_rule rule;
    if (!str_eq(check->id, str_from_c(w->id)))
        return;
    sought->seen = true;
    arena_init(&a, ARENA_UNLIMITED);
    cel_pod_security(&rule, &a, revision, policy_kind_find(str_from_c(w->kind)));
    if (!str_eq(rule.condition, str_from_c(w->cel)))
        fail_msg("%s became\n%.*s", w->id, STR_ARG(rule.condition));
    assert_int_equal(rule.outcome, CEL_SOME);
    arena_fini(&a);
}

// How each kind of clause looks; that they say what they should is for tests/cel to find out.
static void checks_of_pod_security(void **state)
{
    (void)state;
    static const struct {
        unsigned minor;
        struct wanted_check check;
    } cases[] = {
        {37,
         {"hostPorts", "Pod",
          "variables.containers.exists(container, has(container.ports) && container.ports.exists(port, has(port.hostPort) && "
          "port.hostPort != 0))"}},
        {37, {"hostPathVolumes", "Pod", "has(variables.pod.volumes) && variables.pod.volumes.exists(volume, has(volume.hostPath))"}},
        {24,
         {"allowPrivilegeEscalation", "CronJob",
          "variables.containers.exists(container, !(has(container.securityContext) && "
          "has(container.securityContext.allowPrivilegeEscalation) && container.securityContext.allowPrivilegeEscalation == false))"}},
        {18,
         {"seccompProfile_baseline", "Deployment",
          "'seccomp.security.alpha.kubernetes.io/pod' in variables.annotations && "
          "!(variables.annotations['seccomp.security.alpha.kubernetes.io/pod'] in ['runtime/default', 'docker/default']) && "
          "!variables.annotations['seccomp.security.alpha.kubernetes.io/pod'].startsWith('localhost/') || "
          "variables.containers.exists(container, ('container.seccomp.security.alpha.kubernetes.io/' + container.name) in "
          "variables.annotations && !(variables.annotations[('container.seccomp.security.alpha.kubernetes.io/' + container.name)] in "
          "['runtime/default', 'docker/default']) && !variables.annotations[('container.seccomp.security.alpha.kubernetes.io/' + "
          "container.name)].startsWith('localhost/'))"}},
        {35,
         {"runAsUser", "Pod",
          "!(has(variables.pod.hostUsers) && variables.pod.hostUsers == false) && (has(variables.pod.securityContext) && "
          "has(variables.pod.securityContext.runAsUser) && variables.pod.securityContext.runAsUser == 0 || "
          "variables.containers.exists(container, has(container.securityContext) && has(container.securityContext.runAsUser) && "
          "container.securityContext.runAsUser == 0))"}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sought_check check = {cases[i].check, false};
        pss_each(PSS_BASELINE, cases[i].minor, compare_check, &check);
        pss_each(PSS_RESTRICTED, cases[i].minor, compare_check, &check);
        assert_true(check.seen);
    }
}

static void every_kind_is_found_by_its_resource(void **state)
{
    (void)state;
    size_t n;
    const struct policy_kind *all = policy_kinds(&n);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(policy_kind_find(all[i].kind), &all[i]);
        assert_ptr_equal(policy_kind_of(all[i].group, all[i].resource, STR_NONE), &all[i]);
    }
    assert_ptr_equal(policy_kind_of(STR(""), STR("pods"), STR("ephemeralcontainers")), policy_kind_find(STR("Pod")));
    assert_null(policy_kind_of(STR(""), STR("pods"), STR("status")));
    assert_null(policy_kind_of(STR("apps"), STR("deployments"), STR("scale")));
    assert_null(policy_kind_of(STR("evil"), STR("pods"), STR_NONE));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(booleans_and_numbers),
        cmocka_unit_test(lists_and_elements),
        cmocka_unit_test(conditions),
        cmocka_unit_test(images),
        cmocka_unit_test(two_fields),
        cmocka_unit_test(checks_of_pod_security),
        cmocka_unit_test(what_cannot_be_said_is_refused),
        cmocka_unit_test(every_kind_is_found_by_its_resource),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
