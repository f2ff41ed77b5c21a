// SPDX-License-Identifier: Apache-2.0
// Which checks there are, since when, and which of baseline's a restricted one replaces.
#include "pod/pss_private.h"

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
static const struct str volumes[] = {STR("configMap"), STR("csi"),   STR("downwardAPI"),           STR("emptyDir"),
                                     STR("ephemeral"), STR("image"), STR("persistentVolumeClaim"), STR("projected"),
                                     STR("secret"),    STR_NONE};

// Whom a revision spares.
enum spares { SPARES_NOBODY, SPARES_WINDOWS, SPARES_USER_NAMESPACES };

struct revision {
    unsigned since; // minor version; the newest revision that is not newer than the policy counts
    pss_check_fn *check;
    const struct str *allowed;
    enum spares spares;
};

enum { REVISIONS = 5 };

static const struct entry {
    struct pss_check check;
    const char *replaces; // restricted: the check of baseline that is not made then
    struct revision revisions[REVISIONS];
} entries[] = {
    {{STR("appArmorProfile"), STR("AppArmor profiles are the runtime's default or local ones"),
      STR("leave the AppArmor profile out, or set it to RuntimeDefault or Localhost"), PSS_BASELINE},
     NULL,
     {{0, check_app_armor, NULL, SPARES_NOBODY}}},
    {{STR("capabilities_baseline"), STR("Containers add no capabilities beyond the default ones"),
      STR("take the capabilities out of securityContext.capabilities.add"), PSS_BASELINE},
     NULL,
     {{0, check_capabilities, capabilities, SPARES_NOBODY}}},
    {{STR("hostNamespaces"), STR("Pods do not share the node's namespaces"), STR("remove hostNetwork, hostPID and hostIPC"), PSS_BASELINE},
     NULL,
     {{0, check_host_namespaces, NULL, SPARES_NOBODY}}},
    {{STR("hostPathVolumes"), STR("Pods mount no paths of the node"), STR("replace hostPath volumes by other kinds"), PSS_BASELINE},
     NULL,
     {{0, check_host_path, NULL, SPARES_NOBODY}}},
    {{STR("hostPorts"), STR("Containers use no ports of the node"), STR("remove hostPort, and use a Service"), PSS_BASELINE},
     NULL,
     {{0, check_host_ports, NULL, SPARES_NOBODY}}},
    {{STR("hostProbesAndHostLifecycle"), STR("Probes and lifecycle hooks name no host"), STR("remove host from httpGet and tcpSocket"),
      PSS_BASELINE},
     NULL,
     {{34, check_host_probes, NULL, SPARES_NOBODY}}},
    {{STR("privileged"), STR("Containers are not privileged"), STR("remove securityContext.privileged"), PSS_BASELINE},
     NULL,
     {{0, check_privileged, NULL, SPARES_NOBODY}}},
    {{STR("procMount"), STR("/proc is masked as by default"), STR("remove securityContext.procMount"), PSS_BASELINE},
     NULL,
     {{0, check_proc_mount, NULL, SPARES_NOBODY}, {35, check_proc_mount, NULL, SPARES_USER_NAMESPACES}}},
    {{STR("seLinuxOptions"), STR("SELinux options are those of containers"), STR("remove user and role, and set a type for containers"),
      PSS_BASELINE},
     NULL,
     {{0, check_se_linux, se_linux_0, SPARES_NOBODY}, {31, check_se_linux, se_linux_31, SPARES_NOBODY}}},
    {{STR("seccompProfile_baseline"), STR("Seccomp is not switched off"), STR("set the seccomp profile to RuntimeDefault, or leave it out"),
      PSS_BASELINE},
     NULL,
     {{0, check_seccomp_annotations, NULL, SPARES_NOBODY}, {19, check_seccomp, NULL, SPARES_NOBODY}}},
    {{STR("sysctls"), STR("Pods set only safe kernel parameters"), STR("take the parameters out of securityContext.sysctls"), PSS_BASELINE},
     NULL,
     {{0, check_sysctls, sysctls_0, SPARES_NOBODY},
      {27, check_sysctls, sysctls_27, SPARES_NOBODY},
      {29, check_sysctls, sysctls_29, SPARES_NOBODY},
      {32, check_sysctls, sysctls_32, SPARES_NOBODY},
      {37, check_sysctls, sysctls_37, SPARES_NOBODY}}},
    {{STR("windowsHostProcess"), STR("Containers are no host processes of Windows"), STR("remove windowsOptions.hostProcess"),
      PSS_BASELINE},
     NULL,
     {{0, check_windows_host_process, NULL, SPARES_NOBODY}}},
    {{STR("allowPrivilegeEscalation"), STR("Containers cannot gain privileges"),
      STR("set securityContext.allowPrivilegeEscalation to false"), PSS_RESTRICTED},
     NULL,
     {{8, check_privilege_escalation, NULL, SPARES_NOBODY}, {25, check_privilege_escalation, NULL, SPARES_WINDOWS}}},
    {{STR("capabilities_restricted"), STR("Containers drop all capabilities"),
      STR("set securityContext.capabilities.drop to [ALL], and add NET_BIND_SERVICE at most"), PSS_RESTRICTED},
     "capabilities_baseline",
     {{22, check_capabilities_dropped, NULL, SPARES_NOBODY}, {25, check_capabilities_dropped, NULL, SPARES_WINDOWS}}},
    {{STR("procMount_restricted"), STR("/proc is masked as by default"), STR("remove securityContext.procMount"), PSS_RESTRICTED},
     "procMount",
     {{35, check_proc_mount, NULL, SPARES_NOBODY}}},
    {{STR("restrictedVolumes"), STR("Volumes are of harmless kinds"),
      STR("use persistentVolumeClaim, configMap, secret, projected, emptyDir ..."), PSS_RESTRICTED},
     "hostPathVolumes",
     {{0, check_volumes, volumes, SPARES_NOBODY}}},
    {{STR("runAsNonRoot"), STR("Containers do not run as root"), STR("set securityContext.runAsNonRoot to true"), PSS_RESTRICTED},
     NULL,
     {{0, check_non_root, NULL, SPARES_NOBODY}, {35, check_non_root, NULL, SPARES_USER_NAMESPACES}}},
    {{STR("runAsUser"), STR("Containers do not set the user to root"), STR("set securityContext.runAsUser to another user than 0"),
      PSS_RESTRICTED},
     NULL,
     {{23, check_user, NULL, SPARES_NOBODY}, {35, check_user, NULL, SPARES_USER_NAMESPACES}}},
    {{STR("seccompProfile_restricted"), STR("Seccomp is switched on"), STR("set securityContext.seccompProfile.type to RuntimeDefault"),
      PSS_RESTRICTED},
     "seccompProfile_baseline",
     {{19, check_seccomp_required, NULL, SPARES_NOBODY}, {25, check_seccomp_required, NULL, SPARES_WINDOWS}}},
};

enum { ENTRIES = sizeof entries / sizeof *entries };

static const struct revision *revision_of(const struct entry *e, unsigned minor)
{
    const struct revision *newest = NULL;
    for (size_t i = 0; i < REVISIONS && e->revisions[i].check; i++) {
        if (e->revisions[i].since <= minor)
            newest = &e->revisions[i];
    }
    return newest;
}

static bool is_replaced(const struct entry *e, unsigned minor)
{
    for (size_t i = 0; i < ENTRIES; i++) {
        if (entries[i].replaces && str_eq(str_from_c(entries[i].replaces), e->check.id) && revision_of(&entries[i], minor))
            return true;
    }
    return false;
}

static bool is_spared(const struct pod *pod, enum spares spares)
{
    if (spares == SPARES_WINDOWS)
        return str_eq(json_text(json_get(json_get(pod->spec, STR("os")), STR("name"))), STR("windows"));
    return spares == SPARES_USER_NAMESPACES && is_false(pod->spec, STR("hostUsers"));
}

void pss_judge(enum pss_level level, unsigned minor, const struct pod *pod, pss_tell_fn *tell, void *context)
{
    struct buf why;
    buf_init(&why, 64 << 10);
    if (minor > PSS_NEWEST)
        minor = PSS_NEWEST;
    for (size_t i = 0; i < ENTRIES; i++) {
        const struct entry *e = &entries[i];
        const struct revision *r = revision_of(e, minor);
        if (!r || e->check.level > level || (level == PSS_RESTRICTED && e->check.level == PSS_BASELINE && is_replaced(e, minor)))
            continue;
        buf_clear(&why);
        struct blame blame = {.why = &why};
        if (!is_spared(pod, r->spares))
            r->check(pod, r->allowed, &blame);
        if (blame.n > BLAMES_MAX)
            buf_addf(&why, "; and %zu more", blame.n - BLAMES_MAX);
        tell(context, &e->check, buf_str(&why));
    }
    buf_fini(&why);
}

bool pss_parse_level(struct str text, enum pss_level *out)
{
    static const struct str levels[] = {
        [PSS_PRIVILEGED] = STR("privileged"), [PSS_BASELINE] = STR("baseline"), [PSS_RESTRICTED] = STR("restricted")};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (str_eq(text, levels[i]))
            return *out = (enum pss_level)i, true;
    }
    return false;
}

bool pss_parse_version(struct str text, unsigned *out_minor)
{
    uint64_t minor;
    *out_minor = PSS_NEWEST;
    if (str_eq(text, STR("latest")))
        return true;
    const struct str digits = str_slice(text, 3, text.len);
    if (!str_starts(text, STR("v1.")) || !str_to_u64(digits, &minor) || (digits.len > 1 && digits.ptr[0] == '0'))
        return false;
    *out_minor = minor < PSS_NEWEST ? (unsigned)minor : PSS_NEWEST;
    return true;
}
