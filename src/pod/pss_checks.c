// SPDX-License-Identifier: Apache-2.0
// The checks, each on one pod. They look at what the API server would have decoded: a member of another type than it wants is not there.
#include "pod/pss_private.h"

static struct str name_of(const struct json_value *v)
{
    const struct str name = json_text(json_get(v, STR("name")));
    return name.ptr ? name : STR("without a name");
}

static void add(struct blame *b, const char *who, struct str name, const char *text, struct str value)
{
    if (b->n++ >= BLAMES_MAX)
        return;
    if (b->why->len)
        buf_add(b->why, STR("; "));
    buf_addf(b->why, "%s", who);
    buf_add(b->why, str_slice(name, 0, 256));
    buf_addf(b->why, ": %s", text);
    if (value.ptr) {
        buf_add_char(b->why, ' ');
        buf_add(b->why, value.len ? str_slice(value, 0, 256) : STR("\"\""));
    }
}

void blame_container(struct blame *b, const struct json_value *container, const char *text, struct str value)
{
    add(b, "container ", name_of(container), text, value);
}

void blame_pod(struct blame *b, const char *text, struct str value)
{
    add(b, "pod", STR(""), text, value);
}

static bool is_allowed(const struct str *allowed, struct str word)
{
    for (; allowed->ptr; allowed++) {
        if (str_eq(*allowed, word))
            return true;
    }
    return false;
}

static const struct json_value *context_of(const struct json_value *v)
{
    return present(v, STR("securityContext"));
}

// Calls a look at the pod's and at every container's security context, NULL for those that have none; container NULL: the pod's.
typedef void look_fn(const struct json_value *context, const struct json_value *container, const struct str *allowed, struct blame *blame);

static void blame_either(struct blame *b, const struct json_value *container, const char *text, struct str value)
{
    if (container)
        blame_container(b, container, text, value);
    else
        blame_pod(b, text, value);
}

static void each_context(const struct pod *pod, look_fn *look, bool also_pod, const struct str *allowed, struct blame *blame)
{
    const struct json_value *container;
    if (also_pod)
        look(context_of(pod->spec), NULL, allowed, blame);
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));)
        look(context_of(container), container, allowed, blame);
}

// --- baseline --------------------------------------------------------------------------------------------------------------------

static bool is_default_or_local(struct str type)
{
    return str_eq(type, STR("RuntimeDefault")) || str_eq(type, STR("Localhost"));
}

static struct str type_of(const struct json_value *profile)
{
    const struct str type = json_text(json_get(profile, STR("type")));
    return type.ptr ? type : STR("");
}

static void look_at_app_armor(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                              struct blame *blame)
{
    (void)allowed;
    const struct json_value *profile = present(context, STR("appArmorProfile"));
    if (profile && !is_default_or_local(type_of(profile)))
        blame_either(blame, container, "appArmorProfile.type is", type_of(profile));
}

void check_app_armor(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    const struct json_value *annotations = json_get(pod->metadata, STR("annotations"));
    each_context(pod, look_at_app_armor, true, allowed, blame);
    for (const struct json_value *m = annotations ? annotations->first : NULL; m; m = m->next) {
        const struct str value = json_text(m);
        if (m->key.ptr && str_starts(m->key, STR("container.apparmor.security.beta.kubernetes.io/")) && value.len &&
            !str_eq(value, STR("runtime/default")) && !str_starts(value, STR("localhost/")))
            blame_pod(blame, "an AppArmor annotation is", value);
    }
}

static void look_at_added(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                          struct blame *blame)
{
    const struct json_value *added = json_get(json_get(context, STR("capabilities")), STR("add"));
    for (const struct json_value *v = added ? added->first : NULL; v; v = v->next) {
        if (v->kind == JSON_STRING && !is_allowed(allowed, v->text))
            blame_container(blame, container, "adds the capability", v->text);
    }
}

void check_capabilities(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_added, false, allowed, blame);
}

void check_host_namespaces(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    (void)allowed;
    static const struct str members[] = {STR("hostNetwork"), STR("hostPID"), STR("hostIPC")};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
        if (is_true(pod->spec, members[i]))
            blame_pod(blame, "sets", members[i]);
    }
}

void check_host_path(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    (void)allowed;
    const struct json_value *volumes = json_get(pod->spec, STR("volumes"));
    for (const struct json_value *v = volumes ? volumes->first : NULL; v; v = v->next) {
        if (present(v, STR("hostPath")))
            add(blame, "volume ", name_of(v), "is the node's path", json_text(json_get(json_get(v, STR("hostPath")), STR("path"))));
    }
}

static bool is_number(const struct json_value *v, double *out)
{
    return v && v->kind == JSON_NUMBER && str_to_double(v->text, out);
}

void check_host_ports(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    (void)allowed;
    const struct json_value *container;
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));) {
        const struct json_value *ports = json_get(container, STR("ports"));
        for (const struct json_value *v = ports ? ports->first : NULL; v; v = v->next) {
            const struct json_value *port = json_get(v, STR("hostPort"));
            double number;
            if (is_number(port, &number) && number != 0)
                blame_container(blame, container, "uses hostPort", port->text);
        }
    }
}

static void look_at_handler(const struct json_value *container, const struct json_value *handler, struct blame *blame)
{
    static const struct str kinds[] = {STR("httpGet"), STR("tcpSocket")};
    for (size_t i = 0; i < 2; i++) {
        const struct str host = json_text(json_get(json_get(handler, kinds[i]), STR("host")));
        if (host.len)
            blame_container(blame, container, "a probe or hook goes to the host", host);
    }
}

void check_host_probes(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    (void)allowed;
    const struct json_value *c;
    for (struct container_walk walk = {0}; (c = pod_next_container(pod, &walk));) {
        const struct json_value *lifecycle = json_get(c, STR("lifecycle"));
        look_at_handler(c, json_get(c, STR("livenessProbe")), blame);
        look_at_handler(c, json_get(c, STR("readinessProbe")), blame);
        look_at_handler(c, json_get(c, STR("startupProbe")), blame);
        look_at_handler(c, json_get(lifecycle, STR("postStart")), blame);
        look_at_handler(c, json_get(lifecycle, STR("preStop")), blame);
    }
}

static void look_at_privileged(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                               struct blame *blame)
{
    (void)allowed;
    if (is_true(context, STR("privileged")))
        blame_container(blame, container, "is privileged", STR_NONE);
}

void check_privileged(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_privileged, false, allowed, blame);
}

static void look_at_proc(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                         struct blame *blame)
{
    (void)allowed;
    const struct str mount = json_text(json_get(context, STR("procMount")));
    if (mount.ptr && !str_eq(mount, STR("Default")))
        blame_container(blame, container, "procMount is", mount);
}

void check_proc_mount(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_proc, false, allowed, blame);
}

static void look_at_annotation(const struct pod *pod, struct str key, const struct json_value *container, struct blame *blame)
{
    const struct str value = json_text(json_get(json_get(pod->metadata, STR("annotations")), key));
    if (value.ptr && !str_eq(value, STR("runtime/default")) && !str_eq(value, STR("docker/default")) &&
        !str_starts(value, STR("localhost/")))
        blame_either(blame, container, "the seccomp annotation is", value);
}

// Before 1.19 the profile was an annotation.
void check_seccomp_annotations(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    (void)allowed;
    const struct json_value *container;
    struct buf key;
    look_at_annotation(pod, STR("seccomp.security.alpha.kubernetes.io/pod"), NULL, blame);
    buf_init(&key, 1 << 20);
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));) {
        buf_clear(&key);
        buf_add(&key, STR("container.seccomp.security.alpha.kubernetes.io/"));
        buf_add(&key, json_text(json_get(container, STR("name"))));
        look_at_annotation(pod, buf_str(&key), container, blame);
    }
    buf_fini(&key);
}

static void look_at_seccomp(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                            struct blame *blame)
{
    (void)allowed;
    const struct json_value *profile = present(context, STR("seccompProfile"));
    if (profile && !is_default_or_local(type_of(profile)))
        blame_either(blame, container, "seccompProfile.type is", type_of(profile));
}

void check_seccomp(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_seccomp, true, allowed, blame);
}

static void look_at_se_linux(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                             struct blame *blame)
{
    const struct json_value *options = present(context, STR("seLinuxOptions"));
    const struct str user = json_text(json_get(options, STR("user"))), role = json_text(json_get(options, STR("role")));
    if (!options)
        return;
    if (!is_allowed(allowed, type_of(options)))
        blame_either(blame, container, "seLinuxOptions.type is", type_of(options));
    if (user.len)
        blame_either(blame, container, "seLinuxOptions.user is", user);
    if (role.len)
        blame_either(blame, container, "seLinuxOptions.role is", role);
}

void check_se_linux(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_se_linux, true, allowed, blame);
}

void check_sysctls(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    const struct json_value *sysctls = json_get(context_of(pod->spec), STR("sysctls"));
    for (const struct json_value *v = sysctls ? sysctls->first : NULL; v; v = v->next) {
        const struct str name = json_text(json_get(v, STR("name")));
        if (!is_allowed(allowed, name.ptr ? name : STR("")))
            blame_pod(blame, "sets the kernel parameter", name.ptr ? name : STR(""));
    }
}

static void look_at_host_process(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                                 struct blame *blame)
{
    (void)allowed;
    if (is_true(json_get(context, STR("windowsOptions")), STR("hostProcess")))
        blame_either(blame, container, "is a host process", STR_NONE);
}

void check_windows_host_process(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_host_process, true, allowed, blame);
}

// --- restricted ------------------------------------------------------------------------------------------------------------------

static void look_at_escalation(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                               struct blame *blame)
{
    (void)allowed;
    if (!is_false(context, STR("allowPrivilegeEscalation")))
        blame_container(blame, container, "allowPrivilegeEscalation is not false", STR_NONE);
}

void check_privilege_escalation(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_escalation, false, allowed, blame);
}

static void look_at_dropped(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                            struct blame *blame)
{
    (void)allowed;
    const struct json_value *capabilities = json_get(context, STR("capabilities")), *dropped = json_get(capabilities, STR("drop"));
    const struct json_value *added = json_get(capabilities, STR("add"));
    bool all = false;
    for (const struct json_value *v = dropped ? dropped->first : NULL; v; v = v->next)
        all = all || str_eq(json_text(v), STR("ALL"));
    if (!all)
        blame_container(blame, container, "does not drop ALL capabilities", STR_NONE);
    for (const struct json_value *v = added ? added->first : NULL; v; v = v->next) {
        if (v->kind == JSON_STRING && !str_eq(v->text, STR("NET_BIND_SERVICE")))
            blame_container(blame, container, "adds the capability", v->text);
    }
}

void check_capabilities_dropped(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_dropped, false, allowed, blame);
}

void check_volumes(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    const struct json_value *volumes = json_get(pod->spec, STR("volumes"));
    for (const struct json_value *v = volumes ? volumes->first : NULL; v; v = v->next) {
        struct str other = STR_NONE;
        bool good = false;
        for (const struct json_value *m = v->kind == JSON_OBJECT ? v->first : NULL; m; m = m->next) {
            if (m->kind == JSON_NULL || str_eq(m->key, STR("name")))
                continue;
            good = good || is_allowed(allowed, m->key);
            other = m->key;
        }
        if (!good && other.ptr)
            add(blame, "volume ", name_of(v), "is of the kind", other);
    }
}

// A member that must be true (for runAsNonRoot) on the pod or on each container, and false on none.
static void look_at_non_root(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                             struct blame *blame)
{
    (void)allowed;
    if (is_false(context, STR("runAsNonRoot")))
        blame_either(blame, container, "runAsNonRoot is false", STR_NONE);
}

void check_non_root(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    const struct json_value *container;
    each_context(pod, look_at_non_root, true, allowed, blame);
    if (is_true(context_of(pod->spec), STR("runAsNonRoot")))
        return;
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));) {
        const struct json_value *context = context_of(container);
        if (!is_true(context, STR("runAsNonRoot")) && !is_false(context, STR("runAsNonRoot")))
            blame_container(blame, container, "runAsNonRoot is set neither here nor on the pod", STR_NONE);
    }
}

static void look_at_user(const struct json_value *context, const struct json_value *container, const struct str *allowed,
                         struct blame *blame)
{
    (void)allowed;
    double user;
    if (is_number(json_get(context, STR("runAsUser")), &user) && user == 0)
        blame_either(blame, container, "runAsUser is 0", STR_NONE);
}

void check_user(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    each_context(pod, look_at_user, true, allowed, blame);
}

void check_seccomp_required(const struct pod *pod, const struct str *allowed, struct blame *blame)
{
    const struct json_value *container, *profile = present(context_of(pod->spec), STR("seccompProfile"));
    each_context(pod, look_at_seccomp, true, allowed, blame);
    if (profile && is_default_or_local(type_of(profile)))
        return;
    for (struct container_walk walk = {0}; (container = pod_next_container(pod, &walk));) {
        if (!present(context_of(container), STR("seccompProfile")))
            blame_container(blame, container, "no seccompProfile is set, neither here nor on the pod", STR_NONE);
    }
}
