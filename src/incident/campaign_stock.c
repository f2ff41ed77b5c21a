// SPDX-License-Identifier: Apache-2.0
// Which indicators say nothing about who it was, because everybody has them.
#include "incident/campaign_private.h"

static bool listed(const struct name_list *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_glob(s, list->items[i]))
            return true;
    return false;
}

static bool starts_with_listed(const struct name_list *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_starts_ci(s, list->items[i]))
            return true;
    return false;
}

static bool holds_listed(const struct name_list *list, struct str s)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_find_ci(s, list->items[i], 0) != SIZE_MAX)
            return true;
    return false;
}

// The same private address is another machine in every cluster.
static bool is_private(struct str s)
{
    static const struct str starts[] = {{"10.", 3}, {"127.", 4}, {"192.168.", 8}, {"169.254.", 8}, {"fc", 2},  {"fd", 2},
                                        {"fe8", 3}, {"fe9", 3},  {"fea", 3},      {"feb", 3},      {"::1", 3}, {"0.", 2}};
    uint64_t second;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts_ci(s, starts[i]))
            return true;
    struct str rest = s, first = str_split(&rest, '.');
    if (!str_to_u64(str_split(&rest, '.'), &second))
        return false;
    return (str_eq(first, STR("172")) && second >= 16 && second < 32) || (str_eq(first, STR("100")) && second >= 64 && second < 128);
}

static bool is_stock_image(const struct campaign_knowledge *k, struct str image)
{
    const struct str hub = STR("docker.io/");
    struct str registry = str_slice(image, 0, str_find_char(image, '/', 0));
    if (listed(&k->images, image) || listed(&k->registries, registry))
        return true;
    if (!str_starts(image, hub))
        return false;
    struct str account = str_slice(image, hub.len, str_find_char(image, '/', hub.len));
    return listed(&k->accounts, account);
}

// An incident with no image but stock ones: its digests are theirs.
static bool only_stock_images(const struct campaign_knowledge *k, const struct member *m)
{
    bool any = false;
    for (size_t i = 0; i < m->n_signs; i++) {
        if (m->signs[i].kind != KIND_IMAGE)
            continue;
        if (!is_stock_image(k, m->signs[i].value))
            return false;
        any = true;
    }
    return any;
}

bool token_is_stock(const struct survey *s, const struct token *t)
{
    const struct campaign_knowledge *k = s->knowledge;
    switch (t->sign.kind) {
    case KIND_IMAGE:
        return is_stock_image(k, t->sign.value);
    case KIND_DIGEST:
        for (size_t i = 0; i < t->n_holders; i++)
            if (only_stock_images(k, s->members[s->holders[t->first_holder + i]]))
                return true;
        return false;
    case KIND_AGENT:
        return starts_with_listed(&k->agents, t->sign.value);
    case KIND_NAME:
        return listed(&k->names, t->sign.value);
    case KIND_POOL:
        return holds_listed(&k->pools, t->sign.value);
    case KIND_ADDRESS:
        return is_private(t->sign.value);
    default:
        return false;
    }
}
