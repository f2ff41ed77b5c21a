// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/dump_ways.h"

#include "base/vec.h"
#include "engine/objects/derived.h"

#include <stdlib.h>

enum { WAYS_MAX = 100000 }; // of a cluster

struct dump_ways {
    struct arena *arena;
    struct arena scratch; // of one record
    struct str registry;
    struct exposure *exposure;
    bool partial; // something that opens ways was not read
    VEC(struct standing_way) list;
};

struct dump_ways *dump_ways_new(struct arena *a, struct str registry)
{
    struct dump_ways *w = must_alloc(calloc(1, sizeof *w));
    w->arena = a;
    w->registry = registry;
    w->exposure = exposure_new();
    arena_init(&w->scratch, ARENA_UNLIMITED);
    return w;
}

void dump_ways_free(struct dump_ways *w)
{
    if (!w)
        return;
    exposure_free(w->exposure);
    vec_fini(&w->list);
    arena_fini(&w->scratch);
    free(w);
}

void dump_ways_add(struct dump_ways *w, const struct object *o, struct access_place place)
{
    exposure_add(w->exposure, o->tree, o->api_version, o->kind, place);
}

void dump_ways_unread(struct dump_ways *w, struct str kind)
{
    if (str_eq(kind, STR("NetworkPolicy")))
        exposure_policies_unread(w->exposure);
    w->partial = w->partial || derived_from(STR("Exposure"), kind);
}

// --- from a record to a way --------------------------------------------------------------------------------------------------------------

static struct str keep(const struct dump_ways *w, const struct json_value *object, struct str key)
{
    return arena_str(w->arena, json_text(json_get(object, key)));
}

static struct standing_texts keep_texts(const struct dump_ways *w, const struct json_value *object, struct str key)
{
    const struct json_value *list = json_get(object, key);
    if (!list || list->kind != JSON_ARRAY)
        return (struct standing_texts){0};
    struct str *items = arena_array(w->arena, struct str, list->count);
    size_t n = 0;
    for (const struct json_value *v = list->first; v; v = v->next)
        items[n++] = arena_str(w->arena, json_text(v));
    return (struct standing_texts){items, n};
}

static struct standing_numbers keep_numbers(const struct dump_ways *w, const struct json_value *object, struct str key)
{
    const struct json_value *list = json_get(object, key);
    if (!list || list->kind != JSON_ARRAY)
        return (struct standing_numbers){0};
    uint64_t *items = arena_array(w->arena, uint64_t, list->count);
    size_t n = 0;
    for (const struct json_value *v = list->first; v; v = v->next)
        n += str_to_u64(v->text, &items[n]);
    return (struct standing_numbers){items, n};
}

// Registry and repository, as rules and pages name images.
static struct standing_texts keep_images(struct dump_ways *w, const struct json_value *object)
{
    struct standing_texts written = keep_texts(w, object, STR("images"));
    struct str *items = arena_array(w->arena, struct str, written.n);
    size_t n = 0;
    for (size_t i = 0; i < written.n; i++) {
        struct image_ref ref;
        if (image_parse(written.items[i], w->registry, &ref, &w->scratch))
            items[n++] = arena_printf(w->arena, "%.*s/%.*s", STR_ARG(ref.registry), STR_ARG(ref.repository));
    }
    return (struct standing_texts){items, n};
}

static enum opening opening_of(const struct dump_ways *w, struct str verdict)
{
    static const struct str names[] = {[OPENING_OPEN] = STR("open"), [OPENING_LIMITED] = STR("limited"), [OPENING_CLOSED] = STR("closed")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(verdict, names[i]) && !(i == OPENING_CLOSED && w->partial))
            return (enum opening)i;
    return OPENING_UNKNOWN;
}

static void take(void *context, const struct exposure_record *record)
{
    struct dump_ways *w = context;
    const struct json_limits limits = {.depth = JSON_DEPTH_MAX, .size = UINT32_MAX - JSON_PADDING};
    struct json_error ignored; // it was written by us
    const struct json_value *tree = w->list.n < WAYS_MAX ? json_parse(&w->scratch, record->json, limits, &ignored) : NULL;
    if (!tree)
        return;
    const struct json_value *workload = json_get(tree, STR("workload"));
    *vec_push(&w->list) = (struct standing_way){
        .opening = opening_of(w, json_text(json_get(tree, STR("verdict")))),
        .text = arena_str(w->arena, record->title),
        .resource = arena_str(w->arena, record->object.kind),
        .namespace = arena_str(w->arena, record->object.ns),
        .name = arena_str(w->arena, record->object.name),
        .workload_namespace = keep(w, workload, STR("namespace")),
        .account = keep(w, tree, STR("account")),
        .names = keep_texts(w, tree, STR("names")),
        .labels = keep_texts(w, tree, STR("labels")),
        .images = keep_images(w, tree),
        .annotations = keep_texts(w, tree, STR("annotations")),
        .ports = keep_numbers(w, tree, STR("ports")),
        .listens = keep_numbers(w, tree, STR("listens")),
        .object = {.file = record->place.file, .line = record->place.line, .created = TIME_NONE},
    };
    arena_reset(&w->scratch);
}

struct standing_way *dump_ways_join(struct dump_ways *w, size_t *n)
{
    exposure_each(w->exposure, take, w);
    exposure_free(w->exposure);
    w->exposure = NULL;
    *n = w->list.n;
    return w->list.items;
}

const struct standing_way *dump_ways_all(const struct dump_ways *w, size_t *n)
{
    *n = w->list.n;
    return w->list.items;
}
