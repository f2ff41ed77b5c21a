// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/store.h"

#include "base/map.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum { DEAD_MIN = 1024 }; // entries, before the others are packed together

struct entry {
    struct stored stored; // api_version and kind lie in the JSON's memory, in front of it
    struct str key;
    char *memory;
    size_t size;
    bool dead, seen; // seen: since its list began
};

struct store {
    VEC(struct entry) entries;
    struct map by_key; // "LIST\0NS\0NAME" -> place in entries, plus 1; 0: gone
    struct buf json, key;
    size_t bytes, max, dead;
};

struct store *store_new(size_t max_bytes)
{
    struct store *s = must_alloc(calloc(1, sizeof *s));
    s->max = max_bytes;
    buf_init(&s->json, SIZE_MAX);
    buf_init(&s->key, SIZE_MAX);
    return s;
}

static void release(struct entry *e)
{
    free(e->memory);
    free((char *)(uintptr_t)e->key.ptr);
}

void store_free(struct store *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->entries.n; i++)
        release(&s->entries.items[i]);
    vec_fini(&s->entries);
    map_fini(&s->by_key);
    buf_fini(&s->json);
    buf_fini(&s->key);
    free(s);
}

// --- what is kept ------------------------------------------------------------------------------------------------------------------

static bool is_among(struct str s, const struct str *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(s, words[i]))
            return true;
    }
    return false;
}

static void write_metadata(struct json_writer *w, const struct json_value *metadata)
{
    static const struct str changing[] = {STR("managedFields"), STR("resourceVersion"), STR("generation"), STR("selfLink")};
    json_key(w, STR("metadata"));
    json_open_object(w);
    for (const struct json_value *m = metadata->kind == JSON_OBJECT ? metadata->first : NULL; m; m = m->next) {
        if (is_among(m->key, changing, sizeof changing / sizeof *changing))
            continue;
        json_key(w, m->key);
        json_raw(w, m->raw);
    }
    json_close_object(w);
}

// Of workloads nobody asks how they are; of nodes, but for their version, neither, and both change all the time.
static void write_status(struct json_writer *w, struct str kind, const struct json_value *as_is)
{
    static const struct str workloads[] = {STR("Pod"),        STR("ReplicationController"), STR("DaemonSet"), STR("Deployment"),
                                           STR("ReplicaSet"), STR("StatefulSet"),           STR("CronJob"),   STR("Job")};
    const bool node = str_eq(kind, STR("Node"));
    const struct json_value *info = node ? json_get(as_is, STR("nodeInfo")) : as_is;
    if (!info || is_among(kind, workloads, sizeof workloads / sizeof *workloads))
        return;
    json_key(w, STR("status"));
    if (node)
        json_open_object(w);
    if (node)
        json_key(w, STR("nodeInfo"));
    json_raw(w, info->raw);
    if (node)
        json_close_object(w);
}

static void write_object(struct buf *out, const struct object *o)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("apiVersion"), o->api_version);
    json_key_string(&w, STR("kind"), o->kind);
    for (const struct json_value *m = o->tree->first; m; m = m->next) {
        if (str_eq(m->key, STR("metadata"))) {
            write_metadata(&w, m);
        } else if (str_eq(m->key, STR("status"))) {
            write_status(&w, o->kind, m);
        } else if (!str_eq(m->key, STR("apiVersion")) && !str_eq(m->key, STR("kind"))) {
            json_key(&w, m->key);
            json_raw(&w, m->raw);
        }
    }
    json_close_object(&w);
}

// --- by name -----------------------------------------------------------------------------------------------------------------------

static struct str key_of(struct store *s, size_t list, const struct object *o)
{
    const struct json_value *metadata = json_get(o->tree, STR("metadata"));
    buf_clear(&s->key);
    buf_addf(&s->key, "%zu", list);
    buf_add_char(&s->key, 0);
    buf_add(&s->key, json_text(json_get(metadata, STR("namespace"))));
    buf_add_char(&s->key, 0);
    buf_add(&s->key, json_text(json_get(metadata, STR("name"))));
    return buf_str(&s->key);
}

static struct entry *find(const struct store *s, struct str key)
{
    const uint64_t *place = map_get(&s->by_key, key);
    return place && *place ? &s->entries.items[*place - 1] : NULL;
}

static void kill_entry(struct store *s, struct entry *e)
{
    *map_put(&s->by_key, e->key, NULL) = 0;
    s->bytes -= e->size;
    free(e->memory);
    e->memory = NULL;
    e->size = 0;
    e->dead = true;
    s->dead++;
}

// The names of what is gone are given back.
static void pack(struct store *s)
{
    size_t n = 0;
    if (s->dead < DEAD_MIN || s->dead < s->entries.n / 2)
        return;
    map_fini(&s->by_key);
    s->by_key = (struct map){0};
    for (size_t i = 0; i < s->entries.n; i++) {
        if (s->entries.items[i].dead) {
            release(&s->entries.items[i]);
            continue;
        }
        s->entries.items[n++] = s->entries.items[i];
        *map_put(&s->by_key, s->entries.items[n - 1].key, NULL) = n;
    }
    s->entries.n = n;
    s->dead = 0;
}

static struct str copy(char **at, struct str s)
{
    memcpy(*at, s.ptr, s.len);
    const struct str out = {*at, s.len};
    *at += s.len;
    return out;
}

static void fill(struct store *s, struct entry *e, size_t list, const struct object *o)
{
    const struct str json = buf_str(&s->json);
    const size_t size = o->api_version.len + o->kind.len + json.len + JSON_PADDING;
    char *at = must_alloc(calloc(1, size));
    s->bytes += size - e->size;
    free(e->memory);
    e->memory = at;
    e->size = size;
    e->stored = (struct stored){.list = list, .api_version = copy(&at, o->api_version), .kind = copy(&at, o->kind)};
    e->stored.json = copy(&at, json);
}

static struct entry *add(struct store *s, struct str key)
{
    char *name = must_alloc(malloc(key.len + 1));
    memcpy(name, key.ptr, key.len);
    struct entry *e = vec_push(&s->entries);
    *e = (struct entry){.key = {name, key.len}};
    *map_put(&s->by_key, e->key, NULL) = s->entries.n;
    return e;
}

status store_put(struct store *s, size_t list, const struct object *o, bool *changed)
{
    const struct str key = key_of(s, list, o);
    struct entry *e = find(s, key);
    *changed = false;
    buf_clear(&s->json);
    write_object(&s->json, o);
    if (e)
        e->seen = true;
    if (e && str_eq(e->stored.json, buf_str(&s->json)))
        return ST_OK;
    if (s->bytes + s->json.len > s->max)
        return ST_LIMIT;
    if (!e)
        e = add(s, key);
    e->seen = true;
    fill(s, e, list, o);
    *changed = true;
    return ST_OK;
}

bool store_remove(struct store *s, size_t list, const struct object *o)
{
    struct entry *e = find(s, key_of(s, list, o));
    if (!e)
        return false;
    kill_entry(s, e);
    pack(s);
    return true;
}

// --- lists -------------------------------------------------------------------------------------------------------------------------

void store_begin_list(struct store *s, size_t list)
{
    for (size_t i = 0; i < s->entries.n; i++) {
        if (s->entries.items[i].stored.list == list)
            s->entries.items[i].seen = false;
    }
}

bool store_end_list(struct store *s, size_t list)
{
    bool any = false;
    for (size_t i = 0; i < s->entries.n; i++) {
        struct entry *e = &s->entries.items[i];
        if (e->dead || e->seen || e->stored.list != list)
            continue;
        kill_entry(s, e);
        any = true;
    }
    pack(s);
    return any;
}

size_t store_count(const struct store *s)
{
    return s->entries.n - s->dead;
}

const struct stored *store_next(const struct store *s, size_t *at)
{
    while (*at < s->entries.n) {
        const struct entry *e = &s->entries.items[(*at)++];
        if (!e->dead)
            return &e->stored;
    }
    return NULL;
}
