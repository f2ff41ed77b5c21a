// SPDX-License-Identifier: Apache-2.0
// Does every check of the Pod Security Standards begin, change and end with the very version of Kubernetes that it does so in, at each
// level? Each fixture is a pod that is right but for one thing; it is judged by all versions. What is expected is written here by hand,
// from k8s.io/pod-security-admission/policy, and not taken from the table that is tested.
#include "objects.h"

#include "pod/pss.h"

enum { LATEST = PSS_NEWEST, SPANS = 4 };

// From version v1.FROM to v1.TO a level finds what is named; in the versions that no span has, it finds nothing.
struct span {
    enum pss_level level;
    unsigned from, to;
    const char *found;
};
#define BASELINE(from, to, id)                                                                                                             \
    {                                                                                                                                      \
        PSS_BASELINE, from, to, id                                                                                                         \
    }
#define RESTRICTED(from, to, id)                                                                                                           \
    {                                                                                                                                      \
        PSS_RESTRICTED, from, to, id                                                                                                       \
    }
#define BOTH(from, to, id) BASELINE(from, to, id), RESTRICTED(from, to, id)

// What restricted wants of a container, in parts.
#define NO_GAIN "allowPrivilegeEscalation: false, "
#define NO_ROOT "runAsNonRoot: true, "
#define DROPS   "capabilities: {drop: [ALL]}, "
#define SECCOMP "seccompProfile: {type: RuntimeDefault}, "
#define GOOD    NO_GAIN NO_ROOT DROPS SECCOMP

struct fixture {
    const char *annotations, *spec, *context, *container; // YAML: members with a comma behind each
    struct span spans[SPANS];
};

static const struct fixture fixtures[] = {
    {"", "", GOOD, "", {{0}}},
    {"", "hostUsers: false, os: {name: windows}, ", GOOD, "", {{0}}},
    {"container.apparmor.security.beta.kubernetes.io/c: unconfined", "", GOOD, "", {BOTH(0, LATEST, "appArmorProfile")}},
    {"", "", GOOD "appArmorProfile: {type: Unconfined}", "", {BOTH(0, LATEST, "appArmorProfile")}},
    {"",
     "",
     NO_GAIN NO_ROOT SECCOMP "capabilities: {drop: [ALL], add: [SYS_ADMIN]}",
     "",
     {BASELINE(0, LATEST, "capabilities_baseline"), RESTRICTED(0, 21, "capabilities_baseline"),
      RESTRICTED(22, LATEST, "capabilities_restricted")}},
    {"", "", NO_GAIN NO_ROOT SECCOMP "capabilities: {drop: [ALL], add: [CHOWN]}", "", {RESTRICTED(22, LATEST, "capabilities_restricted")}},
    {"", "", NO_GAIN NO_ROOT SECCOMP "capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}", "", {{0}}},
    {"", "", NO_GAIN NO_ROOT SECCOMP, "", {RESTRICTED(22, LATEST, "capabilities_restricted")}},
    {"", "os: {name: windows}, ", NO_GAIN NO_ROOT SECCOMP, "", {RESTRICTED(22, 24, "capabilities_restricted")}},
    {"", "hostNetwork: true, ", GOOD, "", {BOTH(0, LATEST, "hostNamespaces")}},
    {"", "hostPID: true, ", GOOD, "", {BOTH(0, LATEST, "hostNamespaces")}},
    {"", "hostIPC: true, ", GOOD, "", {BOTH(0, LATEST, "hostNamespaces")}},
    {"",
     "volumes: [{name: v, hostPath: {path: /}}], ",
     GOOD,
     "",
     {BASELINE(0, LATEST, "hostPathVolumes"), RESTRICTED(0, LATEST, "restrictedVolumes")}},
    {"", "volumes: [{name: v, nfs: {path: /}}], ", GOOD, "", {RESTRICTED(0, LATEST, "restrictedVolumes")}},
    {"", "volumes: [{name: v, emptyDir: {}}, {name: w, image: {}}, {name: x, csi: {}}], ", GOOD, "", {{0}}},
    {"", "", GOOD, "ports: [{hostPort: 80}], ", {BOTH(0, LATEST, "hostPorts")}},
    {"", "", GOOD, "ports: [{hostPort: 0}], ", {{0}}},
    {"", "", GOOD, "livenessProbe: {httpGet: {host: a}}, ", {BOTH(34, LATEST, "hostProbesAndHostLifecycle")}},
    {"", "", GOOD, "lifecycle: {preStop: {tcpSocket: {host: a}}}, ", {BOTH(34, LATEST, "hostProbesAndHostLifecycle")}},
    {"", "", GOOD "privileged: true", "", {BOTH(0, LATEST, "privileged")}},
    {"",
     "",
     GOOD "procMount: Unmasked",
     "",
     {BASELINE(0, LATEST, "procMount"), RESTRICTED(0, 34, "procMount"), RESTRICTED(35, LATEST, "procMount_restricted")}},
    {"", "hostUsers: false, ", GOOD "procMount: Unmasked", "", {BOTH(0, 34, "procMount"), RESTRICTED(35, LATEST, "procMount_restricted")}},
    {"", "", GOOD "seLinuxOptions: {type: container_engine_t}", "", {BOTH(0, 30, "seLinuxOptions")}},
    {"", "", GOOD "seLinuxOptions: {type: spc_t}", "", {BOTH(0, LATEST, "seLinuxOptions")}},
    {"", "", GOOD "seLinuxOptions: {type: container_t, user: u}", "", {BOTH(0, LATEST, "seLinuxOptions")}},
    {"", "", GOOD "seLinuxOptions: {role: r}", "", {BOTH(0, LATEST, "seLinuxOptions")}},
    {"seccomp.security.alpha.kubernetes.io/pod: unconfined", "", GOOD, "", {BOTH(0, 18, "seccompProfile_baseline")}},
    {"container.seccomp.security.alpha.kubernetes.io/c: unconfined", "", GOOD, "", {BOTH(0, 18, "seccompProfile_baseline")}},
    {"",
     "",
     NO_GAIN NO_ROOT DROPS "seccompProfile: {type: Unconfined}",
     "",
     {BASELINE(19, LATEST, "seccompProfile_baseline"), RESTRICTED(19, LATEST, "seccompProfile_restricted")}},
    {"", "", NO_GAIN NO_ROOT DROPS, "", {RESTRICTED(19, LATEST, "seccompProfile_restricted")}},
    {"", "os: {name: windows}, ", NO_GAIN NO_ROOT DROPS, "", {RESTRICTED(19, 24, "seccompProfile_restricted")}},
    {"", "securityContext: {seccompProfile: {type: Localhost}}, ", NO_GAIN NO_ROOT DROPS, "", {{0}}},
    {"", "securityContext: {sysctls: [{name: kernel.msgmax}]}, ", GOOD, "", {BOTH(0, LATEST, "sysctls")}},
    {"", "securityContext: {sysctls: [{name: kernel.shm_rmid_forced}]}, ", GOOD, "", {{0}}},
    {"", "securityContext: {sysctls: [{name: net.ipv4.ip_local_reserved_ports}]}, ", GOOD, "", {BOTH(0, 26, "sysctls")}},
    {"", "securityContext: {sysctls: [{name: net.ipv4.tcp_fin_timeout}]}, ", GOOD, "", {BOTH(0, 28, "sysctls")}},
    {"", "securityContext: {sysctls: [{name: net.ipv4.tcp_rmem}]}, ", GOOD, "", {BOTH(0, 31, "sysctls")}},
    {"", "securityContext: {sysctls: [{name: net.ipv4.tcp_notsent_lowat}]}, ", GOOD, "", {BOTH(0, 36, "sysctls")}},
    {"", "", GOOD "windowsOptions: {hostProcess: true}", "", {BOTH(0, LATEST, "windowsHostProcess")}},
    {"", "", NO_ROOT DROPS SECCOMP, "", {RESTRICTED(8, LATEST, "allowPrivilegeEscalation")}},
    {"", "os: {name: windows}, ", NO_ROOT DROPS SECCOMP, "", {RESTRICTED(8, 24, "allowPrivilegeEscalation")}},
    {"", "", NO_GAIN DROPS SECCOMP, "", {RESTRICTED(0, LATEST, "runAsNonRoot")}},
    {"", "hostUsers: false, ", NO_GAIN DROPS SECCOMP, "", {RESTRICTED(0, 34, "runAsNonRoot")}},
    {"", "securityContext: {runAsNonRoot: true}, ", NO_GAIN DROPS SECCOMP, "", {{0}}},
    {"", "", GOOD "runAsUser: 0", "", {RESTRICTED(23, LATEST, "runAsUser")}},
    {"", "hostUsers: false, ", GOOD "runAsUser: 0", "", {RESTRICTED(23, 34, "runAsUser")}},
    {"", "", GOOD "runAsUser: 1", "", {{0}}},
};

// Where a pod template is, and where the API server takes ephemeral containers as containers, too.
static const char *const kinds[] = {
    "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {%s}}, spec: {%s containers: [{name: c, image: i, %s securityContext: "
    "{%s}}]}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {%s}}, spec: {%s initContainers: [{name: c, image: i, %s "
    "securityContext: {%s}}]}}",
    "{apiVersion: v1, kind: Pod, metadata: {name: p, annotations: {%s}}, spec: {%s ephemeralContainers: [{name: c, image: i, %s "
    "securityContext: {%s}}]}}",
    "{apiVersion: apps/v1, kind: Deployment, metadata: {name: p}, spec: {template: {metadata: {annotations: {%s}}, spec: {%s containers: "
    "[{name: c, image: i, %s securityContext: {%s}}]}}}}",
    "{apiVersion: batch/v1, kind: CronJob, metadata: {name: p}, spec: {jobTemplate: {spec: {template: {metadata: {annotations: {%s}}, "
    "spec: "
    "{%s containers: [{name: c, image: i, %s securityContext: {%s}}]}}}}}}",
};

struct judging {
    const struct fixture *fixture;
    const char *yaml;
    size_t verdicts;
};

static void note(void *context, const struct pss_check *check, struct str why)
{
    struct buf *found = context;
    if (why.len)
        buf_addf(found, "%s%.*s", found->len ? " " : "", STR_ARG(check->id));
}

static struct str expected(const struct fixture *f, enum pss_level level, unsigned minor)
{
    for (size_t i = 0; i < SPANS && f->spans[i].found; i++) {
        const struct span *s = &f->spans[i];
        if (s->level == level && s->from <= minor && minor <= s->to)
            return str_from_c(s->found);
    }
    return STR("");
}

static void judge(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line)
{
    struct judging *j = context;
    struct pod pod;
    struct buf found;
    (void)line;
    assert_true(pod_of(tree, api_version, kind, &pod));
    buf_init(&found, SIZE_MAX);
    for (enum pss_level level = PSS_PRIVILEGED; level <= PSS_RESTRICTED; level++) {
        for (unsigned minor = 0; minor <= LATEST + 2; minor++, j->verdicts++) {
            buf_clear(&found);
            pss_judge(level, minor, &pod, note, &found);
            if (!str_eq(buf_str(&found), expected(j->fixture, level, minor < LATEST ? minor : LATEST)))
                fail_msg("%s\nlevel %d v1.%u: '%.*s'", j->yaml, (int)level, minor, STR_ARG(buf_str(&found)));
        }
    }
    buf_fini(&found);
}

// The fixture's members where the kind has %s.
static void write_yaml(struct buf *out, const char *kind, const struct fixture *f)
{
    const char *parts[] = {f->annotations, f->spec, f->container, f->context};
    struct str rest = str_from_c(kind);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        const size_t at = str_find(rest, STR("%s"), 0);
        buf_add(out, str_slice(rest, 0, at));
        buf_add(out, str_from_c(parts[i]));
        rest = str_slice(rest, at + 2, rest.len);
    }
    buf_add(out, rest);
}

static void every_version(void **state)
{
    (void)state;
    size_t verdicts = 0;
    for (size_t i = 0; i < sizeof fixtures / sizeof *fixtures; i++) {
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            const struct fixture *f = &fixtures[i];
            struct arena a;
            struct buf yaml;
            buf_init(&yaml, SIZE_MAX);
            arena_init(&a, ARENA_UNLIMITED);
            write_yaml(&yaml, kinds[k], f);
            buf_add_char(&yaml, '\0');
            struct judging j = {f, yaml.ptr, 0};
            each_object(&a, yaml.ptr, judge, &j);
            verdicts += j.verdicts;
            buf_fini(&yaml);
            arena_fini(&a);
        }
    }
    assert_int_equal(verdicts, sizeof fixtures / sizeof *fixtures * (sizeof kinds / sizeof *kinds) * 3 * (LATEST + 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_version)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
