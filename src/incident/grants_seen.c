// SPDX-License-Identifier: Apache-2.0
// Bindings that were seen being made: what remains to say of a request when neither the log nor objects name the one that allowed it.
#include "incident/model.h"

struct str subject_principal(struct inquiry *q, const struct fact_subject *s)
{
    if (str_eq(s->kind, STR("ServiceAccount")))
        return name_keep(q, arena_printf(&q->scratch, "system:serviceaccount:%.*s:%.*s", STR_ARG(s->namespace), STR_ARG(s->name)));
    return str_eq(s->kind, STR("User")) ? s->name : STR_NONE;
}

struct str binding_made(struct inquiry *q, const struct fact *f)
{
    if (str_eq(f->action.resource, STR("clusterrolebindings")))
        return name_keep(q, arena_printf(&q->scratch, "ClusterRoleBinding/%.*s", STR_ARG(f->action.name)));
    return name_keep(q, arena_printf(&q->scratch, "RoleBinding/%.*s/%.*s", STR_ARG(f->action.namespace), STR_ARG(f->action.name)));
}

static bool makes_binding(const struct fact *f)
{
    return !f->tainted && fact_writes(f) && fact_done(f) && f->action.name.ptr && !f->action.subresource.ptr && f->body &&
           f->body->n_subjects &&
           (str_eq(f->action.resource, STR("clusterrolebindings")) || str_eq(f->action.resource, STR("rolebindings")));
}

// A RoleBinding is for its namespace alone.
static bool reaches(const struct fact *made, const struct fact *f)
{
    return str_eq(made->action.resource, STR("clusterrolebindings")) || same(made->action.namespace, f->action.namespace);
}

// Where the API server gave a reason, and an empty one, it asked no binding (group system:masters): one for everybody was not needed.
static bool is_in_group(const struct fact *f, struct str group)
{
    for (size_t i = 0; i < f->actor->groups.n && !f->reason.ptr; i++)
        if (str_eq(f->actor->groups.items[i], group))
            return true;
    return false;
}

struct seen_grant grant_seen(struct inquiry *q, const struct fact *f)
{
    struct seen_grant by_name = {0}, by_group = {0};
    for (size_t i = 0; i < q->facts.n; i++) {
        const struct fact *made = q->facts.items[i];
        const bool counts = makes_binding(made) && reaches(made, f) && fact_when(q, made) <= fact_when(q, f);
        for (size_t k = 0; counts && k < made->body->n_subjects; k++) {
            const struct fact_subject *s = &made->body->subjects[k];
            if (str_eq(s->kind, STR("Group")) ? is_in_group(f, s->name) : same(subject_principal(q, s), f->actor->principal))
                *(str_eq(s->kind, STR("Group")) ? &by_group : &by_name) = (struct seen_grant){made, s};
        }
    }
    return by_name.made ? by_name : by_group;
}
