// SPDX-License-Identifier: Apache-2.0
// Objects of YAML for tests.
#include "objects.h"

#include "codec/yaml/yaml.h"

void each_object(struct arena *a, const char *yaml, take_fn *take, void *context)
{
    struct diags diags;
    struct yaml_value **documents;
    size_t n;
    diags_init(&diags);
    if (yaml_read(a, (struct yaml_source){.name = STR("test"), .text = str_from_c(yaml)}, YAML_LIMITS_DEFAULT, &documents, &n, &diags) !=
        ST_OK)
        fail_msg("%.*s", STR_ARG(diags.items[0].text));
    for (size_t i = 0; i < n; i++) {
        struct buf json;
        struct json_error error;
        buf_init(&json, SIZE_MAX);
        yaml_to_json(documents[i], &json);
        char *text = arena_alloc(a, json.len + JSON_PADDING);
        memcpy(text, json.ptr, json.len);
        const struct json_value *tree = json_parse(a, str_make(text, json.len), JSON_LIMITS_DEFAULT, &error);
        assert_non_null(tree);
        take(context, tree, json_text(json_get(tree, STR("apiVersion"))), json_text(json_get(tree, STR("kind"))), documents[i]->line);
        buf_fini(&json);
    }
    diags_fini(&diags);
}

struct building {
    struct access *graph;
    struct diags *diags;
};

static void take(void *context, const struct json_value *tree, struct str api_version, struct str kind, unsigned line)
{
    struct building *b = context;
    access_add(b->graph, tree, api_version.ptr ? api_version : STR("rbac.authorization.k8s.io/v1"), kind,
               (struct access_place){STR("test"), line}, b->diags);
}

struct access *graph_of(struct arena *a, const char *yaml, struct diags *diags)
{
    struct building b = {access_new(), diags};
    each_object(a, yaml, take, &b);
    access_seal(b.graph, diags);
    return b.graph;
}

bool said(const struct diags *diags, const char *what)
{
    for (size_t i = 0; i < diags->n; i++) {
        if (str_find(diags->items[i].text, str_from_c(what), 0) != SIZE_MAX)
            return true;
    }
    return false;
}
