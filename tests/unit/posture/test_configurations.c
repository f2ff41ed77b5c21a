// SPDX-License-Identifier: Apache-2.0
// Do the files of an API server come to what it does by them: who encrypts Secrets, which level is enforced in which Namespace?
#include "objects.h"

#include "posture/encryption.h"
#include "posture/pod_security.h"

#define KEY "secret: c2VjcmV0IGlzIHNlY3VyZQ=="

static const struct {
    const char *resources, *record;
} encryptions[] = {
    {"[{resources: [secrets], providers: [{aescbc: {keys: [{name: a, " KEY "}]}}, {identity: {}}]}]",
     "{\"kind\":\"Encryption\",\"secrets\":\"aescbc\",\"readable\":[\"aescbc\",\"identity\"],\"keys\":[\"aescbc a\"]}"},
    {"[{resources: [configmaps], providers: [{kms: {}}]}, {resources: ['*.*'], providers: [{identity: {}}, {kms: {}}]}]",
     "{\"kind\":\"Encryption\",\"secrets\":\"identity\",\"readable\":[\"identity\",\"kms\"],\"keys\":[]}"},
    {"[{resources: [configmaps, '*.apps'], providers: [{kms: {}}]}]",
     "{\"kind\":\"Encryption\",\"secrets\":\"none\",\"readable\":[],\"keys\":[]}"},
    {"[{resources: ['*.'], providers: [{secretbox: {keys: [{name: b, secret: '${KEY}'}, {secret: c2hvcnQ=}, {secret: [a]}]}}]}]",
     "{\"kind\":\"Encryption\",\"secrets\":\"secretbox\",\"readable\":[\"secretbox\"],\"keys\":[]}"},
    {"[{resources: [secrets], providers: [7, {}]}]", "{\"kind\":\"Encryption\",\"secrets\":null,\"readable\":[null,null],\"keys\":[]}"},
    {"{a: b}", "{\"kind\":\"Encryption\",\"secrets\":\"none\",\"readable\":[],\"keys\":[]}"},
};

static void take_encryption(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line)
{
    (void)api_version, (void)kind, (void)line;
    encryption_record(tree, context);
}

static void who_encrypts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof encryptions / sizeof *encryptions; i++) {
        struct arena arena;
        struct buf out;
        arena_init(&arena, ARENA_UNLIMITED);
        buf_init(&out, SIZE_MAX);
        const struct str yaml =
            arena_printf(&arena, "{apiVersion: v1, kind: EncryptionConfiguration, resources: %s}\n", encryptions[i].resources);
        each_object(&arena, yaml.ptr, take_encryption, &out);
        if (!str_eq(buf_str(&out), str_from_c(encryptions[i].record)))
            fail_msg("%s: got %.*s", encryptions[i].resources, STR_ARG(buf_str(&out)));
        buf_fini(&out);
        arena_fini(&arena);
    }
}

#define NAMESPACE(name, labels) "apiVersion: v1\nkind: Namespace\nmetadata: {name: " name ", labels: {" labels "}}\n---\n"
#define POD(ns)                 "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: " ns "}\n---\n"
#define ENFORCE                 "pod-security.kubernetes.io/enforce: "
#define NAMESPACES                                                                                                                         \
    NAMESPACE("a", "")                                                                                                                     \
    NAMESPACE("b", ENFORCE "baseline")                                                                                                     \
    NAMESPACE("c", ENFORCE "strict")                                                                                                       \
    NAMESPACE("d", "") NAMESPACE("empty", "") NAMESPACE("kube-system", "") POD("a") POD("b") POD("c") POD("d") POD("kube-system")

static void take_level(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line)
{
    const struct json_value *metadata = json_get(tree, STR("metadata"));
    (void)line;
    const struct finding_object o = {api_version, kind, json_text(json_get(metadata, STR("namespace"))),
                                     json_text(json_get(metadata, STR("name")))};
    // Configurations are called as the file that they stand in.
    pod_security_add(context, tree, o, str_eq(kind, STR("Pod")), (struct access_place){.file = o.name.len ? o.name : STR("x.yaml")});
}

static void tell_level(void *context, const struct pod_security_record *r)
{
    struct arena arena;
    struct json_error error;
    arena_init(&arena, ARENA_UNLIMITED);
    const struct json_value *v = json_parse(&arena, r->json, JSON_LIMITS_DEFAULT, &error);
    assert_non_null(v);
    buf_addf(context, "%.*s %.*s %.*s, ", STR_ARG(r->object.name), STR_ARG(json_text(json_get(v, STR("enforce")))),
             STR_ARG(json_text(json_get(v, STR("said_by")))));
    arena_fini(&arena);
}

static void levels_are(const char *yaml, const char *wanted)
{
    struct arena arena;
    struct buf out;
    struct pod_security *p = pod_security_new();
    arena_init(&arena, ARENA_UNLIMITED);
    buf_init(&out, SIZE_MAX);
    each_object(&arena, yaml, take_level, p);
    pod_security_each(p, 0, tell_level, &out);
    if (!str_eq(buf_str(&out), str_from_c(wanted)))
        fail_msg("got %.*s", STR_ARG(buf_str(&out)));
    pod_security_free(p);
    buf_fini(&out);
    arena_fini(&arena);
}

static void which_level(void **state)
{
    (void)state;
    levels_are(NAMESPACES, "a privileged nobody, b baseline label, c restricted label, d privileged nobody, ");
    levels_are(NAMESPACES "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nplugins:\n- {name: Other, configuration: "
                          "{defaults: {enforce: privileged}}}\n- name: PodSecurity\n  configuration: {defaults: {enforce: restricted}, "
                          "exemptions: {namespaces: [d]}}\n",
               "a restricted default, b baseline label, c restricted label, d privileged exemption, ");
    levels_are(NAMESPACES
               "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\ndefaults: {enforce: baseline}\n",
               "a baseline default, b baseline label, c restricted label, d baseline default, ");
}

#define ADMISSION(path)                                                                                                                    \
    "apiVersion: apiserver.config.k8s.io/v1\nkind: AdmissionConfiguration\nmetadata: {name: /conf/admission.yaml}\nplugins:\n"             \
    "- {name: PodSecurity, path: " path "}\n---\n"
#define CONFIGURATION(file, level)                                                                                                         \
    "apiVersion: pod-security.admission.config.k8s.io/v1\nkind: PodSecurityConfiguration\nmetadata: {name: " file                          \
    "}\ndefaults: {enforce: " level "}\nexemptions: {namespaces: [d]}\n---\n"

// The configuration lies in a file of its own, beside the one that names it.
static void which_level_another_file_says(void **state)
{
    (void)state;
    levels_are(NAMESPACES ADMISSION("pss.yaml"), "a  elsewhere, b baseline label, c restricted label, d  elsewhere, ");
    levels_are(NAMESPACES ADMISSION("pss.yaml") CONFIGURATION("/conf/other.yaml", "baseline"),
               "a  elsewhere, b baseline label, c restricted label, d  elsewhere, ");
    levels_are(NAMESPACES CONFIGURATION("/conf/pss.yaml", "restricted") CONFIGURATION("/other/pss.yaml", "baseline")
                   ADMISSION("./pss.yaml"),
               "a restricted default, b baseline label, c restricted label, d privileged exemption, ");
    // Copied from the control plane.
    levels_are(NAMESPACES ADMISSION("/etc/kubernetes/pss.yaml") CONFIGURATION("copy/pss.yaml", "baseline"),
               "a baseline default, b baseline label, c restricted label, d privileged exemption, ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(who_encrypts), cmocka_unit_test(which_level),
                                       cmocka_unit_test(which_level_another_file_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
