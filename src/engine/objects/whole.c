// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/whole.h"

#include <string.h>

void whole_init(struct whole *w)
{
    buf_init(&w->json, SIZE_MAX);
    arena_init(&w->arena, ARENA_UNLIMITED);
}

void whole_fini(struct whole *w)
{
    buf_fini(&w->json);
    arena_fini(&w->arena);
}

static struct str padded(struct whole *w)
{
    const size_t len = w->json.len;
    char *padding = buf_reserve(&w->json, JSON_PADDING);
    must(padding);
    memset(padding, 0, JSON_PADDING);
    return str_make(w->json.ptr, len);
}

static void add_type(struct json_writer *w, struct str api_version, struct str kind)
{
    json_open_object(w);
    json_key_string(w, STR("apiVersion"), api_version);
    json_key_string(w, STR("kind"), kind);
}

void whole_object(struct whole *w, struct object *o)
{
    if (json_get(o->tree, STR("kind")) && json_get(o->tree, STR("apiVersion")))
        return;
    buf_clear(&w->json);
    struct json_writer writer = json_writer_to(&w->json);
    add_type(&writer, o->api_version, o->kind);
    buf_add(&w->json, o->tree->count ? STR(",") : STR(""));
    buf_add(&w->json, str_slice(o->json, 1, o->json.len));
    o->json = padded(w);
}

bool whole_metadata(struct whole *w, struct object *o, const struct kube_resource *resource, struct str api_version)
{
    const struct json_value *metadata = json_get(o->tree, STR("metadata"));
    struct json_error error;
    if (!metadata || metadata->kind != JSON_OBJECT)
        return false;
    buf_clear(&w->json);
    arena_reset(&w->arena);
    struct json_writer writer = json_writer_to(&w->json);
    add_type(&writer, api_version, resource->kind);
    if (resource->type.ptr)
        json_key_string(&writer, STR("type"), resource->type);
    json_key(&writer, STR("metadata"));
    json_raw(&writer, metadata->raw);
    json_close_object(&writer);
    o->json = padded(w);
    o->kind = resource->kind;
    o->api_version = api_version;
    o->tree = json_parse(&w->arena, o->json, JSON_LIMITS_DEFAULT, &error);
    return o->tree != NULL;
}
