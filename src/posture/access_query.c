// SPDX-License-Identifier: Apache-2.0
// Questions, answered in the authorizer's order: the privileged group, ClusterRoleBindings, the RoleBindings of the namespace.
#include "posture/access_private.h"

#include <string.h>

static const struct str account_prefix = {"system:serviceaccount:", 22};

static bool is_account_name(struct str user, const struct access_subject *s)
{
    if (!str_starts(user, account_prefix))
        return false;
    user = str_slice(user, account_prefix.len, user.len);
    return user.len == s->ns.len + 1 + s->name.len && str_starts(user, s->ns) && user.ptr[s->ns.len] == ':' && str_ends(user, s->name);
}

bool access_subject_is(const struct access_subject *s, const struct access_identity *who)
{
    switch (s->kind) {
    case SUBJECT_USER:
        return who->user.ptr && str_eq(s->name, who->user);
    case SUBJECT_ACCOUNT:
        return who->user.ptr && is_account_name(who->user, s);
    case SUBJECT_GROUP:
        break;
    }
    for (size_t i = 0; i < who->n_groups; i++) {
        if (str_eq(who->groups[i], s->name))
            return true;
    }
    return false;
}

const struct access_subject *access_binding_names(const struct access_binding *b, const struct access_identity *who)
{
    for (size_t i = 0; i < b->n_subjects; i++) {
        if (access_subject_is(&b->subjects[i], who))
            return &b->subjects[i];
    }
    return NULL;
}

static const struct access_rule *allowing(const struct access_role *role, const struct access_action *action)
{
    for (size_t i = 0; role && i < role->n_rules; i++) {
        if (access_rule_allows(&role->rules[i], action))
            return &role->rules[i];
    }
    return NULL;
}

// Whether a binding is asked about this action at all.
static bool holds_for(const struct access_binding *b, const struct access_action *action, bool any_namespace)
{
    if (!b->ns.ptr)
        return true;
    if (!action->resource.ptr)
        return false;
    return any_namespace && !action->ns.len ? !action->cluster_scoped : str_eq(b->ns, action->ns) && action->ns.len;
}

static struct access_grant superuser(const struct access *a)
{
    return (struct access_grant){.subject = {.kind = SUBJECT_GROUP, .name = a->superuser_group}};
}

static bool has_superuser_group(const struct access *a, const struct access_identity *who)
{
    const struct access_subject group = superuser(a).subject;
    return access_subject_is(&group, who);
}

void access_who_can(const struct access *a, const struct access_action *action, bool any_namespace, access_tell_fn *tell, void *context)
{
    const struct access_grant first = superuser(a);
    tell(context, &first);
    for (int namespaced = 0; namespaced < 2; namespaced++) {
        for (size_t i = 0; i < a->bindings.n; i++) {
            const struct access_binding *b = &a->bindings.items[i];
            if ((b->ns.ptr != NULL) != namespaced || !holds_for(b, action, any_namespace))
                continue;
            const struct access_rule *rule = allowing(b->role, action);
            for (size_t j = 0; rule && j < b->n_subjects; j++) {
                const struct access_grant grant = {b->subjects[j], b, b->role, rule};
                tell(context, &grant);
            }
        }
    }
}

void access_of(const struct access *a, const struct access_identity *who, access_tell_fn *tell, void *context)
{
    const struct access_grant first = superuser(a);
    if (has_superuser_group(a, who))
        tell(context, &first);
    for (int namespaced = 0; namespaced < 2; namespaced++) {
        for (size_t i = 0; i < a->bindings.n; i++) {
            const struct access_binding *b = &a->bindings.items[i];
            if ((b->ns.ptr != NULL) != namespaced || !b->role)
                continue;
            const struct access_subject *subject = access_binding_names(b, who);
            for (size_t j = 0; subject && j < b->role->n_rules; j++) {
                const struct access_grant grant = {*subject, b, b->role, &b->role->rules[j]};
                tell(context, &grant);
            }
        }
    }
}

bool access_allows(const struct access *a, const struct access_identity *who, const struct access_action *action, struct access_grant *by)
{
    struct access_grant found = superuser(a);
    if (has_superuser_group(a, who)) {
        if (by)
            *by = found;
        return true;
    }
    for (int namespaced = 0; namespaced < 2; namespaced++) {
        for (size_t i = 0; i < a->bindings.n; i++) {
            const struct access_binding *b = &a->bindings.items[i];
            if ((b->ns.ptr != NULL) != namespaced || !holds_for(b, action, false))
                continue;
            const struct access_subject *subject = access_binding_names(b, who);
            const struct access_rule *rule = subject ? allowing(b->role, action) : NULL;
            if (!rule)
                continue;
            if (by)
                *by = (struct access_grant){*subject, b, b->role, rule};
            return true;
        }
    }
    return false;
}

// --- who is meant ----------------------------------------------------------------------------------------------------------------

static bool parse_account(struct str text, char separator, struct access_subject *out)
{
    const size_t at = str_find_char(text, separator, 0);
    if (at == SIZE_MAX || at == 0 || at + 1 == text.len)
        return false;
    *out = (struct access_subject){SUBJECT_ACCOUNT, str_slice(text, 0, at), str_slice(text, at + 1, text.len)};
    return true;
}

bool access_parse_subject(struct str text, struct access_subject *out)
{
    static const struct str account_words[] = {STR("serviceaccount:"), STR("sa:")};
    static const struct str groups[] = {STR("system:masters"),   STR("system:authenticated"),   STR("system:unauthenticated"),
                                        STR("system:nodes"),     STR("system:serviceaccounts"), STR("system:bootstrappers"),
                                        STR("system:monitoring")};
    const bool user = str_starts(text, STR("user:"));
    if (user)
        text = str_slice(text, 5, text.len), *out = (struct access_subject){.kind = SUBJECT_USER, .name = text};
    else if (str_starts(text, STR("group:")))
        return *out = (struct access_subject){.kind = SUBJECT_GROUP, .name = str_slice(text, 6, text.len)}, out->name.len > 0;
    else
        *out = (struct access_subject){.kind = SUBJECT_USER, .name = text};
    if (str_starts(text, account_prefix))
        return parse_account(str_slice(text, account_prefix.len, text.len), ':', out);
    for (size_t i = 0; i < sizeof account_words / sizeof *account_words; i++) {
        const struct str rest = str_slice(text, account_words[i].len, text.len);
        if (str_starts(text, account_words[i]))
            return parse_account(rest, '/', out) || parse_account(rest, ':', out);
    }
    for (size_t i = 0; !user && i < sizeof groups / sizeof *groups; i++) {
        if (str_eq(text, groups[i]) || str_starts(text, STR("system:serviceaccounts:")))
            out->kind = SUBJECT_GROUP;
    }
    if (!user && out->kind == SUBJECT_USER && str_find_char(text, ':', 0) == SIZE_MAX && parse_account(text, '/', out))
        return true;
    return text.len > 0;
}

struct access_identity access_identity_of(struct arena *a, const struct access_subject *s, const struct str *groups, size_t n)
{
    struct str *all = arena_array(a, struct str, n + 4);
    struct access_identity who = {.groups = all};
    for (size_t i = 0; i < n; i++)
        all[who.n_groups++] = groups[i];
    const bool anonymous = s->kind == SUBJECT_USER && str_eq(s->name, STR("system:anonymous"));
    if (s->kind == SUBJECT_ACCOUNT) {
        who.user = arena_printf(a, "system:serviceaccount:%.*s:%.*s", STR_ARG(s->ns), STR_ARG(s->name));
        all[who.n_groups++] = STR("system:serviceaccounts");
        all[who.n_groups++] = arena_printf(a, "system:serviceaccounts:%.*s", STR_ARG(s->ns));
    } else if (s->kind == SUBJECT_USER) {
        who.user = s->name;
    } else {
        all[who.n_groups++] = s->name;
        if (str_starts(s->name, STR("system:serviceaccounts:")))
            all[who.n_groups++] = STR("system:serviceaccounts");
        if (str_eq(s->name, STR("system:unauthenticated")) || str_eq(s->name, STR("system:authenticated")))
            return who;
    }
    all[who.n_groups++] = anonymous ? STR("system:unauthenticated") : STR("system:authenticated");
    return who;
}
