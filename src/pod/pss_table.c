// SPDX-License-Identifier: Apache-2.0
// Which checks there are, since when, what they refuse, and which of baseline's a restricted one replaces.
#include "pod/pss_table.h"

// --- words -----------------------------------------------------------------------------------------------------------------------

#define SYSCTLS_1_0                                                                                                                        \
    STR("kernel.shm_rmid_forced"), STR("net.ipv4.ip_local_port_range"), STR("net.ipv4.tcp_syncookies"), STR("net.ipv4.ping_group_range"),  \
        STR("net.ipv4.ip_unprivileged_port_start")
#define SYSCTLS_1_27 SYSCTLS_1_0, STR("net.ipv4.ip_local_reserved_ports")
#define SYSCTLS_1_29                                                                                                                       \
    SYSCTLS_1_27, STR("net.ipv4.tcp_keepalive_time"), STR("net.ipv4.tcp_fin_timeout"), STR("net.ipv4.tcp_keepalive_intvl"),                \
        STR("net.ipv4.tcp_keepalive_probes")
#define SYSCTLS_1_32 SYSCTLS_1_29, STR("net.ipv4.tcp_rmem"), STR("net.ipv4.tcp_wmem")
#define SYSCTLS_1_37 SYSCTLS_1_32, STR("net.ipv4.tcp_slow_start_after_idle"), STR("net.ipv4.tcp_notsent_lowat")
#define SE_LINUX_1_0 STR(""), STR("container_t"), STR("container_init_t"), STR("container_kvm_t")

// What is allowed; the number is the minor version that began it.
static const struct str sysctls_0[] = {SYSCTLS_1_0, STR_NONE}, sysctls_27[] = {SYSCTLS_1_27, STR_NONE},
                        sysctls_29[] = {SYSCTLS_1_29, STR_NONE}, sysctls_32[] = {SYSCTLS_1_32, STR_NONE},
                        sysctls_37[] = {SYSCTLS_1_37, STR_NONE};
static const struct str se_linux_0[] = {SE_LINUX_1_0, STR_NONE}, se_linux_31[] = {SE_LINUX_1_0, STR("container_engine_t"), STR_NONE};
static const struct str capabilities[] = {STR("AUDIT_WRITE"), STR("CHOWN"),  STR("DAC_OVERRIDE"),     STR("FOWNER"),  STR("FSETID"),
                                          STR("KILL"),        STR("MKNOD"),  STR("NET_BIND_SERVICE"), STR("SETFCAP"), STR("SETGID"),
                                          STR("SETPCAP"),     STR("SETUID"), STR("SYS_CHROOT"),       STR_NONE};
static const struct str bind_service[] = {STR("NET_BIND_SERVICE"), STR_NONE}, all_of_them[] = {STR("ALL"), STR_NONE};
static const struct str volumes[] = {STR("configMap"), STR("csi"),   STR("downwardAPI"),           STR("emptyDir"),
                                     STR("ephemeral"), STR("image"), STR("persistentVolumeClaim"), STR("projected"),
                                     STR("secret"),    STR_NONE};
static const struct str profiles[] = {STR("RuntimeDefault"), STR("Localhost"), STR_NONE};
static const struct str app_armor_annotations[] = {STR(""), STR("runtime/default"), STR_NONE};
static const struct str seccomp_annotations[] = {STR("runtime/default"), STR("docker/default"), STR_NONE};
static const struct str nothing[] = {STR(""), STR_NONE}, as_usual[] = {STR("Default"), STR_NONE};

// --- clauses ---------------------------------------------------------------------------------------------------------------------

#define PATH(...)                                                                                                                          \
    {                                                                                                                                      \
        __VA_ARGS__, STR_NONE                                                                                                              \
    }
#define CONTEXT STR("securityContext")
#define TYPE    STR("type")
#define VALUE   STR_NONE

static const struct pss_clause app_armor[] = {
    {PSS_BOTH, PSS_IS_OTHER, PATH(CONTEXT, STR("appArmorProfile")), TYPE, profiles, "appArmorProfile.type is"},
    {PSS_ANNOTATIONS, PSS_IS_PROFILE, PATH(STR("container.apparmor.security.beta.kubernetes.io/")), VALUE, app_armor_annotations,
     "an AppArmor annotation is"},
};
static const struct pss_clause added[] = {
    {PSS_CONTAINERS, PSS_IS_OTHER, PATH(CONTEXT, STR("capabilities"), STR("add")), VALUE, capabilities, "adds the capability"},
};
static const struct pss_clause host_namespaces[] = {
    {PSS_POD, PSS_IS_TRUE, PATH(STR("hostNetwork")), VALUE, NULL, "sets hostNetwork"},
    {PSS_POD, PSS_IS_TRUE, PATH(STR("hostPID")), VALUE, NULL, "sets hostPID"},
    {PSS_POD, PSS_IS_TRUE, PATH(STR("hostIPC")), VALUE, NULL, "sets hostIPC"},
};
static const struct pss_clause host_path[] = {
    {PSS_VOLUMES, PSS_IS_PRESENT, PATH(STR("hostPath")), STR("path"), NULL, "is the node's path"},
};
static const struct pss_clause host_ports[] = {
    {PSS_CONTAINERS, PSS_IS_NUMBER, PATH(STR("ports"), STR("hostPort")), VALUE, NULL, "uses hostPort"},
};
#define PROBE(action, ...)                                                                                                                 \
    {                                                                                                                                      \
        PSS_CONTAINERS, PSS_IS_OTHER, PATH(__VA_ARGS__, STR(action), STR("host")), VALUE, nothing, "a probe or hook goes to the host"      \
    }
#define HANDLER(...) PROBE("httpGet", __VA_ARGS__), PROBE("tcpSocket", __VA_ARGS__)
static const struct pss_clause host_probes[] = {
    HANDLER(STR("livenessProbe")),
    HANDLER(STR("readinessProbe")),
    HANDLER(STR("startupProbe")),
    HANDLER(STR("lifecycle"), STR("postStart")),
    HANDLER(STR("lifecycle"), STR("preStop")),
};
static const struct pss_clause privileged[] = {
    {PSS_CONTAINERS, PSS_IS_TRUE, PATH(CONTEXT, STR("privileged")), VALUE, NULL, "is privileged"},
};
static const struct pss_clause proc_mount[] = {
    {PSS_CONTAINERS, PSS_IS_OTHER, PATH(CONTEXT, STR("procMount")), VALUE, as_usual, "procMount is"},
};
// Before 1.19 the profile was an annotation.
static const struct pss_clause seccomp_annotated[] = {
    {PSS_ANNOTATION, PSS_IS_PROFILE, PATH(STR("seccomp.security.alpha.kubernetes.io/pod")), VALUE, seccomp_annotations,
     "the seccomp annotation is"},
    {PSS_CONTAINER_ANNOTATION, PSS_IS_PROFILE, PATH(STR("container.seccomp.security.alpha.kubernetes.io/")), VALUE, seccomp_annotations,
     "the seccomp annotation is"},
};
#define SECCOMP                                                                                                                            \
    {                                                                                                                                      \
        PSS_BOTH, PSS_IS_OTHER, PATH(CONTEXT, STR("seccompProfile")), TYPE, profiles, "seccompProfile.type is"                             \
    }
static const struct pss_clause seccomp[] = {SECCOMP};
static const struct pss_clause se_linux[] = {
    {PSS_BOTH, PSS_IS_OTHER, PATH(CONTEXT, STR("seLinuxOptions")), TYPE, NULL, "seLinuxOptions.type is"},
    {PSS_BOTH, PSS_IS_OTHER, PATH(CONTEXT, STR("seLinuxOptions"), STR("user")), VALUE, nothing, "seLinuxOptions.user is"},
    {PSS_BOTH, PSS_IS_OTHER, PATH(CONTEXT, STR("seLinuxOptions"), STR("role")), VALUE, nothing, "seLinuxOptions.role is"},
};
static const struct pss_clause sysctls[] = {
    {PSS_POD, PSS_IS_OTHER, PATH(CONTEXT, STR("sysctls")), STR("name"), NULL, "sets the kernel parameter"},
};
static const struct pss_clause host_process[] = {
    {PSS_BOTH, PSS_IS_TRUE, PATH(CONTEXT, STR("windowsOptions"), STR("hostProcess")), VALUE, NULL, "is a host process"},
};
static const struct pss_clause escalation[] = {
    {PSS_CONTAINERS, PSS_IS_NOT_FALSE, PATH(CONTEXT, STR("allowPrivilegeEscalation")), VALUE, NULL,
     "allowPrivilegeEscalation is not false"},
};
static const struct pss_clause dropped[] = {
    {PSS_CONTAINERS, PSS_LACKS, PATH(CONTEXT, STR("capabilities"), STR("drop")), VALUE, all_of_them, "does not drop ALL capabilities"},
    {PSS_CONTAINERS, PSS_IS_OTHER, PATH(CONTEXT, STR("capabilities"), STR("add")), VALUE, bind_service, "adds the capability"},
};
static const struct pss_clause other_volumes[] = {
    {PSS_VOLUMES, PSS_OTHER_KIND, {STR_NONE}, VALUE, volumes, "is of the kind"},
};
static const struct pss_clause non_root[] = {
    {PSS_BOTH, PSS_IS_FALSE, PATH(CONTEXT, STR("runAsNonRoot")), VALUE, NULL, "runAsNonRoot is false"},
    {PSS_CONTAINERS, PSS_IS_UNSET, PATH(CONTEXT, STR("runAsNonRoot")), VALUE, NULL, "runAsNonRoot is set neither here nor on the pod"},
};
static const struct pss_clause root[] = {
    {PSS_BOTH, PSS_IS_ZERO, PATH(CONTEXT, STR("runAsUser")), VALUE, NULL, "runAsUser is 0"},
};
static const struct pss_clause seccomp_required[] = {
    SECCOMP,
    {PSS_CONTAINERS, PSS_IS_UNSET, PATH(CONTEXT, STR("seccompProfile")), TYPE, profiles,
     "no seccompProfile is set, neither here nor on the pod"},
};

// --- checks ----------------------------------------------------------------------------------------------------------------------

#define SINCE(minor, clauses)                                                                                                              \
    {                                                                                                                                      \
        minor, clauses, sizeof(clauses) / sizeof *(clauses), NULL, PSS_SPARES_NOBODY                                                       \
    }
#define SINCE_ALLOWED(minor, clauses, allowed)                                                                                             \
    {                                                                                                                                      \
        minor, clauses, sizeof(clauses) / sizeof *(clauses), allowed, PSS_SPARES_NOBODY                                                    \
    }
#define SINCE_SPARING(minor, clauses, whom)                                                                                                \
    {                                                                                                                                      \
        minor, clauses, sizeof(clauses) / sizeof *(clauses), NULL, PSS_SPARES_##whom                                                       \
    }

static const struct pss_entry entries[] = {
    {{STR("appArmorProfile"), STR("AppArmor profiles are the runtime's default or local ones"),
      STR("leave the AppArmor profile out, or set it to RuntimeDefault or Localhost"), PSS_BASELINE},
     STR_NONE,
     {SINCE(0, app_armor)}},
    {{STR("capabilities_baseline"), STR("Containers add no capabilities beyond the default ones"),
      STR("take the capabilities out of securityContext.capabilities.add"), PSS_BASELINE},
     STR_NONE,
     {SINCE(0, added)}},
    {{STR("hostNamespaces"), STR("Pods do not share the node's namespaces"), STR("remove hostNetwork, hostPID and hostIPC"), PSS_BASELINE},
     STR_NONE,
     {SINCE(0, host_namespaces)}},
    {{STR("hostPathVolumes"), STR("Pods mount no paths of the node"), STR("replace hostPath volumes by other kinds"), PSS_BASELINE},
     STR_NONE,
     {SINCE(0, host_path)}},
    {{STR("hostPorts"), STR("Containers use no ports of the node"), STR("remove hostPort, and use a Service"), PSS_BASELINE},
     STR_NONE,
     {SINCE(0, host_ports)}},
    {{STR("hostProbesAndHostLifecycle"), STR("Probes and lifecycle hooks name no host"), STR("remove host from httpGet and tcpSocket"),
      PSS_BASELINE},
     STR_NONE,
     {SINCE(34, host_probes)}},
    {{STR("privileged"), STR("Containers are not privileged"), STR("remove securityContext.privileged"), PSS_BASELINE},
     STR_NONE,
     {SINCE(0, privileged)}},
    {{STR("procMount"), STR("/proc is masked as by default"), STR("remove securityContext.procMount"), PSS_BASELINE},
     STR_NONE,
     {SINCE(0, proc_mount), SINCE_SPARING(35, proc_mount, USER_NAMESPACES)}},
    {{STR("seLinuxOptions"), STR("SELinux options are those of containers"), STR("remove user and role, and set a type for containers"),
      PSS_BASELINE},
     STR_NONE,
     {SINCE_ALLOWED(0, se_linux, se_linux_0), SINCE_ALLOWED(31, se_linux, se_linux_31)}},
    {{STR("seccompProfile_baseline"), STR("Seccomp is not switched off"), STR("set the seccomp profile to RuntimeDefault, or leave it out"),
      PSS_BASELINE},
     STR_NONE,
     {SINCE(0, seccomp_annotated), SINCE(19, seccomp)}},
    {{STR("sysctls"), STR("Pods set only safe kernel parameters"), STR("take the parameters out of securityContext.sysctls"), PSS_BASELINE},
     STR_NONE,
     {SINCE_ALLOWED(0, sysctls, sysctls_0), SINCE_ALLOWED(27, sysctls, sysctls_27), SINCE_ALLOWED(29, sysctls, sysctls_29),
      SINCE_ALLOWED(32, sysctls, sysctls_32), SINCE_ALLOWED(37, sysctls, sysctls_37)}},
    {{STR("windowsHostProcess"), STR("Containers are no host processes of Windows"), STR("remove windowsOptions.hostProcess"),
      PSS_BASELINE},
     STR_NONE,
     {SINCE(0, host_process)}},
    {{STR("allowPrivilegeEscalation"), STR("Containers cannot gain privileges"),
      STR("set securityContext.allowPrivilegeEscalation to false"), PSS_RESTRICTED},
     STR_NONE,
     {SINCE(8, escalation), SINCE_SPARING(25, escalation, WINDOWS)}},
    {{STR("capabilities_restricted"), STR("Containers drop all capabilities"),
      STR("set securityContext.capabilities.drop to [ALL], and add NET_BIND_SERVICE at most"), PSS_RESTRICTED},
     STR("capabilities_baseline"),
     {SINCE(22, dropped), SINCE_SPARING(25, dropped, WINDOWS)}},
    {{STR("procMount_restricted"), STR("/proc is masked as by default"), STR("remove securityContext.procMount"), PSS_RESTRICTED},
     STR("procMount"),
     {SINCE(35, proc_mount)}},
    {{STR("restrictedVolumes"), STR("Volumes are of harmless kinds"),
      STR("use persistentVolumeClaim, configMap, secret, projected, emptyDir ..."), PSS_RESTRICTED},
     STR("hostPathVolumes"),
     {SINCE(0, other_volumes)}},
    {{STR("runAsNonRoot"), STR("Containers do not run as root"), STR("set securityContext.runAsNonRoot to true"), PSS_RESTRICTED},
     STR_NONE,
     {SINCE(0, non_root), SINCE_SPARING(35, non_root, USER_NAMESPACES)}},
    {{STR("runAsUser"), STR("Containers do not set the user to root"), STR("set securityContext.runAsUser to another user than 0"),
      PSS_RESTRICTED},
     STR_NONE,
     {SINCE(23, root), SINCE_SPARING(35, root, USER_NAMESPACES)}},
    {{STR("seccompProfile_restricted"), STR("Seccomp is switched on"), STR("set securityContext.seccompProfile.type to RuntimeDefault"),
      PSS_RESTRICTED},
     STR("seccompProfile_baseline"),
     {SINCE(19, seccomp_required), SINCE_SPARING(25, seccomp_required, WINDOWS)}},
};

const struct pss_entry *pss_entries(size_t *n)
{
    *n = sizeof entries / sizeof *entries;
    return entries;
}
