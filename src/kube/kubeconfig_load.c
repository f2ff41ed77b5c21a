// SPDX-License-Identifier: Apache-2.0
// Where kubeconfigs are looked for, and what a pod finds in its place (k8s.io/client-go/rest InClusterConfig).
#include "kube/kubeconfig_private.h"

#include "os/os.h"

enum { FILE_MAX = 16 << 20 };

static status add_file(struct kubeconfig *k, struct str path, struct diags *diags)
{
    struct buf text;
    buf_init(&text, FILE_MAX);
    status result = os_read_file(path, FILE_MAX, &text, diags);
    if (result == ST_OK)
        result = kubeconfig_add(k, (struct yaml_source){.name = path, .text = buf_str(&text)}, diags);
    buf_fini(&text);
    return result;
}

// 0: it was not there.
static status add_if_there(struct kubeconfig *k, struct str path, size_t *found, struct diags *diags)
{
    struct os_stat st;
    if (os_stat(path, &st) != 0)
        return ST_OK;
    ++*found;
    return add_file(k, path, diags);
}

status kubeconfig_load(struct kubeconfig *k, const struct kube_places *places, struct diags *diags)
{
    size_t found = 0;
    if (places->file.ptr)
        return add_file(k, arena_str(&k->arena, places->file), diags);
    if (places->list.len) {
        for (struct str rest = places->list; rest.ptr;) {
            const struct str path = str_split(&rest, ':');
            if (path.len)
                TRY(add_if_there(k, arena_str(&k->arena, path), &found, diags));
        }
        if (!found)
            diags_add(diags, DIAG_WARNING, NULL, "KUBECONFIG names no file that is there");
        return ST_OK;
    }
    if (!places->home.len)
        return ST_OK;
    return add_if_there(k, arena_printf(&k->arena, "%.*s/.kube/config", STR_ARG(places->home)), &found, diags);
}

static bool in_cluster(struct kubeconfig *k, const struct kube_places *p, struct kube_target *out)
{
    struct os_stat st;
    if (!p->host.len || !p->port.len || !p->account.ptr)
        return false;
    *out = (struct kube_target){.cluster = STR("in-cluster")};
    out->token_file = arena_printf(&k->arena, "%.*s/token", STR_ARG(p->account));
    out->ca.file = arena_printf(&k->arena, "%.*s/ca.crt", STR_ARG(p->account));
    const bool six = str_find_char(p->host, ':', 0) != SIZE_MAX;
    out->server = arena_printf(&k->arena, "https://%s%.*s%s:%.*s", six ? "[" : "", STR_ARG(p->host), six ? "]" : "", STR_ARG(p->port));
    return os_stat(out->token_file, &st) == 0;
}

status kube_find(struct kubeconfig *k, const struct kube_places *places, struct str context, struct kube_target *out, struct diags *diags)
{
    TRY(kubeconfig_load(k, places, diags));
    if (!kubeconfig_is_empty(k) || places->file.ptr || context.ptr)
        return kubeconfig_choose(k, context, out, diags);
    if (in_cluster(k, places, out))
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL,
              "neither a PATH nor a cluster: there is no kubeconfig (--kubeconfig, KUBECONFIG, ~/.kube/config), and this is no pod");
    return ST_USAGE;
}
