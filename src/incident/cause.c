// SPDX-License-Identifier: Apache-2.0
// Which permission let the first foreign step through, who gave it, and what takes it away.
#include "incident/conclude.h"

// A request that stock permissions do not explain: about objects, done, and allowed by a binding that not every cluster has.
static bool is_entry(const struct inquiry *q, const struct fact *f)
{
    return f->action.resource.ptr && fact_done(f) && f->binding.ptr && !name_listed(q->knowledge->stock_grants, last_part(f->binding));
}

typedef bool act_test(const struct inquiry *q, const struct fact *f);

static const struct fact *first_act(const struct group *g, act_test *test)
{
    const struct fact *first = NULL;
    for (size_t i = 0; i < g->acts.n; i++) {
        const struct fact *f = g->acts.items[i];
        if (test(g->q, f) && (!first || fact_when(g->q, f) < fact_when(g->q, first)))
            first = f;
    }
    return first;
}

// With an empty reason the API server asked no binding: group system:masters, or an authorizer that gives none.
static bool is_done(const struct inquiry *q, const struct fact *f)
{
    (void)q;
    return f->action.resource.ptr && fact_done(f);
}

struct reference {
    struct str kind, namespace, name; // resource
};

static struct reference binding_reference(struct str binding)
{
    struct str rest = binding, kind = str_split(&rest, '/');
    if (str_eq(kind, STR("RoleBinding"))) {
        struct str namespace = str_split(&rest, '/');
        return (struct reference){STR("rolebindings"), namespace, rest};
    }
    return (struct reference){STR("clusterrolebindings"), STR_NONE, rest};
}

static bool is_about(const struct fact *f, struct reference r)
{
    return str_eq(f->action.resource, r.kind) && str_eq(f->action.name, r.name) &&
           (!r.namespace.ptr || str_eq(f->action.namespace, r.namespace)) && !f->action.subresource.ptr && fact_done(f);
}

// The newest writing of the binding before it was used; and its removal afterwards.
static struct fact *find_making(const struct inquiry *q, struct reference r, int64_t until)
{
    struct fact *made = NULL;
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *f = q->facts.items[i];
        int64_t when = fact_when(q, f);
        if (when <= until && is_about(f, r) && fact_writes(f) && (!made || when >= fact_when(q, made)))
            made = f;
    }
    return made;
}

static const struct fact *find_removal(const struct inquiry *q, struct reference r, int64_t since)
{
    const struct fact *gone = NULL;
    for (size_t i = 0; i < q->facts.n; i++)
        if (fact_when(q, q->facts.items[i]) >= since && is_about(q->facts.items[i], r))
            gone = str_starts(q->facts.items[i]->action.verb, STR("delete")) ? q->facts.items[i] : NULL;
    return gone;
}

static void add_evidence(struct incident_cause *c, struct arena *a, const struct fact *made, const struct fact *entry)
{
    c->evidence = arena_array(a, struct evidence, 2);
    if (made)
        c->evidence[c->n_evidence++] = made->at;
    if (entry)
        c->evidence[c->n_evidence++] = entry->at;
}

static void add_removal(struct group *g, str_list *fix, struct str binding)
{
    struct reference r = binding_reference(binding);
    struct str kind = str_eq(r.kind, STR("rolebindings")) ? STR("rolebinding") : STR("clusterrolebinding");
    *vec_push(fix) = delete_command(g->arena, kind, r.namespace, r.name);
}

// A service account or a person: the grant may be right, and only the hands wrong.
static bool is_borrowed(const struct fact *entry)
{
    return entry->actor->kind == ACTOR_PERSON || entry->actor->stolen;
}

static void write_fix(struct group *g, struct reference r, const struct fact *entry, enum presence presence)
{
    struct incident_cause *c = &g->out->cause;
    const struct fact *gone = find_removal(g->q, r, fact_when(g->q, entry));
    str_list fix = {0};
    if (gone)
        list_addf(&fix, g->arena, "# %.*s was deleted at %.*s by %.*s; make sure that nothing brings it back",
                  STR_ARG(comment_word(g->arena, c->object)), STR_ARG(time_words(g->arena, gone->time)),
                  STR_ARG(comment_word(g->arena, gone->actor->principal)));
    else if (presence == PRESENCE_GONE)
        list_addf(&fix, g->arena, "# %.*s is gone from the objects given; make sure that nothing brings it back",
                  STR_ARG(comment_word(g->arena, c->object)));
    if (is_borrowed(entry))
        list_addf(&fix, g->arena, "# revoke the credential of %.*s; a certificate is good until it expires, whatever is done to its owner",
                  STR_ARG(comment_word(g->arena, entry->actor->principal)));
    if (is_borrowed(entry) && str_starts(c->subject, STR("Group/")))
        list_addf(&fix, g->arena, "# removing the binding takes the rights from everybody in %.*s: bind those who need them by name first",
                  STR_ARG(comment_word(g->arena, c->subject)));
    add_removal(g, &fix, c->object);
    for (size_t i = 0; i < c->n_grants; i++)
        if (!str_eq(c->grants[i].binding, c->object))
            add_removal(g, &fix, c->grants[i].binding);
    c->fix = list_keep(g->arena, &fix, &c->n_fix);
}

// Other bindings that let the same through: while they stand, removing one is not enough.
static struct str other_words(struct group *g)
{
    const struct incident_cause *c = &g->out->cause;
    struct str words = STR("");
    for (size_t i = 0; i < c->n_grants; i++)
        if (!str_eq(c->grants[i].binding, c->object))
            words = arena_printf(g->arena, "%.*s%s%.*s", STR_ARG(words), words.len ? ", " : "; the same is allowed by ",
                                 STR_ARG(c->grants[i].binding));
    return words;
}

static struct str who_made(struct group *g, const struct fact *made, const struct standing_object *seen, enum presence presence)
{
    if (made)
        return arena_printf(g->arena, "made by %.*s at %.*s", STR_ARG(made->actor->principal), STR_ARG(time_words(g->arena, made->time)));
    if (presence == PRESENCE_THERE)
        return arena_printf(g->arena, "%.*s, before this log begins or unseen by it", STR_ARG(standing_words(g->arena, seen)));
    return STR("made before this log begins, or unseen by it");
}

static void grant_cause(struct group *g, const struct fact *entry)
{
    struct incident_cause *c = &g->out->cause;
    struct reference r = binding_reference(c->object);
    struct fact *made = find_making(g->q, r, fact_when(g->q, entry));
    struct standing_object seen;
    enum presence presence = standing_find(g->q, r.kind, r.namespace, r.name, &seen);
    c->kind = is_borrowed(entry) ? STR("credential") : STR("grant");
    c->granted_by = made ? made->actor->principal : seen.made_by;
    c->granted_at = made ? made->time : seen.created;
    if (made && !made->tainted)
        *vec_push(&g->doors) = made;
    add_evidence(c, g->arena, made, entry);
    write_fix(g, r, entry, presence);
    struct str who = who_made(g, made, &seen, presence), others = other_words(g);
    c->text = arena_printf(g->arena, "%s%.*s gives %.*s to %.*s; %.*s%.*s",
                           c->certainty == CERTAIN ? "" : "by the objects given, for the log names no binding: ", STR_ARG(c->object),
                           STR_ARG(c->role), STR_ARG(c->subject), STR_ARG(who), STR_ARG(others));
}

static void take_permits(struct group *g, const struct permits *permits)
{
    struct incident_cause *c = &g->out->cause;
    c->grants = arena_array(g->arena, struct standing_grant, permits->n);
    c->n_grants = permits->n;
    if (permits->n)
        memcpy(c->grants, permits->items, permits->n * sizeof *c->grants);
}

// The log names it.
static void named_cause(struct group *g, const struct fact *entry)
{
    struct incident_cause *c = &g->out->cause;
    c->object = entry->binding;
    c->role = entry->role;
    c->subject = entry->subject;
    take_permits(g, permits_of(g->q, entry));
    grant_cause(g, entry);
}

// The objects do.
static void standing_cause(struct group *g, const struct fact *entry)
{
    struct incident_cause *c = &g->out->cause;
    take_permits(g, permits_of(g->q, entry));
    c->object = c->grants[0].binding;
    c->role = c->grants[0].role;
    c->subject = c->grants[0].subject;
    c->certainty = INFERRED;
    grant_cause(g, entry);
}

// Nobody's credential, and no binding known.
static void open_cause(struct group *g, const struct fact *entry)
{
    struct incident_cause *c = &g->out->cause;
    str_list fix = {0};
    c->kind = STR("unknown");
    add_evidence(c, g->arena, NULL, entry);
    c->text = STR(
        "requests without any credential were allowed; the API server names no binding for it (an authorizer that gives no reason, or one "
        "that allows everything): the objects of the cluster would show which (--objects)");
    list_addf(&fix, g->arena, "# davy access anonymous DUMP names the bindings of system:anonymous and system:unauthenticated");
    c->fix = list_keep(g->arena, &fix, &c->n_fix);
}

static void credential_cause(struct group *g, const struct fact *entry)
{
    struct incident_cause *c = &g->out->cause;
    str_list fix = {0};
    c->kind = STR("credential");
    add_evidence(c, g->arena, NULL, entry);
    c->text =
        arena_printf(g->arena, "the credential of %.*s was used%s; the API server names no binding for it (%s)",
                     STR_ARG(entry->actor->principal), entry->impersonated.ptr ? ", which may act in the name of others" : "",
                     entry->impersonated.ptr ? "that right is never told" : "group system:masters, or an authorizer that gives no reason");
    if (entry->impersonated.ptr)
        list_addf(&fix, g->arena, "# davy access who-can impersonate users DUMP names who may, and by which binding");
    list_addf(&fix, g->arena, "# revoke the credential of %.*s; a certificate of group system:masters ends only with its CA",
              STR_ARG(comment_word(g->arena, entry->actor->principal)));
    c->fix = list_keep(g->arena, &fix, &c->n_fix);
}

static const struct fact *first_permitted(const struct group *g)
{
    for (size_t i = 0; i < g->acts.n; i++)
        if (g->acts.items[i]->action.resource.ptr && fact_done(g->acts.items[i]) && permits_of(g->q, g->acts.items[i])->n)
            return g->acts.items[i];
    return NULL;
}

// --- what no binding is named for --------------------------------------------------------------------------------------------------

// The first request about objects that is not everybody's to make. In another's name it is that one's binding which the log names.
static bool is_privileged(const struct inquiry *q, const struct fact *f)
{
    return is_done(q, f) && (f->impersonated.ptr || !f->reason.len || is_entry(q, f));
}

static struct str subject_words(struct arena *a, const struct fact_subject *s)
{
    return arena_printf(a, "%.*s/%.*s%s%.*s", STR_ARG(s->kind), STR_ARG(s->namespace), s->namespace.len ? "/" : "", STR_ARG(s->name));
}

// Why the binding is only the likely one.
static struct str seen_words(struct group *g, const struct fact *entry)
{
    const struct incident_cause *c = &g->out->cause;
    if (is_borrowed(entry))
        return arena_printf(g->arena, "the credential of %.*s was used%s; %.*s, the newest binding for it in the log, gives it %.*s",
                            STR_ARG(entry->actor->principal),
                            entry->impersonated.ptr ? ", which may act in the name of others (the log names no binding for that)" : "",
                            STR_ARG(c->object), STR_ARG(c->role));
    return arena_printf(g->arena, "the log names no binding; %.*s, the newest one in it for %.*s, gives it %.*s", STR_ARG(c->object),
                        STR_ARG(c->subject), STR_ARG(c->role));
}

static void seen_cause(struct group *g, const struct fact *entry, struct seen_grant grant)
{
    struct incident_cause *c = &g->out->cause;
    struct arena *a = g->arena;
    struct str role = body_first(grant.made, BODY_ROLE_NAME);
    const bool whole = str_eq(grant.made->action.resource, STR("clusterrolebindings"));
    c->object = binding_made(g->q, grant.made);
    c->role = role.ptr ? arena_printf(a, "%s%.*s", whole ? "ClusterRole/" : "the role ", STR_ARG(role)) : STR("a role");
    c->subject = subject_words(a, grant.subject);
    c->certainty = INFERRED;
    g->seen_identity = entry->impersonated.ptr ? STR_NONE : entry->actor->principal;
    grant_cause(g, entry);
    struct str seen = seen_words(g, entry);
    c->text = arena_printf(a, "%.*s; made by %.*s at %.*s", STR_ARG(seen), STR_ARG(grant.made->actor->principal),
                           STR_ARG(time_words(a, grant.made->time)));
}

// True: it is told.
static bool unnamed_cause(struct group *g)
{
    const struct fact *entry = first_act(g, is_privileged);
    if (!entry || (entry->binding.ptr && !entry->impersonated.ptr))
        return false;
    struct seen_grant grant = grant_seen(g->q, entry);
    const bool nobody = entry->actor->kind == ACTOR_NOBODY;
    if (!entry->impersonated.ptr && (nobody || !grant.made) && permits_of(g->q, entry)->n)
        return false;
    if (grant.made)
        seen_cause(g, entry, grant);
    else if (!nobody)
        credential_cause(g, entry);
    return grant.made || !nobody;
}

void conclude_cause(struct group *g)
{
    struct incident_cause *c = &g->out->cause;
    const struct fact *entry = first_act(g, is_entry);
    c->granted_at = TIME_NONE;
    c->kind = STR("unknown");
    if (unnamed_cause(g))
        return;
    if (entry) {
        named_cause(g, entry);
    } else if ((entry = first_permitted(g))) {
        standing_cause(g, entry);
    } else if ((entry = first_act(g, is_done))) {
        if (entry->actor->kind == ACTOR_NOBODY)
            open_cause(g, entry);
        else
            credential_cause(g, entry);
    } else {
        c->text =
            g->acts.n ? STR("nothing that was asked for was allowed") : STR("the audit log shows nobody who brought the process there");
    }
}
