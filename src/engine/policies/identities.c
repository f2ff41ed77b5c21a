// SPDX-License-Identifier: Apache-2.0
#include "engine/policies/identities.h"

#include "base/map.h"
#include "detect/detect.h"
#include "engine/pack/pack.h"

#include <stdlib.h>

enum { ALERTED_MAX = 100000 };

struct identities {
    struct pack *pack;
    struct plan *plan;
    struct matcher *matcher;
    struct arena arena;
    struct map alerted;
};

status identities_open(struct identities **out, struct str registry, struct diags *diags)
{
    struct identities *i = must_alloc(calloc(1, sizeof *i));
    const struct pack_options options = {.stream = STR("audit"), .registry = registry};
    arena_init(&i->arena, ARENA_UNLIMITED);
    status result = pack_load(&i->pack, &options, diags);
    if (result == ST_OK)
        result = plan_new(&i->plan, i->pack->rules, i->pack->dictionary, NULL, 0, diags);
    if (result == ST_OK)
        i->matcher = matcher_new(i->plan, JSON_LIMITS_DEFAULT);
    *out = i;
    if (result != ST_OK) {
        identities_close(i);
        *out = NULL;
    }
    return result;
}

void identities_close(struct identities *i)
{
    if (!i)
        return;
    matcher_free(i->matcher);
    plan_free(i->plan);
    pack_free(i->pack);
    map_fini(&i->alerted);
    arena_fini(&i->arena);
    free(i);
}

void identities_take(struct identities *i, const struct history_record *h)
{
    const struct str user = h->event->actor.impersonated.len ? h->event->actor.impersonated : h->event->actor.principal;
    struct json_error error;
    size_t n = 0;
    if (!user.len || map_get(&i->alerted, user) || i->alerted.n >= ALERTED_MAX ||
        matcher_record(i->matcher, h->tree->raw, &error) != JSON_OK)
        return;
    const uint32_t *hits = matcher_hits(i->matcher, &n);
    for (size_t k = 0; k < n; k++) {
        const struct rule *rule = &i->pack->rules->rules[hits[k]];
        if (rule->silent || rule->level < LEVEL_HIGH)
            continue;
        *map_put(&i->alerted, arena_str(&i->arena, user), NULL) = 1;
        return;
    }
}

static bool is_listed(const struct identities *i, struct str list, struct str user)
{
    const struct placeholders *p = &i->pack->placeholders;
    for (size_t k = 0; k < p->n; k++) {
        if (!str_eq(p->items[k].name, list))
            continue;
        for (size_t v = 0; v < p->items[k].n; v++) {
            if (str_glob(user, p->items[k].values[v]))
                return true;
        }
    }
    return false;
}

enum replay_who identities_who(const struct identities *i, struct str user)
{
    if (str_starts(user, STR("system:node:")) || str_starts(user, STR("system:kube-")) || is_listed(i, STR("builtin_controllers"), user) ||
        is_listed(i, STR("platform_components"), user))
        return REPLAY_COMPONENT;
    return map_get(&i->alerted, user) ? REPLAY_ALERTED : REPLAY_OTHER;
}
