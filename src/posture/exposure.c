// SPDX-License-Identifier: Apache-2.0
// Taking objects in.
#include "posture/exposure_private.h"

static void read_namespace(struct exposure *e, const struct json_value *tree, const struct thing *thing)
{
    struct territory *t = exposure_territory(e, thing->name);
    t->known = true;
    t->labels = labels_read((struct keep){&e->arena, &e->words}, json_get(json_get(tree, STR("metadata")), STR("labels")));
}

// An object of its kind, in the group that Kubernetes serves it in; "": the core group.
static const struct {
    struct str kind, group;
    enum seen seen;
    void (*read)(struct exposure *e, const struct json_value *tree, const struct thing *thing);
} kinds[] = {
    {STR("Service"), STR(""), SEEN_SERVICE, read_service},
    {STR("Namespace"), STR(""), SEEN_MAX, read_namespace},
    {STR("NetworkPolicy"), STR("networking.k8s.io/"), SEEN_POLICY, read_policy},
    {STR("NetworkPolicy"), STR("extensions/"), SEEN_POLICY, read_policy},
    {STR("Gateway"), STR("gateway.networking.k8s.io/"), SEEN_MAX, read_gateway},
    {STR("Gateway"), STR("networking.istio.io/"), SEEN_MAX, read_istio_gateway},
    {STR("ReferenceGrant"), STR("gateway.networking.k8s.io/"), SEEN_MAX, read_reference_grant},
};

void exposure_policies_unread(struct exposure *e)
{
    e->policies_unread = true;
}

static bool is_in_group(struct str api_version, struct str group)
{
    return group.len ? str_starts(api_version, group) : str_find_char(api_version, '/', 0) == SIZE_MAX;
}

void exposure_add(struct exposure *e, const struct json_value *tree, struct str api_version, struct str kind, struct access_place place)
{
    const struct json_value *metadata = json_get(tree, STR("metadata"));
    struct thing thing = {.api_version = exposure_word(e, api_version), .kind = exposure_word(e, kind), .place = place};
    thing.ns = exposure_word(e, json_text(json_get(metadata, STR("namespace"))));
    const struct str name = json_text(json_get(metadata, STR("name")));
    thing.name = name.ptr ? arena_str(&e->arena, name) : STR(""); // hardly anything else has it: no word
    if (!thing.ns.len)
        thing.ns = STR("default"); // where kubectl puts it
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!str_eq(kind, kinds[i].kind) || !is_in_group(api_version, kinds[i].group))
            continue;
        kinds[i].read(e, tree, &thing);
        if (kinds[i].seen != SEEN_MAX)
            e->seen[kinds[i].seen] = true;
        return;
    }
    if (!read_workload(e, tree, &thing))
        (void)read_route(e, tree, &thing);
}
