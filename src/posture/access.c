// SPDX-License-Identifier: Apache-2.0
// Taking objects in, and following their references once all are there.
#include "posture/access_private.h"

// --- objects ---------------------------------------------------------------------------------------------------------------------

static void tell_bad(const struct reading *r, struct diags *diags)
{
    const struct place place = {.file = r->place.file, .line = (unsigned)r->place.line};
    diags_add(diags, DIAG_WARNING, &place, "%.*s %.*s%s%.*s is left out: %s", STR_ARG(r->kind), STR_ARG(r->ns), r->ns.len ? "/" : "",
              STR_ARG(r->name), r->bad);
}

static void tell_twice(const struct reading *r, struct diags *diags)
{
    const struct place place = {.file = r->place.file, .line = (unsigned)r->place.line};
    diags_add(diags, DIAG_WARNING, &place, "%.*s %.*s%s%.*s replaces an earlier one of the same name", STR_ARG(r->kind), STR_ARG(r->ns),
              r->ns.len ? "/" : "", STR_ARG(r->name));
}

static void add_role(struct reading *r, bool cluster, struct diags *diags)
{
    struct access *a = r->access;
    struct access_role role = {.ns = cluster ? STR_NONE : r->ns, .name = r->name, .place = r->place};
    struct role_source source;
    if (!read_role(r, &role, &source)) {
        tell_bad(r, diags);
        return;
    }
    uint64_t *place = access_index(a, cluster ? INDEX_CLUSTER_ROLE : INDEX_ROLE, cluster ? STR("") : r->ns, r->name);
    if (*place) {
        tell_twice(r, diags);
    } else {
        (void)vec_push(&a->roles);
        (void)vec_push(&a->sources);
        *place = a->roles.n;
    }
    a->roles.items[*place - 1] = role;
    a->sources.items[*place - 1] = source;
    if (!cluster)
        access_namespace(a, r->ns);
}

static void add_binding(struct reading *r, bool cluster, struct str api_version, struct diags *diags)
{
    struct access *a = r->access;
    struct access_binding binding = {.ns = cluster ? STR_NONE : r->ns, .name = r->name, .place = r->place};
    if (!read_binding(r, api_version, &binding)) {
        tell_bad(r, diags);
        return;
    }
    uint64_t *place = access_index(a, cluster ? INDEX_CLUSTER_BINDING : INDEX_BINDING, cluster ? STR("") : r->ns, r->name);
    if (*place) {
        tell_twice(r, diags);
    } else {
        (void)vec_push(&a->bindings);
        *place = a->bindings.n;
    }
    a->bindings.items[*place - 1] = binding;
    if (!cluster)
        access_namespace(a, r->ns);
}

// The pod spec in an object that runs pods, or NULL.
static const struct json_value *pod_spec(const struct json_value *tree, struct str kind)
{
    static const struct str pod[] = {STR("spec"), STR_NONE}, workload[] = {STR("spec"), STR("template"), STR("spec"), STR_NONE},
                            cron[] = {STR("spec"), STR("jobTemplate"), STR("spec"), STR("template"), STR("spec"), STR_NONE};
    static const struct {
        struct str kind;
        const struct str *path;
    } kinds[] = {
        {STR("Pod"), pod},
        {STR("Deployment"), workload},
        {STR("DaemonSet"), workload},
        {STR("StatefulSet"), workload},
        {STR("ReplicaSet"), workload},
        {STR("Job"), workload},
        {STR("CronJob"), cron},
        {STR("ReplicationController"), workload},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_eq(kind, kinds[i].kind))
            return json_at(tree, kinds[i].path);
    }
    return NULL;
}

static void add_user_of_account(struct reading *r)
{
    const struct json_value *spec = pod_spec(r->tree, r->kind);
    if (!spec)
        return;
    struct str name = json_text(json_get(spec, STR("serviceAccountName")));
    if (!name.len)
        name = json_text(json_get(spec, STR("serviceAccount"))); // its old name
    access_account(r->access, r->ns, name.len ? name : STR("default"))->has_pods = true;
}

static void add_secret(struct reading *r)
{
    const struct json_value *annotations = json_get(json_get(r->tree, STR("metadata")), STR("annotations"));
    r->access->any_secret = true;
    access_namespace(r->access, r->ns);
    if (!str_eq(json_text(json_get(r->tree, STR("type"))), STR("kubernetes.io/service-account-token")))
        return;
    const struct str name = json_text(json_get(annotations, STR("kubernetes.io/service-account.name")));
    if (name.len)
        access_account(r->access, r->ns, name)->has_token_secret = true;
}

static void add_custom_resource(struct reading *r)
{
    const struct json_value *spec = json_get(r->tree, STR("spec")), *names = json_get(spec, STR("names"));
    struct custom_resource c = {.group = read_text(r, spec, STR("group")), .plural = read_text(r, names, STR("plural"))};
    c.singular = read_text(r, names, STR("singular"));
    c.short_names = read_words(r, json_get(names, STR("shortNames")), "shortNames");
    c.namespaced = !str_eq(json_text(json_get(spec, STR("scope"))), STR("Cluster"));
    if (!r->bad && c.plural.len)
        *vec_push(&r->access->resources) = c;
}

void access_add(struct access *a, const struct json_value *tree, struct str api_version, struct str kind, struct access_place place,
                struct diags *diags)
{
    const struct json_value *metadata = json_get(tree, STR("metadata"));
    struct reading r = {.access = a, .tree = tree, .kind = kind, .place = place};
    r.name = access_intern(a, json_text(json_get(metadata, STR("name"))));
    r.ns = access_intern(a, json_text(json_get(metadata, STR("namespace"))));
    if (!r.ns.len)
        r.ns = STR("default");
    if (!r.name.ptr)
        r.name = STR("");
    if (str_starts(api_version, STR("rbac.authorization.k8s.io/"))) {
        const bool cluster = str_starts(kind, STR("Cluster"));
        if (cluster)
            r.ns = STR("");
        if (str_eq(kind, STR("ClusterRole")) || str_eq(kind, STR("Role")))
            add_role(&r, cluster, diags);
        else if (str_eq(kind, STR("ClusterRoleBinding")) || str_eq(kind, STR("RoleBinding")))
            add_binding(&r, cluster, api_version, diags);
    } else if (str_eq(kind, STR("ServiceAccount"))) {
        (void)access_account(a, r.ns, r.name);
    } else if (str_eq(kind, STR("Secret"))) {
        add_secret(&r);
    } else if (str_eq(kind, STR("Namespace"))) {
        access_namespace(a, r.name);
    } else if (str_eq(kind, STR("CustomResourceDefinition"))) {
        add_custom_resource(&r);
    } else {
        add_user_of_account(&r);
    }
}

// --- references ------------------------------------------------------------------------------------------------------------------

enum { DANGLING_TOLD = 20 }; // each by itself; further ones are counted

void access_unread(struct access *a, struct str kind)
{
    a->roles_unread = a->roles_unread || str_eq(kind, STR("Role"));
    a->cluster_roles_unread = a->cluster_roles_unread || str_eq(kind, STR("ClusterRole"));
}

static void tell_dangling(const struct access *a, const struct access_binding *b, struct diags *diags)
{
    const bool unread = b->refers_cluster_role ? a->cluster_roles_unread : a->roles_unread;
    const struct place where = {.file = b->place.file, .line = (unsigned)b->place.line};
    diags_add(diags, DIAG_NOTE, &where, "%s %.*s%s%.*s refers to %s %.*s, which %s", b->ns.ptr ? "RoleBinding" : "ClusterRoleBinding",
              STR_ARG(b->ns), b->ns.len ? "/" : "", STR_ARG(b->name), b->refers_cluster_role ? "ClusterRole" : "Role",
              STR_ARG(b->role_name), unread ? "could not be read: what it gives is not known" : "is not there: it gives nothing");
}

static void follow(struct access *a, struct access_binding *b)
{
    // A ClusterRoleBinding that refers to a Role finds none: it has no namespace to look in.
    const char kind = b->refers_cluster_role ? INDEX_CLUSTER_ROLE : INDEX_ROLE;
    const uint64_t place = access_find(a, kind, !b->refers_cluster_role && b->ns.ptr ? b->ns : STR(""), b->role_name);
    b->role = place ? &a->roles.items[place - 1] : NULL;
}

void access_seal(struct access *a, struct diags *diags)
{
    size_t dangling = 0;
    access_aggregate(a, diags);
    for (size_t i = 0; i < a->namespaces.n; i++) // every namespace has this one
        (void)access_account(a, a->namespaces.items[i], STR("default"));
    for (size_t i = 0; i < a->bindings.n; i++) {
        struct access_binding *b = &a->bindings.items[i];
        for (size_t j = 0; j < b->n_subjects; j++) {
            if (b->subjects[j].kind == SUBJECT_ACCOUNT)
                (void)access_account(a, b->subjects[j].ns, b->subjects[j].name);
        }
        follow(a, b);
        if (!b->role && dangling++ < DANGLING_TOLD)
            tell_dangling(a, b, diags);
    }
    if (dangling > DANGLING_TOLD)
        diags_add(diags, DIAG_NOTE, NULL, "%zu more bindings refer to roles that %s", dangling - DANGLING_TOLD,
                  a->roles_unread || a->cluster_roles_unread ? "are not there or could not be read" : "are not there");
}

const struct access_role *access_roles(const struct access *a, size_t *n)
{
    *n = a->roles.n;
    return a->roles.items;
}

const struct access_binding *access_bindings(const struct access *a, size_t *n)
{
    *n = a->bindings.n;
    return a->bindings.items;
}
