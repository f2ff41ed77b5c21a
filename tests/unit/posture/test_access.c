// SPDX-License-Identifier: Apache-2.0
// Does the graph allow what Kubernetes' RBAC authorizer allows, to whom, and through what?
#include "objects.h"

#include "posture/access_diff.h"

struct fixture {
    struct arena arena;
    struct diags diags;
    struct access *graph;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    arena_init(&f->arena, ARENA_UNLIMITED);
    diags_init(&f->diags);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    access_free(f->graph);
    arena_fini(&f->arena);
    diags_fini(&f->diags);
    free(f);
    return 0;
}

static void load(struct fixture *f, const char *yaml)
{
    access_free(f->graph);
    f->graph = graph_of(&f->arena, yaml, &f->diags);
}

static struct access_identity identity(struct fixture *f, const char *subject)
{
    struct access_subject s;
    assert_true(access_parse_subject(str_from_c(subject), &s));
    return access_identity_of(&f->arena, &s, NULL, 0);
}

// "VERB RESOURCE [NAME]" in a namespace ("" for none).
static struct access_action action(struct fixture *f, const char *ns, const char *text)
{
    struct str rest = str_from_c(text);
    struct access_action a;
    const struct str verb = str_split(&rest, ' '), resource = str_split(&rest, ' ');
    (void)access_parse_resource(f->graph, resource, &a);
    a.verb = verb;
    a.ns = str_from_c(ns);
    a.name = rest.ptr ? rest : STR("");
    return a;
}

static void check(struct fixture *f, const char *subject, const char *ns, const char *text, bool expected)
{
    const struct access_identity who = identity(f, subject);
    const struct access_action a = action(f, ns, text);
    if (access_allows(f->graph, &who, &a, NULL) != expected)
        fail_msg("%s may%s %s in '%s'", subject, expected ? " not" : "", text, ns);
}
#define may(subject, ns, text)     check(f, subject, ns, text, true)
#define may_not(subject, ns, text) check(f, subject, ns, text, false)

#define ROLE(kind, name, rules) "---\n{kind: " kind ", metadata: {name: " name ", namespace: a}, rules: [" rules "]}\n"
#define BIND(kind, name, role_kind, role, subjects)                                                                                        \
    "---\n{kind: " kind ", metadata: {name: " name ", namespace: a}, roleRef: {kind: " role_kind ", name: " role "}, subjects: [" subjects \
    "]}\n"

static void words_of_a_rule(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *rule, *yes, *no;
    } cases[] = {
        {"{verbs: [get], apiGroups: [''], resources: [pods]}", "get pods x", "get pods/log x"},
        {"{verbs: [get], apiGroups: [''], resources: [pods]}", "get pods", "list pods"},
        {"{verbs: ['*'], apiGroups: [''], resources: [pods]}", "escalate pods", "get secrets"},
        {"{verbs: [get], apiGroups: [''], resources: ['*']}", "get pods/exec", "get deployments"},
        {"{verbs: [get], apiGroups: ['*'], resources: [deployments]}", "get deployments", "get deployments/scale"},
        {"{verbs: [get], apiGroups: ['*'], resources: ['deployments/*']}", "get pods/*.no", "get deployments/scale"},
        {"{verbs: [get], apiGroups: ['*'], resources: ['*/scale']}", "get deployments/scale", "get deployments"},
        {"{verbs: [get], apiGroups: ['*'], resources: ['*/scale']}", "get statefulsets/scale", "get deployments/xscale"},
        {"{verbs: [get], apiGroups: [''], resources: [pods/log]}", "get pods/log", "get pods"},
        {"{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [x, y]}", "get secrets y", "get secrets z"},
        {"{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: [x]}", "get secrets x", "get secrets"},
        {"{verbs: [get], apiGroups: [''], resources: [secrets], resourceNames: ['*']}", "get secrets *", "get secrets x"},
        {"{verbs: [get], apiGroups: [apps], resources: [pods]}", "get pods.apps", "get pods"},
        {"{verbs: [get], resources: [pods]}", "get pods.no/x", "get pods"}, // without apiGroups: nothing
        {"{verbs: ['*'], apiGroups: ['*'], resources: ['*']}", "* *", "get /version"},
        {"{verbs: [get], apiGroups: ['*'], resources: ['*']}", "get *", "* *"},
        {"{verbs: [get], nonResourceURLs: [/healthz]}", "get /healthz", "get /healthz/etcd"},
        {"{verbs: [get], nonResourceURLs: ['/healthz/*']}", "get /healthz/etcd", "get /healthz"},
        {"{verbs: [get], nonResourceURLs: ['/he**']}", "get /healthz", "get /metrics"},
        {"{verbs: [get], nonResourceURLs: ['*']}", "get /metrics", "get pods"},
        {"{verbs: ['*'], nonResourceURLs: ['/a*b']}", "get /a*b", "get /axb"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct str yaml = arena_printf(&f->arena, "%s%s---\n{kind: ClusterRole, metadata: {name: r}, rules: [%s]}\n", "",
                                             BIND("ClusterRoleBinding", "b", "ClusterRole", "r", "{kind: User, name: u}"), cases[i].rule);
        load(f, yaml.ptr);
        if (!strstr(cases[i].yes, ".no"))
            may("u", "", cases[i].yes);
        may_not("u", "", cases[i].no);
    }
}

static void scopes(void **state)
{
    struct fixture *f = *state;
    load(f, ROLE("ClusterRole", "read", "{verbs: [get], apiGroups: ['', apps], resources: ['*']}, {verbs: [get], nonResourceURLs: ['*']}")
                ROLE("Role", "own", "{verbs: [list], apiGroups: [''], resources: [pods]}") BIND("ClusterRoleBinding", "all", "ClusterRole",
                                                                                                "read", "{kind: User, name: wide}")
                    BIND("RoleBinding", "here", "ClusterRole", "read", "{kind: User, name: here}")
                        BIND("RoleBinding", "own", "Role", "own", "{kind: User, name: own}") BIND("ClusterRoleBinding", "wrong", "Role",
                                                                                                  "own", "{kind: User, name: wrong}")
                            BIND("RoleBinding", "dangling", "Role", "gone",
                                 "{kind: User, name: dangling}") "---\n{kind: RoleBinding, metadata: {name: own, namespace: b}, roleRef: "
                                                                 "{kind: Role, name: own}, subjects: [{kind: User, name: other}]}\n");
    may("wide", "a", "get pods");
    may("wide", "", "get nodes");
    may("here", "a", "get pods");
    may_not("here", "b", "get pods");
    may_not("here", "", "get pods");
    may_not("here", "", "get /version"); // a RoleBinding gives no path
    may("wide", "", "get /version");
    may("own", "a", "list pods");
    may_not("wrong", "a", "list pods");
    may_not("dangling", "a", "list pods");
    may_not("other", "b", "list pods"); // the Role is in another namespace
    assert_true(said(&f->diags, "RoleBinding a/dangling refers to Role gone"));
    assert_true(said(&f->diags, "ClusterRoleBinding wrong refers to Role own"));
    assert_true(said(&f->diags, "RoleBinding b/own refers to Role own"));
}

static void subjects(void **state)
{
    struct fixture *f = *state;
#define RULES "{verbs: [get], apiGroups: [''], resources: [pods]}"
    load(f, ROLE("ClusterRole", "r", RULES) BIND("RoleBinding", "b1", "ClusterRole", "r", "{kind: ServiceAccount, name: x}")
                BIND("ClusterRoleBinding", "b2", "ClusterRole", "r", "{kind: ServiceAccount, name: lost}")
                    BIND("ClusterRoleBinding", "b3", "ClusterRole", "r", "{kind: Group, name: 'system:serviceaccounts:c'}")
                        BIND("ClusterRoleBinding", "b4", "ClusterRole", "r", "{kind: User, name: 'system:serviceaccount:d:y'}")
                            BIND("ClusterRoleBinding", "b5", "ClusterRole", "r", "{kind: Robot, name: z}"));
    may("serviceaccount:a/x", "a", "get pods"); // the binding's namespace when the subject has none
    may_not("serviceaccount:b/x", "a", "get pods");
    may_not("serviceaccount:default/lost", "", "get pods"); // a ClusterRoleBinding has none
    may("serviceaccount:c/any", "", "get pods");
    may("group:system:serviceaccounts:c", "", "get pods");
    may("system:serviceaccount:d:y", "", "get pods");
    may_not("user:z", "", "get pods");
    may("system:masters", "anywhere", "delete nodes"); // without any binding
    load(f,
         ROLE("ClusterRole", "r", RULES) BIND("ClusterRoleBinding", "b1", "ClusterRole", "r", "{kind: Group, name: 'system:authenticated'}")
             BIND("RoleBinding", "b2", "ClusterRole", "r", "{kind: Group, name: 'system:unauthenticated'}"));
    may("user:somebody", "", "get pods");
    may("serviceaccount:q/w", "", "get pods");
    may_not("system:anonymous", "", "get pods");
    may("system:anonymous", "a", "get pods");
    may_not("group:system:unauthenticated", "", "get pods");
    // v1alpha1 wrote everybody as a user called *.
    load(f, ROLE("ClusterRole", "r",
                 RULES) "---\n{apiVersion: rbac.authorization.k8s.io/v1alpha1, kind: ClusterRoleBinding, metadata: {name: b},"
                        " roleRef: {kind: ClusterRole, name: r}, subjects: [{kind: User, name: '*'}]}\n");
    may("user:somebody", "", "get pods");
    may_not("system:anonymous", "", "get pods");
}

static void names_that_stand_twice(void **state)
{
    struct fixture *f = *state;
    load(f, ROLE("ClusterRole", "r", "{verbs: [get], apiGroups: [''], resources: [pods]}")
                BIND("ClusterRoleBinding", "b", "ClusterRole", "r", "{kind: User, name: first}")
                    BIND("ClusterRoleBinding", "b", "ClusterRole", "r", "{kind: User, name: second}")
                        ROLE("Role", "r", "{verbs: [list], apiGroups: [''], resources: [pods]}")); // another kind is another object
    may_not("first", "", "get pods");
    may("second", "", "get pods");
    assert_true(said(&f->diags, "ClusterRoleBinding b replaces an earlier one"));
    assert_false(said(&f->diags, "Role a/r replaces"));
}

static void objects_the_api_server_refuses(void **state)
{
    struct fixture *f = *state;
    load(f, ROLE("ClusterRole", "r", "{verbs: get, apiGroups: [''], resources: [pods]}")
                ROLE("ClusterRole", "s",
                     "{verbs: [1], apiGroups: [''], resources: [pods]}") "---\n{kind: ClusterRole, metadata: {name: t}, rules: "
                                                                         "{}}\n---\n{kind: ClusterRole, metadata: {name: nothing}, rules: "
                                                                         "null}\n" BIND("ClusterRoleBinding", "b", "Pod", "r",
                                                                                        "{kind: User, name: u}"));
    assert_true(said(&f->diags, "ClusterRole r is left out: verbs is no list of texts"));
    assert_true(said(&f->diags, "ClusterRole s is left out"));
    assert_true(said(&f->diags, "ClusterRole t is left out: rules is no list"));
    assert_true(said(&f->diags, "ClusterRoleBinding b is left out"));
    size_t n;
    (void)access_roles(f->graph, &n);
    assert_int_equal(n, 1);
}

#define PART(name, labels, verb)                                                                                                           \
    "---\n{kind: ClusterRole, metadata: {name: " name ", labels: {" labels "}}, rules: [{verbs: [" verb                                    \
    "], apiGroups: [''], resources: [pods]}]}\n"
#define WHOLE(name, labels, selectors, rules)                                                                                              \
    "---\n{kind: ClusterRole, metadata: {name: " name ", labels: {" labels "}}, aggregationRule: {clusterRoleSelectors: [" selectors       \
    "]}, rules: [" rules "]}\n" BIND("ClusterRoleBinding", name, "ClusterRole", name, "{kind: User, name: " name "}")
#define RULE(verb) "{verbs: [" verb "], apiGroups: [''], resources: [pods]}"

static void aggregation(void **state)
{
    struct fixture *f = *state;
    load(f, PART("one", "l: v, m: x", "get") PART("two", "l: w", "list") PART("three", "k: ''", "watch")
                WHOLE("equal", "own: x", "{matchLabels: {l: v}}", RULE("delete"))
                    WHOLE("in", "own: x", "{matchExpressions: [{key: l, operator: In, values: [v, w]}]}", "")
                        WHOLE("both", "own: x", "{matchLabels: {l: v, m: y}}, {matchExpressions: [{key: k, operator: Exists}]}", "")
                            WHOLE("notin", "own: x",
                                  "{matchExpressions: [{key: l, operator: NotIn, values: [v]}, {key: own, operator: DoesNotExist}]}", "")
                                WHOLE("everything", "own: x", "{}", "") WHOLE("nobody", "own: x", "", RULE("delete")));
    may("equal", "", "get pods");
    may_not("equal", "", "list pods");
    may_not("equal", "", "delete pods"); // overwritten
    assert_true(said(&f->diags, "ClusterRole equal is aggregated"));
    may("in", "", "get pods");
    may("in", "", "list pods");
    may("both", "", "watch pods");
    may_not("both", "", "get pods");
    may("notin", "", "list pods");
    may_not("notin", "", "get pods");
    may("everything", "", "watch pods");
    may_not("nobody", "", "delete pods");
    // Through each other, in circles, and to oneself.
    load(f,
         PART("leaf", "to: c", "get") WHOLE("top", "", "{matchLabels: {to: a}}", "")
             WHOLE("mid", "to: a", "{matchLabels: {to: c}}", RULE("delete")) WHOLE("x", "to: y", "{matchLabels: {to: x}}", RULE("create"))
                 WHOLE("y", "to: x", "{matchLabels: {to: y}}", "") WHOLE("self", "to: s", "{matchLabels: {to: s}}", RULE("create")));
    may("top", "", "get pods");
    may_not("top", "", "delete pods");
    may("y", "", "create pods");
    may("x", "", "create pods");
    may_not("self", "", "create pods");
    // A live cluster's controller has done it.
    load(f, PART("part", "l: v", "get") "---\n{kind: ClusterRole, metadata: {name: live, uid: u}, aggregationRule: {clusterRoleSelectors: "
                                        "[{matchLabels: {l: v}}]}, rules: [" RULE("list") "]}\n" BIND(
                                            "ClusterRoleBinding", "b", "ClusterRole", "live", "{kind: User, name: live}"));
    may("live", "", "list pods");
    may_not("live", "", "get pods");
}

static void what_kubectl_calls_resources(void **state)
{
    struct fixture *f = *state;
    load(f,
         "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: x}, spec: {group: ex.org, scope: Cluster, "
         "names: {plural: widgets, singular: widget, shortNames: [wd]}}}\n");
    static const struct {
        const char *text, *group, *resource, *subresource;
        bool known, cluster;
    } cases[] = {
        {"pods", "", "pods", "", true, false},
        {"po", "", "pods", "", true, false},
        {"Deployment", "apps", "deployments", "", true, false},
        {"deploy/scale", "apps", "deployments", "scale", true, false},
        {"deployments.extensions", "extensions", "deployments", "", true, false},
        {"no", "", "nodes", "", true, true},
        {"nodes/proxy", "", "nodes", "proxy", true, true},
        {"csr/approval", "certificates.k8s.io", "certificatesigningrequests", "approval", true, true},
        {"wd/status", "ex.org", "widgets", "status", true, true},
        {"widgets.ex.org", "ex.org", "widgets", "", true, true},
        {"gadgets", "", "gadgets", "", false, false},
        {"gadgets.ex.org", "ex.org", "gadgets", "", true, false},
        {"*", "*", "*", "", true, false},
        {"*/scale", "*", "*", "scale", true, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct access_action a = {0};
        const bool known = access_parse_resource(f->graph, str_from_c(cases[i].text), &a);
        if (known != cases[i].known || !str_eq(a.group, str_from_c(cases[i].group)) || !str_eq(a.resource, str_from_c(cases[i].resource)) ||
            !str_eq(a.subresource.ptr ? a.subresource : STR(""), str_from_c(cases[i].subresource)) || a.cluster_scoped != cases[i].cluster)
            fail_msg("%s: %d %.*s %.*s %.*s", cases[i].text, known, STR_ARG(a.group), STR_ARG(a.resource), STR_ARG(a.subresource));
    }
    struct access_action path;
    assert_true(access_parse_resource(f->graph, STR("/metrics"), &path));
    assert_true(!path.resource.ptr && str_eq(path.path, STR("/metrics")));
}

static void who_is_meant(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum subject_kind kind;
        const char *ns, *name;
    } cases[] = {
        {"alice", SUBJECT_USER, "", "alice"},
        {"user:system:masters", SUBJECT_USER, "", "system:masters"},
        {"system:masters", SUBJECT_GROUP, "", "system:masters"},
        {"system:anonymous", SUBJECT_USER, "", "system:anonymous"},
        {"group:dev", SUBJECT_GROUP, "", "dev"},
        {"serviceaccount:a/b", SUBJECT_ACCOUNT, "a", "b"},
        {"sa:a:b", SUBJECT_ACCOUNT, "a", "b"},
        {"system:serviceaccount:a:b", SUBJECT_ACCOUNT, "a", "b"},
        {"user:system:serviceaccount:a:b", SUBJECT_ACCOUNT, "a", "b"},
        {"system:serviceaccounts:a", SUBJECT_GROUP, "", "system:serviceaccounts:a"},
        {"a/b", SUBJECT_ACCOUNT, "a", "b"},
        {"https://issuer#bob", SUBJECT_USER, "", "https://issuer#bob"},
    };
    struct access_subject s;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!access_parse_subject(str_from_c(cases[i].text), &s) || s.kind != cases[i].kind || !str_eq(s.name, str_from_c(cases[i].name)) ||
            (s.kind == SUBJECT_ACCOUNT && !str_eq(s.ns, str_from_c(cases[i].ns))))
            fail_msg("%s: %d %.*s/%.*s", cases[i].text, (int)s.kind, STR_ARG(s.ns), STR_ARG(s.name));
    }
    assert_false(access_parse_subject(STR(""), &s));
    assert_false(access_parse_subject(STR("group:"), &s));
    assert_false(access_parse_subject(STR("system:serviceaccount:a"), &s));
}

static void note_grant(void *context, const struct access_grant *g)
{
    buf_addf(context, "%.*s<%.*s ", STR_ARG(g->subject.name), STR_ARG(g->binding ? g->binding->name : STR("-")));
}

static void answers_name_what_gives_them(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    load(f, ROLE("ClusterRole", "r", RULES ", {verbs: [list], apiGroups: [''], resources: [nodes]}")
                BIND("RoleBinding", "here", "ClusterRole", "r", "{kind: User, name: u}, {kind: Group, name: g}")
                    BIND("ClusterRoleBinding", "wide", "ClusterRole", "r", "{kind: User, name: w}"));
    buf_init(&out, SIZE_MAX);
    struct access_action a = action(f, "", "get pods");
    access_who_can(f->graph, &a, false, note_grant, &out);
    assert_true(str_eq(buf_str(&out), STR("system:masters<- w<wide ")));
    buf_clear(&out);
    access_who_can(f->graph, &a, true, note_grant, &out);
    assert_true(str_eq(buf_str(&out), STR("system:masters<- w<wide u<here g<here ")));
    buf_clear(&out);
    a = action(f, "", "list nodes"); // is in no namespace: a RoleBinding does not help
    access_who_can(f->graph, &a, true, note_grant, &out);
    assert_true(str_eq(buf_str(&out), STR("system:masters<- w<wide ")));
    buf_clear(&out);
    const struct str groups[] = {STR("g")};
    const struct access_subject somebody = {.kind = SUBJECT_USER, .name = STR("u")};
    const struct access_identity who = access_identity_of(&f->arena, &somebody, groups, 1);
    access_of(f->graph, &who, note_grant, &out);
    assert_true(str_eq(buf_str(&out), STR("u<here u<here ")));
    buf_fini(&out);
}

static void note_change(void *context, const struct access_change *c)
{
    const struct access_rule *r = c->grant.rule;
    buf_addf(context, "%c%.*s:", c->gained ? '+' : '-', STR_ARG(c->grant.subject.name));
    for (size_t i = 0; i < r->verbs.n; i++)
        buf_addf(context, "%s%.*s", i ? "," : "", STR_ARG(r->verbs.items[i]));
    buf_addf(context, "/%.*s%.*s ", STR_ARG(r->resources.n ? r->resources.items[0] : STR("")),
             STR_ARG(r->urls.n ? r->urls.items[0] : STR("")));
}

static void differences_in_effect(void **state)
{
    struct fixture *f = *state;
    struct buf out;
    buf_init(&out, SIZE_MAX);
    struct access *old = graph_of(&f->arena,
                                  ROLE("ClusterRole", "r", "{verbs: [get, list], apiGroups: [''], resources: [pods, secrets]}")
                                      BIND("ClusterRoleBinding", "b", "ClusterRole", "r", "{kind: User, name: u}")
                                          BIND("RoleBinding", "b", "ClusterRole", "r", "{kind: User, name: v}"),
                                  &f->diags);
    // Otherwise written; v has the same through another binding; u lost the Secrets and gained pods/exec and a path.
    struct access *new = graph_of(&f->arena,
                                  ROLE("ClusterRole", "x",
                                       "{verbs: [list], apiGroups: [''], resources: [pods]}, {verbs: [get], apiGroups: [''], "
                                       "resources: [pods, pods/exec]}, {verbs: [get], nonResourceURLs: [/metrics]}")
                                      ROLE("ClusterRole", "y", "{verbs: [get, list], apiGroups: ['*'], resources: ['*']}")
                                          BIND("ClusterRoleBinding", "c", "ClusterRole", "x", "{kind: User, name: u}")
                                              BIND("RoleBinding", "c", "ClusterRole", "y", "{kind: User, name: v}"),
                                  &f->diags);
    access_diff(old, old, note_change, &out);
    assert_int_equal(out.len, 0);
    access_diff(old, new, note_change, &out);
    if (!str_eq(buf_str(&out), STR("+u:get/pods/exec +u:get//metrics +v:get,list/* -u:get,list/secrets ")))
        fail_msg("%.*s", STR_ARG(buf_str(&out)));
    access_free(old);
    access_free(new);
    buf_fini(&out);
}

// Bindings bring accounts and namespaces with them that no object has told of.
static void many_accounts_of_many_namespaces(void **state)
{
    (void)state;
    struct arena arena;
    struct diags diags;
    struct buf yaml;
    size_t n;
    arena_init(&arena, ARENA_UNLIMITED);
    diags_init(&diags);
    buf_init(&yaml, SIZE_MAX);
    for (unsigned i = 0; i < 300; i++)
        buf_addf(&yaml,
                 "---\n{kind: RoleBinding, metadata: {name: b, namespace: n%u}, roleRef: {kind: ClusterRole, name: r}, subjects: "
                 "[{kind: ServiceAccount, name: a%u, namespace: m%u}]}\n",
                 i, i, i);
    buf_add_char(&yaml, '\0');
    struct access *a = graph_of(&arena, yaml.ptr, &diags);
    assert_non_null(access_bindings(a, &n));
    assert_int_equal(n, 300);
    access_free(a);
    buf_fini(&yaml);
    diags_fini(&diags);
    arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_accounts_of_many_namespaces),
        cmocka_unit_test_setup_teardown(words_of_a_rule, set_up, tear_down),
        cmocka_unit_test_setup_teardown(scopes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(subjects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names_that_stand_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(objects_the_api_server_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(aggregation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_kubectl_calls_resources, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_is_meant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(answers_name_what_gives_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(differences_in_effect, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
