// SPDX-License-Identifier: Apache-2.0
#include "report/answers/suggest.h"

#include "base/diag.h"
#include "codec/json/json.h"
#include "report/answers/access.h"

enum { MISSING_SHOWN = 10 };
#define RBAC_V1 "rbac.authorization.k8s.io/v1"

// What roles and bindings are called: after whom they are for. A slash or a percent sign may stand in no name.
static void add_name(struct buf *out, const struct suggestion *s, size_t role)
{
    static const char *const kinds[] = {[SUBJECT_USER] = "user", [SUBJECT_GROUP] = "group", [SUBJECT_ACCOUNT] = "serviceaccount"};
    const struct access_subject *who = &s->used->who;
    struct buf plain;
    buf_init(&plain, SIZE_MAX);
    buf_addf(&plain, "least:%s:", kinds[who->kind]);
    buf_add(&plain, who->ns.ptr ? who->ns : STR(""));
    buf_add(&plain, who->ns.ptr ? STR(":") : STR(""));
    buf_add(&plain, who->name);
    if (s->n_roles > 1)
        buf_addf(&plain, ":%zu", role + 1);
    for (size_t i = 0; i < plain.len; i++) {
        if (plain.ptr[i] == '/' || plain.ptr[i] == '%')
            plain.ptr[i] = '-';
    }
    struct json_writer w = json_writer_to(out);
    json_string(&w, buf_str(&plain));
    buf_fini(&plain);
}

// --- YAML ------------------------------------------------------------------------------------------------------------------------

static void add_list(struct buf *out, const char *key, struct access_words words, bool *first)
{
    if (!words.n)
        return;
    buf_addf(out, "%s%s: [", *first ? "" : ", ", key);
    for (size_t i = 0; i < words.n; i++) {
        struct json_writer w = json_writer_to(out);
        buf_add(out, i ? STR(", ") : STR(""));
        json_string(&w, words.items[i]);
    }
    buf_add_char(out, ']');
    *first = false;
}

static void add_rules(struct buf *out, const struct suggested_role *role)
{
    buf_add(out, STR("rules:\n"));
    for (size_t i = 0; i < role->n_rules; i++) {
        const struct access_rule *r = &role->rules[i];
        bool first = true;
        buf_add(out, STR("- {"));
        add_list(out, "apiGroups", r->groups, &first);
        add_list(out, "resources", r->resources, &first);
        add_list(out, "resourceNames", r->names, &first);
        add_list(out, "nonResourceURLs", r->urls, &first);
        add_list(out, "verbs", r->verbs, &first);
        buf_add(out, STR("}\n"));
    }
}

static void add_head(struct buf *out, const struct suggestion *s, size_t role, const char *kind, struct str ns)
{
    buf_addf(out, "---\napiVersion: " RBAC_V1 "\nkind: %s\nmetadata: {name: ", kind);
    add_name(out, s, role);
    if (ns.ptr) {
        struct json_writer w = json_writer_to(out);
        buf_add(out, STR(", namespace: "));
        json_string(&w, ns);
    }
    buf_add(out, STR("}\n"));
}

static void add_binding(struct buf *out, const struct suggestion *s, size_t role, bool cluster_role, struct str ns)
{
    static const char *const kinds[] = {[SUBJECT_USER] = "User", [SUBJECT_GROUP] = "Group", [SUBJECT_ACCOUNT] = "ServiceAccount"};
    const struct access_subject *who = &s->used->who;
    struct json_writer w = json_writer_to(out);
    add_head(out, s, role, ns.ptr ? "RoleBinding" : "ClusterRoleBinding", ns);
    buf_addf(out, "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: %s, name: ", cluster_role ? "ClusterRole" : "Role");
    add_name(out, s, role);
    buf_addf(out, "}\nsubjects:\n- {kind: %s, name: ", kinds[who->kind]);
    json_string(&w, who->name);
    if (who->kind == SUBJECT_ACCOUNT) {
        w = json_writer_to(out);
        buf_add(out, STR(", namespace: "));
        json_string(&w, who->ns);
    }
    buf_add(out, STR("}\n"));
}

static void add_action(struct buf *out, const struct access_action *a)
{
    text_escape(out, a->verb);
    buf_add_char(out, ' ');
    text_escape(out, a->resource.ptr ? a->resource : a->path);
    if (a->subresource.len) {
        buf_add_char(out, '/');
        text_escape(out, a->subresource);
    }
    if (a->group.len) {
        buf_add_char(out, '.');
        text_escape(out, a->group);
    }
    if (a->ns.len) {
        buf_add(out, STR(" in "));
        text_escape(out, a->ns);
    }
}

static void add_review(struct buf *out, const struct usage_review *r)
{
    if (r->superuser)
        buf_add(out, STR("# is of the group system:masters, which is allowed everything, whatever roles say\n"));
    for (size_t i = 0; i < r->n_grants; i++) {
        const struct reviewed_grant *g = &r->grants[i];
        const struct access_grant grant = {.binding = g->binding, .role = g->binding->role};
        buf_add(out, STR("# has "));
        access_text_binding(out, &grant);
        buf_addf(out, ": %zu of its %zu rules used%s", g->used, g->rules, g->n_risks ? "; never used, and dangerous:" : "");
        for (size_t k = 0; k < g->n_risks; k++)
            buf_addf(out, " %s", g->risks[k]);
        buf_add_char(out, '\n');
    }
    for (size_t i = 0; i < r->n_missing && i < MISSING_SHOWN; i++) {
        buf_add(out, STR("# used, though nothing among the objects gives it: "));
        add_action(out, &r->missing[i]->action);
        buf_add_char(out, '\n');
    }
    if (r->n_missing > MISSING_SHOWN)
        buf_addf(out, "# and %zu more of these\n", r->n_missing - MISSING_SHOWN);
}

void suggest_yaml(struct buf *out, const struct suggestion *s)
{
    const struct used *u = s->used;
    buf_add(out, STR("# "));
    access_text_subject(out, &u->who);
    buf_addf(out, ": %llu requests, %llu of them refused; %zu permissions used\n", (unsigned long long)u->requests,
             (unsigned long long)u->refused, u->n_uses);
    if (u->dropped)
        buf_addf(out, "# %llu requests are not considered: too many different ones\n", (unsigned long long)u->dropped);
    if (s->review)
        add_review(out, s->review);
    if (!s->n_roles)
        buf_add(out, STR("# It needs nothing but what everybody has.\n"));
    for (size_t i = 0; i < s->n_roles; i++) {
        const struct suggested_role *r = &s->roles[i];
        const bool shared = r->cluster || r->n_namespaces > 1;
        add_head(out, s, i, shared ? "ClusterRole" : "Role", shared ? STR_NONE : r->namespaces[0]);
        add_rules(out, r);
        if (r->cluster)
            add_binding(out, s, i, true, STR_NONE);
        for (size_t k = 0; k < r->n_namespaces; k++)
            add_binding(out, s, i, shared, r->namespaces[k]);
    }
}

// --- JSON ------------------------------------------------------------------------------------------------------------------------

static void write_words(struct json_writer *w, struct str key, struct access_words words)
{
    json_key(w, key);
    json_open_array(w);
    for (size_t i = 0; i < words.n; i++)
        json_string(w, words.items[i]);
    json_close_array(w);
}

static void write_role(struct json_writer *w, const struct suggested_role *r)
{
    json_open_object(w);
    json_key_string(w, STR("scope"), r->cluster ? STR("cluster") : STR("namespace"));
    write_words(w, STR("namespaces"), (struct access_words){r->namespaces, r->n_namespaces});
    json_key(w, STR("rules"));
    json_open_array(w);
    for (size_t i = 0; i < r->n_rules; i++) {
        json_open_object(w);
        write_words(w, STR("verbs"), r->rules[i].verbs);
        write_words(w, STR("apiGroups"), r->rules[i].groups);
        write_words(w, STR("resources"), r->rules[i].resources);
        write_words(w, STR("resourceNames"), r->rules[i].names);
        write_words(w, STR("nonResourceURLs"), r->rules[i].urls);
        json_close_object(w);
    }
    json_close_array(w);
    json_close_object(w);
}

static void write_grant(struct json_writer *w, const struct reviewed_grant *g)
{
    const struct access_binding *b = g->binding;
    json_open_object(w);
    json_key_string(w, STR("binding"), b->ns.ptr ? STR("RoleBinding") : STR("ClusterRoleBinding"));
    json_key_string(w, STR("namespace"), b->ns);
    json_key_string(w, STR("name"), b->name);
    json_key_string(w, STR("role"), b->role_name);
    json_key_number(w, STR("rules"), (int64_t)g->rules);
    json_key_number(w, STR("used"), (int64_t)g->used);
    json_key(w, STR("unused_powers"));
    json_open_array(w);
    for (size_t i = 0; i < g->n_risks; i++)
        json_string(w, str_from_c(g->risks[i]));
    json_close_array(w);
    json_close_object(w);
}

static void write_missing(struct json_writer *w, const struct usage_review *r)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    json_key(w, STR("missing"));
    json_open_array(w);
    for (size_t i = 0; i < r->n_missing; i++) {
        buf_clear(&text);
        add_action(&text, &r->missing[i]->action);
        json_string(w, buf_str(&text));
    }
    json_close_array(w);
    buf_fini(&text);
}

void suggest_json(struct buf *out, const struct suggestion *s)
{
    static const struct str kinds[] = {
        [SUBJECT_USER] = STR("User"), [SUBJECT_GROUP] = STR("Group"), [SUBJECT_ACCOUNT] = STR("ServiceAccount")};
    const struct used *u = s->used;
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("suggestion"));
    json_key(&w, STR("subject"));
    json_open_object(&w);
    json_key_string(&w, STR("kind"), kinds[u->who.kind]);
    json_key_string(&w, STR("namespace"), u->who.kind == SUBJECT_ACCOUNT ? u->who.ns : STR_NONE);
    json_key_string(&w, STR("name"), u->who.name);
    json_close_object(&w);
    json_key_number(&w, STR("requests"), (int64_t)u->requests);
    json_key_number(&w, STR("refused"), (int64_t)u->refused);
    json_key_number(&w, STR("used"), (int64_t)u->n_uses);
    json_key_number(&w, STR("not_considered"), (int64_t)u->dropped);
    json_key(&w, STR("roles"));
    json_open_array(&w);
    for (size_t i = 0; i < s->n_roles; i++)
        write_role(&w, &s->roles[i]);
    json_close_array(&w);
    json_key(&w, STR("grants"));
    json_open_array(&w);
    for (size_t i = 0; s->review && i < s->review->n_grants; i++)
        write_grant(&w, &s->review->grants[i]);
    json_close_array(&w);
    if (s->review) {
        write_missing(&w, s->review);
        json_key(&w, STR("superuser"));
        json_bool(&w, s->review->superuser);
    }
    json_close_object(&w);
    buf_add_char(out, '\n');
}
