// SPDX-License-Identifier: Apache-2.0
// Which entries a context means.
#include "kube/kubeconfig_private.h"

static void add_names(const struct kubeconfig *k, struct buf *out)
{
    enum { SHOWN = 10 };
    const size_t n = k->parts[KUBE_CONTEXTS].n;
    for (size_t i = 0; i < n && i < SHOWN; i++)
        buf_addf(out, "%s%.*s", i ? ", " : "", STR_ARG(k->parts[KUBE_CONTEXTS].items[i].name));
    if (n > SHOWN)
        buf_addf(out, " and %zu more", n - SHOWN);
    if (!n)
        buf_add(out, STR("none"));
}

static status no_context(const struct kubeconfig *k, struct str name, struct diags *diags)
{
    struct buf names;
    buf_init(&names, 4096);
    add_names(k, &names);
    const struct kube_entry here = {.file = k->current_file};
    status result = ST_INPUT;
    if (name.ptr)
        result = kubeconfig_bad(&here, k->current && str_eq(yaml_text(k->current), name) ? k->current : NULL, diags,
                                "there is no context '%.*s'; there are: %.*s", STR_ARG(name), STR_ARG(buf_str(&names)));
    else
        diags_add(diags, DIAG_ERROR, NULL, "the kubeconfig has no current-context: --context names one of: %.*s", STR_ARG(buf_str(&names)));
    buf_fini(&names);
    return result;
}

// The entry that a context refers to; *out NULL: to none.
static status follow(struct kubeconfig *k, const struct kube_entry *context, enum kube_part part, const struct kube_entry **out,
                     struct diags *diags)
{
    const struct yaml_value *v = yaml_get(context->body, kube_part_words[part].member);
    const struct str name = yaml_text(v);
    *out = name.len ? kubeconfig_entry(k, part, name) : NULL;
    if (name.len && !*out)
        return kubeconfig_bad(context, v, diags, "there is no %s '%.*s'", kube_part_words[part].one, STR_ARG(name));
    return ST_OK;
}

status kubeconfig_choose(struct kubeconfig *k, struct str name, struct kube_target *out, struct diags *diags)
{
    const struct kube_entry *cluster, *user;
    *out = (struct kube_target){0};
    if (!name.ptr && k->current)
        name = yaml_text(k->current);
    const struct kube_entry *context = name.ptr ? kubeconfig_entry(k, KUBE_CONTEXTS, name) : NULL;
    if (!context)
        return no_context(k, name, diags);
    if (!context->body || context->body->kind != YAML_MAP)
        return kubeconfig_bad(context, context->entry, diags, "the context '%.*s' is empty", STR_ARG(name));
    TRY(follow(k, context, KUBE_CLUSTERS, &cluster, diags));
    TRY(follow(k, context, KUBE_USERS, &user, diags));
    if (!cluster)
        return kubeconfig_bad(context, context->body, diags, "the context '%.*s' names no cluster", STR_ARG(name));
    TRY(kubeconfig_cluster(k, cluster, out, diags));
    return user ? kubeconfig_user(k, user, cluster, out, diags) : ST_OK;
}
