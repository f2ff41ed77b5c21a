// SPDX-License-Identifier: Apache-2.0
#include "kube/lists.h"

#include "base/vec.h"
#include "codec/json/json.h"
#include "kube/discovery.h"
#include "kube/query.h"

#include <stdlib.h>
#include <string.h>

enum {
    PAGE = 500,       // objects asked for at once, as kubectl does
    PAGE_SHRINK = 8,  // an answer that is too long is asked for again in smaller pieces
    RESTARTS_MAX = 3, // of one list
    BROKEN_MAX = 2,   // lists in a row without an answer, before nothing more is asked
    TOKEN_MAX = 64 << 10,
    VERSION_MAX = 64,
};

// What is known of a list of the whole cluster behind its last page.
struct reading {
    struct str api_version, path; // ptr NULL: it was never asked for
    char version[VERSION_MAX];    // of its first page: what is watched from there misses nothing
    size_t version_len;
    bool whole;
};

// Found in a page.
enum { SLOT_KIND, SLOT_CONTINUE, SLOT_VERSION, SLOTS };

struct kube_lists {
    struct kube_client *client;
    const struct str *namespaces; // that the caller names
    size_t n_namespaces;
    struct arena arena, scratch; // as long as the lists; for one page
    struct offer *offers;
    struct reading *readings; // one for each offer
    size_t n_offers, at, until;
    VEC(struct kube_unread) unread;
    struct json_trie *trie;
    struct json_scan *scan;
    unsigned slots[SLOTS];
    size_t broken; // lists in a row

    // the list at hand
    size_t inside; // 0: of the whole cluster; i: of namespaces[i - 1]
    struct str path;
    struct buf token; // of the next page; empty: the first
    unsigned limit, restarts;
    uint64_t pages;
    bool again; // it began anew
    bool last;  // its last page was given
};

bool kube_is_namespace(struct str name)
{
    enum { LABEL_MAX = 63 };
    bool good = name.len && name.len <= LABEL_MAX && name.ptr[0] != '-' && name.ptr[name.len - 1] != '-';
    for (size_t i = 0; i < name.len; i++)
        good = good && ((name.ptr[i] >= 'a' && name.ptr[i] <= 'z') || (name.ptr[i] >= '0' && name.ptr[i] <= '9') || name.ptr[i] == '-');
    return good;
}

// Each once.
static void keep_namespaces(struct kube_lists *l, struct kube_wish wish)
{
    struct str *kept = arena_array(&l->arena, struct str, wish.n_namespaces);
    l->namespaces = kept;
    for (size_t i = 0; i < wish.n_namespaces; i++) {
        bool known = false;
        for (size_t k = 0; k < l->n_namespaces && !known; k++)
            known = str_eq(kept[k], wish.namespaces[i]);
        if (!known)
            kept[l->n_namespaces++] = arena_str(&l->arena, wish.namespaces[i]);
    }
}

status kube_lists_new(struct kube_lists **out, struct kube_client *client, struct kube_wish wish, struct diags *diags)
{
    static const struct str kind[] = {STR("kind")}, token[] = {STR("metadata"), STR("continue")},
                            version[] = {STR("metadata"), STR("resourceVersion")};
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct kube_lists *l = must_alloc(calloc(1, sizeof *l));
    *l = (struct kube_lists){.client = client, .limit = PAGE};
    limits.size = 1u << 30; // the client's limit is below
    arena_init(&l->arena, ARENA_UNLIMITED);
    arena_init(&l->scratch, ARENA_UNLIMITED);
    buf_init(&l->token, TOKEN_MAX);
    l->trie = json_trie_new();
    l->slots[SLOT_KIND] = json_trie_add(l->trie, kind, 1);
    l->slots[SLOT_CONTINUE] = json_trie_add(l->trie, token, 2);
    l->slots[SLOT_VERSION] = json_trie_add(l->trie, version, 2);
    json_trie_seal(l->trie);
    l->scan = json_scan_new(l->trie, limits);
    *out = l;
    keep_namespaces(l, wish);
    const status result = discover(client, wish.use, &l->arena, &l->offers, &l->n_offers, diags);
    if (result != ST_OK) {
        kube_lists_free(l);
        *out = NULL;
        return result;
    }
    l->until = l->n_offers;
    l->readings = must_alloc(calloc(l->n_offers + 1, sizeof *l->readings));
    return ST_OK;
}

void kube_lists_free(struct kube_lists *l)
{
    if (!l)
        return;
    json_scan_free(l->scan);
    json_trie_free(l->trie);
    vec_fini(&l->unread);
    free(l->readings);
    buf_fini(&l->token);
    arena_fini(&l->scratch);
    arena_fini(&l->arena);
    free(l);
}

const struct kube_unread *kube_lists_unread(const struct kube_lists *l, size_t *n)
{
    *n = l->unread.n;
    return l->unread.items;
}

// --- addresses -------------------------------------------------------------------------------------------------------------------

static struct str api_version_of(struct arena *a, const struct offer *o)
{
    const struct str group = o->resource->group, version = o->version.ptr ? o->version : o->resource->versions[0];
    return arena_printf(a, "%.*s%s%.*s", STR_ARG(group), group.len ? "/" : "", STR_ARG(version));
}

static struct str path_of(const struct kube_lists *l, struct arena *a)
{
    const struct offer *o = &l->offers[l->at];
    const struct kube_resource *r = o->resource;
    const struct str api = api_version_of(a, o), ns = l->inside ? l->namespaces[l->inside - 1] : r->ns;
    const char *root = r->group.len ? "apis" : "api";
    if (l->inside && r->scope == KUBE_NAMESPACES)
        return arena_printf(a, "/%s/%.*s/%.*s/%.*s", root, STR_ARG(api), STR_ARG(r->name), STR_ARG(ns));
    return arena_printf(a, "/%s/%.*s%s%.*s/%.*s", root, STR_ARG(api), ns.ptr ? "/namespaces/" : "", STR_ARG(ns), STR_ARG(r->name));
}

// An object is asked for by its name, and no list.
static bool is_single(const struct kube_lists *l)
{
    return l->inside && l->offers[l->at].resource->scope == KUBE_NAMESPACES;
}

static struct kube_answer ask(struct kube_lists *l)
{
    static const struct str json = STR("application/json"),
                            metadata = STR("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    const struct kube_resource *r = l->offers[l->at].resource;
    struct buf url;
    buf_init(&url, SIZE_MAX);
    buf_add(&url, l->path);
    if (!is_single(l)) {
        buf_addf(&url, "?limit=%u", l->limit);
        query_add_selectors(&url, r);
    }
    if (l->token.len)
        query_add(&url, "continue", buf_str(&l->token));
    const struct kube_answer a = kube_get(l->client, buf_str(&url), r->metadata ? metadata : json);
    buf_fini(&url);
    return a;
}

// --- from list to list -----------------------------------------------------------------------------------------------------------

static void begin(struct kube_lists *l, size_t at, size_t inside)
{
    l->at = at;
    l->inside = inside;
    l->path = STR_NONE;
    l->limit = PAGE;
    l->restarts = 0;
    l->pages = 0;
    l->again = l->last = false;
    buf_clear(&l->token);
}

static void begin_next(struct kube_lists *l)
{
    if (l->inside && l->inside < l->n_namespaces)
        begin(l, l->at, l->inside + 1);
    else
        begin(l, l->at + 1, 0);
}

// What is left unread of the kind at hand; NULL: nothing yet. Some kinds are several lists.
static struct kube_unread *unread_of(const struct kube_lists *l)
{
    struct kube_unread *last = l->unread.n ? &l->unread.items[l->unread.n - 1] : NULL;
    const struct kube_resource *r = l->offers[l->at].resource;
    return last && str_eq(last->kind, r->kind) && str_starts(last->api_version, r->group) ? last : NULL;
}

static void note_unread(struct kube_lists *l, struct str why)
{
    const struct offer *o = &l->offers[l->at];
    if (!unread_of(l))
        *vec_push(&l->unread) = (struct kube_unread){o->resource->kind, api_version_of(&l->arena, o), path_of(l, &l->arena),
                                                     arena_str(&l->arena, why), l->pages > 0};
}

// Ends the list at hand with something left unread.
static void give_up(struct kube_lists *l, struct str why)
{
    if (l->inside) {
        struct kube_unread *u = unread_of(l);
        const struct str more = arena_printf(&l->arena, "; in %.*s: %.*s", STR_ARG(l->namespaces[l->inside - 1]), STR_ARG(why));
        if (str_find(u->why, more, 0) == SIZE_MAX)
            u->why = arena_printf(&l->arena, "%.*s%.*s", STR_ARG(u->why), STR_ARG(more));
    } else {
        note_unread(l, why);
    }
    begin_next(l);
}

// Whoever may not list a kind in the whole cluster may be allowed to in some namespaces.
static bool can_narrow(const struct kube_lists *l, const struct kube_answer *a)
{
    enum { FORBIDDEN = 403 };
    const struct kube_resource *r = l->offers[l->at].resource;
    return a->outcome == KUBE_REFUSED && a->code == FORBIDDEN && l->n_namespaces && !l->inside && !l->pages && !r->ns.ptr &&
           r->scope != KUBE_IN_CLUSTER;
}

static void narrow(struct kube_lists *l, struct str why)
{
    note_unread(l, arena_printf(&l->scratch, "%.*s; asked for in single namespaces", STR_ARG(why)));
    begin(l, l->at, 1);
}

// --- pages -----------------------------------------------------------------------------------------------------------------------

static struct str text_at(struct kube_lists *l, unsigned slot)
{
    const struct json_view *v = json_scan_first(l->scan, l->slots[slot]);
    struct str out = STR_NONE;
    if (v && v->kind == JSON_STRING && json_unescape(&l->scratch, str_make(v->ptr, v->len), &out))
        return out;
    return STR_NONE;
}

// What is wrong with a page, ptr NULL when nothing is; keeps what leads to the next one.
static struct str take_page(struct kube_lists *l, struct str body)
{
    struct json_error error;
    arena_reset(&l->scratch);
    if (json_scan_value(l->scan, body, &error) != JSON_OK)
        return arena_printf(&l->scratch, "the answer is not JSON: %s at byte %zu", error.reason, error.offset);
    const struct str kind = text_at(l, SLOT_KIND);
    if (is_single(l))
        return str_eq(kind, l->offers[l->at].resource->kind) ? STR_NONE : STR("the answer is no object of that kind");
    if (!str_ends(kind, STR("List")))
        return STR("the answer is no list");
    const struct str token = text_at(l, SLOT_CONTINUE);
    const bool same = token.len && str_eq(token, buf_str(&l->token));
    buf_clear(&l->token);
    if (token.len)
        buf_add(&l->token, token);
    if (same || l->token.full)
        return STR("the list does not come to its end");
    return STR_NONE;
}

// The snapshot of the list is gone: a token that goes on with what there is now, or anew from the beginning.
static bool go_on_after_410(struct kube_lists *l, struct str body)
{
    struct json_error error;
    arena_reset(&l->scratch);
    if (l->restarts++ == RESTARTS_MAX)
        return false;
    const bool good = json_scan_value(l->scan, body, &error) == JSON_OK;
    const struct str token = good ? text_at(l, SLOT_CONTINUE) : STR_NONE;
    const bool same = str_eq(token, buf_str(&l->token));
    buf_clear(&l->token);
    if (token.len && !same)
        buf_add(&l->token, token);
    else
        l->again = true;
    return true;
}

static bool shrink(struct kube_lists *l)
{
    const bool can = l->limit > 1;
    l->limit = l->limit > PAGE_SHRINK ? l->limit / PAGE_SHRINK : 1;
    return can;
}

static void keep_version(struct kube_lists *l, struct reading *reading)
{
    const struct str version = text_at(l, SLOT_VERSION);
    reading->version_len = version.len <= VERSION_MAX ? version.len : 0;
    if (reading->version_len)
        memcpy(reading->version, version.ptr, reading->version_len);
}

// Asks for the next page of the list at hand. False: there is none; the list is done with, or asked otherwise next time.
static bool read_page(struct kube_lists *l, struct kube_page *out)
{
    const bool beginning = !l->token.len;
    const struct kube_answer a = ask(l);
    l->broken = a.outcome == KUBE_BROKEN ? l->broken + 1 : 0;
    if (a.outcome == KUBE_OVERSIZED && shrink(l))
        return false;
    if (a.outcome == KUBE_REFUSED && a.code == 410 && l->token.len && go_on_after_410(l, a.body))
        return false;
    if (a.outcome != KUBE_ANSWERED) {
        if (can_narrow(l, &a))
            narrow(l, a.why);
        else
            give_up(l, a.why);
        return false;
    }
    const struct str wrong = take_page(l, a.body);
    if (wrong.ptr) {
        give_up(l, wrong);
        return false;
    }
    const struct offer *o = &l->offers[l->at];
    struct reading *reading = &l->readings[l->at];
    *out = (struct kube_page){l->at, o->resource, api_version_of(&l->scratch, o), l->path, a.body, l->pages == 0, l->again};
    if (l->inside)
        unread_of(l)->partly = true;
    else if (beginning)
        keep_version(l, reading);
    l->pages++;
    l->last = !l->token.len;
    reading->whole = l->last && !l->inside;
    return true;
}

// Where the list at hand is. Of the whole cluster's that is kept.
static void name(struct kube_lists *l)
{
    struct reading *reading = &l->readings[l->at];
    if (!l->path.ptr)
        l->path = !l->inside && reading->path.ptr ? reading->path : path_of(l, &l->arena);
    if (l->inside || reading->path.ptr)
        return;
    reading->path = l->path;
    reading->api_version = api_version_of(&l->arena, &l->offers[l->at]);
}

bool kube_lists_next(struct kube_lists *l, struct kube_page *out)
{
    if (l->last)
        begin_next(l);
    while (l->at < l->until) {
        const struct offer *o = &l->offers[l->at];
        if (o->why.ptr)
            give_up(l, o->why);
        else if (!o->version.ptr)
            begin_next(l);
        else if (l->broken >= BROKEN_MAX)
            give_up(l, STR("not asked for: the server had stopped answering"));
        else {
            name(l);
            if (read_page(l, out))
                return true;
        }
    }
    return false;
}

// --- one of them -----------------------------------------------------------------------------------------------------------------

size_t kube_lists_count(const struct kube_lists *l)
{
    return l->n_offers;
}

bool kube_lists_get(const struct kube_lists *l, size_t list, struct kube_list *out)
{
    const struct reading *r = &l->readings[list];
    *out = (struct kube_list){l->offers[list].resource, r->api_version, r->path, str_make(r->version, r->version_len)};
    return r->whole && r->version_len;
}

void kube_lists_again(struct kube_lists *l, size_t list)
{
    begin(l, list, 0);
    l->until = list + 1;
    l->broken = 0;
    l->unread.n = 0;
    l->readings[list].whole = false;
}
