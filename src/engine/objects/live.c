// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/live.h"

#include "base/map.h"

#include <stdlib.h>

struct live {
    struct kubeconfig *kubeconfig;
    struct kube_target target;
    struct kube_client *client;
    struct kube_lists *lists;
    struct survey_options options;
    struct arena names; // addresses of lists
    struct str *files;  // the same, by list; behind them that of the version
    size_t list;        // at hand
    bool wants_version;
    struct objects_counters counters;
    struct whole whole;
    // Objects of the list at hand, should it begin anew.
    struct arena seen_arena;
    struct map seen;
};

status live_open(struct live **out, const struct survey_live *wanted, struct survey_options options, struct diags *diags)
{
    struct live *l = must_alloc(calloc(1, sizeof *l));
    *l = (struct live){.kubeconfig = kubeconfig_new(), .options = options, .wants_version = wanted->wish.use & KUBE_FOR_POSTURE};
    arena_init(&l->names, ARENA_UNLIMITED);
    arena_init(&l->seen_arena, ARENA_UNLIMITED);
    whole_init(&l->whole);
    *out = l;
    status result = kube_find(l->kubeconfig, &wanted->places, wanted->context, &l->target, diags);
    if (result == ST_OK)
        result = kube_client_new(&l->client, &l->target, wanted->limits, diags);
    if (result == ST_OK)
        result = kube_lists_new(&l->lists, l->client, wanted->wish, diags);
    if (result == ST_OK)
        l->files = arena_array(&l->names, struct str, kube_lists_count(l->lists) + 1);
    if (result != ST_OK) {
        live_close(l);
        *out = NULL;
    }
    return result;
}

void live_close(struct live *l)
{
    if (!l)
        return;
    kube_lists_free(l->lists);
    kube_client_free(l->client);
    kubeconfig_free(l->kubeconfig);
    whole_fini(&l->whole);
    map_fini(&l->seen);
    arena_fini(&l->seen_arena);
    arena_fini(&l->names);
    free(l);
}

static void forget_seen(struct live *l)
{
    map_fini(&l->seen);
    arena_reset(&l->seen_arena);
}

// Whether the list has already given an object of that name.
static bool was_seen(struct live *l, const struct object *o)
{
    const struct json_value *metadata = json_get(o->tree, STR("metadata"));
    const struct str ns = json_text(json_get(metadata, STR("namespace"))), name = json_text(json_get(metadata, STR("name")));
    bool added;
    (void)map_put(&l->seen, arena_printf(&l->seen_arena, "%.*s/%.*s", STR_ARG(ns), STR_ARG(name)), &added);
    return !added;
}

static void take(struct live *l, const struct kube_page *page, struct object *o, const struct survey_sink *sink, struct str file,
                 struct diags *diags)
{
    const struct access_place place = {file, 0};
    if (was_seen(l, o) && page->again)
        return;
    if (page->resource->metadata) {
        if (!whole_metadata(&l->whole, o, page->resource, page->api_version))
            return;
    } else {
        whole_object(&l->whole, o);
    }
    l->counters.objects += !object_is_version(o);
    sink->object(sink->context, o, place, diags);
}

// A page is an input like a file; items of lists say nothing of their kind but through the list.
static status read_page(struct live *l, const struct kube_page *page, struct str file, const struct survey_sink *sink, struct diags *diags)
{
    struct objects_input input = {.path = file, .text = page->text};
    const struct objects_list list = {.inputs = &input, .n = 1};
    struct objects_limits limits = OBJECTS_LIMITS_DEFAULT;
    limits.strict = l->options.strict;
    struct objects_reader *reader = objects_reader_new(&list, limits);
    status result = ST_OK;
    for (bool end = false; result == ST_OK;) {
        struct object o;
        result = objects_next(reader, &o, &end, diags);
        if (result != ST_OK || end)
            break;
        take(l, page, &o, sink, file, diags);
    }
    const struct objects_counters c = objects_counters(reader);
    l->counters.bytes += c.bytes;
    l->counters.bad += c.bad;
    l->counters.foreign += c.foreign;
    l->counters.oversized += c.oversized;
    objects_reader_free(reader);
    return result;
}

// An object like others, of a list of its own. Who may not ask, or a server that does not say, is nothing that is missing.
static status read_version(struct live *l, const struct survey_sink *sink, struct diags *diags)
{
    const struct kube_resource none = {.kind = STR(OBJECT_VERSION)};
    const struct kube_answer a = kube_get(l->client, STR("/version"), STR("application/json"));
    l->list = kube_lists_count(l->lists);
    l->files[l->list] = arena_printf(&l->names, "%.*s/version", STR_ARG(l->target.server));
    if (a.outcome == KUBE_ANSWERED)
        return read_page(l, &(struct kube_page){.resource = &none, .text = a.body}, l->files[l->list], sink, diags);
    if (a.code != 403 && a.code != 404)
        diags_add(diags, DIAG_WARNING, &(struct place){.file = l->files[l->list]}, "%.*s", STR_ARG(a.why));
    return ST_OK;
}

static status tell_unread(struct live *l, const struct survey_sink *sink, struct diags *diags)
{
    size_t n;
    const struct kube_unread *items = kube_lists_unread(l->lists, &n);
    for (size_t i = 0; i < n; i++) {
        const struct kube_unread *k = &items[i];
        const struct unread_kind u = {k->kind, k->api_version, k->why,
                                      arena_printf(&l->names, "%.*s%.*s", STR_ARG(l->target.server), STR_ARG(k->path)), k->partly};
        diags_add(diags, l->options.strict ? DIAG_ERROR : DIAG_WARNING, &(struct place){.file = u.address}, "%.*s %s: %.*s",
                  STR_ARG(u.kind), u.partly ? "was read in part" : "could not be read", STR_ARG(u.why));
        if (sink->unread)
            sink->unread(sink->context, &u);
    }
    return n && l->options.strict ? ST_INPUT : ST_OK;
}

static status read_pages(struct live *l, const struct survey_sink *sink, struct diags *diags)
{
    struct kube_page page;
    while (kube_lists_next(l->lists, &page)) {
        l->list = page.list;
        if (page.first)
            forget_seen(l);
        if (!l->files[l->list].ptr)
            l->files[l->list] = arena_printf(&l->names, "%.*s%.*s", STR_ARG(l->target.server), STR_ARG(page.path));
        TRY(read_page(l, &page, l->files[l->list], sink, diags));
    }
    return ST_OK;
}

status live_run(struct live *l, const struct survey_sink *sink, struct diags *diags)
{
    sink->begin(sink->context, l->options.cluster.ptr ? l->options.cluster : l->target.cluster);
    if (l->wants_version)
        TRY(read_version(l, sink, diags));
    TRY(read_pages(l, sink, diags));
    TRY(tell_unread(l, sink, diags));
    return sink->end(sink->context, diags);
}

status live_again(struct live *l, size_t list, const struct survey_sink *sink, struct diags *diags)
{
    size_t n;
    kube_lists_again(l->lists, list);
    TRY(read_pages(l, sink, diags));
    const struct kube_unread *unread = kube_lists_unread(l->lists, &n);
    if (n)
        diags_add(diags, DIAG_WARNING, &(struct place){.file = l->files[list]}, "%.*s could not be read again: %.*s", STR_ARG(unread->kind),
                  STR_ARG(unread->why));
    return n ? ST_IO : ST_OK;
}

size_t live_list(const struct live *l)
{
    return l->list;
}

struct kube_lists *live_lists(struct live *l)
{
    return l->lists;
}

struct kube_client *live_client(struct live *l)
{
    return l->client;
}

struct objects_counters live_counters(const struct live *l)
{
    return l->counters;
}

size_t live_unread(const struct live *l)
{
    size_t n;
    (void)kube_lists_unread(l->lists, &n);
    return n;
}
