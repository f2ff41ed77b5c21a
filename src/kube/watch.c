// SPDX-License-Identifier: Apache-2.0
#include "kube/watch.h"

#include "base/vec.h"
#include "kube/client_private.h"
#include "kube/query.h"
#include "os/os.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

enum {
    PERIOD_FACTOR = 10, // a watch lasts as long as ten silences, after which an ordinary answer would be given up as well
    PERIOD_MAX_S = 300, // as client-go's least
    VERSION_MAX = 64,
    BACKOFF_DOUBLINGS = 7,
};

enum watch_state { WATCH_WAITING, WATCH_RUNNING, WATCH_EXPIRED };

struct watch {
    struct kube_watches *all;
    size_t number;
    const struct kube_resource *resource;
    struct str path;
    char version[VERSION_MAX]; // to go on from
    size_t version_len;
    struct transport *transport;
    enum watch_state state;
    int64_t due, began; // os_monotonic_ns
    unsigned failures;  // in a row
    bool gone;          // the stream said 410
    bool confused;      // it said something else that is no event
    bool refused;       // 401
};

struct kube_watches {
    struct kube_client *client;
    CURLM *multi;
    kube_event_fn *tell;
    void *context;
    VEC(struct watch *) items;
    struct arena arena; // of an event
    int64_t period_ns;
    bool told; // of an interruption
    bool news; // in this turn
};

struct kube_watches *kube_watches_new(struct kube_client *client, kube_event_fn *tell, void *context)
{
    struct kube_watches *w = must_alloc(calloc(1, sizeof *w));
    const int64_t period = client_limits(client)->silence_ns * PERIOD_FACTOR, most = PERIOD_MAX_S * 1000000000ll;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    *w = (struct kube_watches){.client = client, .multi = must_alloc(curl_multi_init()), .tell = tell, .context = context};
    w->period_ns = period < most ? period : most;
    arena_init(&w->arena, ARENA_UNLIMITED);
    return w;
}

void kube_watches_free(struct kube_watches *w)
{
    if (!w)
        return;
    for (size_t i = 0; i < w->items.n; i++) {
        struct watch *x = w->items.items[i];
        if (x->state == WATCH_RUNNING)
            curl_multi_remove_handle(w->multi, transport_handle(x->transport));
        transport_free(x->transport);
        free(x);
    }
    vec_fini(&w->items);
    curl_multi_cleanup(w->multi);
    arena_fini(&w->arena);
    free(w);
    curl_global_cleanup();
}

static void set_version(struct watch *x, struct str version)
{
    if (version.len == 0 || version.len > VERSION_MAX)
        return;
    memcpy(x->version, version.ptr, version.len);
    x->version_len = version.len;
}

void kube_watches_add(struct kube_watches *w, size_t number, const struct kube_list *list)
{
    struct watch *x = must_alloc(calloc(1, sizeof *x));
    *x = (struct watch){
        .all = w, .number = number, .resource = list->resource, .path = list->path, .transport = client_transport(w->client)};
    set_version(x, list->version);
    *vec_push(&w->items) = x;
}

// --- when --------------------------------------------------------------------------------------------------------------------------

static int64_t pause_of(const struct kube_watches *w, unsigned failures)
{
    const struct kube_limits *l = client_limits(w->client);
    const int64_t pause = l->backoff_ns << (failures - 1 < BACKOFF_DOUBLINGS ? failures - 1 : BACKOFF_DOUBLINGS);
    return pause < l->wait_ns ? pause : l->wait_ns;
}

static void fail(struct watch *x, int64_t least, struct str why, struct diags *diags)
{
    struct kube_watches *w = x->all;
    x->failures++;
    const int64_t pause = pause_of(w, x->failures), most = client_limits(w->client)->wait_ns;
    x->due = os_monotonic_ns() + (least > pause ? least < most ? least : most : pause);
    if (!w->told)
        diags_add(diags, DIAG_WARNING, NULL, "%.*s%.*s: the watch was interrupted, and is tried again: %.*s",
                  STR_ARG(kube_server(w->client)), STR_ARG(x->path), STR_ARG(why));
    w->told = w->news = true;
}

static struct watch *watch_of(const struct kube_watches *w, size_t number)
{
    for (size_t i = 0; i < w->items.n; i++) {
        if (w->items.items[i]->number == number)
            return w->items.items[i];
    }
    return NULL;
}

void kube_watches_renew(struct kube_watches *w, size_t number, struct str version)
{
    struct watch *x = watch_of(w, number);
    must(x && x->state == WATCH_EXPIRED);
    if (version.len) {
        set_version(x, version);
        x->state = WATCH_WAITING;
        x->due = os_monotonic_ns() + (x->failures ? pause_of(w, x->failures) : 0);
    } else {
        x->failures++;
        x->due = os_monotonic_ns() + pause_of(w, x->failures);
    }
}

// --- events ------------------------------------------------------------------------------------------------------------------------

// k8s.io/apimachinery/pkg/apis/meta/v1: WatchEvent.
static bool take_line(void *context, struct str line)
{
    static const struct {
        struct str type;
        enum kube_change change;
    } types[] = {{STR("ADDED"), KUBE_ADDED}, {STR("MODIFIED"), KUBE_MODIFIED}, {STR("DELETED"), KUBE_DELETED}};
    struct watch *x = context;
    struct kube_watches *w = x->all;
    struct json_error error;
    arena_reset(&w->arena);
    if (!str_trim(line).len)
        return true;
    const struct json_value *v = json_parse(&w->arena, line, JSON_LIMITS_DEFAULT, &error), *object = json_get(v, STR("object"));
    const struct str type = json_text(json_get(v, STR("type")));
    const struct str version = json_text(json_get(json_get(object, STR("metadata")), STR("resourceVersion")));
    const bool bookmark = str_eq(type, STR("BOOKMARK"));
    bool known = bookmark;
    for (size_t i = 0; i < sizeof types / sizeof *types && object && object->kind == JSON_OBJECT; i++) {
        if (!str_eq(type, types[i].type))
            continue;
        known = w->news = true;
        w->tell(w->context, &(struct kube_event){x->number, types[i].change, object});
    }
    if (!known) { // ERROR, with a Status, or nonsense
        const struct json_value *code = json_get(object, STR("code"));
        x->gone = str_eq(type, STR("ERROR")) && code && str_eq(code->text, STR("410"));
        x->confused = !x->gone;
        return false;
    }
    set_version(x, version);
    x->failures = 0;
    w->told = false;
    return true;
}

// --- requests ----------------------------------------------------------------------------------------------------------------------

static void begin(struct kube_watches *w, struct watch *x)
{
    static const struct str json = STR("application/json"), metadata = STR("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    struct buf url;
    buf_init(&url, SIZE_MAX);
    buf_add(&url, x->path);
    buf_addf(&url, "?watch=true&allowWatchBookmarks=true&timeoutSeconds=%lld", (long long)(w->period_ns / 1000000000));
    query_add_selectors(&url, x->resource);
    query_add(&url, "resourceVersion", str_make(x->version, x->version_len));
    x->gone = x->confused = false;
    x->began = os_monotonic_ns();
    x->state = WATCH_RUNNING;
    const struct transport_stream stream = {.path = buf_str(&url),
                                            .accept = x->resource->metadata ? metadata : json,
                                            .timeout_ns = w->period_ns + client_limits(w->client)->silence_ns,
                                            .take = take_line,
                                            .context = x};
    CURL *request = transport_begin(x->transport, client_credential(w->client, x->refused), &stream);
    x->refused = false;
    curl_easy_setopt(request, CURLOPT_PRIVATE, x);
    must(curl_multi_add_handle(w->multi, request) == CURLM_OK);
    buf_fini(&url);
}

// What became of a request.
static void end(struct kube_watches *w, struct watch *x, int code, struct diags *diags)
{
    curl_multi_remove_handle(w->multi, transport_handle(x->transport));
    const struct attempt a = transport_end(x->transport, code);
    const bool good = a.end == ATTEMPT_ANSWERED && a.code == 200;
    x->state = WATCH_WAITING;
    x->due = os_monotonic_ns();
    x->refused = a.end == ATTEMPT_ANSWERED && a.code == 401;
    if (x->gone || (a.end == ATTEMPT_ANSWERED && a.code == 410)) {
        x->state = WATCH_EXPIRED;
        x->failures++; // a server that says so again and again is asked more and more seldom
    } else if (x->confused) {
        fail(x, 0, STR("the server told of something that is no event"), diags);
    } else if (!good) {
        fail(x, a.retry_after_ns, client_why(w->client, &a), diags);
    } else if (x->due - x->began < client_limits(w->client)->backoff_ns) { // closed at once
        x->failures++;
        x->due += pause_of(w, x->failures);
    }
}

// Whether there were any.
static bool end_those_done(struct kube_watches *w, struct diags *diags)
{
    int left;
    bool any = false;
    for (CURLMsg *m = curl_multi_info_read(w->multi, &left); m; m = curl_multi_info_read(w->multi, &left)) {
        char *x = NULL;
        const CURLcode code = m->data.result;
        if (m->msg == CURLMSG_DONE && curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &x) == CURLE_OK)
            end(w, (struct watch *)(void *)x, (int)code, diags);
        any = true;
    }
    return any;
}

// Begins what is due; a list that is to be read again, or NULL; the next instant at which something will be.
static const struct watch *look(struct kube_watches *w, int64_t now, int64_t *next)
{
    const struct watch *expired = NULL;
    for (size_t i = 0; i < w->items.n; i++) {
        struct watch *x = w->items.items[i];
        if (x->state == WATCH_RUNNING)
            continue;
        if (x->due > now)
            *next = x->due < *next ? x->due : *next;
        else if (x->state == WATCH_EXPIRED)
            expired = x;
        else
            begin(w, x);
    }
    return expired;
}

enum kube_turn kube_watches_turn(struct kube_watches *w, int64_t until, int stop, size_t *expired, struct diags *diags)
{
    w->news = false;
    for (;;) {
        const int64_t now = os_monotonic_ns();
        int64_t next = until;
        int running;
        struct curl_waitfd waited = {.fd = stop, .events = CURL_WAIT_POLLIN};
        const struct watch *x = look(w, now, &next);
        if (x) {
            *expired = x->number;
            return KUBE_TURN_EXPIRED;
        }
        must(curl_multi_perform(w->multi, &running) == CURLM_OK);
        const bool ended = end_those_done(w, diags);
        if (os_readable_now(stop))
            return KUBE_TURN_STOPPED;
        if (w->news)
            return KUBE_TURN_NEWS;
        const int64_t left = next - os_monotonic_ns();
        if (os_monotonic_ns() >= until)
            return KUBE_TURN_TIME;
        if (left > 0 && !ended) // what has ended has to be begun again, and nothing else may ever wake us
            must(curl_multi_poll(w->multi, &waited, 1, (int)(left / 1000000 < 1000000 ? left / 1000000 + 1 : 1000000), NULL) == CURLM_OK);
    }
}
