// SPDX-License-Identifier: Apache-2.0
// Which permissions lead to those of somebody else, and is the shortest way found with what lets each step?
#include "objects.h"

#include "posture/access_path.h"

// A user u in namespace a with these rules, in the whole cluster or there; accounts a/x (runs a pod, its token is in a Secret), b/y and
// k/adm, which is cluster-admin; user adm and group adms, who are, too.
#define WORLD                                                                                                                              \
    "---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: a}, spec: {serviceAccountName: x}}\n"                                 \
    "---\n{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: k}, spec: {serviceAccountName: adm}}\n"                               \
    "---\n{apiVersion: v1, kind: Secret, metadata: {name: t, namespace: a, annotations: {kubernetes.io/service-account.name: x}}, "        \
    "type: kubernetes.io/service-account-token}\n"                                                                                         \
    "---\n{apiVersion: v1, kind: ServiceAccount, metadata: {name: y, namespace: b}}\n"                                                     \
    "---\n{kind: ClusterRole, metadata: {name: all}, rules: [{verbs: ['*'], apiGroups: ['*'], resources: ['*']}]}\n"                       \
    "---\n{kind: ClusterRoleBinding, metadata: {name: all}, roleRef: {kind: ClusterRole, name: all}, subjects: [{kind: User, name: adm}, " \
    "{kind: Group, name: adms}, {kind: ServiceAccount, name: adm, namespace: k}]}\n"

struct way {
    struct arena arena;
    struct diags diags;
    struct access *graph;
    struct access_path path;
    bool found;
};

static struct way way(const char *rules, bool wide, const char *from, const char *to)
{
    struct way w = {0};
    struct access_subject a, b = {0};
    arena_init(&w.arena, ARENA_UNLIMITED);
    diags_init(&w.diags);
    const struct str yaml =
        arena_printf(&w.arena,
                     "%s---\n{kind: %s, metadata: {name: r, namespace: a}, rules: [%s]}\n---\n{kind: %sRoleBinding, metadata: "
                     "{name: u, namespace: a}, roleRef: {kind: %s, name: r}, subjects: [{kind: User, name: u}]}\n",
                     WORLD, wide ? "ClusterRole" : "Role", rules, wide ? "Cluster" : "", wide ? "ClusterRole" : "Role");
    w.graph = graph_of(&w.arena, yaml.ptr, &w.diags);
    assert_true(access_parse_subject(str_from_c(from), &a));
    assert_true(!strcmp(to, "cluster-admin") || access_parse_subject(str_from_c(to), &b));
    w.found = access_find_path(w.graph, &w.arena, &a, &b, &w.path);
    return w;
}

static void end(struct way *w)
{
    access_free(w->graph);
    arena_fini(&w->arena);
    diags_fini(&w->diags);
}

#define CORE(verbs, resources)      "{verbs: [" verbs "], apiGroups: [''], resources: [" resources "]}"
#define IN(group, verbs, resources) "{verbs: [" verbs "], apiGroups: [" group "], resources: [" resources "]}"
#define RBAC                        "rbac.authorization.k8s.io"

static void each_power(void **state)
{
    (void)state;
    static const struct {
        const char *rules;
        bool wide;
        const char *to;
        const char *powers; // of the steps; NULL: no way
    } cases[] = {
        {CORE("create", "pods"), false, "a/x", "create-pods"},
        {CORE("create", "pods"), false, "b/y", NULL},
        {CORE("create", "pods"), true, "b/y", "create-pods"},
        {CORE("create", "pods"), true, "cluster-admin", "create-pods holds"},
        {CORE("create", "pods"), true, "user:adm", "create-pods holds everything"},
        {CORE("get, list", "pods"), true, "cluster-admin", NULL},
        {IN("apps", "patch", "daemonsets"), false, "a/default", "create-workloads"},
        {IN("batch", "create", "cronjobs"), true, "cluster-admin", "create-workloads holds"},
        {CORE("get", "pods/exec"), false, "a/x", "exec"},
        {CORE("get", "pods/exec"), false, "a/default", NULL}, // no pod runs as it
        {CORE("create", "pods/attach"), true, "cluster-admin", "attach holds"},
        {CORE("patch", "pods/ephemeralcontainers"), false, "a/x", "ephemeral-containers"},
        {CORE("patch", "pods"), false, "a/x", "change-pods"},
        {CORE("list", "secrets"), false, "a/x", "read-secrets"},
        {CORE("list", "secrets"), true, "k/adm", NULL}, // its token is in no Secret
        {CORE("create, get", "secrets"), true, "k/adm", "create-secrets"},
        {CORE("create", "serviceaccounts/token"), true, "cluster-admin", "request-token holds"},
        {"{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [adm]}", true, "k/adm", "request-token"},
        {"{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [adm]}", true, "b/y",
         "request-token holds everything"},
        {"{verbs: [create], apiGroups: [''], resources: [serviceaccounts/token], resourceNames: [y]}", true, "k/adm", NULL},
        {CORE("impersonate", "serviceaccounts"), true, "k/adm", "impersonate-accounts"},
        {CORE("impersonate", "users"), true, "user:adm", "impersonate-users"},
        {CORE("impersonate", "users"), true, "cluster-admin", "impersonate-users holds"},
        {"{verbs: [impersonate], apiGroups: [''], resources: [users], resourceNames: [bob]}", true, "cluster-admin", NULL},
        {"{verbs: [impersonate], apiGroups: [''], resources: [users], resourceNames: [bob]}", true, "user:bob", "impersonate-users"},
        {CORE("impersonate", "users, groups"), true, "cluster-admin", "impersonate-groups"},
        {"{verbs: [impersonate], apiGroups: [''], resources: [groups], resourceNames: [adms]}", true, "cluster-admin",
         "impersonate-groups holds"},
        {IN(RBAC, "bind", "clusterroles") ", " IN(RBAC, "create", "clusterrolebindings"), true, "cluster-admin", "bind"},
        {IN(RBAC, "create", "clusterrolebindings"), true, "cluster-admin", NULL}, // only what one has can be given
        {IN(RBAC, "bind", "clusterroles") ", " IN(RBAC, "create", "rolebindings"), false, "a/x", "bind"},
        {IN(RBAC, "escalate, update", "clusterroles"), true, "cluster-admin", "escalate"},
        {IN(RBAC, "update", "clusterroles"), true, "cluster-admin", NULL},
        {IN(RBAC, "escalate, update", "roles"), false, "a/x", "escalate"},
        {CORE("get", "nodes/proxy"), true, "k/adm", "nodes-proxy"},
        {CORE("get", "nodes/proxy"), true, "b/y", "nodes-proxy holds everything"},
        {IN("certificates.k8s.io", "create, update, approve", "'*'"), true, "group:adms", "approve-certificates"},
        {IN("certificates.k8s.io", "create, update, approve", "'*'"), true, "group:system:masters",
         "approve-certificates holds everything"},
        {IN("certificates.k8s.io", "create, update", "'*'"), true, "group:adms", NULL},
        {IN("admissionregistration.k8s.io", "patch", "mutatingwebhookconfigurations"), true, "cluster-admin", "webhooks"},
        {"{verbs: ['*'], apiGroups: ['*'], resources: ['*']}", true, "cluster-admin", "holds"},
        {"{verbs: ['*'], apiGroups: ['*'], resources: ['*']}", false, "cluster-admin", NULL},
        {"", true, "group:system:authenticated", "member"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct way w = way(cases[i].rules, cases[i].wide, "u", cases[i].to);
        struct buf out;
        buf_init(&out, SIZE_MAX);
        for (size_t j = 0; j < w.path.n; j++)
            buf_addf(&out, "%s%.*s", j ? " " : "", STR_ARG(w.path.steps[j].power));
        const char *expected = cases[i].powers ? cases[i].powers : "";
        if (w.found != (cases[i].powers != NULL) || !str_eq(buf_str(&out), str_from_c(expected)))
            fail_msg("%s -> %s: '%.*s', not '%s'", cases[i].rules, cases[i].to, STR_ARG(buf_str(&out)), expected);
        buf_fini(&out);
        end(&w);
    }
}

static void steps_name_what_lets_them(void **state)
{
    (void)state;
    struct way w = way(CORE("create", "pods"), true, "u", "cluster-admin");
    assert_int_equal(w.path.n, 2);
    const struct access_step *s = w.path.steps;
    assert_true(str_eq(s[0].from.name, STR("u")) && str_eq(s[0].to.name, STR("adm")) && str_eq(s[1].from.name, STR("adm")));
    assert_true(str_eq(s[0].grants[0].binding->name, STR("u")) && str_eq(s[1].grants[0].binding->name, STR("all")));
    assert_null(s[1].to.name.ptr);
    end(&w);
    w = way("", true, "u", "u");
    assert_true(w.found && w.path.n == 0);
    end(&w);
    w = way("", true, "system:masters", "b/y");
    assert_int_equal(w.path.n, 2);
    assert_null(w.path.steps[0].grants[0].binding);
    end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_power),
        cmocka_unit_test(steps_name_what_lets_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
