// SPDX-License-Identifier: Apache-2.0
// Roles and bindings out of their objects (rbac.authorization.k8s.io/v1; v1beta1 and v1alpha1 differ in little).
#include "posture/access_private.h"

static void bad(struct reading *r, const char *why)
{
    if (!r->bad)
        r->bad = why; // NULL: nothing is wrong
}

static bool is_absent(const struct json_value *v)
{
    return !v || v->kind == JSON_NULL;
}

struct str read_text(struct reading *r, const struct json_value *parent, struct str key)
{
    const struct json_value *v = json_get(parent, key);
    if (!is_absent(v) && v->kind != JSON_STRING)
        bad(r, "a member that should be text is not");
    const struct str text = json_text(v);
    return text.ptr ? access_intern(r->access, text) : STR("");
}

struct access_words read_words(struct reading *r, const struct json_value *list, const char *what)
{
    if (is_absent(list))
        return (struct access_words){0};
    if (list->kind != JSON_ARRAY) {
        bad(r, what);
        return (struct access_words){0};
    }
    struct str *items = arena_array(&r->access->arena, struct str, list->count);
    size_t n = 0;
    for (const struct json_value *v = list->first; v; v = v->next) {
        if (v->kind != JSON_STRING)
            bad(r, what);
        else
            items[n++] = access_intern(r->access, v->text);
    }
    return (struct access_words){items, n};
}

// --- roles -----------------------------------------------------------------------------------------------------------------------

static void read_rules(struct reading *r, const struct json_value *list, struct access_role *out)
{
    if (is_absent(list))
        return;
    if (list->kind != JSON_ARRAY) {
        bad(r, "rules is no list");
        return;
    }
    struct access_rule *rules = arena_array(&r->access->arena, struct access_rule, list->count);
    for (const struct json_value *v = list->first; v; v = v->next) {
        rules[out->n_rules++] = (struct access_rule){
            .verbs = read_words(r, json_get(v, STR("verbs")), "verbs is no list of texts"),
            .groups = read_words(r, json_get(v, STR("apiGroups")), "apiGroups is no list of texts"),
            .resources = read_words(r, json_get(v, STR("resources")), "resources is no list of texts"),
            .names = read_words(r, json_get(v, STR("resourceNames")), "resourceNames is no list of texts"),
            .urls = read_words(r, json_get(v, STR("nonResourceURLs")), "nonResourceURLs is no list of texts"),
        };
    }
    out->rules = rules;
}

bool read_role(struct reading *r, struct access_role *out, struct role_source *source)
{
    const struct json_value *aggregation = json_get(r->tree, STR("aggregationRule"));
    *source = (struct role_source){0};
    source->live = json_text(json_get(json_get(r->tree, STR("metadata")), STR("uid"))).len > 0;
    const struct json_value *annotations = json_get(json_get(r->tree, STR("metadata")), STR("annotations"));
    source->kept = str_eq(json_text(json_get(annotations, STR("rbac.authorization.kubernetes.io/autoupdate"))), STR("false"));
    read_rules(r, json_get(r->tree, STR("rules")), out);
    const struct keep keep = {&r->access->arena, &r->access->words};
    source->labels = labels_read(keep, json_get(json_get(r->tree, STR("metadata")), STR("labels")));
    if (out->ns.ptr || is_absent(aggregation))
        return !r->bad;
    const struct json_value *selectors = json_get(aggregation, STR("clusterRoleSelectors"));
    struct selector *items = arena_array(&r->access->arena, struct selector, selectors ? selectors->count : 0);
    for (const struct json_value *v = selectors ? selectors->first : NULL; v; v = v->next)
        bad(r, selector_read(keep, v, &items[source->n_selectors++]));
    source->selectors = items;
    out->aggregated = true;
    return !r->bad;
}

// --- bindings --------------------------------------------------------------------------------------------------------------------

// False: of a kind that names nobody.
static bool read_subject(struct reading *r, const struct json_value *v, struct str binding_ns, struct access_subject *out)
{
    const struct str kind = read_text(r, v, STR("kind"));
    out->name = read_text(r, v, STR("name"));
    out->ns = STR_NONE;
    if (str_eq(kind, STR("User")) || str_eq(kind, STR("Group"))) {
        out->kind = str_eq(kind, STR("User")) ? SUBJECT_USER : SUBJECT_GROUP;
        return true;
    }
    out->kind = SUBJECT_ACCOUNT;
    out->ns = read_text(r, v, STR("namespace"));
    if (!out->ns.len && binding_ns.ptr)
        out->ns = binding_ns;
    return str_eq(kind, STR("ServiceAccount")) && out->ns.len; // without a namespace the authorizer passes it by
}

bool read_binding(struct reading *r, struct str api_version, struct access_binding *out)
{
    const struct json_value *ref = json_get(r->tree, STR("roleRef")), *list = json_get(r->tree, STR("subjects"));
    const struct str kind = read_text(r, ref, STR("kind"));
    const bool alpha = str_ends(api_version, STR("/v1alpha1"));
    out->refers_cluster_role = str_eq(kind, STR("ClusterRole"));
    out->role_name = read_text(r, ref, STR("name"));
    if (!out->refers_cluster_role && !str_eq(kind, STR("Role")))
        bad(r, "its roleRef is neither to a Role nor to a ClusterRole");
    if (!is_absent(list) && list->kind != JSON_ARRAY)
        bad(r, "subjects is no list");
    struct access_subject *subjects = arena_array(&r->access->arena, struct access_subject, is_absent(list) ? 0 : list->count);
    for (const struct json_value *v = is_absent(list) ? NULL : list->first; v; v = v->next) {
        struct access_subject *s = &subjects[out->n_subjects];
        if (!read_subject(r, v, out->ns, s))
            continue;
        if (alpha && s->kind == SUBJECT_USER && str_eq(s->name, STR("*"))) // v1alpha1's way to say it
            *s = (struct access_subject){.kind = SUBJECT_GROUP, .name = STR("system:authenticated")};
        out->n_subjects++;
    }
    out->subjects = subjects;
    return !r->bad;
}
