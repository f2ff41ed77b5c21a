// SPDX-License-Identifier: Apache-2.0
// Roles and bindings out of their objects (rbac.authorization.k8s.io/v1; v1beta1 and v1alpha1 differ in little).
#include "posture/access_private.h"

static void bad(struct reading *r, const char *why)
{
    if (!r->bad)
        r->bad = why;
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

static struct access_requirement read_expression(struct reading *r, const struct json_value *v)
{
    static const struct str names[] = {
        [SELECT_IN] = STR("In"),
        [SELECT_NOT_IN] = STR("NotIn"),
        [SELECT_EXISTS] = STR("Exists"),
        [SELECT_EXISTS_NOT] = STR("DoesNotExist"),
    };
    struct access_requirement q = {.key = read_text(r, v, STR("key"))};
    const struct str name = read_text(r, v, STR("operator"));
    q.values = read_words(r, json_get(v, STR("values")), "values is no list of texts");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_eq(name, names[i])) {
            q.operator=(enum selector_operator) i;
            return q;
        }
    }
    bad(r, "a selector has an operator that does not exist");
    return q;
}

static struct access_selector read_selector(struct reading *r, const struct json_value *v)
{
    const struct json_value *labels = json_get(v, STR("matchLabels")), *expressions = json_get(v, STR("matchExpressions"));
    const size_t n = (labels ? labels->count : 0) + (expressions ? expressions->count : 0);
    struct access_requirement *items = arena_array(&r->access->arena, struct access_requirement, n);
    struct access_selector out = {.items = items};
    for (const struct json_value *m = labels ? labels->first : NULL; m; m = m->next) {
        struct str *value = arena_new(&r->access->arena, struct str);
        if (m->kind != JSON_STRING || !m->key.ptr)
            bad(r, "matchLabels is no map of texts");
        else
            *value = access_intern(r->access, m->text);
        items[out.n++] = (struct access_requirement){SELECT_IN, access_intern(r->access, m->key), {value, 1}};
    }
    for (const struct json_value *m = expressions ? expressions->first : NULL; m; m = m->next)
        items[out.n++] = read_expression(r, m);
    return out;
}

static void read_labels(struct reading *r, struct role_source *out)
{
    const struct json_value *labels = json_get(json_get(r->tree, STR("metadata")), STR("labels"));
    if (!labels || labels->kind != JSON_OBJECT)
        return;
    struct label *items = arena_array(&r->access->arena, struct label, labels->count);
    for (const struct json_value *m = labels->first; m; m = m->next) {
        if (m->kind == JSON_STRING)
            items[out->n_labels++] = (struct label){access_intern(r->access, m->key), access_intern(r->access, m->text)};
    }
    out->labels = items;
}

bool read_role(struct reading *r, struct access_role *out, struct role_source *source)
{
    const struct json_value *aggregation = json_get(r->tree, STR("aggregationRule"));
    *source = (struct role_source){0};
    source->live = json_text(json_get(json_get(r->tree, STR("metadata")), STR("uid"))).len > 0;
    read_rules(r, json_get(r->tree, STR("rules")), out);
    read_labels(r, source);
    if (out->ns.ptr || is_absent(aggregation))
        return !r->bad;
    const struct json_value *selectors = json_get(aggregation, STR("clusterRoleSelectors"));
    struct access_selector *items = arena_array(&r->access->arena, struct access_selector, selectors ? selectors->count : 0);
    for (const struct json_value *v = selectors ? selectors->first : NULL; v; v = v->next)
        items[source->n_selectors++] = read_selector(r, v);
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
