// SPDX-License-Identifier: Apache-2.0
// What a cluster's and a user's entry say, and what of it cannot be.
#include "kube/kubeconfig_private.h"

#include "base/base64.h"

#include <string.h>

enum { WORDS_MAX = 10000 }; // arguments, variables, groups

struct fields {
    struct kubeconfig *k;
    const struct kube_entry *entry;
    const struct yaml_value *map;
    struct diags *diags;
    status result; // of everything so far
};

static void note(struct fields *f, const struct yaml_value *v, const char *what)
{
    if (f->result == ST_OK)
        f->result = kubeconfig_bad(f->entry, v, f->diags, "%.*s%s", STR_ARG(v->key), what);
}

// --- kinds of values -------------------------------------------------------------------------------------------------------------

static const struct yaml_value *present(const struct fields *f, struct str key)
{
    const struct yaml_value *v = yaml_get(f->map, key);
    return v && v->kind != YAML_NULL ? v : NULL;
}

// A text; an empty one is none, as in Go.
static struct str text(struct fields *f, struct str key)
{
    const struct yaml_value *v = present(f, key);
    if (v && (v->kind == YAML_LIST || v->kind == YAML_MAP))
        note(f, v, " is no text");
    const struct str s = v ? yaml_text(v) : STR_NONE;
    if (s.ptr && memchr(s.ptr, 0, s.len))
        note(f, v, " holds a NUL byte");
    return s.len ? s : STR_NONE;
}

static bool flag(struct fields *f, struct str key)
{
    const struct yaml_value *v = present(f, key);
    if (v && v->kind != YAML_BOOL)
        note(f, v, " is neither true nor false");
    return v && v->kind == YAML_BOOL && v->boolean;
}

static const struct str *words(struct fields *f, const struct yaml_value *v, size_t *n)
{
    *n = 0;
    if (!v || v->kind == YAML_NULL)
        return NULL;
    if (v->kind != YAML_LIST || v->count > WORDS_MAX) {
        note(f, v, " is no list of texts");
        return NULL;
    }
    struct str *out = arena_array(&f->k->arena, struct str, v->count + 1);
    for (const struct yaml_value *item = v->first; item; item = item->next) {
        out[*n] = yaml_text(item);
        if (!out[*n].ptr || memchr(out[*n].ptr, 0, out[*n].len)) {
            note(f, v, " is no list of texts");
            return NULL;
        }
        ++*n;
    }
    return out;
}

// Relative to the folder of the file that says it.
static struct str resolved(struct fields *f, struct str path)
{
    const struct str file = f->entry->file;
    size_t folder = file.len;
    while (folder && file.ptr[folder - 1] != '/')
        folder--;
    if (!path.len || path.ptr[0] == '/' || !folder)
        return path;
    return arena_printf(&f->k->arena, "%.*s%.*s", (int)folder, file.ptr, STR_ARG(path));
}

static bool is_base64(struct str s)
{
    size_t i = 0, digits = 0;
    for (; i < s.len && s.ptr[i] != '='; i++) {
        const bool space = s.ptr[i] == ' ' || s.ptr[i] == '\n' || s.ptr[i] == '\r';
        if (!space && (base64_digit(s.ptr[i]) < 0 || s.ptr[i] == '-' || s.ptr[i] == '_'))
            return false;
        digits += !space;
    }
    for (; i < s.len; i++) {
        if (!memchr("= \n\r", s.ptr[i], 4))
            return false;
    }
    return digits % 4 != 1;
}

// What is in the file itself comes before a path.
static struct kube_pem pem(struct fields *f, struct str data, struct str file)
{
    const struct str coded = text(f, data);
    struct kube_pem out = {.file = resolved(f, text(f, file))};
    if (!coded.ptr)
        return out;
    if (!is_base64(coded)) {
        note(f, present(f, data), " is no base64");
        return out;
    }
    char *plain = arena_alloc(&f->k->arena, coded.len + 1);
    out.data = str_make(plain, base64_decode(coded, plain));
    return out;
}

// --- cluster ---------------------------------------------------------------------------------------------------------------------

// Printable ASCII without what parts a URL further: what follows scheme, host, port and path.
static bool is_plain_url(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] <= ' ' || s.ptr[i] >= 0x7f || memchr("?#\\\"<>^`{|}", s.ptr[i], 11))
            return false;
    }
    return s.len > 0;
}

// As client-go's DefaultServerURL: without a scheme it is https when TLS is spoken of, and http otherwise.
static struct str server_of(struct fields *f, const struct kube_target *t)
{
    struct str s = text(f, STR("server"));
    if (!s.ptr) {
        if (f->result == ST_OK)
            f->result = kubeconfig_bad(f->entry, f->map, f->diags, "the cluster '%.*s' has no server", STR_ARG(f->entry->name));
        return s;
    }
    const struct yaml_value *v = present(f, STR("server"));
    if (str_find(s, STR("://"), 0) == SIZE_MAX)
        s = arena_printf(&f->k->arena, "%s%.*s", t->ca.data.ptr || t->ca.file.ptr || t->insecure ? "https://" : "http://", STR_ARG(s));
    const size_t scheme = str_starts_ci(s, STR("https://")) ? 8 : str_starts_ci(s, STR("http://")) ? 7 : 0;
    const struct str authority = str_slice(s, scheme, str_find_char(s, '/', scheme));
    while (s.len && s.ptr[s.len - 1] == '/')
        s.len--;
    if (!scheme)
        note(f, v, " is neither http:// nor https://");
    else if (!authority.len || !is_plain_url(s))
        note(f, v, " is no URL of a server");
    else if (str_find_char(authority, '@', 0) != SIZE_MAX)
        note(f, v, " holds a user: that belongs under users");
    return s;
}

static struct str proxy_of(struct fields *f)
{
    static const struct str schemes[] = {STR("http://"), STR("https://"), STR("socks5://"), STR("socks5h://")};
    const struct str s = text(f, STR("proxy-url"));
    bool good = !s.ptr;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        good = good || (str_starts_ci(s, schemes[i]) && s.len > schemes[i].len && is_plain_url(s));
    if (!good)
        note(f, present(f, STR("proxy-url")), " is no URL of a proxy: http://, https:// or socks5://");
    return s;
}

static struct str exec_config(struct kubeconfig *k, const struct kube_entry *cluster)
{
    const struct yaml_value *list = yaml_get(cluster->body, STR("extensions"));
    for (const struct yaml_value *v = list && list->kind == YAML_LIST ? list->first : NULL; v; v = v->next) {
        const struct yaml_value *extension = yaml_get(v, STR("extension"));
        if (!str_eq(yaml_text(yaml_get(v, STR("name"))), STR("client.authentication.k8s.io/exec")) || !extension)
            continue;
        struct buf json;
        buf_init(&json, 1 << 20);
        yaml_to_json(extension, &json);
        const struct str out = json.full ? STR_NONE : arena_str(&k->arena, buf_str(&json));
        buf_fini(&json);
        return out;
    }
    return STR_NONE;
}

status kubeconfig_cluster(struct kubeconfig *k, const struct kube_entry *cluster, struct kube_target *out, struct diags *diags)
{
    struct fields f = {k, cluster, cluster->body, diags, ST_OK};
    if (!cluster->body || cluster->body->kind != YAML_MAP)
        return kubeconfig_bad(cluster, cluster->entry, diags, "the cluster '%.*s' is empty", STR_ARG(cluster->name));
    out->cluster = cluster->name;
    out->ca = pem(&f, STR("certificate-authority-data"), STR("certificate-authority"));
    out->insecure = flag(&f, STR("insecure-skip-tls-verify"));
    out->tls_name = text(&f, STR("tls-server-name"));
    out->proxy = proxy_of(&f);
    out->server = server_of(&f, out);
    const struct yaml_value *insecure = present(&f, STR("insecure-skip-tls-verify"));
    if (out->insecure && (out->ca.data.ptr || out->ca.file.ptr))
        note(&f, insecure, " and a certificate authority exclude each other");
    if (out->tls_name.ptr && !is_plain_url(out->tls_name))
        note(&f, present(&f, STR("tls-server-name")), " is no name of a server");
    return f.result;
}

// --- user ------------------------------------------------------------------------------------------------------------------------

static void read_variables(struct fields *f, struct kube_exec *e)
{
    const struct yaml_value *list = present(f, STR("env"));
    if (!list)
        return;
    if (list->kind != YAML_LIST || list->count > WORDS_MAX) {
        note(f, list, " is no list of names and values");
        return;
    }
    struct str *out = arena_array(&f->k->arena, struct str, list->count + 1);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        const struct str name = yaml_text(yaml_get(v, STR("name"))), value = yaml_text(yaml_get(v, STR("value")));
        const bool good = name.len && str_find_char(name, '=', 0) == SIZE_MAX && !memchr(name.ptr, 0, name.len);
        if (!good || (value.ptr && memchr(value.ptr, 0, value.len))) {
            note(f, list, " is no list of names and values");
            return;
        }
        out[e->n_environment++] = arena_printf(&f->k->arena, "%.*s=%.*s", STR_ARG(name), STR_ARG(value));
    }
    e->environment = out;
}

static enum kube_interactive read_mode(struct fields *f, bool needed)
{
    const struct str mode = text(f, STR("interactiveMode"));
    if (str_eq(mode, STR("Never")))
        return KUBE_NEVER;
    if (str_eq(mode, STR("Always")))
        return KUBE_ALWAYS;
    if (mode.ptr && !str_eq(mode, STR("IfAvailable")))
        note(f, present(f, STR("interactiveMode")), " is Never, IfAvailable or Always");
    else if (!mode.ptr && needed)
        note(f, f->map, " needs an interactiveMode in client.authentication.k8s.io/v1: Never, IfAvailable or Always");
    return KUBE_IF_AVAILABLE;
}

static void read_exec(struct fields *f, const struct yaml_value *v, const struct kube_entry *cluster, struct kube_target *out)
{
    struct fields inner = {f->k, f->entry, v, f->diags, ST_OK};
    struct kube_exec *e = arena_new(&f->k->arena, struct kube_exec);
    if (v->kind != YAML_MAP) {
        note(f, v, " is no map");
        return;
    }
    e->api_version = text(&inner, STR("apiVersion"));
    e->command = text(&inner, STR("command"));
    const bool v1 = str_eq(e->api_version, STR("client.authentication.k8s.io/v1"));
    if (!v1 && !str_eq(e->api_version, STR("client.authentication.k8s.io/v1beta1")))
        note(&inner, v,
             " has an apiVersion that is neither client.authentication.k8s.io/v1 nor v1beta1 (v1alpha1 ended with Kubernetes 1.24)");
    if (!e->command.ptr)
        note(&inner, v, " has no command");
    if (str_find_char(e->command, '/', 0) != SIZE_MAX)
        e->command = resolved(&inner, e->command);
    e->arguments = words(&inner, present(&inner, STR("args")), &e->n_arguments);
    read_variables(&inner, e);
    e->interactive = read_mode(&inner, v1);
    e->cluster_info = flag(&inner, STR("provideClusterInfo"));
    e->hint = text(&inner, STR("installHint"));
    e->config = exec_config(f->k, cluster);
    if (f->result == ST_OK)
        f->result = inner.result;
    out->exec = e;
}

static void read_impersonation(struct fields *f, struct kube_target *out)
{
    const struct yaml_value *extra = present(f, STR("as-user-extra"));
    out->as.user = text(f, STR("as"));
    out->as.uid = text(f, STR("as-uid"));
    out->as.groups = words(f, present(f, STR("as-groups")), &out->as.n_groups);
    if (extra && (extra->kind != YAML_MAP || extra->count > WORDS_MAX)) {
        note(f, extra, " is no map");
        return;
    }
    struct kube_extra *items = arena_array(&f->k->arena, struct kube_extra, (extra ? extra->count : 0) + 1);
    for (const struct yaml_value *v = extra ? extra->first : NULL; v; v = v->next) {
        items[out->as.n_extra].name = v->key;
        items[out->as.n_extra].values = words(f, v, &items[out->as.n_extra].n);
        out->as.n_extra++;
    }
    out->as.extra = items;
    if (!out->as.user.ptr && (out->as.uid.ptr || out->as.n_groups || out->as.n_extra) && f->result == ST_OK)
        f->result =
            kubeconfig_bad(f->entry, f->map, f->diags, "groups, a uid or extra values are impersonated without a user: as is missing");
}

// What was built into clients once.
static void refuse_provider(struct fields *f)
{
    const struct yaml_value *provider = present(f, STR("auth-provider"));
    const struct str name = provider ? yaml_text(yaml_get(provider, STR("name"))) : STR_NONE;
    if (!provider)
        return;
    if (str_eq(name, STR("gcp")) || str_eq(name, STR("azure")))
        note(f, provider,
             ": gcp and azure are no longer part of Kubernetes' clients (since 1.26); their exec plugins gke-gcloud-auth-plugin and "
             "kubelogin "
             "write an entry that davy reads");
    else
        note(f, provider, ": davy has no providers of its own (OpenID Connect is one); an exec plugin, or a token, does the same");
}

static void check_user(struct fields *f, struct kube_target *out)
{
    const bool token = out->token.ptr || out->token_file.ptr;
    if (token && (out->username.ptr || out->password.ptr))
        note(f, present(f, out->username.ptr ? STR("username") : STR("password")), " and a token exclude each other");
    if ((out->certificate.data.ptr || out->certificate.file.ptr) != (out->key.data.ptr || out->key.file.ptr) && f->result == ST_OK)
        f->result = kubeconfig_bad(f->entry, f->map, f->diags,
                                   "the user '%.*s' has a client certificate without a key, or a key without one", STR_ARG(f->entry->name));
    if (token || out->username.ptr)
        out->exec = NULL; // as kubectl does: what stands there is used
}

status kubeconfig_user(struct kubeconfig *k, const struct kube_entry *user, const struct kube_entry *cluster, struct kube_target *out,
                       struct diags *diags)
{
    struct fields f = {k, user, user->body, diags, ST_OK};
    if (!user->body || user->body->kind == YAML_NULL)
        return ST_OK; // nobody in particular
    if (user->body->kind != YAML_MAP)
        return kubeconfig_bad(user, user->body, diags, "the user '%.*s' is no map", STR_ARG(user->name));
    refuse_provider(&f);
    out->certificate = pem(&f, STR("client-certificate-data"), STR("client-certificate"));
    out->key = pem(&f, STR("client-key-data"), STR("client-key"));
    out->token = text(&f, STR("token"));
    out->token_file = resolved(&f, text(&f, STR("tokenFile")));
    out->username = text(&f, STR("username"));
    out->password = text(&f, STR("password"));
    const struct yaml_value *exec = present(&f, STR("exec"));
    if (exec)
        read_exec(&f, exec, cluster, out);
    read_impersonation(&f, out);
    check_user(&f, out);
    return f.result;
}
