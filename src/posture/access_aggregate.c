// SPDX-License-Identifier: Apache-2.0
// Aggregated ClusterRoles, as the controller of a running cluster fills them (pkg/controller/clusterroleaggregation): the rules of all
// roles that one of the selectors chooses, the role itself left out, again and again until nothing changes.
//
// Of a live cluster that has been done: what stands in the object is what the authorizer uses. In manifests it is done here. What a
// manifest itself gives to an aggregated role as rules is overwritten by the controller, except where roles choose each other in a circle:
// there what was once in goes round for ever, and counts.
#include "posture/access_private.h"

#include "base/status.h"

#include <stdlib.h>

enum { STEPS_MAX = 200000000, RULES_MAX = 20000000 };

struct aggregation {
    struct access *a;
    struct diags *diags;
    uint32_t *mark;  // of each role: the walk that was there last
    uint32_t walk;   // the number of the walk at hand
    uint32_t *queue; // roles to look at
    size_t n_queue;
    uint64_t steps, rules; // against hostile numbers of selectors
    bool *circular;
    VEC(uint32_t) chosen; // roles that give rules
};

static bool chooses(struct aggregation *g, size_t chooser, size_t role)
{
    const struct role_source *by = &g->a->sources.items[chooser], *s = &g->a->sources.items[role];
    if (chooser == role || g->a->roles.items[role].ns.ptr)
        return false;
    for (size_t i = 0; i < by->n_selectors; i++) {
        g->steps += by->selectors[i].n + 1;
        if (selector_chooses(&by->selectors[i], s->labels))
            return true;
    }
    return false;
}

// Whether the controller has still to fill it.
static bool is_open(const struct aggregation *g, size_t role)
{
    return g->a->roles.items[role].aggregated && !g->a->sources.items[role].live;
}

// Everything reachable from a role by choosing, into the queue. Tells whether the role itself is.
static bool walk_from(struct aggregation *g, size_t start)
{
    bool circular = false;
    g->walk++;
    g->queue[0] = (uint32_t)start;
    g->n_queue = 1;
    g->mark[start] = g->walk;
    for (size_t at = 0; at < g->n_queue && g->steps < STEPS_MAX; at++) {
        const size_t from = g->queue[at];
        if (!is_open(g, from))
            continue;
        for (size_t role = 0; role < g->a->roles.n && g->steps < STEPS_MAX; role++) {
            g->steps++;
            if ((g->mark[role] == g->walk && role != start) || !chooses(g, from, role))
                continue;
            circular = circular || role == start;
            if (g->mark[role] != g->walk)
                g->queue[g->n_queue++] = (uint32_t)role;
            g->mark[role] = g->walk;
        }
    }
    return circular;
}

static bool words_equal(struct access_words x, struct access_words y)
{
    if (x.n != y.n)
        return false;
    for (size_t i = 0; i < x.n; i++) {
        if (x.items[i].ptr != y.items[i].ptr) // interned
            return false;
    }
    return true;
}

static bool rule_equal(const struct access_rule *x, const struct access_rule *y)
{
    return words_equal(x->verbs, y->verbs) && words_equal(x->groups, y->groups) && words_equal(x->resources, y->resources) &&
           words_equal(x->names, y->names) && words_equal(x->urls, y->urls);
}

static bool has_rule(const struct access_role *role, const struct access_rule *rule)
{
    for (size_t i = 0; i < role->n_rules; i++) {
        if (rule_equal(&role->rules[i], rule))
            return true;
    }
    return false;
}

static void tell_lost_rules(struct aggregation *g, const struct access_role *was, const struct access_role *now)
{
    for (size_t i = 0; i < was->n_rules && i < 100; i++) {
        if (has_rule(now, &was->rules[i]))
            continue;
        const struct place place = {.file = was->place.file, .line = (unsigned)was->place.line};
        diags_add(g->diags, DIAG_WARNING, &place,
                  "ClusterRole %.*s is aggregated: rules of its own that no role it selects has are overwritten", STR_ARG(was->name));
        return;
    }
}

static struct access_role fill(struct aggregation *g, size_t which)
{
    struct access *a = g->a;
    struct access_role role = a->roles.items[which];
    size_t n = 0;
    g->chosen.n = 0;
    (void)walk_from(g, which);
    for (size_t i = 0; i < g->n_queue; i++) {
        const size_t from = g->queue[i];
        if (is_open(g, from) && !g->circular[from])
            continue;
        *vec_push(&g->chosen) = (uint32_t)from;
        n += a->roles.items[from].n_rules;
    }
    g->rules += n;
    if (g->rules > RULES_MAX)
        return role;
    struct access_rule *rules = arena_array(&a->arena, struct access_rule, n);
    role.rules = rules;
    role.n_rules = 0;
    for (size_t i = 0; i < g->chosen.n; i++) {
        const struct access_role *from = &a->roles.items[g->chosen.items[i]];
        for (size_t j = 0; j < from->n_rules; j++)
            rules[role.n_rules++] = from->rules[j];
    }
    return role;
}

static void fill_all(struct aggregation *g, const uint32_t *open, size_t n)
{
    struct access_role *filled = must_alloc(calloc(n + 1, sizeof *filled));
    for (size_t i = 0; i < n; i++)
        g->circular[open[i]] = walk_from(g, open[i]);
    for (size_t i = 0; i < n; i++)
        filled[i] = fill(g, open[i]);
    for (size_t i = 0; i < n; i++) { // only now: all were filled from what the manifests say
        struct access_role *role = &g->a->roles.items[open[i]];
        tell_lost_rules(g, role, &filled[i]);
        *role = filled[i];
    }
    free(filled);
    if (g->steps >= STEPS_MAX || g->rules > RULES_MAX)
        diags_add(g->diags, DIAG_WARNING, NULL, "aggregated ClusterRoles choose too much: some of their rules are left out");
}

void access_aggregate(struct access *a, struct diags *diags)
{
    const size_t n = a->roles.n;
    VEC(uint32_t) open = {0};
    struct aggregation g = {.a = a, .diags = diags};
    for (size_t i = 0; i < n; i++) {
        if (is_open(&g, i))
            *vec_push(&open) = (uint32_t)i;
    }
    if (open.n) {
        g.mark = must_alloc(calloc(n, sizeof *g.mark));
        g.queue = must_alloc(calloc(n, sizeof *g.queue));
        g.circular = must_alloc(calloc(n, sizeof *g.circular));
        fill_all(&g, open.items, open.n);
    }
    free(g.mark);
    free(g.queue);
    free(g.circular);
    vec_fini(&g.chosen);
    vec_fini(&open);
}
