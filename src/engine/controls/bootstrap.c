// SPDX-License-Identifier: Apache-2.0
// What Kubernetes makes by itself, from the content into a graph.
#include "engine/controls/private.h"

#include "content/content.h"

#include <stdlib.h>
#include <string.h>

#define POLICY_FILE "bootstrap/kubernetes.yml"

// A kubelet may be as many minor versions older than its API server (https://kubernetes.io/releases/version-skew-policy/).
enum { KUBELET_SKEW = 3 };

struct bootstrap {
    struct arena arena;
    const struct yaml_value *objects;
    uint64_t oldest, newest; // minor versions that were read
    struct access *graph;    // of a version up to `limit`; NULL: not made yet
    uint64_t limit;
};

static uint64_t number_of(const struct yaml_value *v, struct str key)
{
    uint64_t n = 0;
    const struct yaml_value *number = yaml_get(v, key);
    must(!number || str_to_u64(yaml_text(number), &n));
    return n;
}

// Of a list, what was there in a version.
static void write_list(struct json_writer *w, struct str key, const struct yaml_value *list, uint64_t limit)
{
    struct buf json;
    if (!list)
        return;
    buf_init(&json, SIZE_MAX);
    json_key(w, key);
    json_open_array(w);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        if (number_of(v, STR("since")) > limit)
            continue;
        buf_clear(&json);
        yaml_to_json(v, &json);
        json_raw(w, buf_str(&json));
    }
    json_close_array(w);
    buf_fini(&json);
}

// As the object would stand in a cluster.
static void write_object(struct buf *out, const struct yaml_value *v, uint64_t limit)
{
    struct json_writer w = json_writer_to(out);
    const struct yaml_value *role = yaml_get(v, STR("role"));
    json_open_object(&w);
    json_key(&w, STR("metadata"));
    json_open_object(&w);
    json_key_string(&w, STR("name"), yaml_text(yaml_get(v, STR("name"))));
    json_key_string(&w, STR("namespace"), yaml_text(yaml_get(v, STR("namespace"))));
    json_close_object(&w);
    write_list(&w, STR("rules"), yaml_get(v, STR("rules")), limit);
    write_list(&w, STR("subjects"), yaml_get(v, STR("subjects")), limit);
    if (role) {
        json_key(&w, STR("roleRef"));
        json_open_object(&w);
        json_key_string(&w, STR("kind"), yaml_get(v, STR("of")) ? STR("Role") : STR("ClusterRole"));
        json_key_string(&w, STR("name"), yaml_text(role));
        json_close_object(&w);
    }
    json_close_object(&w);
}

static void add_object(struct access *a, const struct yaml_value *v, uint64_t limit, struct diags *diags)
{
    struct arena arena;
    struct buf json;
    struct json_error error;
    buf_init(&json, SIZE_MAX);
    arena_init(&arena, ARENA_UNLIMITED);
    write_object(&json, v, limit);
    const size_t len = json.len;
    memset(must_alloc(buf_reserve(&json, JSON_PADDING)), 0, JSON_PADDING);
    const struct json_value *tree = json_parse(&arena, str_make(json.ptr, len), JSON_LIMITS_DEFAULT, &error);
    access_add(a, tree, STR("rbac.authorization.k8s.io/v1"), yaml_text(yaml_get(v, STR("kind"))), (struct access_place){0}, diags);
    arena_fini(&arena);
    buf_fini(&json);
}

struct bootstrap *bootstrap_new(void)
{
    const struct content_file *file = content_find(STR(POLICY_FILE));
    struct bootstrap *b = must_alloc(calloc(1, sizeof *b));
    struct yaml_value **documents;
    struct diags none;
    size_t n = 0;
    must(file);
    diags_init(&none);
    arena_init(&b->arena, ARENA_UNLIMITED);
    must(yaml_read(&b->arena, content_source(file), YAML_LIMITS_DEFAULT, &documents, &n, &none) == ST_OK && n == 1);
    b->objects = yaml_get(documents[0], STR("objects"));
    b->oldest = number_of(documents[0], STR("oldest"));
    b->newest = number_of(documents[0], STR("newest"));
    must(b->objects && b->oldest && b->oldest <= b->newest);
    diags_fini(&none);
    return b;
}

void bootstrap_free(struct bootstrap *b)
{
    if (!b)
        return;
    access_free(b->graph);
    arena_fini(&b->arena);
    free(b);
}

struct bootstrap_policy bootstrap_of(struct bootstrap *b, struct cluster_version version)
{
    struct diags none;
    uint64_t limit = version.server ? version.server : version.nodes ? version.nodes + KUBELET_SKEW : UINT64_MAX;
    const bool known = limit <= b->newest && limit >= b->oldest;
    limit = limit < b->newest ? limit : b->newest;
    if (!b->graph || b->limit != limit) {
        diags_init(&none);
        access_free(b->graph);
        b->graph = access_new();
        b->limit = limit;
        for (const struct yaml_value *v = b->objects->first; v; v = v->next) {
            if (number_of(v, STR("since")) <= limit)
                add_object(b->graph, v, limit, &none);
        }
        access_seal(b->graph, &none);
        must(!none.n);
        diags_fini(&none);
    }
    return (struct bootstrap_policy){b->graph, known};
}
