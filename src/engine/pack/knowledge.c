// SPDX-License-Identifier: Apache-2.0
#include "engine/pack/knowledge.h"

#include <string.h>

static struct name_list find(const struct pack *p, struct str name)
{
    for (size_t i = 0; i < p->placeholders.n; i++)
        if (str_eq(p->placeholders.items[i].name, name))
            return (struct name_list){p->placeholders.items[i].values, p->placeholders.items[i].n};
    return (struct name_list){0};
}

static struct name_list join(const struct pack *p, struct arena *a, const struct str *names, size_t n)
{
    struct name_list all = {0};
    size_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += find(p, names[i]).n;
    struct str *items = arena_array(a, struct str, total);
    for (size_t i = 0; i < n; i++) {
        struct name_list list = find(p, names[i]);
        if (list.n)
            memcpy(items + all.n, list.items, list.n * sizeof *items);
        all.n += list.n;
    }
    all.items = items;
    return all;
}
#define JOIN(p, a, ...) join((p), (a), (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str))

struct incident_knowledge knowledge_of(const struct pack *pack, struct arena *a, uint64_t seed)
{
    return (struct incident_knowledge){
        .dictionary = pack->dictionary,
        .pages = pack->pages,
        .n_pages = pack->n_pages,
        .components = JOIN(pack, a, STR("builtin_controllers"), STR("platform_components")),
        .stock_grants = JOIN(pack, a, STR("default_anonymous_bindings")),
        .trusted_registries = JOIN(pack, a, STR("trusted_registries")),
        .internal_balancers = JOIN(pack, a, STR("internal_balancers")),
        .guards = JOIN(pack, a, STR("guarding_annotations")),
        .seed = seed,
    };
}

struct campaign_knowledge campaign_knowledge_of(const struct pack *pack, struct arena *a)
{
    return (struct campaign_knowledge){
        .registries = JOIN(pack, a, STR("trusted_registries")),
        .accounts = JOIN(pack, a, STR("known_accounts")),
        .images = JOIN(pack, a, STR("bare_images")),
        .agents = JOIN(pack, a, STR("stock_agents")),
        .names = JOIN(pack, a, STR("stock_names"), STR("addon_system_names")),
        .pools = JOIN(pack, a, STR("miner_pools")),
    };
}
