// SPDX-License-Identifier: Apache-2.0
// What of the Pod Security Standard "baseline" a pod specification breaks, as far as an audit event shows it.
// (k8s.io/pod-security-admission; the checks with their official names. posture judges objects in full.)
#include "incident/conclude.h"

static const struct {
    enum body_text text;
    struct str bad; // the value that breaks it; ptr NULL: any value
    struct str check;
} checks[] = {
    {BODY_PRIVILEGED, STR("true"), STR("privileged")},      {BODY_HOSTPATH, STR_NONE, STR("hostPathVolumes")},
    {BODY_HOSTNETWORK, STR("true"), STR("hostNamespaces")}, {BODY_HOSTPID, STR("true"), STR("hostNamespaces")},
    {BODY_HOSTIPC, STR("true"), STR("hostNamespaces")},     {BODY_HOSTPORT, STR_NONE, STR("hostPorts")},
    {BODY_PROCMOUNT, STR("Unmasked"), STR("procMount")},    {BODY_SECCOMP, STR("Unconfined"), STR("seccompProfile_baseline")},
};

static const struct str allowed_capabilities[] = {
    STR("AUDIT_WRITE"),      STR("CHOWN"),   STR("DAC_OVERRIDE"), STR("FOWNER"),  STR("FSETID"), STR("KILL"),       STR("MKNOD"),
    STR("NET_BIND_SERVICE"), STR("SETFCAP"), STR("SETGID"),       STR("SETPCAP"), STR("SETUID"), STR("SYS_CHROOT"),
};

static bool adds_capabilities(const struct fact *f)
{
    for (size_t i = 0; i < f->body->texts[BODY_CAPABILITIES].n; i++) {
        bool allowed = false;
        for (size_t k = 0; k < sizeof allowed_capabilities / sizeof *allowed_capabilities; k++)
            allowed |= str_eq(f->body->texts[BODY_CAPABILITIES].items[i], allowed_capabilities[k]);
        if (!allowed)
            return true;
    }
    return false;
}

bool has_pod_spec(const struct fact *f)
{
    return body_first(f, BODY_IMAGE).ptr != NULL;
}

struct str breaks_baseline(const struct fact *f)
{
    if (!f->body)
        return STR_NONE;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (checks[i].bad.ptr ? body_has(f, checks[i].text, checks[i].bad) : body_first(f, checks[i].text).ptr != NULL)
            return checks[i].check;
    return adds_capabilities(f) ? STR("capabilities_baseline") : STR_NONE;
}
