// SPDX-License-Identifier: Apache-2.0
#include "posture/grants.h"

#include "base/status.h"
#include "posture/powers.h"

#include <string.h>

bool access_rule_is_public(const struct access_rule *rule)
{
    // Health, version, and what is there for those who are no users yet: keys to verify tokens with, and where to log in (RFC 8615, OpenID
    // Connect Discovery).
    static const struct str paths[] = {STR("/healthz"),
                                       STR("/livez"),
                                       STR("/readyz"),
                                       STR("/version"),
                                       STR("/version/"),
                                       STR("/.well-known"),
                                       STR("/.well-known/*"),
                                       STR("/.well-known/openid-configuration"),
                                       STR("/.well-known/openid-configuration/"),
                                       STR("/openid/v1/jwks"),
                                       STR("/openid/v1/jwks/")};
    for (size_t i = 0; i < rule->verbs.n; i++) {
        if (!str_eq(rule->verbs.items[i], STR("get")))
            return false;
    }
    for (size_t i = 0; i < rule->urls.n; i++) {
        bool known = false;
        for (size_t j = 0; j < sizeof paths / sizeof *paths; j++)
            known = known || str_eq(rule->urls.items[i], paths[j]);
        if (!known)
            return false;
    }
    return rule->resources.n == 0;
}

static bool role_allows(const struct access_role *role, const struct access_action *action)
{
    for (size_t i = 0; i < role->n_rules; i++) {
        if (access_rule_allows(&role->rules[i], action))
            return true;
    }
    return false;
}

static bool role_meets(const struct access_role *role, const struct power_need *need)
{
    struct access_action action = {.group = str_from_c(need->group), .resource = str_from_c(need->resource)};
    action.subresource = need->subresource ? str_from_c(need->subresource) : STR("");
    action.name = need->name ? str_from_c(need->name) : STR("");
    struct str verbs = str_from_c(need->verbs);
    while (verbs.ptr) {
        action.verb = str_split(&verbs, ' ');
        if (role_allows(role, &action))
            return true;
    }
    return false;
}

bool role_gives(const struct access_role *role, const struct power *p, bool wide)
{
    if (p->cluster_only && !wide)
        return false;
    for (size_t i = 0; i < POWER_NEEDS && p->needs[i].verbs; i++) {
        if (!role_meets(role, &p->needs[i]))
            return false;
    }
    return true;
}

static void write_powers(struct json_writer *w, const struct access_role *role, bool wide, bool everything)
{
    const char *last = "";
    json_key(w, STR("powers"));
    json_open_array(w);
    if (everything)
        json_string(w, STR("everything"));
    for (size_t i = 0; !everything && i < n_powers; i++) {
        if (powers[i].name == last || !role_gives(role, &powers[i], wide))
            continue;
        last = powers[i].name;
        json_string(w, str_from_c(last));
    }
    json_close_array(w);
}

static void write_object(struct json_writer *w, struct str key, struct str kind, struct str ns, struct str name)
{
    json_key(w, key);
    json_open_object(w);
    json_key_string(w, STR("kind"), kind);
    json_key_string(w, STR("namespace"), ns);
    json_key_string(w, STR("name"), name);
    json_close_object(w);
}

// What all subjects of a binding share.
static void write_role(struct buf *out, const struct access_binding *b)
{
    struct json_writer w = json_writer_to(out);
    const bool wide = !b->ns.ptr;
    bool everything = false, public = true;
    for (size_t i = 0; i < b->role->n_rules; i++) {
        everything = everything || access_rule_is_everything(&b->role->rules[i]);
        public = public && access_rule_is_public(&b->role->rules[i]);
    }
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("Grant"));
    write_object(&w, STR("binding"), wide ? STR("ClusterRoleBinding") : STR("RoleBinding"), b->ns, b->name);
    write_object(&w, STR("role"), b->role->ns.ptr ? STR("Role") : STR("ClusterRole"), b->role->ns, b->role->name);
    json_key_string(&w, STR("scope"), wide ? STR("cluster") : STR("namespace"));
    json_key(&w, STR("everything"));
    json_bool(&w, everything);
    json_key(&w, STR("public"));
    json_bool(&w, public);
    write_powers(&w, b->role, wide, everything);
}

void access_each_grant(const struct access *a, grant_record_fn *tell, void *context)
{
    static const struct str kinds[] = {
        [SUBJECT_USER] = STR("User"), [SUBJECT_GROUP] = STR("Group"), [SUBJECT_ACCOUNT] = STR("ServiceAccount")};
    struct buf text;
    size_t n;
    const struct access_binding *bindings = access_bindings(a, &n);
    buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < n; i++) {
        const struct access_binding *b = &bindings[i];
        if (!b->role)
            continue;
        buf_clear(&text);
        write_role(&text, b);
        const size_t shared = text.len;
        for (size_t j = 0; j < b->n_subjects; j++) {
            const struct access_subject *s = &b->subjects[j];
            struct json_writer w = json_writer_to(&text);
            text.len = shared;
            buf_add(&text, STR(",\"subject\":"));
            json_open_object(&w);
            json_key_string(&w, STR("kind"), kinds[s->kind]);
            json_key_string(&w, STR("namespace"), s->kind == SUBJECT_ACCOUNT ? s->ns : STR_NONE);
            json_key_string(&w, STR("name"), s->name);
            json_close_object(&w);
            buf_add_char(&text, '}');
            memset(must_alloc(buf_reserve(&text, JSON_PADDING)), 0, JSON_PADDING); // for tools that watch memory
            tell(context, &(struct grant_record){str_make(text.ptr, text.len), b, s});
        }
    }
    buf_fini(&text);
}
