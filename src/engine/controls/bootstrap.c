// SPDX-License-Identifier: Apache-2.0
// What Kubernetes makes by itself, from the content into a graph.
#include "engine/controls/private.h"

#include "content/content.h"

#include <string.h>

#define POLICY_FILE "bootstrap/kubernetes-1.20.yml"

static void write_raw(struct json_writer *w, struct str key, const struct yaml_value *v)
{
    struct buf json;
    if (!v)
        return;
    buf_init(&json, SIZE_MAX);
    yaml_to_json(v, &json);
    json_key(w, key);
    json_raw(w, buf_str(&json));
    buf_fini(&json);
}

// As the object would stand in a cluster.
static void write_object(struct buf *out, const struct yaml_value *v)
{
    struct json_writer w = json_writer_to(out);
    const struct yaml_value *role = yaml_get(v, STR("role"));
    json_open_object(&w);
    json_key(&w, STR("metadata"));
    json_open_object(&w);
    json_key_string(&w, STR("name"), yaml_text(yaml_get(v, STR("name"))));
    json_key_string(&w, STR("namespace"), yaml_text(yaml_get(v, STR("namespace"))));
    json_close_object(&w);
    write_raw(&w, STR("rules"), yaml_get(v, STR("rules")));
    write_raw(&w, STR("subjects"), yaml_get(v, STR("subjects")));
    if (role) {
        json_key(&w, STR("roleRef"));
        json_open_object(&w);
        json_key_string(&w, STR("kind"), yaml_get(v, STR("of")) ? STR("Role") : STR("ClusterRole"));
        json_key_string(&w, STR("name"), yaml_text(role));
        json_close_object(&w);
    }
    json_close_object(&w);
}

static void add_object(struct access *a, const struct yaml_value *v, struct diags *diags)
{
    struct arena arena;
    struct buf json;
    struct json_error error;
    buf_init(&json, SIZE_MAX);
    arena_init(&arena, ARENA_UNLIMITED);
    write_object(&json, v);
    const size_t len = json.len;
    memset(must_alloc(buf_reserve(&json, JSON_PADDING)), 0, JSON_PADDING);
    const struct json_value *tree = json_parse(&arena, str_make(json.ptr, len), JSON_LIMITS_DEFAULT, &error);
    access_add(a, tree, STR("rbac.authorization.k8s.io/v1"), yaml_text(yaml_get(v, STR("kind"))), (struct access_place){0}, diags);
    arena_fini(&arena);
    buf_fini(&json);
}

status bootstrap_load(struct access **out, uint64_t *minor, struct diags *diags)
{
    const struct content_file *file = content_find(STR(POLICY_FILE));
    struct yaml_value **documents;
    struct arena arena;
    size_t n = 0;
    must(file);
    *out = access_new();
    arena_init(&arena, ARENA_UNLIMITED);
    const status result = yaml_read(&arena, content_source(file), YAML_LIMITS_DEFAULT, &documents, &n, diags);
    if (result == ST_OK) {
        must(n == 1 && str_to_u64(yaml_text(yaml_get(documents[0], STR("minor"))), minor));
        const struct yaml_value *objects = yaml_get(documents[0], STR("objects"));
        for (const struct yaml_value *v = objects ? objects->first : NULL; v; v = v->next)
            add_object(*out, v, diags);
        access_seal(*out, diags);
    }
    arena_fini(&arena);
    return result;
}
