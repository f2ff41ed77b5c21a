// SPDX-License-Identifier: Apache-2.0
// Are pods judged as Kubernetes' Pod Security admission judges them, at each level, in each version, in each kind of workload?
#include "objects.h"

#include "pod/pss.h"

struct judging {
    enum pss_level level;
    unsigned minor;
    struct buf bad;
};

static void note(void *context, const struct pss_check *check, struct str why)
{
    struct judging *j = context;
    if (why.len)
        buf_addf(&j->bad, "%s%.*s", j->bad.len ? " " : "", STR_ARG(check->id));
}

static void judge(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line)
{
    struct judging *j = context;
    struct pod pod;
    (void)line;
    if (pod_of(tree, api_version, kind, &pod))
        pss_judge(j->level, j->minor, &pod, note, j);
}

static void assert_bad(const char *yaml, enum pss_level level, unsigned minor, const char *expected)
{
    struct judging j = {level, minor, {0}};
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    buf_init(&j.bad, SIZE_MAX);
    each_object(&a, yaml, judge, &j);
    if (!str_eq(buf_str(&j.bad), str_from_c(expected)))
        fail_msg("%s\nlevel %d v1.%u: '%.*s', not '%s'", yaml, (int)level, minor, STR_ARG(buf_str(&j.bad)), expected);
    buf_fini(&j.bad);
    arena_fini(&a);
}

#define POD(metadata, spec) "{apiVersion: v1, kind: Pod, metadata: {name: p" metadata "}, spec: {" spec "}}"
#define CONTAINER(members)  "containers: [{name: c, image: i" members "}]"
#define CONTEXT(members)    CONTAINER(", securityContext: {" members "}")
// What restricted wants of a container.
#define GOOD "allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}"

struct one {
    const char *yaml;
    unsigned minor;
    const char *expected;
};

static void baseline(void **state)
{
    (void)state;
    static const struct one cases[] = {
        {POD("", CONTAINER("")), 37, ""},
        {POD("", "containers: null, initContainers: {}, volumes: x"), 37, ""},
        {POD("", CONTEXT("privileged: true")), 0, "privileged"},
        {POD("", CONTEXT("privileged: 'true'")), 37, ""}, // nothing the API server would take
        {POD("", "initContainers: [{name: c, securityContext: {privileged: true}}]"), 37, "privileged"},
        {POD("", "ephemeralContainers: [{name: c, securityContext: {privileged: true}}]"), 37, "privileged"},
        {POD("", "hostNetwork: true, hostPID: true"), 37, "hostNamespaces"},
        {POD("", "hostNetwork: false"), 37, ""},
        {POD("", CONTAINER(", ports: [{containerPort: 80, hostPort: 0}]")), 37, ""},
        {POD("", CONTAINER(", ports: [{containerPort: 80}, {hostPort: 80}]")), 37, "hostPorts"},
        {POD("", "volumes: [{name: v, hostPath: {path: /}}]"), 37, "hostPathVolumes"},
        {POD("", "volumes: [{name: v, hostPath: null}]"), 37, ""},
        {POD("", CONTEXT("capabilities: {add: [CHOWN, SETUID]}")), 37, ""},
        {POD("", CONTEXT("capabilities: {add: [SYS_ADMIN]}")), 37, "capabilities_baseline"},
        {POD("", CONTEXT("capabilities: {add: [chown]}")), 37, "capabilities_baseline"}, // as it is written
        {POD("", CONTEXT("capabilities: {add: [ALL]}")), 37, "capabilities_baseline"},
        {POD("", CONTEXT("procMount: Default")), 37, ""},
        {POD("", CONTEXT("procMount: Unmasked")), 34, "procMount"},
        {POD("", "hostUsers: false, " CONTEXT("procMount: Unmasked")), 34, "procMount"},
        {POD("", "hostUsers: false, " CONTEXT("procMount: Unmasked")), 35, ""},
        {POD("", CONTEXT("seLinuxOptions: {type: container_kvm_t, level: 's0:c1'}")), 37, ""},
        {POD("", CONTEXT("seLinuxOptions: {type: container_engine_t}")), 30, "seLinuxOptions"},
        {POD("", CONTEXT("seLinuxOptions: {type: container_engine_t}")), 31, ""},
        {POD("", "securityContext: {seLinuxOptions: {user: u}}"), 37, "seLinuxOptions"},
        {POD("", "securityContext: {seLinuxOptions: {role: r}}"), 37, "seLinuxOptions"},
        {POD("", "securityContext: {sysctls: [{name: kernel.shm_rmid_forced}]}"), 0, ""},
        {POD("", "securityContext: {sysctls: [{name: kernel.msgmax}]}"), 37, "sysctls"},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}"), 26, "sysctls"},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}"), 27, ""},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}"), 28, "sysctls"},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}"), 29, ""},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}"), 31, "sysctls"},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}"), 32, ""},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.tcp_notsent_lowat}]}"), 36, "sysctls"},
        {POD("", "securityContext: {sysctls: [{name: net.ipv4.tcp_notsent_lowat}]}"), 37, ""},
        {POD("", CONTEXT("windowsOptions: {hostProcess: true}")), 37, "windowsHostProcess"},
        {POD("", "securityContext: {windowsOptions: {hostProcess: true}}"), 37, "windowsHostProcess"},
        {POD("", CONTAINER(", livenessProbe: {httpGet: {host: 127.0.0.1}}")), 33, ""},
        {POD("", CONTAINER(", livenessProbe: {httpGet: {host: 127.0.0.1}}")), 34, "hostProbesAndHostLifecycle"},
        {POD("", CONTAINER(", startupProbe: {tcpSocket: {host: '::1'}}")), 34, "hostProbesAndHostLifecycle"},
        {POD("", CONTAINER(", lifecycle: {preStop: {httpGet: {host: h}}}")), 34, "hostProbesAndHostLifecycle"},
        {POD("", CONTAINER(", readinessProbe: {httpGet: {host: ''}}, lifecycle: {postStart: {tcpSocket: {port: 1}}}")), 37, ""},
        {POD(", annotations: {container.apparmor.security.beta.kubernetes.io/x: unconfined}", CONTAINER("")), 37, "appArmorProfile"},
        {POD(", annotations: {container.apparmor.security.beta.kubernetes.io/x: localhost/a, "
             "container.apparmor.security.beta.kubernetes.io/y: ''}",
             CONTAINER("")),
         0, ""},
        {POD("", "securityContext: {appArmorProfile: {type: Unconfined}}"), 0, "appArmorProfile"},
        {POD("", CONTEXT("appArmorProfile: {type: Localhost}")), 37, ""},
        {POD("", CONTEXT("appArmorProfile: {}")), 37, "appArmorProfile"},
        {POD(", annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}", CONTAINER("")), 18, "seccompProfile_baseline"},
        {POD(", annotations: {seccomp.security.alpha.kubernetes.io/pod: unconfined}", CONTAINER("")), 19, ""},
        {POD(", annotations: {container.seccomp.security.alpha.kubernetes.io/c: ''}", CONTAINER("")), 18, "seccompProfile_baseline"},
        {POD(", annotations: {container.seccomp.security.alpha.kubernetes.io/other: ''}", CONTAINER("")), 18, ""},
        {POD("", CONTEXT("seccompProfile: {type: Unconfined}")), 18, ""},
        {POD("", CONTEXT("seccompProfile: {type: Unconfined}")), 19, "seccompProfile_baseline"},
        {POD("", "securityContext: {seccompProfile: {type: Unconfined}}"), 99, "seccompProfile_baseline"}, // as the newest
        {POD("", CONTEXT("privileged: true, procMount: Unmasked")), 37, "privileged procMount"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_bad(cases[i].yaml, PSS_BASELINE, cases[i].minor, cases[i].expected);
        assert_bad(cases[i].yaml, PSS_PRIVILEGED, cases[i].minor, "");
    }
}

static void restricted(void **state)
{
    (void)state;
    static const struct one cases[] = {
        {POD("", CONTEXT(GOOD)), 37, ""},
        {POD("", CONTAINER("")), 0, "runAsNonRoot"},
        {POD("", CONTAINER("")), 8, "allowPrivilegeEscalation runAsNonRoot"},
        {POD("", CONTAINER("")), 19, "allowPrivilegeEscalation runAsNonRoot seccompProfile_restricted"},
        {POD("", CONTAINER("")), 22, "allowPrivilegeEscalation capabilities_restricted runAsNonRoot seccompProfile_restricted"},
        {POD("", "os: {name: windows}, " CONTEXT("runAsNonRoot: true")), 24,
         "allowPrivilegeEscalation capabilities_restricted seccompProfile_restricted"},
        {POD("", "os: {name: windows}, " CONTEXT("runAsNonRoot: true")), 25, ""},
        {POD("", CONTEXT(GOOD ", procMount: Unmasked")), 34, "procMount"},
        {POD("", "hostUsers: false, " CONTEXT(GOOD ", procMount: Unmasked")), 35, "procMount_restricted"},
        {POD("", CONTEXT(GOOD) ", volumes: [{name: a, emptyDir: {}}, {name: b}, {name: c, image: {}}, {name: d, nfs: null}]"), 37, ""},
        {POD("", CONTEXT(GOOD) ", volumes: [{name: a, hostPath: {path: /}}]"), 0, "restrictedVolumes"},
        {POD("", CONTEXT(GOOD) ", volumes: [{name: a, nfs: {}}]"), 37, "restrictedVolumes"},
        {POD("", CONTEXT(GOOD ", runAsUser: 0")), 22, ""},
        {POD("", CONTEXT(GOOD ", runAsUser: 0")), 23, "runAsUser"},
        {POD("", CONTEXT(GOOD ", runAsUser: 1000") ", securityContext: {runAsUser: 0}"), 37, "runAsUser"},
        {POD("", "hostUsers: false, " CONTEXT(
                     "allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, runAsUser: 0") ", securityContext: {seccompProfile: "
                                                                                                   "{type: Localhost}}"),
         35, ""},
        {POD("", CONTEXT("allowPrivilegeEscalation: false, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}") ", securityContext: "
                                                                                                                  "{runAsNonRoot: true, "
                                                                                                                  "seccompProfile: {type: "
                                                                                                                  "RuntimeDefault}}"),
         37, ""},
        {POD("", CONTEXT(GOOD) ", securityContext: {runAsNonRoot: false}"), 37, "runAsNonRoot"}, // even when each container says true
        {POD("", CONTEXT(GOOD) ", securityContext: {seccompProfile: {type: Unconfined}}"), 37, "seccompProfile_restricted"},
        {POD("",
             CONTEXT(
                 "allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [all]}, seccompProfile: {type: Localhost}")),
         37, "capabilities_restricted"},
        {POD("",
             CONTEXT(
                 "allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL], add: [CHOWN]}, seccompProfile: {type: "
                 "Localhost}")),
         37, "capabilities_restricted"},
        {POD("", CONTEXT(GOOD) ", hostIPC: true"), 37, "hostNamespaces"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_bad(cases[i].yaml, PSS_RESTRICTED, cases[i].minor, cases[i].expected);
}

static void templates(void **state)
{
    (void)state;
#define SPEC                "spec: {hostPID: true, containers: [{name: c}]}"
#define TEMPLATE(api, kind) "{apiVersion: " api ", kind: " kind ", metadata: {name: x}, spec: {template: {" SPEC "}}}"
    static const char *const yes[] = {
        TEMPLATE("apps/v1", "Deployment"),
        TEMPLATE("extensions/v1beta1", "Deployment"),
        TEMPLATE("apps/v1", "ReplicaSet"),
        TEMPLATE("apps/v1", "StatefulSet"),
        TEMPLATE("apps/v1beta2", "DaemonSet"),
        TEMPLATE("batch/v1", "Job"),
        TEMPLATE("v1", "ReplicationController"),
        "{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {template: {" SPEC "}}}}}",
        "{apiVersion: v1, kind: PodTemplate, template: {" SPEC "}}",
    };
    static const char *const no[] = {
        TEMPLATE("batch.volcano.sh/v1alpha1", "Job"), // another group's
        TEMPLATE("serving.knative.dev/v1", "Deployment"),
        TEMPLATE("v1", "Deployment"),
        "{apiVersion: v1, kind: PodTemplate, spec: {template: {" SPEC "}}}",
        "{apiVersion: v1, kind: Pod, spec: null}",
    };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_bad(yes[i], PSS_BASELINE, 37, "hostNamespaces");
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_bad(no[i], PSS_BASELINE, 37, "");
    // Annotations are the template's.
    assert_bad(
        "{apiVersion: apps/v1, kind: Deployment, metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: x}}, spec: {template: "
        "{spec: {containers: []}}}}",
        PSS_BASELINE, 18, "");
    assert_bad(
        "{apiVersion: apps/v1, kind: Deployment, spec: {template: {metadata: {annotations: {seccomp.security.alpha.kubernetes.io/pod: x}}, "
        "spec: {containers: []}}}}",
        PSS_BASELINE, 18, "seccompProfile_baseline");
}

static void versions_and_levels(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int minor; // -1: none
    } cases[] = {
        {"latest", 37}, {"v1.0", 0}, {"v1.24", 24}, {"v1.37", 37}, {"v1.99", 37}, {"v1.01", -1}, {"v1.", -1}, {"1.24", -1},
        {"v2.0", -1},   {"", -1},    {"v1.x", -1},  {"v1.-1", -1}, {"V1.2", -1},  {"v1.2 ", -1}, {"v1", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned minor;
        const bool good = pss_parse_version(str_from_c(cases[i].text), &minor);
        if (good != (cases[i].minor >= 0) || (good && minor != (unsigned)cases[i].minor))
            fail_msg("%s: %d %u", cases[i].text, good, minor);
    }
    enum pss_level level;
    assert_true(pss_parse_level(STR("restricted"), &level) && level == PSS_RESTRICTED);
    assert_false(pss_parse_level(STR("Baseline"), &level));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(baseline),
        cmocka_unit_test(restricted),
        cmocka_unit_test(templates),
        cmocka_unit_test(versions_and_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
