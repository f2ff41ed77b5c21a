// SPDX-License-Identifier: Apache-2.0
#include "kube/lists.h"

#include "base/vec.h"
#include "codec/json/json.h"
#include "kube/discovery.h"

#include <stdlib.h>

enum {
    PAGE = 500,       // objects asked for at once, as kubectl does
    PAGE_SHRINK = 8,  // an answer that is too long is asked for again in smaller pieces
    RESTARTS_MAX = 3, // of one list
    BROKEN_MAX = 2,   // lists in a row without an answer, before nothing more is asked
    TOKEN_MAX = 64 << 10,
};

// Found in a page.
enum { SLOT_KIND, SLOT_CONTINUE, SLOTS };

struct kube_lists {
    struct kube_client *client;
    struct arena arena, scratch; // as long as the lists; for one page
    struct offer *offers;
    size_t n_offers, at;
    VEC(struct kube_unread) unread;
    struct json_trie *trie;
    struct json_scan *scan;
    unsigned slots[SLOTS];
    size_t broken; // lists in a row

    // the list at hand
    struct str path;
    struct buf token; // of the next page; empty: the first
    unsigned limit, restarts;
    uint64_t pages;
    bool again; // it began anew
    bool last;  // its last page was given
};

status kube_lists_new(struct kube_lists **out, struct kube_client *client, enum kube_use use, struct diags *diags)
{
    static const struct str kind[] = {STR("kind")}, token[] = {STR("metadata"), STR("continue")};
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
    json_trie_seal(l->trie);
    l->scan = json_scan_new(l->trie, limits);
    *out = l;
    const status result = discover(client, use, &l->arena, &l->offers, &l->n_offers, diags);
    if (result != ST_OK) {
        kube_lists_free(l);
        *out = NULL;
    }
    return result;
}

void kube_lists_free(struct kube_lists *l)
{
    if (!l)
        return;
    json_scan_free(l->scan);
    json_trie_free(l->trie);
    vec_fini(&l->unread);
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

static struct str path_of(struct arena *a, const struct offer *o)
{
    const struct kube_resource *r = o->resource;
    const struct str api = api_version_of(a, o);
    return arena_printf(a, "/%s/%.*s%s%.*s/%.*s", r->group.len ? "apis" : "api", STR_ARG(api), r->ns.ptr ? "/namespaces/" : "",
                        STR_ARG(r->ns), STR_ARG(r->name));
}

// A value of a query (RFC 3986): everything but unreserved characters is encoded.
static void add_encoded(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (plain)
            buf_add_char(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
}

static struct kube_answer ask(struct kube_lists *l)
{
    static const struct str json = STR("application/json"),
                            metadata = STR("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    const struct kube_resource *r = l->offers[l->at].resource;
    struct buf url;
    buf_init(&url, SIZE_MAX);
    buf_add(&url, l->path);
    buf_addf(&url, "?limit=%u", l->limit);
    if (r->only.ptr) {
        buf_add(&url, STR("&fieldSelector=metadata.name%3D"));
        add_encoded(&url, r->only);
    }
    if (r->selector.ptr) {
        buf_add(&url, STR("&fieldSelector="));
        add_encoded(&url, r->selector);
    }
    if (l->token.len) {
        buf_add(&url, STR("&continue="));
        add_encoded(&url, buf_str(&l->token));
    }
    const struct kube_answer a = kube_get(l->client, buf_str(&url), r->metadata ? metadata : json);
    buf_fini(&url);
    return a;
}

// --- from list to list -----------------------------------------------------------------------------------------------------------

static void begin_next(struct kube_lists *l)
{
    l->at++;
    l->path = STR_NONE;
    l->limit = PAGE;
    l->restarts = 0;
    l->pages = 0;
    l->again = l->last = false;
    buf_clear(&l->token);
}

// Ends the list at hand with something left unread.
static void give_up(struct kube_lists *l, struct str why)
{
    const struct offer *o = &l->offers[l->at];
    const struct kube_unread *last = l->unread.n ? &l->unread.items[l->unread.n - 1] : NULL;
    if (!last || !str_eq(last->kind, o->resource->kind)) // some kinds are several lists
        *vec_push(&l->unread) = (struct kube_unread){o->resource->kind, api_version_of(&l->arena, o), path_of(&l->arena, o),
                                                     arena_str(&l->arena, why), l->pages > 0};
    begin_next(l);
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
    if (!str_ends(text_at(l, SLOT_KIND), STR("List")))
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

// Asks for the next page of the list at hand. False: there is none; the list is done with, or asked otherwise next time.
static bool read_page(struct kube_lists *l, struct kube_page *out)
{
    const struct kube_answer a = ask(l);
    l->broken = a.outcome == KUBE_BROKEN ? l->broken + 1 : 0;
    if (a.outcome == KUBE_OVERSIZED && shrink(l))
        return false;
    if (a.outcome == KUBE_REFUSED && a.code == 410 && l->token.len && go_on_after_410(l, a.body))
        return false;
    if (a.outcome != KUBE_ANSWERED) {
        give_up(l, a.why);
        return false;
    }
    const struct str wrong = take_page(l, a.body);
    if (wrong.ptr) {
        give_up(l, wrong);
        return false;
    }
    const struct offer *o = &l->offers[l->at];
    *out = (struct kube_page){o->resource, api_version_of(&l->scratch, o), l->path, a.body, l->pages == 0, l->again};
    l->pages++;
    l->last = !l->token.len;
    return true;
}

bool kube_lists_next(struct kube_lists *l, struct kube_page *out)
{
    if (l->last)
        begin_next(l);
    while (l->at < l->n_offers) {
        const struct offer *o = &l->offers[l->at];
        if (o->why.ptr)
            give_up(l, o->why);
        else if (!o->version.ptr)
            begin_next(l);
        else if (l->broken >= BROKEN_MAX)
            give_up(l, STR("not asked for: the server had stopped answering"));
        else {
            if (!l->path.ptr)
                l->path = path_of(&l->arena, o);
            if (read_page(l, out))
                return true;
        }
    }
    return false;
}
