// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/dump.h"
#include "engine/objects/dump_ways.h"

#include "base/map.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

// How many of a kind there are, in which namespaces: whether an absent one would be in the dump.
struct kind {
    struct str only; // namespace of all of them
    bool several;    // or of more than one
    bool unread;     // there may be more
};

struct dump {
    struct str cluster;
    struct access *access;
    struct dump_ways *ways;
    VEC(struct standing_object) objects;
    struct map index; // "RESOURCE\0NAMESPACE\0NAME" -> place in objects
    VEC(struct kind) kinds;
    struct map kind_of;                // "RESOURCE" -> place in kinds
    VEC(struct standing_grant) grants; // of each binding, one a subject
    size_t *first_grant;               // of each binding
    struct standing standing;
};

struct dumps {
    struct arena arena;
    struct survey *survey; // places point to its file names
    struct str registry;
    VEC(struct dump *) items;
};

// --- keys --------------------------------------------------------------------------------------------------------------------------

// Kubernetes' own guess of a resource's name (apimachinery, meta.UnsafeGuessKindToResource).
static struct str resource_of(struct arena *a, struct str kind)
{
    char *lower = arena_alloc(a, kind.len + 3);
    for (size_t i = 0; i < kind.len; i++)
        lower[i] = char_lower(kind.ptr[i]);
    struct str s = str_make(lower, kind.len);
    if (str_eq(s, STR("endpoints")))
        return s;
    if (str_ends(s, STR("s"))) {
        memcpy(lower + s.len, "es", 2);
        return str_make(lower, s.len + 2);
    }
    if (str_ends(s, STR("y"))) {
        memcpy(lower + s.len - 1, "ies", 3);
        return str_make(lower, s.len + 2);
    }
    lower[s.len] = 's';
    return str_make(lower, s.len + 1);
}

static struct str join_key(struct arena *a, struct str resource, struct str namespace, struct str name)
{
    return arena_printf(a, "%.*s%c%.*s%c%.*s", STR_ARG(resource), 0, STR_ARG(namespace), 0, STR_ARG(name));
}

// --- reading -----------------------------------------------------------------------------------------------------------------------

static int64_t time_of(const struct json_value *v)
{
    int64_t time = TIME_NONE;
    if (!time_parse(json_text(v), &time))
        return TIME_NONE;
    return time;
}

// The manager whose entry is the oldest; of a status, nobody.
static struct str first_manager(const struct json_value *metadata)
{
    const struct json_value *list = json_get(metadata, STR("managedFields"));
    struct str manager = STR_NONE;
    int64_t first = INT64_MAX;
    for (const struct json_value *v = list && list->kind == JSON_ARRAY ? list->first : NULL; v; v = v->next) {
        int64_t time = time_of(json_get(v, STR("time")));
        if (json_text(json_get(v, STR("subresource"))).len || (manager.ptr && (time == TIME_NONE || time >= first)))
            continue;
        manager = json_text(json_get(v, STR("manager")));
        first = time;
    }
    return manager;
}

// What installed it, where that leaves a mark: Helm, Argo CD, Flux and others by the recommended label.
static struct str installer(const struct json_value *metadata)
{
    const struct json_value *labels = json_get(metadata, STR("labels")), *annotations = json_get(metadata, STR("annotations"));
    struct str release = json_text(json_get(annotations, STR("meta.helm.sh/release-name")));
    return release.len ? release : json_text(json_get(labels, STR("app.kubernetes.io/managed-by")));
}

static struct str made_with(struct arena *a, const struct json_value *metadata)
{
    struct str manager = first_manager(metadata), by = installer(metadata);
    if (manager.len && by.len)
        return arena_printf(a, "%.*s (%.*s)", STR_ARG(manager), STR_ARG(by));
    return manager.len || by.len ? arena_str(a, manager.len ? manager : by) : STR_NONE;
}

// Rancher and OpenShift note who asked for an object.
static struct str made_by(struct arena *a, const struct json_value *metadata)
{
    static const struct str keys[] = {STR("field.cattle.io/creatorId"), STR("openshift.io/requester")};
    const struct json_value *annotations = json_get(metadata, STR("annotations"));
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str who = json_text(json_get(annotations, keys[i]));
        if (who.len)
            return arena_str(a, who);
    }
    return STR_NONE;
}

static void note_kind(struct dumps *d, struct dump *dump, struct str resource, struct str namespace)
{
    bool added;
    uint64_t *at = map_put(&dump->kind_of, arena_str(&d->arena, resource), &added);
    if (added) {
        *at = dump->kinds.n;
        *vec_push(&dump->kinds) = (struct kind){.only = namespace};
    }
    struct kind *kind = &dump->kinds.items[*at];
    kind->several |= !str_eq(kind->only, namespace);
}

static void begin(void *context, struct str cluster)
{
    struct dumps *d = context;
    struct dump *dump = must_alloc(calloc(1, sizeof *dump));
    dump->cluster = arena_str(&d->arena, cluster);
    dump->access = access_new();
    dump->ways = dump_ways_new(&d->arena, d->registry);
    *vec_push(&d->items) = dump;
}

static void take(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct dumps *d = context;
    struct dump *dump = d->items.items[d->items.n - 1];
    const struct json_value *metadata = json_get(o->tree, STR("metadata"));
    struct str namespace = arena_str(&d->arena, json_text(json_get(metadata, STR("namespace"))));
    struct str resource = resource_of(&d->arena, o->kind);
    bool added;
    access_add(dump->access, o->tree, o->api_version, o->kind, place, diags);
    dump_ways_add(dump->ways, o, place);
    uint64_t *at = map_put(&dump->index, join_key(&d->arena, resource, namespace, json_text(json_get(metadata, STR("name")))), &added);
    if (!added)
        return;
    *at = dump->objects.n;
    *vec_push(&dump->objects) = (struct standing_object){.file = place.file,
                                                         .line = place.line,
                                                         .created = time_of(json_get(metadata, STR("creationTimestamp"))),
                                                         .made_with = made_with(&d->arena, metadata),
                                                         .made_by = made_by(&d->arena, metadata)};
    note_kind(d, dump, resource, namespace);
}

// What is not among those that were read may be there all the same.
static void take_unread(void *context, const struct unread_kind *u)
{
    struct dumps *d = context;
    struct dump *dump = d->items.items[d->items.n - 1];
    const uint64_t *at = map_get(&dump->kind_of, resource_of(&d->arena, u->kind));
    dump_ways_unread(dump->ways, u->kind);
    if (at)
        dump->kinds.items[*at].unread = true;
}

// --- answers -----------------------------------------------------------------------------------------------------------------------

static const struct standing_object *find_object(const struct dump *dump, struct str resource, struct str namespace, struct str name)
{
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    const uint64_t *at = map_get(&dump->index, join_key(&a, resource, namespace, name));
    arena_fini(&a);
    return at ? &dump->objects.items[*at] : NULL;
}

// A dump of one namespace says nothing about another one.
static enum presence find(const void *context, struct str resource, struct str namespace, struct str name, struct standing_object *out)
{
    const struct dump *dump = context;
    const struct standing_object *object = find_object(dump, resource, namespace, name);
    if (object) {
        *out = *object;
        return PRESENCE_THERE;
    }
    const uint64_t *kind = map_get(&dump->kind_of, resource);
    if (!kind)
        return PRESENCE_UNKNOWN;
    const struct kind *k = &dump->kinds.items[*kind];
    if (k->unread)
        return PRESENCE_UNKNOWN;
    return k->several || str_eq(k->only, namespace) || !namespace.len ? PRESENCE_GONE : PRESENCE_UNKNOWN;
}

// Every subject of every binding, as it will be told.
static void write_grants(struct dumps *d, struct dump *dump)
{
    static const char *const kinds[] = {[SUBJECT_USER] = "User", [SUBJECT_GROUP] = "Group", [SUBJECT_ACCOUNT] = "ServiceAccount"};
    struct arena *a = &d->arena;
    size_t n;
    const struct access_binding *list = access_bindings(dump->access, &n);
    dump->first_grant = arena_array(a, size_t, n);
    for (size_t i = 0; i < n; i++) {
        const struct access_binding *b = &list[i];
        struct str resource = b->ns.ptr ? STR("rolebindings") : STR("clusterrolebindings");
        const struct standing_object *object = find_object(dump, resource, b->ns, b->name);
        struct standing_grant grant = {
            .binding = arena_printf(a, "%s/%.*s%s%.*s", b->ns.ptr ? "RoleBinding" : "ClusterRoleBinding", STR_ARG(b->ns),
                                    b->ns.ptr ? "/" : "", STR_ARG(b->name)),
            .role = arena_printf(a, "%s/%.*s", b->refers_cluster_role ? "ClusterRole" : "Role", STR_ARG(b->role_name)),
            .object = object ? *object : (struct standing_object){.file = b->place.file, .line = b->place.line, .created = TIME_NONE},
        };
        dump->first_grant[i] = dump->grants.n;
        for (size_t k = 0; k < b->n_subjects; k++) {
            const struct access_subject *s = &b->subjects[k];
            grant.subject = arena_printf(a, "%s/%.*s%s%.*s", kinds[s->kind], STR_ARG(s->ns), s->ns.len ? "/" : "", STR_ARG(s->name));
            *vec_push(&dump->grants) = grant;
        }
    }
}

static const struct standing_grant *grant_of(const struct dump *dump, const struct access_binding *b, const struct access_subject *s)
{
    size_t n;
    const struct access_binding *list = access_bindings(dump->access, &n);
    return &dump->grants.items[dump->first_grant[b - list] + (size_t)(s - b->subjects)];
}

static struct access_subject subject_of(struct str principal)
{
    struct access_subject s;
    if (str_starts(principal, STR("system:serviceaccount:")) && access_parse_subject(principal, &s))
        return s;
    return (struct access_subject){.kind = SUBJECT_USER, .name = principal};
}

struct asking {
    const struct dump *dump;
    const struct access_identity *who;
    struct standing_grant *out;
    const struct access_binding *last;
    size_t n;
    bool superuser;
};

static void tell(void *context, const struct access_grant *grant)
{
    struct asking *q = context;
    const struct access_binding *b = grant->binding;
    if (!access_subject_is(&grant->subject, q->who))
        return;
    q->superuser |= !b;
    if (!b || b == q->last)
        return;
    q->last = b;
    if (q->n++ < STANDING_GRANTS)
        q->out[q->n - 1] = *grant_of(q->dump, b, access_binding_names(b, q->who));
}

static struct str path_of(struct str uri)
{
    return str_slice(uri, 0, str_find_char(uri, '?', 0));
}

static size_t allowing(const void *context, const struct standing_request *request, struct standing_grant *out)
{
    const struct dump *dump = context;
    const struct event_action *a = request->action;
    const struct access_action action = {.verb = a->verb,
                                         .group = a->group.ptr ? a->group : STR(""),
                                         .resource = a->resource,
                                         .subresource = a->subresource,
                                         .ns = a->namespace,
                                         .name = a->name,
                                         .path = path_of(a->uri)};
    const struct access_subject subject = subject_of(request->user);
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    const struct access_identity who = access_identity_of(&arena, &subject, request->groups, request->n_groups);
    struct asking q = {.dump = dump, .who = &who, .out = out};
    access_who_can(dump->access, &action, false, tell, &q);
    arena_fini(&arena);
    return q.superuser ? 0 : q.n; // it was no binding that let a member of system:masters through
}

static size_t naming(const void *context, struct str principal, struct standing_grant *out)
{
    const struct dump *dump = context;
    const struct access_subject subject = subject_of(principal);
    size_t n, told = 0;
    const struct access_binding *list = access_bindings(dump->access, &n);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < list[i].n_subjects; k++) {
            const struct access_subject *s = &list[i].subjects[k];
            if (s->kind != subject.kind || !str_eq(s->name, subject.name) || !str_eq(s->ns, subject.ns) || !list[i].role)
                continue;
            if (told++ < STANDING_GRANTS)
                out[told - 1] = *grant_of(dump, &list[i], s);
            break;
        }
    return told;
}

static const struct standing_way *ways(const void *context, size_t *n)
{
    return dump_ways_all(((const struct dump *)context)->ways, n);
}

// What opens a way, as the dump has it.
static void place_ways(struct dumps *d, struct dump *dump)
{
    struct arena a;
    size_t n;
    struct standing_way *list = dump_ways_join(dump->ways, &n);
    arena_init(&a, ARENA_UNLIMITED);
    for (size_t i = 0; i < n; i++) {
        list[i].resource = resource_of(&d->arena, list[i].resource); // it was the kind
        const struct standing_object *object = find_object(dump, list[i].resource, list[i].namespace, list[i].name);
        if (object)
            list[i].object = *object;
        arena_reset(&a);
    }
    arena_fini(&a);
}

static status end(void *context, struct diags *diags)
{
    struct dumps *d = context;
    struct dump *dump = d->items.items[d->items.n - 1];
    access_seal(dump->access, diags);
    write_grants(d, dump);
    place_ways(d, dump);
    dump->standing = (struct standing){dump, allowing, naming, find, ways};
    return ST_OK;
}

// --- all of them -------------------------------------------------------------------------------------------------------------------

status dumps_load(struct dumps **out, struct survey *survey, struct str registry, struct diags *diags)
{
    struct dumps *d = must_alloc(calloc(1, sizeof *d));
    arena_init(&d->arena, ARENA_UNLIMITED);
    *out = d;
    d->survey = survey;
    d->registry = registry;
    TRY(survey_run(survey, (struct survey_sink){.context = d, .begin = begin, .object = take, .end = end, .unread = take_unread}, diags));
    if (survey_counters(d->survey).objects)
        return ST_OK;
    diags_add(diags, DIAG_ERROR, NULL, "no Kubernetes object was found to hold the logs against");
    return ST_INPUT;
}

void dumps_free(struct dumps *d)
{
    if (!d)
        return;
    for (size_t i = 0; i < d->items.n; i++) {
        struct dump *dump = d->items.items[i];
        access_free(dump->access);
        dump_ways_free(dump->ways);
        vec_fini(&dump->objects);
        vec_fini(&dump->kinds);
        vec_fini(&dump->grants);
        map_fini(&dump->index);
        map_fini(&dump->kind_of);
        free(dump);
    }
    vec_fini(&d->items);
    survey_close(d->survey);
    arena_fini(&d->arena);
    free(d);
}

static bool is_one_cluster(const struct source_list *inputs)
{
    for (size_t i = 1; i < inputs->n; i++)
        if (!str_eq(inputs->inputs[i].cluster, inputs->inputs[0].cluster))
            return false;
    return true;
}

const struct standing *dumps_of(const struct dumps *d, struct str cluster, const struct source_list *inputs)
{
    for (size_t i = 0; d && i < d->items.n; i++)
        if (str_eq(d->items.items[i]->cluster, cluster))
            return &d->items.items[i]->standing;
    return d && d->items.n == 1 && is_one_cluster(inputs) ? &d->items.items[0]->standing : NULL;
}

void dumps_warn(const struct dumps *d, const struct source_list *inputs, struct diags *diags)
{
    for (size_t i = 0; i < d->items.n; i++) {
        struct str name = d->items.items[i]->cluster;
        bool found = d->items.n == 1 && is_one_cluster(inputs);
        for (size_t k = 0; k < inputs->n && !found; k++)
            found = str_eq(inputs->inputs[k].cluster, name);
        if (!found)
            diags_add(diags, DIAG_WARNING, NULL, "the objects of cluster %.*s belong to no log: no log's cluster has that name",
                      STR_ARG(name));
    }
}
