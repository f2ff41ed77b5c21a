// SPDX-License-Identifier: Apache-2.0
// Does a kubeconfig lead to the target that kubectl would take, and is what cannot be told with its place and without what it holds?
#include "kube/kubeconfig.h"

#include "base/status.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define CLUSTER    "clusters: [{name: c, cluster: {server: 'https://api.example:6443/'}}]\n"
#define CONTEXT    "contexts: [{name: x, context: {cluster: c, user: u}}]\ncurrent-context: x\n"
#define USER(body) CLUSTER CONTEXT "users:\n- name: u\n  user: " body "\n"

struct fixture {
    struct kubeconfig *k;
    struct diags diags;
    struct kube_target target;
};

static int set_up(void **state)
{
    struct fixture *f = must_alloc(calloc(1, sizeof *f));
    f->k = kubeconfig_new();
    diags_init(&f->diags);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    kubeconfig_free(f->k);
    diags_fini(&f->diags);
    free(f);
    return 0;
}

static status add(struct fixture *f, const char *name, const char *text)
{
    return kubeconfig_add(f->k, (struct yaml_source){.name = str_from_c(name), .text = str_from_c(text)}, &f->diags);
}

static status choose(struct fixture *f, const char *context)
{
    return kubeconfig_choose(f->k, str_from_c(context), &f->target, &f->diags);
}

static void assert_str(struct str s, const char *expected)
{
    if (!str_eq(s, str_from_c(expected)))
        fail_msg("'%.*s' is not '%s'", STR_ARG(s), expected ? expected : "(absent)");
}

static void assert_told(struct fixture *f, const char *expected)
{
    struct buf out;
    buf_init(&out, SIZE_MAX);
    for (size_t i = 0; i < f->diags.n; i++)
        diag_write(&out, &f->diags.items[i]);
    buf_add_char(&out, 0);
    if (!strstr(out.ptr, expected))
        fail_msg("'%s' is not told in: %s", expected, out.ptr);
    if (strstr(out.ptr, "hunter2"))
        fail_msg("a secret is told: %s", out.ptr);
    buf_fini(&out);
}

static void refuse(struct fixture *f, const char *text, const char *expected)
{
    status result = add(f, "/etc/kube/config", text);
    if (result == ST_OK)
        result = choose(f, NULL);
    assert_int_equal(result, ST_INPUT);
    assert_told(f, expected);
}

static void a_file_leads_to_its_current_context(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(add(f, "/etc/kube/config", USER("{token: hunter2, as: boss, as-groups: [a, b], as-user-extra: {reason: [why]}}")),
                     ST_OK);
    assert_int_equal(choose(f, NULL), ST_OK);
    assert_str(f->target.server, "https://api.example:6443");
    assert_str(f->target.cluster, "c");
    assert_str(f->target.token, "hunter2");
    assert_str(f->target.as.user, "boss");
    assert_int_equal(f->target.as.n_groups, 2);
    assert_str(f->target.as.groups[1], "b");
    assert_str(f->target.as.extra[0].name, "reason");
    assert_str(f->target.as.extra[0].values[0], "why");
    assert_null(f->target.exec);
    assert_false(f->target.insecure);
}

static void json_is_yaml_too(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        add(f, "f",
            "{\"apiVersion\":\"v1\",\"kind\":\"Config\",\"clusters\":[{\"name\":\"c\",\"cluster\":{\"server\":\"http://h\"}}],"
            "\"contexts\":[{\"name\":\"x\",\"context\":{\"cluster\":\"c\",\"user\":\"\"}}],\"current-context\":\"x\",\"users\":null}"),
        ST_OK);
    assert_int_equal(choose(f, NULL), ST_OK);
    assert_str(f->target.server, "http://h");
}

static void the_first_file_that_says_something_counts(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(add(f, "one", "users: [{name: u, user: {username: ann}}]\n"), ST_OK);
    assert_int_equal(add(f, "two", USER("{username: bob, password: hunter2}")), ST_OK);
    assert_int_equal(add(f, "three", "current-context: y\nclusters: [{name: c, cluster: {server: 'https://other'}}]\n"), ST_OK);
    assert_int_equal(choose(f, NULL), ST_OK);
    assert_str(f->target.username, "ann");
    assert_str(f->target.password, NULL); // nothing of the second file's user
    assert_str(f->target.server, "https://api.example:6443");
}

static void paths_are_relative_to_their_file(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(add(f, "/a/b/config",
                         "clusters: [{name: c, cluster: {server: 'h:1', certificate-authority: pki/ca.crt}}]\n" CONTEXT
                         "users: [{name: u, user: {client-certificate: ../u.crt, client-key: /k/u.key, tokenFile: t, "
                         "exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: ./bin/login}}}]\n"),
                     ST_OK);
    assert_int_equal(choose(f, NULL), ST_OK);
    assert_str(f->target.ca.file, "/a/b/pki/ca.crt");
    assert_str(f->target.certificate.file, "/a/b/../u.crt");
    assert_str(f->target.key.file, "/k/u.key");
    assert_str(f->target.token_file, "/a/b/t");
    assert_str(f->target.server, "https://h:1"); // TLS is spoken of
    assert_null(f->target.exec);                 // a token comes first
}

static void data_is_base64(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        add(f, "f",
            "clusters: [{name: c, cluster: {server: 'https://h', certificate-authority-data: UEVN, certificate-authority: x}}]\n" CONTEXT),
        ST_OK);
    assert_int_equal(add(f, "g", "users: [{name: u, user: {}}]\n"), ST_OK);
    assert_int_equal(choose(f, NULL), ST_OK);
    assert_str(f->target.ca.data, "PEM");
}

static void a_plugin_is_taken_word_by_word(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        add(f, "/a/config",
            "clusters: [{name: c, cluster: {server: 'https://h', extensions: [{name: client.authentication.k8s.io/exec, "
            "extension: {audience: x}}]}}]\n" CONTEXT
            "users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: login, args: ['$(reboot)', '; x'], "
            "env: [{name: A, value: 'b c'}], interactiveMode: Never, provideClusterInfo: true, installHint: apt install}}}]\n"),
        ST_OK);
    assert_int_equal(choose(f, NULL), ST_OK);
    const struct kube_exec *e = f->target.exec;
    assert_non_null(e);
    assert_str(e->command, "login");
    assert_str(e->arguments[0], "$(reboot)");
    assert_str(e->environment[0], "A=b c");
    assert_int_equal(e->interactive, KUBE_NEVER);
    assert_true(e->cluster_info);
    assert_str(e->config, "{\"audience\":\"x\"}");
}

static void contexts_are_named_when_none_is_current(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(add(f, "f", "contexts: [{name: blue, context: {cluster: c}}, {name: green, context: {cluster: c}}]\n" CLUSTER), ST_OK);
    assert_int_equal(choose(f, NULL), ST_INPUT);
    assert_told(f, "blue, green");
    assert_int_equal(choose(f, "red"), ST_INPUT);
    assert_told(f, "there is no context 'red'");
    assert_int_equal(choose(f, "green"), ST_OK);
}

static const struct {
    const char *text, *told;
} bad[] = {
    {"kind: Pod\n", "config:1:7: error: is no kubeconfig"},
    {"[]\n", "is no kubeconfig"},
    {"clusters: {}\n", "config:1:11: error: clusters is no list"},
    {"users: [{user: {token: hunter2}}]\n", "config:1:9: error: a user has a name"},
    {"users:\n- name: u\n  user: {token: hunter2\n", "config:"},
    {"users:\n- {name: u, user: {token: hunter2, token: hunter2}}\n", "config:2:"},
    {"users: [{name: u}, {name: u}]\n", "config:1:20: error: there is a user of the name 'u' above"},
    {"current-context: x\n", "config:1:18: error: there is no context 'x'"},
    {CONTEXT, "config:1:41: error: there is no cluster 'c'"},
    {CONTEXT CLUSTER, "there is no user 'u'"},
    {CONTEXT "clusters: [{name: c}]\nusers: [{name: u}]\n", "the cluster 'c' is empty"},
    {CONTEXT "clusters: [{name: c, cluster: {}}]\nusers: [{name: u}]\n", "the cluster 'c' has no server"},
    {CONTEXT "clusters: [{name: c, cluster: {server: 'ftp://h'}}]\nusers: [{name: u}]\n", "server is neither http:// nor https://"},
    {CONTEXT "clusters: [{name: c, cluster: {server: 'https://a:hunter2@h'}}]\nusers: [{name: u}]\n", "server holds a user"},
    {CONTEXT "clusters: [{name: c, cluster: {server: 'https://h?x'}}]\nusers: [{name: u}]\n", "server is no URL"},
    {CONTEXT "clusters: [{name: c, cluster: {server: 'https://h', insecure-skip-tls-verify: 'yes'}}]\nusers: [{name: u}]\n",
     "insecure-skip-tls-verify is neither true nor false"},
    {CONTEXT "clusters: [{name: c, cluster: {server: 'https://h', insecure-skip-tls-verify: true, certificate-authority: x}}]\nusers: "
             "[{name: u}]\n",
     "exclude each other"},
    {CONTEXT "clusters: [{name: c, cluster: {server: 'https://h', proxy-url: 'socks4://p'}}]\nusers: [{name: u}]\n", "proxy-url is no URL"},
    {USER("{token: [hunter2]}"), "config:6:17: error: token is no text"},
    {USER("{client-certificate-data: '!hunter2', client-key: k}"), "client-certificate-data is no base64"},
    {USER("{client-certificate: c}"), "without a key"},
    {USER("{token: hunter2, username: u}"), "username and a token exclude each other"},
    {USER("{as-groups: [a]}"), "as is missing"},
    {USER("{auth-provider: {name: gcp}}"), "gke-gcloud-auth-plugin"},
    {USER("{auth-provider: {name: oidc, config: {id-token: hunter2}}}"), "an exec plugin, or a token, does the same"},
    {USER("{exec: {command: x}}"), "neither client.authentication.k8s.io/v1 nor v1beta1"},
    {USER("{exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}"), "v1alpha1 ended"},
    {USER("{exec: {apiVersion: client.authentication.k8s.io/v1beta1}}"), "exec has no command"},
    {USER("{exec: {apiVersion: client.authentication.k8s.io/v1, command: x}}"), "needs an interactiveMode"},
    {USER("{exec: {apiVersion: client.authentication.k8s.io/v1beta1, command: x, env: [{name: 'a=b', value: c}]}}"),
     "env is no list of names and values"},
};

static void what_cannot_be_is_told_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        void *fresh = NULL;
        set_up(&fresh);
        refuse(fresh, bad[i].text, bad[i].told);
        tear_down(&fresh);
    }
}

static void files_are_found_as_kubectl_finds_them(void **state)
{
    struct fixture *f = *state;
    char folder[] = "/tmp/davy-kube-XXXXXX", path[100], list[300], home[100];
    assert_non_null(mkdtemp(folder));
    snprintf(home, sizeof home, "%s/.kube", folder);
    assert_int_equal(mkdir(home, 0700), 0);
    snprintf(path, sizeof path, "%s/.kube/config", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(USER("{token: t}"), file);
    fclose(file);
    snprintf(list, sizeof list, ":/nowhere/at/all:%s", path);
    struct kube_places places = {.home = str_from_c(folder)};
    assert_int_equal(kube_find(f->k, &places, STR_NONE, &f->target, &f->diags), ST_OK);
    struct kubeconfig *second = kubeconfig_new(), *third = kubeconfig_new();
    places = (struct kube_places){.list = str_from_c(list)};
    assert_int_equal(kube_find(second, &places, STR_NONE, &f->target, &f->diags), ST_OK);
    assert_str(f->target.token, "t");
    places = (struct kube_places){.list = STR("/nowhere"), .home = str_from_c(folder)}; // the list counts alone
    assert_int_equal(kube_find(third, &places, STR_NONE, &f->target, &f->diags), ST_USAGE);
    kubeconfig_free(second);
    kubeconfig_free(third);
    remove(path);
    remove(home);
    remove(folder);
}

static void a_pod_finds_its_cluster(void **state)
{
    struct fixture *f = *state;
    char folder[] = "/tmp/davy-kube-XXXXXX", path[100];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/token", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fclose(file);
    const struct kube_places places = {.host = STR("fd00::1"), .port = STR("443"), .account = str_from_c(folder)};
    assert_int_equal(kube_find(f->k, &places, STR_NONE, &f->target, &f->diags), ST_OK);
    assert_str(f->target.server, "https://[fd00::1]:443");
    assert_str(f->target.cluster, "in-cluster");
    assert_str(f->target.token_file, path);
    remove(path);
    remove(folder);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(a_file_leads_to_its_current_context),
        CASE(json_is_yaml_too),
        CASE(the_first_file_that_says_something_counts),
        CASE(paths_are_relative_to_their_file),
        CASE(data_is_base64),
        CASE(a_plugin_is_taken_word_by_word),
        CASE(contexts_are_named_when_none_is_current),
        CASE(what_cannot_be_is_told_with_its_place),
        CASE(files_are_found_as_kubectl_finds_them),
        CASE(a_pod_finds_its_cluster),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
