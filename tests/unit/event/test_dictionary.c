// SPDX-License-Identifier: Apache-2.0
// Does a dictionary give each name its paths, cut native names every way, and say what can never match? And is the audit dictionary
// what the rules count on?
#include "codec/yaml/yaml.h"
#include "event/event.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CHECK_LOADS(d, yaml)                                                                                                               \
    do {                                                                                                                                   \
        struct diags diags_;                                                                                                               \
        diags_init(&diags_);                                                                                                               \
        assert_int_equal(dictionary_load(&(d), (struct yaml_source){.name = STR("test.yml"), .text = STR(yaml)}, &diags_), ST_OK);         \
        diags_fini(&diags_);                                                                                                               \
    } while (0)

// "rank:key/key rank:key ..." with keys divided by '>'.
static struct str shown(struct arena *a, const struct field_path *paths, size_t n)
{
    struct str text = STR("");
    for (size_t i = 0; i < n; i++) {
        text = arena_printf(a, "%.*s%s%u:", STR_ARG(text), i ? " " : "", paths[i].rank);
        for (size_t k = 0; k < paths[i].n; k++)
            text = arena_printf(a, "%.*s%s%.*s", STR_ARG(text), k ? ">" : "", STR_ARG(paths[i].keys[k]));
    }
    return text;
}

static void assert_field(const struct dictionary *d, struct arena *a, const char *name, const char *want)
{
    const struct field *f = dictionary_field(d, str_from_c(name), a);
    struct str got = shown(a, f->paths, f->n_paths);
    if (!str_eq(got, str_from_c(want)))
        fail_msg("%s: got '%.*s', want '%s'", name, STR_ARG(got), want);
}

static void patterns_stand_for_paths(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d;
    arena_init(&a, ARENA_UNLIMITED);
    CHECK_LOADS(d, "stream: t\n"
                   "sets:\n"
                   "  body: [[req], [resp]]\n"
                   "  pod: [['{body}.spec', req.value], '{body}.tpl.spec']\n"
                   "fields:\n"
                   "  one: {path: a.b, about: x}\n"
                   "  quoted: {path: 'a.\"x.y/z\".b', about: x}\n"
                   "  either: {path: 'a.{b,\"c.d\",e.f}.g', about: x}\n"
                   "  ranks: {path: [a, [b, c], a], about: x}\n"
                   "  set: {path: '{body}.kind', about: x}\n"
                   "  sets: {path: '{pod}.x', about: x}\n"
                   "  bare: {path: '{body}', about: x}\n");
    assert_field(d, &a, "one", "0:a>b");
    assert_field(d, &a, "quoted", "0:a>x.y/z>b");
    assert_field(d, &a, "either", "0:a>b>g 0:a>c.d>g 0:a>e>f>g");
    assert_field(d, &a, "ranks", "0:a 1:b 1:c");
    assert_field(d, &a, "set", "0:req>kind 1:resp>kind");
    assert_field(d, &a, "sets", "0:req>spec>x 0:req>value>x 1:resp>spec>x 1:req>tpl>spec>x 2:resp>tpl>spec>x");
    assert_field(d, &a, "bare", "0:req 1:resp");
    dictionary_free(d);
    arena_fini(&a);
}

static void mistakes_are_pointed_at(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        const char *says;
    } samples[] = {
        {"fields: {}\n", 1, "'stream' is missing"},
        {"stream: t\nfield: {}\n", 2, "unknown key 'field'"},
        {"stream: t\nfields:\n  a: {path: b}\n", 3, "'about' is missing"},
        {"stream: t\nfields:\n  a: {about: b}\n", 3, "either 'path' or 'of'"},
        {"stream: t\nfields:\n  a: {of: b, about: c}\n", 3, "not a field above"},
        {"stream: t\nfields:\n  a: {path: b, transform: magic, about: c}\n", 3, "unknown transform 'magic'"},
        {"stream: t\nfields:\n  a: {path: b, transform: lookalike, about: c}\n", 3, "compares with 'names'"},
        {"stream: t\nfields:\n  a: {path: b, transform: lookalike, names: n, about: c}\n", 3, "not in `names`"},
        {"stream: t\nfields:\n  a: {path: b, pick: some, about: c}\n", 3, "pick is"},
        {"stream: t\nfields:\n  a: {path: 'b..c', about: c}\n", 3, "keys are divided by dots"},
        {"stream: t\nfields:\n  a: {path: 'b.\"c', about: c}\n", 3, "keys are divided by dots"},
        {"stream: t\nfields:\n  a: {path: '{b}', about: c}\n", 3, "not in `sets`"},
        {"stream: t\nsets:\n  s: '{s}'\nfields:\n  a: {path: '{s}', about: c}\n", 5, "in a circle"},
        {"stream: t\nschema:\n  a: strange\n", 3, "a schema knows"},
        {"stream: t\nscopes:\n  a: {about: b}\n", 3, "'path' is missing"},
        {"stream: t\n---\nstream: u\n", 0, "one document"},
    };
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct dictionary *d;
        struct diags diags;
        diags_init(&diags);
        assert_int_equal(dictionary_load(&d, (struct yaml_source){.name = STR("t.yml"), .text = str_from_c(samples[i].text)}, &diags),
                         ST_INPUT);
        assert_null(d);
        assert_int_equal(diags.errors, 1);
        assert_int_equal(diags.items[0].line, samples[i].line);
        if (str_find(diags.items[0].text, str_from_c(samples[i].says), 0) == SIZE_MAX)
            fail_msg("%s: '%.*s'", samples[i].text, STR_ARG(diags.items[0].text));
        diags_fini(&diags);
    }
}

static void native_names_are_cut_every_way(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d = dictionary_generic();
    arena_init(&a, ARENA_UNLIMITED);
    assert_true(str_eq(dictionary_stream(d), STR("generic")));
    assert_field(d, &a, "a", "0:a");
    assert_field(d, &a, "", "0:");
    assert_field(d, &a, "a.b", "0:a.b 1:a>b");
    assert_field(d, &a, "a.b.c", "0:a.b.c 1:a>b>c 2:a.b>c 2:a>b.c");
    assert_field(d, &a, "a..b", "0:a..b 1:a>>b 2:a.>b 2:a>.b");
    size_t n = dictionary_field(d, STR("a.b.c.d.e.f.g"), &a)->n_paths;
    assert_int_equal(n, 64);
    assert_field(d, &a, "a.b.c.d.e.f.g.h", "0:a.b.c.d.e.f.g.h 1:a>b>c>d>e>f>g>h");
    struct str many = arena_printf(&a, "%0*d", 100, 0);
    for (size_t i = 0; i < many.len; i++)
        ((char *)(uintptr_t)many.ptr)[i] = '.';
    const struct field *f = dictionary_field(d, many, &a);
    assert_int_equal(f->n_paths, 1);
    assert_true(str_eq(f->paths[0].keys[0], many));
    dictionary_free(d);
    arena_fini(&a);
}

static void long_annotation_keys_stay_whole(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d = dictionary_generic();
    arena_init(&a, ARENA_UNLIMITED);
    const struct field *f = dictionary_field(d, STR("r.spec.template.metadata.annotations.container.security.beta.k8s.io/x.y"), &a);
    struct str all = shown(&a, f->paths, f->n_paths);
    assert_true(str_find(all, STR("2:r>spec>template>metadata>annotations>container.security.beta.k8s.io/x.y"), 0) != SIZE_MAX);
    assert_true(f->n_paths < 40);
    dictionary_free(d);
    arena_fini(&a);
}

// --- the audit dictionary ------------------------------------------------------------------------------------------------------------

static char audit_text[256 * 1024];

static struct dictionary *audit(void)
{
    FILE *file = fopen(AUDIT_YML, "rb");
    assert_non_null(file);
    size_t n = fread(audit_text, 1, sizeof audit_text, file);
    (void)fclose(file);
    assert_true(n < sizeof audit_text);
    struct dictionary *d;
    struct diags diags;
    diags_init(&diags);
    if (dictionary_load(&d, (struct yaml_source){.name = STR(AUDIT_YML), .text = str_make(audit_text, n)}, &diags) != ST_OK) {
        struct buf out;
        buf_init(&out, 4096);
        diag_write(&out, &diags.items[0]);
        fail_msg("%.*s", STR_ARG(buf_str(&out)));
    }
    diags_fini(&diags);
    return d;
}

static const char *const used_by_rules[] = {
    "verb",
    "level",
    "stage",
    "user.name",
    "user.groups",
    "user.serviceaccount.namespace",
    "user.serviceaccount.name",
    "impersonated.name",
    "impersonated.groups",
    "source.address",
    "source.addresses",
    "source.kind",
    "agent",
    "agent.product",
    "uri",
    "uri.path",
    "object.resource",
    "object.subresource",
    "object.group",
    "object.namespace",
    "object.name",
    "object.lookalike",
    "code",
    "decision",
    "reason",
    "grant.binding",
    "grant.role",
    "grant.subject",
    "exec.command",
    "dry_run",
    "pod.image",
    "pod.image.registry",
    "pod.image.repository",
    "pod.image.account",
    "pod.image.tag",
    "pod.image.lookalike",
    "pod.command",
    "pod.probe.command",
    "pod.env.value",
    "pod.privileged",
    "pod.capabilities.add",
    "pod.hostpath",
    "pod.hostnetwork",
    "pod.hostpid",
    "pod.hostipc",
    "pod.shareprocessnamespace",
    "pod.serviceaccount",
    "pod.node",
    "pod.priorityclass",
    "pod.tolerations.operator",
    "pod.tolerations.key",
    "pod.automount",
    "pod.owner.kind",
    "workload.replicas",
    "cronjob.schedule",
    "service.type",
    "service.externalips",
    "service.sourceranges",
    "service.selector",
    "service.port",
    "ingress.tls",
    "role.verbs",
    "role.resources",
    "role.groups",
    "role.nonresourceurls",
    "binding.role.kind",
    "binding.role.name",
    "binding.subject.kind",
    "binding.subject.name",
    "binding.subject.namespace",
    "csr.username",
    "csr.groups",
    "csr.signer",
    "csr.usages",
    "csr.condition.type",
    "webhook.url",
    "webhook.service.name",
    "webhook.failurepolicy",
    "webhook.resources",
    "configmap.data",
    "token.audiences",
    "token.expiration",
    "object.labels",
    "response.name",
    "response.uid",
};

static void the_audit_dictionary_has_what_rules_use(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d = audit();
    arena_init(&a, ARENA_UNLIMITED);
    size_t n;
    const struct field *fields = dictionary_fields(d, &n);
    for (size_t i = 0; i < sizeof used_by_rules / sizeof *used_by_rules; i++) {
        const struct field *f = dictionary_field(d, str_from_c(used_by_rules[i]), &a);
        if (f < fields || f >= fields + n)
            fail_msg("%s is not in the dictionary", used_by_rules[i]);
    }
    static const char *const scopes[] = {"pod.container", "pod.volume", "role.rule", "binding.subject"};
    for (size_t i = 0; i < sizeof scopes / sizeof *scopes; i++)
        assert_non_null(dictionary_scope(d, str_from_c(scopes[i])));
    assert_null(dictionary_scope(d, STR("pod.nothing")));
    dictionary_free(d);
    arena_fini(&a);
}

static void audit_fields_are_where_events_have_them(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d = audit();
    arena_init(&a, ARENA_UNLIMITED);
    assert_field(d, &a, "reason", "0:annotations>authorization.k8s.io/reason");
    assert_field(d, &a, "object.name", "0:objectRef>name 1:responseObject>metadata>name 2:requestObject>metadata>name");
    assert_int_equal(dictionary_field(d, STR("source.address"), &a)->pick, PICK_LAST);
    const struct field *decoded = dictionary_field(d, STR("exec.command.decoded"), &a);
    assert_true(decoded->transform == transform_find(STR("uri_command")) && decoded->then == transform_find(STR("base64_text")));
    const struct field *image = dictionary_field(d, STR("pod.image"), &a);
    struct str paths = shown(&a, image->paths, image->n_paths);
    static const char *const places[] = {
        "0:requestObject>spec>containers>image ",
        "0:requestObject>spec>template>spec>initContainers>image ",
        "0:requestObject>spec>jobTemplate>spec>template>spec>containers>image ",
        "0:requestObject>value>image ",
        "0:requestObject>spec>templates>container>image ",
        "1:responseObject>spec>template>spec>containers>image ",
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (str_find(paths, str_from_c(places[i]), 0) == SIZE_MAX)
            fail_msg("pod.image is not looked for at %s", places[i]);
    assert_true(image->n_paths < 150);
    size_t n;
    const struct field_path *deferred = dictionary_deferred(d, &n);
    assert_true(str_eq(shown(&a, deferred, n), STR("0:requestObject 1:responseObject")));
    dictionary_free(d);
    arena_fini(&a);
}

static void audit_native_names_follow_the_schema(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d = audit();
    arena_init(&a, ARENA_UNLIMITED);
    assert_field(d, &a, "annotations.authorization.k8s.io/reason", "2:annotations>authorization.k8s.io/reason");
    assert_field(d, &a, "responseStatus.code", "1:responseStatus>code");
    assert_field(d, &a, "user.extra.authentication.kubernetes.io/pod-name", "2:user>extra>authentication.kubernetes.io/pod-name");
    assert_field(d, &a, "requestObject.spec.nodeName", "1:requestObject>spec>nodeName 2:requestObject>spec.nodeName");
    assert_true(dictionary_field(d, STR("auditID"), &a)->many_values);
    assert_false(dictionary_field(d, STR("objectRef.resource"), &a)->many_values);
    dictionary_free(d);
    arena_fini(&a);
}

static void scopes_have_fields_of_their_own(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d = audit();
    arena_init(&a, ARENA_UNLIMITED);
    const struct scope *s = dictionary_scope(d, STR("pod.container"));
    const struct field *f = scope_field(s, STR("image.account"), &a);
    assert_true(f->transform == transform_find(STR("image_account")));
    assert_true(str_eq(shown(&a, f->paths, f->n_paths), STR("0:image")));
    f = scope_field(s, STR("securityContext.privileged"), &a);
    assert_true(str_eq(shown(&a, f->paths, f->n_paths), STR("0:securityContext.privileged 1:securityContext>privileged")));
    f = scope_field(NULL, STR("image"), &a);
    assert_true(str_eq(shown(&a, f->paths, f->n_paths), STR("0:image")));
    dictionary_free(d);
    arena_fini(&a);
}

static void lookalikes_come_from_the_dictionary(void **state)
{
    (void)state;
    struct arena a;
    struct dictionary *d = audit();
    arena_init(&a, ARENA_UNLIMITED);
    static const char *const imitate[] = {"kube-control", "kube-controller",   "kube-system-proxy", "kube-proxy-xyz",     "api-proxy",
                                          "proxy-api",    "k8s-device-plugin", "kube-dns-updater",  "kubernetes-dashbord"};
    const struct field *f = dictionary_field(d, STR("object.lookalike"), &a);
    for (size_t i = 0; i < sizeof imitate / sizeof *imitate; i++) {
        struct transform_out out = {.arena = &a};
        field_derive(f, str_from_c(imitate[i]), &out);
        if (out.n != 1)
            fail_msg("%s is not seen through", imitate[i]);
    }
    static const char *const honest[] = {"kube-proxy-5psz8",
                                         "frontend",
                                         "kubernetes-dashboard",
                                         "nginx",
                                         "prometheus",
                                         "argo-frontend",
                                         "system:controller:node-controller",
                                         "kube-rbac-proxy",
                                         "local-path-provisioner",
                                         "etcd-0"};
    for (size_t i = 0; i < sizeof honest / sizeof *honest; i++) {
        struct transform_out out = {.arena = &a};
        field_derive(f, str_from_c(honest[i]), &out);
        if (out.n)
            fail_msg("%s is taken for %.*s", honest[i], STR_ARG(out.items[0]));
    }
    struct transform_out out = {.arena = &a};
    field_derive(dictionary_field(d, STR("pod.image.lookalike"), &a), STR("kuberntesio/kube-controller:1.0.1"), &out);
    field_derive(dictionary_field(d, STR("pod.image.component"), &a), STR("kuberntesio/kube-controller:1.0.1"), &out);
    assert_int_equal(out.n, 2);
    assert_true(str_eq(out.items[0], STR("kubernetesio")) && str_eq(out.items[1], STR("kube-controller-manager")));
    dictionary_free(d);
    arena_fini(&a);
}

static void what_can_never_match_is_said(void **state)
{
    (void)state;
    static const struct {
        const char *field, *text;
        bool number;
        enum schema_answer answer;
        const char *hint;
    } samples[] = {
        {"verb", "create", false, SCHEMA_YES, NULL},
        {"verb", "CREATE", false, SCHEMA_YES, NULL},
        {"verb", NULL, false, SCHEMA_YES, NULL},
        {"verb", "replace", false, SCHEMA_NOT_IN_ENUM, "update"},
        {"verb", "creat", false, SCHEMA_NOT_IN_ENUM, "create"},
        {"hostPath", NULL, false, SCHEMA_UNKNOWN_FIELD, "requestObject.spec.volumes.hostPath"},
        {"capabilities", "*", false, SCHEMA_UNKNOWN_FIELD, "requestObject.spec.containers.securityContext.capabilities.add"},
        {"apiGroup", "x", false, SCHEMA_UNKNOWN_FIELD, "objectRef.apiGroup"},
        {"usernam", "x", false, SCHEMA_UNKNOWN_FIELD, "user.username"},
        {"objectRef.resurce", "pods", false, SCHEMA_UNKNOWN_FIELD, "objectRef.resource"},
        {"zzzzzzzzzz", "x", false, SCHEMA_UNKNOWN_FIELD, NULL},
        {"responseStatus.code", "403", true, SCHEMA_YES, NULL},
        {"responseStatus.code", "403", false, SCHEMA_YES, NULL},
        {"responseStatus.code", "ALLOW", false, SCHEMA_WRONG_TYPE,
         "a number; the decision is in annotations.authorization.k8s.io/decision"},
        {"code", "ALLOW", false, SCHEMA_WRONG_TYPE, "a number; the decision is in annotations.authorization.k8s.io/decision"},
        {"user", "x", false, SCHEMA_WRONG_TYPE, NULL},
        {"stageTimestamp", "2026-11-22T01:35:33Z", false, SCHEMA_YES, NULL},
        {"stageTimestamp", "yesterday", false, SCHEMA_WRONG_TYPE, NULL},
        {"annotations.authorization.k8s.io/decision", "deny", false, SCHEMA_NOT_IN_ENUM, "forbid"},
        {"annotations.anything/else", "x", false, SCHEMA_YES, NULL},
        {"requestObject.spec.whatever", "x", false, SCHEMA_YES, NULL},
        {"pod.image.account", "kannix", false, SCHEMA_YES, NULL},
    };
    struct arena a;
    struct dictionary *d = audit();
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        struct str hint, want = str_from_c(samples[i].hint);
        enum schema_answer answer =
            dictionary_judge(d, str_from_c(samples[i].field), str_from_c(samples[i].text), samples[i].number, &a, &hint);
        if (answer != samples[i].answer || !str_eq(hint, want))
            fail_msg("%s: %s gives %d and '%.*s'", samples[i].field, samples[i].text, answer, STR_ARG(hint));
    }
    struct dictionary *generic = dictionary_generic();
    struct str hint;
    assert_int_equal(dictionary_judge(generic, STR("anything"), STR("x"), false, &a, &hint), SCHEMA_YES);
    dictionary_free(generic);
    dictionary_free(d);
    arena_fini(&a);
}

static void logsources_choose_the_stream(void **state)
{
    (void)state;
    struct dictionary *d = audit(), *generic = dictionary_generic();
    assert_true(dictionary_takes(d, STR("kubernetes"), STR_NONE, STR("audit")));
    assert_true(dictionary_takes(d, STR("kubernetes"), STR("application"), STR("audit")));
    assert_true(dictionary_takes(d, STR("Kubernetes"), STR_NONE, STR_NONE));
    assert_true(dictionary_takes(d, STR("kubernetes"), STR("audit"), STR_NONE));
    assert_false(dictionary_takes(d, STR("linux"), STR_NONE, STR("audit")));
    assert_false(dictionary_takes(d, STR("kubernetes"), STR_NONE, STR("kubelet")));
    assert_false(dictionary_takes(d, STR("windows"), STR("process_creation"), STR_NONE));
    assert_true(dictionary_takes(generic, STR("windows"), STR("process_creation"), STR_NONE));
    dictionary_free(generic);
    dictionary_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patterns_stand_for_paths),
        cmocka_unit_test(mistakes_are_pointed_at),
        cmocka_unit_test(native_names_are_cut_every_way),
        cmocka_unit_test(long_annotation_keys_stay_whole),
        cmocka_unit_test(the_audit_dictionary_has_what_rules_use),
        cmocka_unit_test(audit_fields_are_where_events_have_them),
        cmocka_unit_test(audit_native_names_follow_the_schema),
        cmocka_unit_test(scopes_have_fields_of_their_own),
        cmocka_unit_test(lookalikes_come_from_the_dictionary),
        cmocka_unit_test(what_can_never_match_is_said),
        cmocka_unit_test(logsources_choose_the_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
