// SPDX-License-Identifier: Apache-2.0
// The table of transforms: what a dictionary may write after `transform:`.
#include "event/transforms.h"

static const struct transform table[] = {
    {.name = {"address_kind", 12},
     .what = "where an IP address lies: loopback, private, link_local, cgnat, multicast, unspecified, public",
     .apply = transform_address_kind},
    {.name = {"agent_family", 12},
     .what = "the kind of client a user agent names: browser, kubectl, curl, python, go, java, scanner ..., else its product",
     .apply = transform_agent_family},
    {.name = {"agent_product", 13},
     .what = "the first product of a user agent, without its version, in lower case",
     .apply = transform_agent_product},
    {.name = {"authz_binding", 13},
     .what = "the binding in an authorization reason: ClusterRoleBinding/NAME or RoleBinding/NAMESPACE/NAME",
     .apply = transform_authz_binding},
    {.name = {"authz_role", 10},
     .what = "the role in an authorization reason: ClusterRole/NAME or Role/NAME",
     .apply = transform_authz_role},
    {.name = {"authz_subject", 13},
     .what = "the subject in an authorization reason: User/NAME, Group/NAME or ServiceAccount/NAMESPACE/NAME",
     .apply = transform_authz_subject},
    {.name = {"base64_text", 11},
     .what = "the text of each base64 run in a command, if it decodes to something printable",
     .apply = transform_base64_text},
    {.name = {"basename", 8}, .what = "the first word without its directories", .apply = transform_basename},
    {.name = {"csr_subject", 11},
     .what = "whom a certificate request would name: CN=NAME, and O=GROUP for each group",
     .apply = transform_csr_subject},
    {.name = {"first_label", 11}, .what = "a host name up to its first dot", .apply = transform_first_label},
    {.name = {"first_word", 10}, .what = "up to the first white space", .apply = transform_first_word},
    {.name = {"image_account", 13},
     .what = "the owner of an image: the first part of its path under the registry (library for Docker Hub's own)",
     .apply = transform_image_account},
    {.name = {"image_basename", 14}, .what = "the last part of an image's path", .apply = transform_image_basename},
    {.name = {"image_digest", 12}, .what = "the digest of an image reference, sha256:...", .apply = transform_image_digest},
    {.name = {"image_lookalike", 15},
     .what = "the well-known registry or account that an image's own resembles without being it",
     .apply = transform_image_lookalike,
     .wants_names = true},
    {.name = {"image_name", 10},
     .what = "registry and repository of an image, spelled out: docker.io/library/nginx",
     .apply = transform_image_name},
    {.name = {"image_registry", 14},
     .what = "the registry of an image, the default one (docker.io) when none is written",
     .apply = transform_image_registry},
    {.name = {"image_repository", 16},
     .what = "the path of an image under its registry, without tag: library/nginx",
     .apply = transform_image_repository},
    {.name = {"image_tag", 9}, .what = "the tag of an image, latest when neither tag nor digest is written", .apply = transform_image_tag},
    {.name = {"length", 6}, .what = "the size of the value in bytes, as a decimal number", .apply = transform_length},
    {.name = {"lookalike", 9},
     .what = "the well-known component that a name resembles without being it",
     .apply = transform_lookalike,
     .wants_names = true},
    {.name = {"sa_name", 7}, .what = "the name in system:serviceaccount:NAMESPACE:NAME", .apply = transform_sa_name},
    {.name = {"sa_namespace", 12}, .what = "the namespace in system:serviceaccount:NAMESPACE:NAME", .apply = transform_sa_namespace},
    {.name = {"skeleton", 8},
     .what = "a name with look-alike characters made equal and separators removed: kube-pr0xy becomes kubeproxy",
     .apply = transform_skeleton},
    {.name = {"uri_command", 11},
     .what = "the command of an exec, attach or kubelet run request, decoded and joined by spaces",
     .apply = transform_uri_command},
    {.name = {"uri_dry_run", 11}, .what = "the dryRun values of a request URI", .apply = transform_uri_dry_run},
    {.name = {"uri_path", 8}, .what = "the path of a request URI, decoded", .apply = transform_uri_path},
    {.name = {"uri_query_keys", 14}, .what = "the names of the query parameters of a request URI", .apply = transform_uri_query_keys},
};

const struct transform *transform_table(size_t *n)
{
    *n = sizeof table / sizeof *table;
    return table;
}

const struct transform *transform_find(struct str name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (str_eq(table[i].name, name))
            return &table[i];
    return NULL;
}

void field_derive(const struct field *f, struct str in, struct transform_out *out)
{
    out->names = f->names;
    out->registry = f->registry;
    if (!f->transform) {
        transform_emit(out, in);
        return;
    }
    if (!f->then) {
        f->transform->apply(in, out);
        return;
    }
    struct transform_out between = {.arena = out->arena, .names = f->names, .registry = f->registry};
    f->transform->apply(in, &between);
    for (size_t i = 0; i < between.n; i++)
        f->then->apply(between.items[i], out);
    out->dropped += between.dropped;
}
