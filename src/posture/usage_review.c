// SPDX-License-Identifier: Apache-2.0
#include "posture/usage_review.h"

#include "posture/grants.h"
#include "posture/powers.h"

static bool covers(const struct access_binding *b, const struct access_rule *rule, const struct used *s)
{
    for (size_t i = 0; i < s->n_uses; i++) {
        const struct access_action *a = &s->uses[i].action;
        if ((!b->ns.ptr || str_eq(b->ns, a->ns)) && access_rule_allows(rule, a))
            return true;
    }
    return false;
}

static bool suggested_gives(const struct suggested_role *roles, size_t n, const struct power *p)
{
    for (size_t i = 0; i < n; i++) {
        const struct access_role role = {.rules = roles[i].rules, .n_rules = roles[i].n_rules};
        if (role_gives(&role, p, roles[i].cluster))
            return true;
    }
    return false;
}

static void find_risks(struct arena *arena, const struct access_binding *b, const struct suggested_role *roles, size_t n_roles,
                       struct reviewed_grant *out)
{
    const char **risks = arena_array(arena, const char *, n_powers);
    for (size_t i = 0; i < n_powers; i++) {
        const bool told = out->n_risks && risks[out->n_risks - 1] == powers[i].name;
        if (!told && role_gives(b->role, &powers[i], !b->ns.ptr) && !suggested_gives(roles, n_roles, &powers[i]))
            risks[out->n_risks++] = powers[i].name;
    }
    out->risks = risks;
}

void usage_review(struct arena *arena, const struct access *graph, const struct used *s, const struct suggested_role *roles, size_t n_roles,
                  struct usage_review *out)
{
    size_t n;
    const struct access_binding *bindings = access_bindings(graph, &n);
    const struct access_identity who = access_identity_of(arena, &s->who, s->groups, s->n_groups);
    struct reviewed_grant *grants = arena_array(arena, struct reviewed_grant, n);
    *out = (struct usage_review){.grants = grants};
    for (size_t i = 0; i < n; i++) {
        if (!bindings[i].role || !access_binding_names(&bindings[i], &who))
            continue;
        struct reviewed_grant *g = &grants[out->n_grants++];
        *g = (struct reviewed_grant){.binding = &bindings[i], .rules = bindings[i].role->n_rules};
        for (size_t k = 0; k < g->rules; k++)
            g->used += covers(&bindings[i], &bindings[i].role->rules[k], s);
        find_risks(arena, &bindings[i], roles, n_roles, g);
    }
    for (size_t i = 0; i < who.n_groups; i++)
        out->superuser = out->superuser || str_eq(who.groups[i], STR("system:masters"));
    const struct use **missing = arena_array(arena, const struct use *, s->n_uses);
    for (size_t i = 0; i < s->n_uses; i++) {
        if (!access_allows(graph, &who, &s->uses[i].action, NULL))
            missing[out->n_missing++] = &s->uses[i];
    }
    out->missing = missing;
}
