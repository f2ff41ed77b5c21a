// SPDX-License-Identifier: Apache-2.0
#include "kube/discovery.h"

#include "base/vec.h"
#include "codec/json/json.h"

enum { ANSWER_MEMORY = 256 << 20 };

// An answer that was asked for once.
struct known {
    struct str path;
    enum kube_outcome outcome;
    unsigned code;
    struct str why;
    struct str body; // copied, with padding
};

struct asking {
    struct kube_client *client;
    struct arena *arena; // of the offers
    struct arena answers, tree;
    VEC(struct known) known;
    status fatal;
    struct diags *diags;
};

static const struct known *ask(struct asking *q, struct str path)
{
    for (size_t i = 0; i < q->known.n; i++) {
        if (str_eq(q->known.items[i].path, path))
            return &q->known.items[i];
    }
    const struct kube_answer a = kube_get(q->client, path, STR("application/json"));
    struct known *k = vec_push(&q->known);
    *k = (struct known){arena_str(&q->answers, path), a.outcome, a.code, arena_str(q->arena, a.why), STR_NONE};
    if (a.outcome == KUBE_ANSWERED)
        k->body = arena_str(&q->answers, str_make(a.body.ptr, a.body.len + JSON_PADDING));
    if (a.outcome == KUBE_ANSWERED)
        k->body.len -= JSON_PADDING;
    // Nothing else will be answered either. What another server answers for this one (an aggregated API) may fail alone.
    const bool own = str_eq(path, STR("/apis")) || str_starts(path, STR("/api/"));
    if (q->fatal == ST_OK && ((own && a.outcome == KUBE_BROKEN) || a.code == 401)) {
        const struct str server = kube_server(q->client);
        q->fatal = ST_IO;
        diags_add(q->diags, DIAG_ERROR, NULL, "%.*s%.*s: %.*s", STR_ARG(server), STR_ARG(path), STR_ARG(a.why));
    }
    return k;
}

// The member of an answer that is a list; NULL: it is not that kind of answer.
static const struct json_value *list_of(struct asking *q, const struct known *k, struct str kind, struct str member)
{
    struct json_error error;
    arena_reset(&q->tree);
    const struct json_value *v = json_parse(&q->tree, k->body, JSON_LIMITS_DEFAULT, &error), *list = json_get(v, member);
    return v && str_eq(json_text(json_get(v, STR("kind"))), kind) && list && list->kind == JSON_ARRAY ? list : NULL;
}

static struct str path_of(struct asking *q, const struct kube_resource *r, struct str version)
{
    if (!r->group.len)
        return arena_printf(&q->answers, "/api/%.*s", STR_ARG(version));
    return arena_printf(&q->answers, "/apis/%.*s/%.*s", STR_ARG(r->group), STR_ARG(version));
}

enum served { NOT_SERVED, SERVED, UNKNOWN }; // UNKNOWN: why is filled

// Whether the version of a group has the resource, and lists it.
static enum served is_served(struct asking *q, const struct kube_resource *r, struct str version, struct str *why)
{
    const struct known *k = ask(q, path_of(q, r, version));
    if (k->outcome == KUBE_REFUSED && k->code == 404)
        return NOT_SERVED;
    if (k->outcome == KUBE_REFUSED && k->code == 403) // whoever may not look around may still be allowed to list
        return SERVED;
    *why = k->why;
    if (k->outcome != KUBE_ANSWERED)
        return UNKNOWN;
    const struct json_value *list = list_of(q, k, STR("APIResourceList"), STR("resources"));
    *why = STR("the server's answer about what it offers is no APIResourceList");
    if (!list)
        return UNKNOWN;
    for (const struct json_value *v = list->first; v; v = v->next) {
        const struct json_value *verbs = json_get(v, STR("verbs"));
        if (!str_eq(json_text(json_get(v, STR("name"))), r->name))
            continue;
        for (const struct json_value *verb = verbs && verbs->kind == JSON_ARRAY ? verbs->first : NULL; verb; verb = verb->next) {
            if (str_eq(json_text(verb), STR("list")))
                return SERVED;
        }
    }
    return NOT_SERVED;
}

// Which of the versions of the resource's group the server has: a bit for each; *other: it has versions that are not in the table.
static enum served find_group(struct asking *q, const struct kube_resource *r, unsigned *versions, bool *other, struct str *why)
{
    const struct known *k = ask(q, STR("/apis"));
    *versions = 1;
    *other = false;
    if (k->outcome == KUBE_REFUSED && k->code == 403)
        return SERVED;
    *why = k->why;
    if (k->outcome != KUBE_ANSWERED)
        return UNKNOWN;
    const struct json_value *list = list_of(q, k, STR("APIGroupList"), STR("groups"));
    *why = STR("the server's answer about what it offers is no APIGroupList");
    if (!list)
        return UNKNOWN;
    *versions = 0;
    for (const struct json_value *g = list->first; g; g = g->next) {
        const struct json_value *items = json_get(g, STR("versions"));
        if (!str_eq(json_text(json_get(g, STR("name"))), r->group))
            continue;
        for (const struct json_value *v = items && items->kind == JSON_ARRAY ? items->first : NULL; v; v = v->next) {
            const struct str version = json_text(json_get(v, STR("version")));
            unsigned bit = 0;
            for (unsigned i = 0; i < KUBE_VERSIONS && r->versions[i].ptr; i++)
                bit |= str_eq(version, r->versions[i]) ? 1u << i : 0;
            *versions |= bit;
            *other = *other || !bit;
        }
        return SERVED;
    }
    return NOT_SERVED;
}

static struct offer offer_of(struct asking *q, const struct kube_resource *r)
{
    struct offer out = {.resource = r};
    unsigned versions = 1;
    bool other = false;
    const enum served group = r->group.len ? find_group(q, r, &versions, &other, &out.why) : SERVED;
    if (group == UNKNOWN)
        return out;
    out.why = STR_NONE;
    if (group == NOT_SERVED)
        return out;
    for (unsigned i = 0; i < KUBE_VERSIONS && r->versions[i].ptr; i++) {
        struct str why = STR_NONE;
        const enum served is = versions & 1u << i ? is_served(q, r, r->versions[i], &why) : NOT_SERVED;
        out.why = is == UNKNOWN ? why : out.why;
        if (is == SERVED)
            return (struct offer){r, r->versions[i], STR_NONE};
    }
    if (!versions && other)
        out.why = arena_printf(q->arena, "the server has it in no version that davy knows (%.*s)", STR_ARG(r->group));
    return out;
}

status discover(struct kube_client *client, enum kube_use use, struct arena *a, struct offer **out, size_t *n, struct diags *diags)
{
    struct asking q = {.client = client, .arena = a, .diags = diags};
    arena_init(&q.answers, ARENA_UNLIMITED);
    arena_init(&q.tree, ANSWER_MEMORY);
    *out = arena_array(a, struct offer, kube_n_resources);
    *n = 0;
    for (size_t i = 0; i < kube_n_resources && q.fatal == ST_OK; i++) {
        if (kube_resources[i].uses & use)
            (*out)[(*n)++] = offer_of(&q, &kube_resources[i]);
    }
    vec_fini(&q.known);
    arena_fini(&q.answers);
    arena_fini(&q.tree);
    return q.fatal;
}
