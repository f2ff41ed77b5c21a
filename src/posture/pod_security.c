// SPDX-License-Identifier: Apache-2.0
#include "posture/pod_security.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct namespace
{
    struct str name, label; // ptr NULL: none
    struct access_place place;
};

// What the plugin is told, in the AdmissionConfiguration or in a file of its own.
struct configuration {
    struct str file;
    struct str level; // the default; ptr NULL: not said
    VEC(struct str) exempt;
};

struct pod_security {
    struct arena arena;
    VEC(struct namespace) namespaces;
    struct map peopled; // namespaces with pods
    VEC(struct configuration) configurations;
    struct str named; // the file that an AdmissionConfiguration names; ptr NULL: none does
};

struct pod_security *pod_security_new(void)
{
    struct pod_security *p = must_alloc(calloc(1, sizeof *p));
    arena_init(&p->arena, ARENA_UNLIMITED);
    return p;
}

void pod_security_free(struct pod_security *p)
{
    if (!p)
        return;
    vec_fini(&p->namespaces);
    map_fini(&p->peopled);
    for (size_t i = 0; i < p->configurations.n; i++)
        vec_fini(&p->configurations.items[i].exempt);
    vec_fini(&p->configurations);
    arena_fini(&p->arena);
    free(p);
}

static void remember(struct pod_security *p, struct map *set, struct str name)
{
    if (!map_get(set, name))
        *map_put(set, arena_str(&p->arena, name), NULL) = 1;
}

// Of the plugin's own configuration (pod-security.admission.config.k8s.io, PodSecurityConfiguration).
static void take_configuration(struct pod_security *p, const struct json_value *configuration, struct str file)
{
    const struct str level = json_text(json_get(json_get(configuration, STR("defaults")), STR("enforce")));
    const struct json_value *exempt = json_get(json_get(configuration, STR("exemptions")), STR("namespaces"));
    struct configuration *c = vec_push(&p->configurations);
    *c = (struct configuration){.file = file, .level = level.len ? arena_str(&p->arena, level) : STR_NONE};
    for (const struct json_value *v = exempt && exempt->kind == JSON_ARRAY ? exempt->first : NULL; v; v = v->next)
        *vec_push(&c->exempt) = arena_str(&p->arena, json_text(v));
}

static struct str folder_of(struct str file)
{
    size_t end = file.len;
    while (end && file.ptr[end - 1] != '/')
        end--;
    return str_slice(file, 0, end);
}

// As the API server reads it: beside the file that names it, unless it begins at the root.
static struct str beside(struct pod_security *p, struct str file, struct str path)
{
    while (str_starts(path, STR("./")))
        path = str_slice(path, 2, path.len);
    const struct str folder = str_starts(path, STR("/")) ? STR("") : folder_of(file);
    return arena_printf(&p->arena, "%.*s%.*s", STR_ARG(folder), STR_ARG(path));
}

static void take_admission(struct pod_security *p, const struct json_value *tree, struct str file)
{
    const struct json_value *plugins = json_get(tree, STR("plugins"));
    for (const struct json_value *v = plugins && plugins->kind == JSON_ARRAY ? plugins->first : NULL; v; v = v->next) {
        const struct json_value *configuration = json_get(v, STR("configuration"));
        const struct str path = json_text(json_get(v, STR("path")));
        if (!str_eq(json_text(json_get(v, STR("name"))), STR("PodSecurity")))
            continue;
        if (configuration && configuration->kind == JSON_OBJECT)
            take_configuration(p, configuration, file);
        else if (path.len)
            p->named = beside(p, file, path);
    }
}

void pod_security_add(struct pod_security *p, const struct json_value *tree, struct finding_object object, bool has_pod,
                      struct access_place place)
{
    const struct json_value *labels = json_get(json_get(tree, STR("metadata")), STR("labels"));
    if (has_pod) {
        remember(p, &p->peopled, object.ns.len ? object.ns : STR("default"));
    } else if (str_eq(object.kind, STR("Namespace"))) {
        const struct str label = json_text(json_get(labels, STR("pod-security.kubernetes.io/enforce")));
        *vec_push(&p->namespaces) =
            (struct namespace){arena_str(&p->arena, object.name), label.len ? arena_str(&p->arena, label) : STR_NONE, place};
    } else if (str_eq(object.kind, STR("AdmissionConfiguration"))) {
        take_admission(p, tree, place.file);
    } else if (str_eq(object.kind, STR("PodSecurityConfiguration"))) { // a file of its own, which the other one names
        take_configuration(p, tree, place.file);
    }
}

static struct str understood(struct str level)
{
    const bool known = str_eq(level, STR("privileged")) || str_eq(level, STR("baseline"));
    return known ? level : STR("restricted");
}

static struct str name_of(struct str file)
{
    return str_slice(file, folder_of(file).len, file.len);
}

// The configuration that counts: the one of the file that is named, wherever on the control plane it lay before it came to be read here;
// where none is named, the last one. NULL: there is none.
static const struct configuration *in_force(const struct pod_security *p)
{
    const struct configuration *found = NULL, *all = p->configurations.items;
    for (size_t i = 0; i < p->configurations.n; i++) {
        if (!p->named.ptr || str_eq(name_of(all[i].file), name_of(p->named)))
            found = &all[i];
    }
    for (size_t i = 0; i < p->configurations.n && p->named.ptr; i++) {
        if (str_eq(all[i].file, p->named))
            found = &all[i];
    }
    return found;
}

static bool exempts(const struct configuration *c, struct str ns)
{
    for (size_t i = 0; c && i < c->exempt.n; i++) {
        if (str_eq(c->exempt.items[i], ns))
            return true;
    }
    return false;
}

static void write_record(const struct pod_security *p, const struct configuration *c, const struct namespace *n, uint64_t minor,
                         struct buf *out)
{
    struct json_writer w = json_writer_to(out);
    const bool exempt = exempts(c, n->name), elsewhere = p->named.ptr && !c && !n->label.ptr;
    const struct str said = n->label.ptr ? n->label : c ? c->level : STR_NONE;
    struct str by = n->label.ptr ? STR("label") : STR("default");
    if (exempt)
        by = STR("exemption");
    else if (!said.ptr)
        by = elsewhere ? STR("elsewhere") : STR("nobody");
    json_open_object(&w);
    json_key_string(&w, STR("kind"), STR("PodSecurity"));
    json_key_string(&w, STR("enforce"), elsewhere ? STR_NONE : exempt || !said.ptr ? STR("privileged") : understood(said));
    json_key_string(&w, STR("said_by"), by);
    json_key(&w, STR("minor"));
    if (minor)
        json_number(&w, (int64_t)minor);
    else
        json_null(&w);
    json_close_object(&w);
}

void pod_security_each(const struct pod_security *p, uint64_t minor, pod_security_record_fn *tell, void *context)
{
    const struct configuration *c = in_force(p);
    struct buf text;
    buf_init(&text, SIZE_MAX);
    for (size_t i = 0; i < p->namespaces.n; i++) {
        const struct namespace *n = &p->namespaces.items[i];
        if (str_starts(n->name, STR("kube-")) || !map_get(&p->peopled, n->name))
            continue;
        buf_clear(&text);
        write_record(p, c, n, minor, &text);
        const size_t len = text.len;
        memset(must_alloc(buf_reserve(&text, JSON_PADDING)), 0, JSON_PADDING);
        const struct pod_security_record r = {
            str_make(text.ptr, len), {.api_version = STR("v1"), .kind = STR("Namespace"), .name = n->name}, n->place};
        tell(context, &r);
    }
    buf_fini(&text);
}
