// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/follow.h"

#include "base/vec.h"
#include "engine/objects/live.h"
#include "engine/objects/store.h"
#include "kube/watch.h"
#include "os/os.h"

#include <stdlib.h>

#define STORE_MAX ((size_t)2 << 30)
enum { PATIENCE = 10 }; // quiet times, before changes that do not stop are told

struct follow {
    struct live *live;
    struct store *store;
    struct kube_watches *watches;
    struct whole whole;
    struct arena arena, tree; // as long as it lasts; of the object at hand
    struct str *files;        // addresses of lists
    struct str cluster;
    VEC(struct unread_kind) unread;
    status full;
    uint64_t changes, told; // told: those that were when the objects were
};

// --- reading -----------------------------------------------------------------------------------------------------------------------

static void take_begin(void *context, struct str cluster)
{
    struct follow *f = context;
    f->cluster = arena_str(&f->arena, cluster);
}

static void put(struct follow *f, size_t list, const struct object *o)
{
    bool changed;
    const status result = store_put(f->store, list, o, &changed);
    f->full = result != ST_OK ? result : f->full;
    f->changes += changed;
}

static void take_object(void *context, const struct object *o, struct access_place place, struct diags *diags)
{
    struct follow *f = context;
    const size_t list = live_list(f->live);
    (void)diags;
    f->files[list] = place.file;
    put(f, list, o);
}

static void take_unread(void *context, const struct unread_kind *u)
{
    struct follow *f = context;
    *vec_push(&f->unread) = (struct unread_kind){arena_str(&f->arena, u->kind), arena_str(&f->arena, u->api_version),
                                                 arena_str(&f->arena, u->why), arena_str(&f->arena, u->address), u->partly};
}

static status take_end(void *context, struct diags *diags)
{
    (void)context;
    (void)diags;
    return ST_OK;
}

static status check_room(const struct follow *f, struct diags *diags)
{
    if (f->full != ST_OK)
        diags_add(diags, DIAG_ERROR, NULL, "the cluster has more objects than can be kept to watch them (%zu GiB)", STORE_MAX >> 30);
    return f->full;
}

// --- events ------------------------------------------------------------------------------------------------------------------------

static void take_event(void *context, const struct kube_event *event)
{
    struct follow *f = context;
    struct kube_list list;
    if (!kube_lists_get(live_lists(f->live), event->list, &list))
        return;
    struct object o = {.tree = event->object, .json = event->object->raw, .api_version = list.api_version, .kind = list.resource->kind};
    if (list.resource->metadata && !whole_metadata(&f->whole, &o, list.resource, list.api_version))
        return;
    if (event->change != KUBE_DELETED)
        put(f, event->list, &o);
    else if (store_remove(f->store, event->list, &o))
        f->changes++;
}

static void read_again(struct follow *f, size_t list, struct diags *diags)
{
    const struct survey_sink sink = {.context = f, .object = take_object};
    struct kube_list what = {.version = STR_NONE};
    store_begin_list(f->store, list);
    if (live_again(f->live, list, &sink, diags) != ST_OK || !kube_lists_get(live_lists(f->live), list, &what))
        what.version = STR_NONE; // what is in the store stays, until it can be read
    else if (store_end_list(f->store, list))
        f->changes++;
    kube_watches_renew(f->watches, list, what.version);
}

static void watch_all(struct follow *f)
{
    struct kube_lists *lists = live_lists(f->live);
    struct kube_list list;
    f->watches = kube_watches_new(live_client(f->live), take_event, f);
    for (size_t i = 0; i < kube_lists_count(lists); i++) {
        if (kube_lists_get(lists, i, &list))
            kube_watches_add(f->watches, i, &list);
    }
}

// -----------------------------------------------------------------------------------------------------------------------------------

status follow_open(struct follow **out, const struct survey_live *wanted, struct survey_options options, struct diags *diags)
{
    struct follow *f = must_alloc(calloc(1, sizeof *f));
    const struct survey_sink sink = {.context = f, .begin = take_begin, .object = take_object, .end = take_end, .unread = take_unread};
    f->store = store_new(STORE_MAX);
    whole_init(&f->whole);
    arena_init(&f->arena, ARENA_UNLIMITED);
    arena_init(&f->tree, ARENA_UNLIMITED);
    *out = f;
    status result = live_open(&f->live, wanted, options, diags);
    if (result == ST_OK) {
        f->files = arena_array(&f->arena, struct str, kube_lists_count(live_lists(f->live)) + 1);
        result = live_run(f->live, &sink, diags);
    }
    if (result == ST_OK)
        result = check_room(f, diags);
    if (result == ST_OK) {
        watch_all(f);
        return ST_OK;
    }
    follow_close(f);
    *out = NULL;
    return result;
}

void follow_close(struct follow *f)
{
    if (!f)
        return;
    kube_watches_free(f->watches);
    live_close(f->live);
    store_free(f->store);
    whole_fini(&f->whole);
    vec_fini(&f->unread);
    arena_fini(&f->tree);
    arena_fini(&f->arena);
    free(f);
}

size_t follow_objects(const struct follow *f)
{
    return store_count(f->store);
}

status follow_tell(struct follow *f, const struct survey_sink *sink, struct diags *diags)
{
    const struct stored *s;
    struct json_error error;
    f->told = f->changes;
    sink->begin(sink->context, f->cluster);
    for (size_t at = 0; (s = store_next(f->store, &at));) {
        arena_reset(&f->tree);
        const struct object o = {.tree = json_parse(&f->tree, s->json, JSON_LIMITS_DEFAULT, &error),
                                 .json = s->json,
                                 .api_version = s->api_version,
                                 .kind = s->kind};
        if (o.tree)
            sink->object(sink->context, &o, (struct access_place){f->files[s->list], 0}, diags);
    }
    for (size_t i = 0; i < f->unread.n && sink->unread; i++)
        sink->unread(sink->context, &f->unread.items[i]);
    return sink->end(sink->context, diags);
}

status follow_wait(struct follow *f, int stop, int64_t quiet_ns, enum follow_why *why, struct diags *diags)
{
    const size_t said = diags->n;
    int64_t until = INT64_MAX, latest = INT64_MAX;
    for (uint64_t seen = f->told;;) {
        size_t list;
        const int64_t now = os_monotonic_ns();
        if (f->changes != seen) {
            seen = f->changes;
            latest = latest == INT64_MAX ? now + PATIENCE * quiet_ns : latest;
            until = now + quiet_ns < latest ? now + quiet_ns : latest;
        }
        const enum kube_turn turn = kube_watches_turn(f->watches, until, stop, &list, diags);
        if (turn == KUBE_TURN_EXPIRED)
            read_again(f, list, diags);
        TRY(check_room(f, diags));
        if (turn == KUBE_TURN_STOPPED || turn == KUBE_TURN_TIME || diags->n != said) {
            *why = turn == KUBE_TURN_STOPPED ? FOLLOW_STOPPED : turn == KUBE_TURN_TIME ? FOLLOW_CHANGED : FOLLOW_SAID;
            return ST_OK;
        }
    }
}
