// SPDX-License-Identifier: Apache-2.0
// Is every kubeconfig read to its end, is every target one that can be asked, and does no complaint show a line of the file?
#include "kube/kubeconfig.h"

#include "base/status.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str s)
{
    must(!s.ptr || (s.len && !memchr(s.ptr, 0, s.len)));
}

static void check(const struct kube_target *t)
{
    must(t->cluster.ptr && (str_starts_ci(t->server, STR("http://")) || str_starts_ci(t->server, STR("https://"))));
    must(t->server.ptr[t->server.len - 1] != '/');
    check_text(t->server);
    check_text(t->token);
    check_text(t->token_file);
    check_text(t->username);
    must(!(t->insecure && (t->ca.data.ptr || t->ca.file.ptr)));
    must(!t->exec || (t->exec->command.len && t->exec->api_version.len));
    must(t->as.user.ptr || (!t->as.n_groups && !t->as.n_extra && !t->as.uid.ptr));
    for (size_t i = 0; t->exec && i < t->exec->n_environment; i++)
        must(str_find_char(t->exec->environment[i], '=', 0) != SIZE_MAX);
}

// Two files: what stands before the first 0xff byte, and what stands behind it.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct str all = str_make((const char *)data, size);
    const size_t cut = str_find_char(all, '\xff', 0);
    struct kubeconfig *k = kubeconfig_new();
    struct kube_target target;
    struct diags diags;
    diags_init(&diags);
    (void)kubeconfig_add(k, (struct yaml_source){.name = STR("/a/one"), .text = str_slice(all, 0, cut)}, &diags);
    if (cut != SIZE_MAX)
        (void)kubeconfig_add(k, (struct yaml_source){.name = STR("two"), .text = str_slice(all, cut + 1, size)}, &diags);
    const size_t errors = diags.errors;
    const status result = kubeconfig_choose(k, STR_NONE, &target, &diags);
    if (result == ST_OK)
        check(&target);
    must(result == ST_OK || diags.errors > errors);
    for (size_t i = 0; i < diags.n; i++)
        must(!diags.items[i].excerpt.ptr);
    kubeconfig_free(k);
    diags_fini(&diags);
    return 0;
}
