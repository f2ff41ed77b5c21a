// SPDX-License-Identifier: Apache-2.0
// Breadth first over identities. Everybody is looked at once, and whole classes (all ServiceAccounts of a namespace, ...) are reached once,
// so that the work is bounded by identities times the bindings that name them.
#include "posture/access_path.h"

#include "base/map.h"
#include "posture/access_private.h"
#include "posture/powers.h"

#include <string.h>

struct node {
    struct access_subject who; // name ptr NULL: cluster-admin
    size_t parent;
    struct access_step step; // from the parent
};

// A binding that names the identity at hand.
struct held {
    const struct access_binding *binding;
    const struct access_subject *subject;
};

struct search {
    const struct access *a;
    struct arena *arena;
    VEC(struct node) nodes; // also the queue
    struct map seen;        // subjects and classes
    VEC(struct held) held;
    struct access_subject goal;
    size_t at, found;
};

static struct str key_of(struct search *s, const struct access_subject *who)
{
    return arena_printf(s->arena, "%d/%.*s/%.*s", who->name.ptr ? (int)who->kind : 9, STR_ARG(who->ns), STR_ARG(who->name));
}

static bool same(const struct access_subject *x, const struct access_subject *y)
{
    if (!x->name.ptr || !y->name.ptr)
        return !x->name.ptr && !y->name.ptr;
    return x->kind == y->kind && str_eq(x->name, y->name) && (x->kind != SUBJECT_ACCOUNT || str_eq(x->ns, y->ns));
}

static void reach(struct search *s, struct access_subject who, const struct access_step *step)
{
    bool added;
    (void)map_put(&s->seen, key_of(s, &who), &added);
    if (!added || s->found != SIZE_MAX)
        return;
    struct node *n = vec_push(&s->nodes);
    *n = (struct node){.who = who, .parent = s->at, .step = *step};
    n->step.to = who;
    if (same(&who, &s->goal))
        s->found = s->nodes.n - 1;
}

// --- what an identity holds ------------------------------------------------------------------------------------------------------

static void collect(struct search *s, const struct access_identity *who)
{
    s->held.n = 0;
    for (size_t i = 0; i < s->a->bindings.n; i++) {
        const struct access_binding *b = &s->a->bindings.items[i];
        const struct access_subject *subject = b->role ? access_binding_names(b, who) : NULL;
        if (subject)
            *vec_push(&s->held) = (struct held){b, subject};
    }
}

static bool holds_in(const struct access_binding *b, struct str ns)
{
    return !b->ns.ptr || (ns.len && str_eq(b->ns, ns));
}

// Whether something held allows it; ns len 0: in the whole cluster.
static bool find_rule(const struct search *s, struct access_action action, struct access_grant *out)
{
    for (size_t i = 0; i < s->held.n; i++) {
        const struct access_binding *b = s->held.items[i].binding;
        if (!holds_in(b, action.ns))
            continue;
        for (size_t j = 0; j < b->role->n_rules; j++) {
            const struct access_rule *rule = &b->role->rules[j];
            if (!access_rule_allows(rule, &action))
                continue;
            *out = (struct access_grant){*s->held.items[i].subject, b, b->role, rule};
            return true;
        }
    }
    return false;
}

static struct access_action action_of(const struct power_need *need, struct str ns)
{
    struct access_action action = {.group = str_from_c(need->group), .resource = str_from_c(need->resource), .ns = ns};
    action.subresource = need->subresource ? str_from_c(need->subresource) : STR("");
    action.name = need->name ? str_from_c(need->name) : STR("");
    return action;
}

static bool meets(const struct search *s, const struct power_need *need, struct str ns, struct access_grant *out)
{
    struct access_action action = action_of(need, ns);
    struct str verbs = str_from_c(need->verbs);
    while (verbs.ptr) {
        action.verb = str_split(&verbs, ' ');
        if (find_rule(s, action, out))
            return true;
    }
    return false;
}

// --- where a power leads ---------------------------------------------------------------------------------------------------------

static void reach_accounts(struct search *s, const struct access_step *step, enum power_target target)
{
    bool added;
    (void)map_put(&s->seen, arena_printf(s->arena, "class %d/%.*s", (int)target, STR_ARG(step->ns)), &added);
    for (size_t i = 0; added && i < s->a->accounts.n; i++) {
        const struct account *account = &s->a->accounts.items[i];
        const bool fits = (target != POWER_PODS || account->has_pods) && (target != POWER_TOKEN_SECRETS || account->has_token_secret);
        if (fits && (!step->ns.ptr || str_eq(step->ns, account->ns)))
            reach(s, (struct access_subject){SUBJECT_ACCOUNT, account->ns, account->name}, step);
    }
}

// Users and groups are those that bindings name, and the one that is looked for.
static void reach_named(struct search *s, const struct access_step *step, enum power_target target)
{
    bool added;
    (void)map_put(&s->seen, arena_printf(s->arena, "class %d", (int)target), &added);
    const bool users = target != POWER_GROUPS, groups = target != POWER_USERS, masters = target == POWER_GROUPS;
    for (size_t i = 0; added && i <= s->a->bindings.n; i++) {
        const struct access_binding *b = i < s->a->bindings.n ? &s->a->bindings.items[i] : NULL;
        const struct access_subject *subjects = b ? b->subjects : &s->goal;
        for (size_t j = 0; j < (b ? b->n_subjects : 1); j++) {
            const struct access_subject *who = &subjects[j];
            const bool wanted = (who->kind == SUBJECT_USER && users) || (who->kind == SUBJECT_GROUP && groups);
            if (wanted && who->name.ptr && (masters || !str_eq(who->name, s->a->superuser_group)))
                reach(s, *who, step);
        }
    }
}

static void follow(struct search *s, const struct access_step *step, enum power_target target)
{
    switch (target) {
    case POWER_EVERYTHING:
        reach(s, (struct access_subject){0}, step);
        break;
    case POWER_USERS:
    case POWER_GROUPS:
        reach_named(s, step, target);
        break;
    case POWER_ANYBODY:
        reach_named(s, step, target);
        reach_accounts(s, step, POWER_ACCOUNTS);
        break;
    case POWER_ACCOUNTS:
    case POWER_PODS:
    case POWER_TOKEN_SECRETS:
        reach_accounts(s, step, target);
        break;
    }
}

static void reach_name(struct search *s, const struct access_step *step, enum power_target target, struct str name)
{
    struct access_subject who = {.name = name};
    who.kind = target == POWER_USERS ? SUBJECT_USER : target == POWER_GROUPS ? SUBJECT_GROUP : SUBJECT_ACCOUNT;
    if (who.kind != SUBJECT_ACCOUNT) {
        reach(s, who, step);
        return;
    }
    for (size_t i = 0; i < s->a->accounts.n; i++) {
        const struct account *account = &s->a->accounts.items[i];
        who.ns = account->ns;
        if (str_eq(account->name, name) && (!step->ns.ptr || str_eq(step->ns, account->ns)))
            reach(s, who, step);
    }
}

// Rules with resourceNames give the power over those names. (Such powers have one need, and one verb.)
static void follow_names(struct search *s, struct access_step *step, const struct power *p)
{
    struct access_action action = action_of(&p->needs[0], step->ns);
    action.verb = str_from_c(p->needs[0].verbs);
    step->n_grants = 1;
    for (size_t i = 0; i < s->held.n; i++) {
        const struct access_binding *b = s->held.items[i].binding;
        for (size_t j = 0; holds_in(b, step->ns) && j < b->role->n_rules; j++) {
            const struct access_rule *rule = &b->role->rules[j];
            for (size_t k = 0; k < rule->names.n; k++) {
                action.name = rule->names.items[k];
                if (!access_rule_allows(rule, &action))
                    continue;
                step->grants[0] = (struct access_grant){*s->held.items[i].subject, b, b->role, rule};
                reach_name(s, step, p->target, action.name);
            }
        }
    }
}

static void try_power(struct search *s, const struct power *p, struct str ns)
{
    struct access_step step = {.power = str_from_c(p->name), .text = str_from_c(p->text), .ns = ns, .from = s->nodes.items[s->at].who};
    if (p->cluster_only && ns.ptr)
        return;
    for (size_t i = 0; i < POWER_NEEDS && p->needs[i].verbs; i++) {
        if (!meets(s, &p->needs[i], ns, &step.grants[i])) {
            if (p->named)
                follow_names(s, &step, p);
            return;
        }
        step.n_grants++;
    }
    for (size_t i = 0; p->needs_role && i < step.n_grants; i++)
        if (!step.grants[i].role || !step.grants[i].role->ns.ptr)
            return;
    follow(s, &step, p->target);
}

// --- the search ------------------------------------------------------------------------------------------------------------------

static bool is_allowed_everything(struct search *s, const struct access_identity *who, struct access_step *step)
{
    const struct access_subject masters = {.kind = SUBJECT_GROUP, .name = s->a->superuser_group};
    step->n_grants = 1;
    step->grants[0] = (struct access_grant){.subject = masters};
    if (access_subject_is(&masters, who))
        return true;
    for (size_t i = 0; i < s->held.n; i++) {
        const struct access_binding *b = s->held.items[i].binding;
        for (size_t j = 0; !b->ns.ptr && j < b->role->n_rules; j++) {
            if (!access_rule_is_everything(&b->role->rules[j]))
                continue;
            step->grants[0] = (struct access_grant){*s->held.items[i].subject, b, b->role, &b->role->rules[j]};
            return true;
        }
    }
    return false;
}

static void expand_everything(struct search *s)
{
    struct access_step step = {.power = STR("everything"), .text = STR("act as anybody")};
    reach(s, s->goal, &step);
}

static void expand(struct search *s)
{
    const struct access_subject self = s->nodes.items[s->at].who;
    struct access_step step = {.power = STR("holds"), .text = STR("do everything"), .from = self};
    if (!self.name.ptr) {
        expand_everything(s);
        return;
    }
    const struct access_identity who = access_identity_of(s->arena, &self, NULL, 0);
    struct str last = STR_NONE;
    collect(s, &who);
    for (size_t i = 0; i < who.n_groups; i++) {
        step.power = STR("member");
        step.text = STR("do what its group may");
        step.n_grants = 0;
        const struct access_subject group = {.kind = SUBJECT_GROUP, .name = who.groups[i]};
        if (same(&group, &s->goal))
            reach(s, group, &step);
    }
    step = (struct access_step){.power = STR("holds"), .text = STR("do everything"), .from = self};
    if (is_allowed_everything(s, &who, &step)) {
        reach(s, (struct access_subject){0}, &step);
        return;
    }
    for (size_t i = 0; i < n_powers; i++)
        try_power(s, &powers[i], STR_NONE);
    for (size_t i = 0; i < s->held.n; i++) {
        const struct str ns = s->held.items[i].binding->ns;
        bool added;
        if (!ns.ptr || (last.ptr && str_eq(ns, last)))
            continue;
        last = ns;
        (void)map_put(&s->seen, arena_printf(s->arena, "node %zu/%.*s", s->at, STR_ARG(ns)), &added);
        for (size_t j = 0; added && j < n_powers; j++)
            try_power(s, &powers[j], ns);
    }
}

static void write_path(const struct search *s, struct access_path *out)
{
    for (size_t i = s->found; i; i = s->nodes.items[i].parent)
        out->n++;
    out->steps = arena_array(s->arena, struct access_step, out->n);
    size_t at = out->n;
    for (size_t i = s->found; i; i = s->nodes.items[i].parent)
        out->steps[--at] = s->nodes.items[i].step;
}

bool access_find_path(const struct access *a, struct arena *arena, const struct access_subject *from, const struct access_subject *to,
                      struct access_path *out)
{
    struct search s = {.a = a, .arena = arena, .goal = *to, .found = SIZE_MAX};
    struct access_step none = {0};
    *out = (struct access_path){0};
    reach(&s, *from, &none);
    for (; s.at < s.nodes.n && s.found == SIZE_MAX; s.at++)
        expand(&s);
    if (s.found != SIZE_MAX)
        write_path(&s, out);
    vec_fini(&s.nodes);
    vec_fini(&s.held);
    map_fini(&s.seen);
    return s.found != SIZE_MAX;
}
