// SPDX-License-Identifier: Apache-2.0
// Credentials: what an intruder read, asked for or made, and who used it afterwards.
#include "incident/taint.h"

#include "base/status.h"

enum { TOKEN_SUFFIX_BYTES = 5 }; // NAME-token-xxxxx, as the token controller names them

// --- what was taken ----------------------------------------------------------------------------------------------------------------

// The principal of a service account, if its name is in the log at all.
static struct str account_principal(struct inquiry *q, struct str namespace, struct str name)
{
    return name_keep(q, arena_printf(&q->scratch, "system:serviceaccount:%.*s:%.*s", STR_ARG(namespace), STR_ARG(name)));
}

// The account that a token secret belongs to, by its name.
static struct str account_of_secret(struct str secret)
{
    static const struct str middle = STR("-token-");
    if (secret.len <= middle.len + TOKEN_SUFFIX_BYTES)
        return STR_NONE;
    size_t at = secret.len - TOKEN_SUFFIX_BYTES - middle.len;
    return str_eq(str_slice(secret, at, at + middle.len), middle) ? str_slice(secret, 0, at) : STR_NONE;
}

static bool reads(const struct fact *f)
{
    return str_eq(f->action.verb, STR("get")) || str_eq(f->action.verb, STR("list")) || str_eq(f->action.verb, STR("watch"));
}

enum grip { GRIP_NONE, GRIP_NAMED, GRIP_WHOLESALE };

// Whether this fact put the credential of a service account into the intruder's hands.
static enum grip grip_of(const struct fact *f, struct str namespace, struct str name)
{
    const struct event_action *a = &f->action;
    if (!f->tainted || !fact_done(f))
        return GRIP_NONE;
    if (str_eq(a->resource, STR("serviceaccounts")) && str_eq(a->subresource, STR("token")))
        return str_eq(a->namespace, namespace) && str_eq(a->name, name) ? GRIP_NAMED : GRIP_NONE;
    if (!str_eq(a->resource, STR("secrets")) || a->subresource.ptr || !reads(f) || (a->namespace.ptr && !str_eq(a->namespace, namespace)))
        return GRIP_NONE;
    if (!a->name.ptr)
        return GRIP_WHOLESALE;
    return str_eq(account_of_secret(a->name), name) ? GRIP_NAMED : GRIP_NONE;
}

static bool split_account(struct str principal, struct str *namespace, struct str *name)
{
    struct str prefix = STR("system:serviceaccount:");
    if (!str_starts(principal, prefix))
        return false;
    struct str rest = str_slice(principal, prefix.len, principal.len);
    *namespace = str_split(&rest, ':');
    *name = rest;
    return rest.ptr != NULL;
}

// The newest act before `until` that gave the intruder this account: one that names it is better than a list of all.
static struct fact *taken_by(const fact_list *takings, struct str principal, int64_t until)
{
    struct str namespace, name;
    struct fact *best = NULL;
    enum grip best_grip = GRIP_NONE;
    if (!split_account(principal, &namespace, &name))
        return NULL;
    for (size_t i = 0; i < takings->n && takings->items[i]->time <= until; i++) {
        enum grip grip = grip_of(takings->items[i], namespace, name);
        if (grip == GRIP_NONE || (grip == GRIP_WHOLESALE && best_grip == GRIP_NAMED))
            continue;
        best = takings->items[i];
        best_grip = grip;
    }
    return best;
}

static bool is_taking(const struct fact *f)
{
    return f->tainted && fact_done(f) &&
           ((str_eq(f->action.resource, STR("secrets")) && reads(f)) || str_eq(f->action.subresource, STR("token")));
}

// --- who used it -------------------------------------------------------------------------------------------------------------------

static struct str credential_text(struct inquiry *q, const struct fact *f)
{
    struct arena *a = &q->round;
    if (str_eq(f->action.resource, STR("serviceaccounts")))
        return arena_printf(a, "object:serviceaccounts/%.*s/%.*s", STR_ARG(f->action.namespace), STR_ARG(f->action.name));
    if (!f->action.name.ptr)
        return actor_text(a, f->actor);
    return arena_printf(a, "object:secrets/%.*s/%.*s", STR_ARG(f->action.namespace), STR_ARG(f->action.name));
}

// The credential leads to the principal, and the principal to the address it came from.
static bool pivot_to_user(struct inquiry *q, struct actor *actor, struct fact *source, struct str from, const char *kind,
                          enum certainty certainty)
{
    struct arena *a = &q->round;
    bool news = taint_pivot(q, from, actor_text(a, actor), kind, certainty, source, source->actor->node, actor->node);
    if (!same(actor->address, source->actor->address))
        news |= taint_whereabouts(q, actor, certainty);
    return news;
}

static bool pivot_account(struct inquiry *q, struct actor *actor, const fact_list *takings)
{
    struct str namespace, name;
    bool news = false;
    if (!split_account(actor->principal, &namespace, &name))
        return false;
    struct str account = intern_find(&q->names, name), space = intern_find(&q->names, namespace),
               kind = intern_find(&q->names, STR("serviceaccounts"));
    struct thing *made = account.ptr && space.ptr && kind.ptr ? thing_find(q, kind, space, account) : NULL;
    struct fact *taken = taken_by(takings, actor->principal, actor->last);
    if (made && made->made && made->fact->tainted && actor->first >= made->fact->time) {
        actor->planted = true;
        news = taint_actor(q, actor, TAINT_WHOLE, CERTAIN);
        struct fact *source = taken ? taken : made->fact;
        struct str from = taken ? credential_text(q, taken) : thing_text(&q->round, made);
        news |= pivot_to_user(q, actor, source, from, taken ? "token" : "account", CERTAIN);
        return news;
    }
    if (!taken || taken->actor == actor || actor->first < taken->time || !actor_is_abroad(actor))
        return false;
    follow_identity(q, actor->principal);
    if (!is_complete(q, actor->principal)) // the next round will show where it was before
        return false;
    actor->stolen = true;
    enum certainty certainty = taken->action.name.ptr ? CERTAIN : INFERRED;
    news = taint_actor(q, actor, TAINT_WHOLE, certainty);
    news |= pivot_to_user(q, actor, taken, credential_text(q, taken), "token", certainty);
    return news;
}

// --- the very token (1.30 and later: the API server names it) ------------------------------------------------------------------------

static bool pivot_issued(struct inquiry *q)
{
    struct map issuers = {0};
    bool news = false;
    for (size_t i = 0; i < q->facts.n; i++) {
        struct str issued = body_first(q->facts.items[i], BODY_ISSUED);
        if (!q->facts.items[i]->tainted || !issued.ptr)
            continue;
        follow_object(q, issued);
        *map_put(&issuers, issued, NULL) = i;
    }
    for (size_t i = 0; i < q->facts.n && issuers.n; i++) {
        struct fact *use = q->facts.items[i];
        const uint64_t *at = use->credential.ptr ? map_get(&issuers, use->credential) : NULL;
        struct fact *issuer = at ? q->facts.items[*at] : NULL;
        if (!issuer || use->actor == issuer->actor)
            continue;
        use->actor->stolen = true;
        news |= taint_actor(q, use->actor, TAINT_WHOLE, CERTAIN);
        news |= pivot_to_user(q, use->actor, issuer, credential_text(q, issuer), "token", CERTAIN);
    }
    map_fini(&issuers);
    return news;
}

// --- certificates -------------------------------------------------------------------------------------------------------------------

// "CN=NAME, O=GROUP": the name.
static struct str common_name(struct str subject)
{
    size_t at = str_find(subject, STR("CN="), 0);
    if (at == SIZE_MAX)
        return STR_NONE;
    struct str rest = str_slice(subject, at + 3, subject.len);
    size_t end = str_find(rest, STR(", O="), 0);
    return end == SIZE_MAX ? rest : str_slice(rest, 0, end);
}

static bool pivot_certificate(struct inquiry *q, struct fact *f)
{
    bool news = false;
    struct str name = name_keep(q, common_name(body_first(f, BODY_CSR_SUBJECT)));
    if (!name.ptr || !name.len || !str_eq(f->action.verb, STR("create")) || !fact_done(f))
        return false;
    follow_identity(q, name);
    struct str from = arena_printf(&q->round, "object:certificatesigningrequests/%.*s", STR_ARG(f->action.name));
    const uint64_t *person = map_get(&q->person_of, name);
    const struct circle *people = person ? q->circles.items[*person] : NULL;
    for (size_t i = 0; people && i < people->actors.n; i++) {
        struct actor *actor = people->actors.items[i];
        if (actor->first < f->time || !is_complete(q, name))
            continue;
        const struct actor *home = actor_home(actor);
        if (home != actor && home->first < f->time && !actor_is_abroad(actor))
            continue; // somebody of that name was here before, at an address like this one
        actor->planted = home->first >= f->time;
        actor->stolen = !actor->planted;
        news |= taint_actor(q, actor, TAINT_WHOLE, CERTAIN);
        news |= pivot_to_user(q, actor, f, from, "certificate", CERTAIN);
    }
    return news;
}

// A named account is followed, so that its uses elsewhere are seen.
static void follow_taken(struct inquiry *q, const struct fact *f)
{
    const struct event_action *a = &f->action;
    if (!fact_done(f) || !a->namespace.ptr || !a->name.ptr)
        return;
    if (str_eq(a->resource, STR("secrets")) && account_of_secret(a->name).ptr && reads(f))
        follow_identity(q, account_principal(q, a->namespace, account_of_secret(a->name)));
    if (str_eq(a->resource, STR("serviceaccounts")) && str_eq(a->verb, STR("create")))
        follow_identity(q, account_principal(q, a->namespace, a->name));
}

bool taint_credentials(struct inquiry *q)
{
    fact_list takings = {0};
    bool news = false;
    for (size_t i = 0; i < q->facts.n; i++) {
        struct fact *f = q->facts.items[i];
        if (!f->tainted)
            continue;
        follow_taken(q, f);
        if (is_taking(f))
            *vec_push(&takings) = f;
        if (str_eq(f->action.resource, STR("certificatesigningrequests")) && !f->action.subresource.ptr)
            news |= pivot_certificate(q, f);
    }
    for (size_t i = 0; i < q->actors.n; i++)
        news |= pivot_account(q, q->actors.items[i], &takings);
    vec_fini(&takings);
    news |= pivot_issued(q);
    return news;
}
