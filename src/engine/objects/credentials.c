// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/credentials.h"

#include "base/vec.h"
#include "base/base64.h"
#include "event/certificate.h"
#include "event/event.h"
#include "posture/powers.h"

#include <stdlib.h>

enum { CREDENTIALS_MAX = 1000000 };

struct credentials {
    struct arena arena;
    VEC(struct credential) items;
};

struct credentials *credentials_new(void)
{
    struct credentials *c = must_alloc(calloc(1, sizeof *c));
    arena_init(&c->arena, ARENA_UNLIMITED);
    return c;
}

void credentials_free(struct credentials *c)
{
    if (!c)
        return;
    vec_fini(&c->items);
    arena_fini(&c->arena);
    free(c);
}

struct str credential_kind_name(enum credential_kind kind)
{
    static const struct str names[] = {
        [CREDENTIAL_TOKEN] = STR("token"),
        [CREDENTIAL_JOIN_TOKEN] = STR("join-token"),
        [CREDENTIAL_CERTIFICATE] = STR("certificate"),
        [CREDENTIAL_KUBECONFIG_TOKEN] = STR("kubeconfig-token"),
        [CREDENTIAL_PASSWORD] = STR("password"),
        [CREDENTIAL_PLUGIN] = STR("plugin"),
    };
    return names[kind];
}

// --- objects ---------------------------------------------------------------------------------------------------------------------

struct reading {
    struct credentials *c;
    const struct json_value *tree, *metadata;
    struct str ns, name;
    struct access_place place;
};

static struct str text_at(const struct json_value *v, struct str a, struct str b)
{
    return json_text(json_get(json_get(v, a), b));
}

static int64_t time_of(struct str text)
{
    int64_t t;
    return text.len && time_parse(text, &t) ? t : TIME_NONE;
}

static struct credential *add(struct reading *r, enum credential_kind kind)
{
    struct credential *new = r->c->items.n < CREDENTIALS_MAX ? vec_push(&r->c->items) : NULL;
    if (new)
        *new = (struct credential){.kind = kind,
                                   .since = time_of(json_text(json_get(r->metadata, STR("creationTimestamp")))),
                                   .until = TIME_NONE,
                                   .place = r->place};
    return new;
}

static struct str quoted(struct arena *a, struct str s)
{
    bool plain = s.len > 0;
    for (size_t i = 0; i < s.len; i++)
        plain =
            plain && ((s.ptr[i] >= 'a' && s.ptr[i] <= 'z') || (s.ptr[i] >= '0' && s.ptr[i] <= '9') || s.ptr[i] == '-' || s.ptr[i] == '.');
    return plain ? s : arena_printf(a, "'NAME'"); // no name that Kubernetes would take
}

static void read_secret(struct reading *r)
{
    struct arena *a = &r->c->arena;
    const struct str type = json_text(json_get(r->tree, STR("type")));
    const bool token = str_eq(type, STR("kubernetes.io/service-account-token")), join = str_eq(type, STR("bootstrap.kubernetes.io/token"));
    struct credential *c = token || join ? add(r, token ? CREDENTIAL_TOKEN : CREDENTIAL_JOIN_TOKEN) : NULL;
    if (!c)
        return;
    const struct str account = text_at(r->metadata, STR("annotations"), STR("kubernetes.io/service-account.name"));
    c->who = (struct access_subject){SUBJECT_ACCOUNT, arena_str(a, r->ns), arena_str(a, account.ptr ? account : STR(""))};
    c->object = arena_printf(a, "Secret %.*s/%.*s", STR_ARG(r->ns), STR_ARG(r->name));
    c->endless = true;
    const struct str ns = quoted(a, r->ns), name = quoted(a, r->name);
    c->revoke = arena_printf(a, "kubectl delete secret -n %.*s -- %.*s", STR_ARG(ns), STR_ARG(name));
    if (!join)
        return;
    c->who = (struct access_subject){.kind = SUBJECT_GROUP, .name = STR("system:bootstrappers")};
    const struct str until = text_at(r->tree, STR("data"), STR("expiration"));
    char *text = until.len && until.len < 200 ? arena_alloc(a, until.len) : NULL;
    c->until = time_of(text ? str_make(text, base64_decode(until, text)) : text_at(r->tree, STR("stringData"), STR("expiration")));
    c->endless = c->until == TIME_NONE;
}

static void take_certificate(struct credential *c, struct arena *a, const struct certificate *x)
{
    struct str *groups = arena_array(a, struct str, x->n_groups);
    for (size_t i = 0; i < x->n_groups; i++)
        groups[i] = x->groups[i];
    c->who = (struct access_subject){.kind = SUBJECT_USER, .name = x->user};
    c->groups = groups;
    c->n_groups = x->n_groups;
    c->since = x->not_before;
    c->until = x->not_after;
}

// Certificates cannot be taken back: what they may do can, but for the group that needs no permission.
static struct str revoke_certificate(const struct credential *c)
{
    for (size_t i = 0; i < c->n_groups; i++) {
        if (str_eq(c->groups[i], STR("system:masters")))
            return STR("a new CA for client certificates (it is allowed everything whatever roles say, until it runs out)");
    }
    return STR("remove the bindings of its user and groups (it is let in until it runs out)");
}

static bool is_approved(const struct json_value *tree)
{
    const struct json_value *conditions = json_get(json_get(tree, STR("status")), STR("conditions"));
    for (const struct json_value *v = conditions && conditions->kind == JSON_ARRAY ? conditions->first : NULL; v; v = v->next) {
        if (str_eq(json_text(json_get(v, STR("type"))), STR("Approved")))
            return true;
    }
    return false;
}

// CN=NAME and O=GROUP of the request, where the certificate is not there yet.
static void take_request(struct credential *c, struct arena *a, struct str request)
{
    const struct transform *t = transform_find(STR("csr_subject"));
    struct transform_out out = {.arena = a};
    struct certificate x = {.user = STR(""), .not_before = c->since, .not_after = TIME_NONE};
    if (request.len)
        t->apply(arena_str(a, request), &out);
    for (size_t i = 0; i < out.n; i++) {
        if (str_starts(out.items[i], STR("CN=")))
            x.user = str_slice(out.items[i], 3, out.items[i].len);
        else if (x.n_groups < CERTIFICATE_GROUPS)
            x.groups[x.n_groups++] = str_slice(out.items[i], 2, out.items[i].len);
    }
    take_certificate(c, a, &x);
}

static void read_request(struct reading *r)
{
    struct arena *a = &r->c->arena;
    const struct str signer = text_at(r->tree, STR("spec"), STR("signerName"));
    struct certificate x;
    const bool for_clients = !signer.len || str_starts(signer, STR("kubernetes.io/kube-apiserver-client"));
    struct credential *c = for_clients && is_approved(r->tree) ? add(r, CREDENTIAL_CERTIFICATE) : NULL;
    if (!c)
        return;
    const struct str issued = text_at(r->tree, STR("status"), STR("certificate"));
    if (issued.len && certificate_read(a, issued, &x))
        take_certificate(c, a, &x);
    else
        take_request(c, a, text_at(r->tree, STR("spec"), STR("request")));
    c->object = arena_printf(a, "CertificateSigningRequest %.*s", STR_ARG(r->name));
    c->revoke = revoke_certificate(c);
}

static void read_user(struct reading *r, const struct json_value *v)
{
    static const struct {
        struct str key;
        enum credential_kind kind;
        struct str revoke;
    } ways[] = {
        {STR("client-certificate-data"), CREDENTIAL_CERTIFICATE, STR("")},
        {STR("client-certificate"), CREDENTIAL_CERTIFICATE,
         STR("remove the bindings of its user and groups (the certificate is in another file)")},
        {STR("token"), CREDENTIAL_KUBECONFIG_TOKEN, STR("delete the Secret or the ServiceAccount that the token is of")},
        {STR("tokenFile"), CREDENTIAL_KUBECONFIG_TOKEN,
         STR("delete the Secret or the ServiceAccount that the token is of (it is in another file)")},
        {STR("password"), CREDENTIAL_PASSWORD, STR("take the line out of the API server's file of passwords, and start it anew")},
        {STR("exec"), CREDENTIAL_PLUGIN, STR("where the plugin gets its tokens from")},
        {STR("auth-provider"), CREDENTIAL_PLUGIN, STR("where the provider gets its tokens from")},
    };
    struct arena *a = &r->c->arena;
    const struct json_value *user = json_get(v, STR("user"));
    const struct str name = json_text(json_get(v, STR("name")));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        const struct json_value *held = json_get(user, ways[i].key);
        struct certificate x;
        struct credential *c = held && held->kind != JSON_NULL ? add(r, ways[i].kind) : NULL;
        if (!c)
            continue;
        c->who = (struct access_subject){.kind = SUBJECT_USER, .name = STR("")};
        c->object = arena_printf(a, "kubeconfig user %.*s", STR_ARG(name));
        c->revoke = ways[i].revoke;
        if (i == 0 && certificate_read(a, json_text(held), &x)) {
            take_certificate(c, a, &x);
            c->revoke = revoke_certificate(c);
        }
    }
}

void credentials_object(struct credentials *all, const struct object *o, struct access_place place)
{
    const struct json_value *metadata = json_get(o->tree, STR("metadata")), *users = json_get(o->tree, STR("users"));
    struct reading r = {
        all, o->tree, metadata, json_text(json_get(metadata, STR("namespace"))), json_text(json_get(metadata, STR("name"))), place};
    if (!r.ns.len)
        r.ns = STR("default");
    if (str_eq(o->kind, STR("Secret")))
        read_secret(&r);
    else if (str_eq(o->kind, STR("CertificateSigningRequest")))
        read_request(&r);
    else if (str_eq(o->kind, STR("Config")))
        for (const struct json_value *v = users && users->kind == JSON_ARRAY ? users->first : NULL; v; v = v->next)
            read_user(&r, v);
}

// --- what they may do ------------------------------------------------------------------------------------------------------------

// The roles that somebody has in the whole cluster.
typedef VEC(const struct access_role *) held_roles;

static bool may(const held_roles *roles, const struct access_action *action)
{
    for (size_t i = 0; i < roles->n; i++) {
        for (size_t k = 0; k < roles->items[i]->n_rules; k++) {
            if (access_rule_allows(&roles->items[i]->rules[k], action))
                return true;
        }
    }
    return false;
}

static bool meets(const held_roles *roles, const struct power_need *need)
{
    struct access_action action = {.group = str_from_c(need->group), .resource = str_from_c(need->resource), .ns = STR("")};
    action.subresource = need->subresource ? str_from_c(need->subresource) : STR("");
    action.name = need->name ? str_from_c(need->name) : STR("");
    struct str verbs = str_from_c(need->verbs);
    while (verbs.ptr) {
        action.verb = str_split(&verbs, ' ');
        if (may(roles, &action))
            return true;
    }
    return false;
}

static bool has_power(const held_roles *roles, const struct power *p)
{
    for (size_t i = 0; i < POWER_NEEDS && p->needs[i].verbs; i++) {
        if (!meets(roles, &p->needs[i]))
            return false;
    }
    return true;
}

static void find_roles(struct credentials *all, const struct access *graph, struct credential *c, held_roles *out)
{
    size_t n;
    const struct access_binding *bindings = access_bindings(graph, &n);
    const struct access_identity who = access_identity_of(&all->arena, &c->who, c->groups, c->n_groups);
    for (size_t i = 0; i < who.n_groups; i++)
        c->everything = c->everything || str_eq(who.groups[i], STR("system:masters"));
    for (size_t i = 0; i < n; i++) {
        if (bindings[i].role && !bindings[i].ns.ptr && access_binding_names(&bindings[i], &who))
            *vec_push(out) = bindings[i].role;
    }
}

static void find_powers(struct credentials *all, const struct access *graph, struct credential *c)
{
    const struct access_action everything = {.verb = STR("*"), .group = STR("*"), .resource = STR("*"), .ns = STR(""), .name = STR("")};
    held_roles roles = {0};
    if (!c->who.name.len)
        return;
    find_roles(all, graph, c, &roles);
    c->everything = c->everything || may(&roles, &everything);
    const char **found = arena_array(&all->arena, const char *, roles.n && !c->everything ? n_powers : 0);
    for (size_t i = 0; i < n_powers && roles.n && !c->everything; i++) {
        const bool told = c->n_powers && found[c->n_powers - 1] == powers[i].name;
        if (!told && has_power(&roles, &powers[i]))
            found[c->n_powers++] = powers[i].name;
    }
    c->powers = found;
    vec_fini(&roles);
}

static int by_power(const void *va, const void *vb)
{
    const struct credential *a = va, *b = vb;
    if (a->everything != b->everything)
        return a->everything ? -1 : 1;
    if (!a->n_powers != !b->n_powers)
        return a->n_powers ? -1 : 1;
    int order = str_cmp(a->object, b->object);
    order = order ? order : str_cmp(a->place.file, b->place.file);
    order = order ? order : (a->place.line > b->place.line) - (a->place.line < b->place.line);
    return order ? order : (int)a->kind - (int)b->kind;
}

const struct credential *credentials_all(struct credentials *c, const struct access *graph, size_t *n)
{
    for (size_t i = 0; i < c->items.n; i++)
        find_powers(c, graph, &c->items.items[i]);
    if (c->items.n)
        qsort(c->items.items, c->items.n, sizeof *c->items.items, by_power);
    *n = c->items.n;
    return c->items.items;
}
