// SPDX-License-Identifier: Apache-2.0
// Taking events out of what they were shipped in.
//
// Most records of a shipped log are an event under one or two wrappings. A record is first scanned for the members that make an audit
// event; only what is none is read as a tree and shown to the descriptors.
#include "source/unwrap.h"

#include "base/vec.h"
#include "host/host.h"
#include "source/block.h"
#include "source/envelope.h"

#include <stdlib.h>
#include <string.h>

static const struct envelope *const envelopes[] = {
    &envelope_azure, &envelope_gke, &envelope_insights, &envelope_loki, &envelope_list, &envelope_wrapper,
};

enum event_key { KEY_AUDIT_ID, KEY_STAGE, KEY_URI, KEY_STAGE_TIME, KEY_RECEIVED_TIME, KEYS };

static const struct str event_keys[KEYS] = {
    {"auditID", 7}, {"stage", 5}, {"requestURI", 10}, {"stageTimestamp", 14}, {"requestReceivedTimestamp", 24},
};

struct unwrapped {
    size_t offset, len; // in out
    uint32_t item;
};

struct source_unwrapper {
    struct json_trie *trie; // event_keys, slot by slot
    struct json_scan *scan;
    struct json_limits limits;
    struct arena arena; // of the record being unwrapped
    struct buf out;     // the events, one behind the other
    VEC(struct unwrapped) events;
    VEC(struct str) items; // for source_unwrap
    uint64_t foreign;
    bool known;    // an envelope was recognised
    bool host;     // a record of a process was seen
    uint32_t item; // position in the outermost list
};

struct source_unwrapper *source_unwrapper_new(struct source_limits limits)
{
    struct source_unwrapper *u = must_alloc(calloc(1, sizeof *u));
    u->limits = JSON_LIMITS_DEFAULT;
    u->limits.size = limits.record < UINT32_MAX ? limits.record : UINT32_MAX;
    u->trie = json_trie_new();
    for (size_t i = 0; i < KEYS; i++)
        must(json_trie_add(u->trie, &event_keys[i], 1) == i);
    json_trie_seal(u->trie);
    u->scan = json_scan_new(u->trie, u->limits);
    // A tree takes several times the room of its text, and what comes out of a record may be longer than it (escapes, GKE).
    enum { TREE = 16, GROWTH = 8, SMALL = 1 << 20 };
    arena_init(&u->arena, limits.record * TREE + SMALL);
    buf_init(&u->out, (limits.record + limits.block) * GROWTH + SMALL);
    return u;
}

void source_unwrapper_free(struct source_unwrapper *u)
{
    if (!u)
        return;
    json_scan_free(u->scan);
    json_trie_free(u->trie);
    arena_fini(&u->arena);
    buf_fini(&u->out);
    vec_fini(&u->events);
    vec_fini(&u->items);
    free(u);
}

// --- what is it? -----------------------------------------------------------------------------------------------------------------

static bool scanned_string(const struct source_unwrapper *u, enum event_key key)
{
    const struct json_view *v = json_scan_first(u->scan, key);
    return v && v->kind == JSON_STRING;
}

// text has the padding.
static enum record_kind judge_text(struct source_unwrapper *u, struct str text)
{
    struct json_error error;
    if (json_scan_value(u->scan, text, &error) != JSON_OK)
        return RECORD_BROKEN;
    const bool place = scanned_string(u, KEY_URI) || scanned_string(u, KEY_STAGE_TIME) || scanned_string(u, KEY_RECEIVED_TIME);
    return scanned_string(u, KEY_AUDIT_ID) && scanned_string(u, KEY_STAGE) && place ? RECORD_EVENT : RECORD_OTHER;
}

static bool is_event(const struct json_value *v)
{
    bool has[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        has[i] = json_text(json_get(v, event_keys[i])).ptr != NULL;
    return has[KEY_AUDIT_ID] && has[KEY_STAGE] && (has[KEY_URI] || has[KEY_STAGE_TIME] || has[KEY_RECEIVED_TIME]);
}

static int64_t scanned_time(const struct source_unwrapper *u)
{
    for (enum event_key key = KEY_STAGE_TIME; key <= KEY_RECEIVED_TIME; key++) {
        const struct json_view *v = json_scan_first(u->scan, key);
        int64_t time;
        if (v && v->kind == JSON_STRING && time_parse(str_make(v->ptr, v->len), &time))
            return time;
    }
    return TIME_NONE;
}

// --- out with it -----------------------------------------------------------------------------------------------------------------

static void emit(struct source_unwrapper *u, struct str event)
{
    const size_t offset = u->out.len;
    char *room = buf_reserve(&u->out, event.len + JSON_PADDING);
    if (!room) {
        u->foreign++;
        u->out.full = false;
        return;
    }
    memcpy(room, event.ptr, event.len);
    memset(room + event.len, 0, JSON_PADDING);
    u->out.len += event.len; // the next one overwrites the padding
    *vec_push(&u->events) = (struct unwrapped){offset, event.len, u->item};
}

static void open_value(struct source_unwrapper *u, const struct json_value *v, unsigned depth);

// Text that should be JSON, with the padding: an event, or something to open.
static void open_text(struct source_unwrapper *u, struct str text, unsigned depth)
{
    const enum record_kind kind = judge_text(u, text);
    struct json_error error;
    const struct json_value *v = NULL;
    if (kind == RECORD_OTHER)
        v = json_parse(&u->arena, text, u->limits, &error);
    if (kind == RECORD_OTHER && v)
        open_value(u, v, depth);
    else if (kind == RECORD_EVENT || depth == 0 || str_find(text, STR("auditID"), 0) != SIZE_MAX)
        emit(u, text); // broken events, too: who reads them says what is wrong
    else
        u->foreign++;
}

static void open_string(struct source_unwrapper *u, struct str s, unsigned depth)
{
    struct str text = envelope_strip_header(s);
    char *copy = text.ptr ? arena_try(&u->arena, text.len + JSON_PADDING) : NULL;
    if (!copy) {
        u->foreign++;
        return;
    }
    memcpy(copy, text.ptr, text.len);
    open_text(u, str_make(copy, text.len), depth);
}

static void open_object(struct source_unwrapper *u, const struct json_value *v, unsigned depth)
{
    struct inside in = {.arena = &u->arena};
    size_t i = 0;
    const size_t n = depth < INSIDE_MAX_DEPTH ? sizeof envelopes / sizeof *envelopes : 0;
    while (i < n && !envelopes[i]->look(v, &in))
        i++;
    u->known = u->known || i < n;
    u->foreign += i < n ? in.foreign : 1;
    for (size_t k = 0; k < in.n; k++) {
        if (in.items[k].value)
            open_value(u, in.items[k].value, depth + 1);
        else
            emit(u, in.items[k].event);
    }
}

static void open_value(struct source_unwrapper *u, const struct json_value *v, unsigned depth)
{
    if (v->kind == JSON_STRING) {
        open_string(u, v->text, depth);
    } else if (v->kind == JSON_ARRAY) {
        const bool outermost = u->item == 0;
        uint32_t item = 0;
        for (const struct json_value *e = v->first; e && depth < INSIDE_MAX_DEPTH; e = e->next) {
            item++;
            u->item = outermost ? item : u->item;
            open_value(u, e, depth + 1);
        }
        u->item = outermost ? 0 : u->item;
    } else if (v->kind == JSON_OBJECT && is_event(v)) {
        emit(u, v->raw);
    } else if (v->kind == JSON_OBJECT && host_recognises(v)) {
        u->host = true;
        emit(u, v->raw);
    } else if (v->kind == JSON_OBJECT) {
        open_object(u, v, depth);
    } else {
        u->foreign++;
    }
}

// One line or element of a shipped log.
static void unwrap_record(struct source_unwrapper *u, struct str text, uint32_t item)
{
    arena_reset(&u->arena);
    u->item = item;
    text = str_trim(text);
    if (!text.len)
        return;
    struct str json = envelope_strip_header(text);
    if (json.ptr)
        open_text(u, json, 0);
    else
        emit(u, text); // no JSON: for whoever counts the bad ones
}

// --- the public side -------------------------------------------------------------------------------------------------------------

static void start(struct source_unwrapper *u)
{
    buf_clear(&u->out);
    u->events.n = 0;
    u->foreign = 0;
    u->known = u->host = false;
}

// A record of a process that stands alone: nothing was taken off around it.
static bool is_bare_host(const struct source_unwrapper *u, struct str text)
{
    return u->host && !u->known && u->events.n == 1 && u->events.items[0].len == str_trim(text).len;
}

static bool is_listing(struct source_unwrapper *u, struct str text)
{
    struct host_event e;
    return text.len && text.ptr[0] != '{' && host_read(&e, text, &u->arena) != HOST_NONE;
}

enum record_kind unwrap_classify(struct source_unwrapper *u, struct str text, int64_t *time)
{
    start(u);
    arena_reset(&u->arena);
    const enum record_kind kind = judge_text(u, text);
    *time = scanned_time(u);
    struct str json = envelope_strip_header(text);
    if (kind == RECORD_BROKEN && is_listing(u, text))
        return RECORD_HOST;
    if (kind == RECORD_EVENT || !json.ptr)
        return kind;
    unwrap_record(u, text, 0);
    if (is_bare_host(u, text))
        return RECORD_HOST;
    if (u->events.n) {
        const struct str first = str_make(u->out.ptr + u->events.items[0].offset, u->events.items[0].len);
        const enum record_kind inner = judge_text(u, first);
        *time = scanned_time(u);
        if (inner == RECORD_EVENT || u->known || u->host)
            return RECORD_WRAPPED;
    }
    return u->known ? RECORD_WRAPPED : kind;
}

bool source_unwrap(struct source_unwrapper *u, struct str record, struct source_events *out)
{
    start(u);
    unwrap_record(u, record, 0);
    u->items.n = 0;
    for (size_t i = 0; i < u->events.n; i++)
        *vec_push(&u->items) = str_make(u->out.ptr + u->events.items[i].offset, u->events.items[i].len);
    const bool header = !u->known && u->events.n == 1 && u->events.items[0].len < str_trim(record).len;
    *out = (struct source_events){u->items.items, u->items.n, u->foreign};
    return u->known || header;
}

// Takes the events over into the block: its memory becomes the unwrapper's, and the other way round.
static void swap_memory(struct source_unwrapper *u, struct source_block *block)
{
    struct buf old = u->out;
    u->out = (struct buf){.ptr = block->data, .cap = block->cap < old.max ? block->cap : old.max, .max = old.max};
    block->data = old.ptr;
    block->cap = old.cap;
    block->len = old.len;
    if (!block->data)
        block_reserve(block, 0);
}

void source_block_unwrap(struct source_unwrapper *u, struct source_block *block)
{
    if (!block->wrapped)
        return;
    start(u);
    VEC(struct source_span) spans = {0};
    struct str rest = str_make(block->data, block->len);
    const bool lines = block->shape == SHAPE_LINES;
    for (size_t i = 0; lines ? rest.ptr != NULL : i < block->n_spans; i++) {
        struct source_span span = {.line = block->first_line + i};
        if (!lines)
            span = block->spans[i];
        const size_t before = u->events.n;
        unwrap_record(u, lines ? str_split(&rest, '\n') : str_make(block->data + span.offset, span.len), span.item);
        for (size_t k = before; k < u->events.n; k++) {
            const struct unwrapped *e = &u->events.items[k];
            *vec_push(&spans) = (struct source_span){e->offset, e->len, span.line, e->item};
        }
    }
    block->n_spans = 0;
    for (size_t i = 0; i < spans.n; i++)
        block_add_span(block, spans.items[i]);
    vec_fini(&spans);
    swap_memory(u, block);
    block->foreign += u->foreign;
    block->shape = SHAPE_SPANS;
    block->wrapped = false;
}
