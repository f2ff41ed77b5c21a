// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/worker.h"

#include "base/status.h"
#include "engine/stream/hosts.h"
#include "engine/lookback/opener.h"

#include <stdlib.h>
#include <string.h>

struct worker {
    const struct engine_config *config;
    struct matcher *matcher;
    struct source_unwrapper *unwrapper;
    struct hosts *hosts; // NULL: records of nodes are foreign
};

struct worker *worker_new(const struct engine_config *config, const struct plan *plan, const struct plan *host_plan)
{
    struct worker *w = must_alloc(calloc(1, sizeof *w));
    w->config = config;
    w->unwrapper = source_unwrapper_new(config->source);
    w->matcher = matcher_new(plan, config->json);
    w->hosts = host_plan ? hosts_new(host_plan, config->rules) : NULL;
    return w;
}

void worker_free(struct worker *w)
{
    if (!w)
        return;
    matcher_free(w->matcher);
    source_unwrapper_free(w->unwrapper);
    hosts_free(w->hosts);
    free(w);
}

struct matcher_counters worker_counters(const struct worker *w)
{
    return matcher_counters(w->matcher);
}

// What is known once the matcher has read a record that is JSON. False: it is no event.
static bool note_record(struct worker *w, struct block_result *r, struct str record, uint64_t line, uint32_t item)
{
    struct matcher_facts facts = matcher_facts(w->matcher);
    size_t n_hits;
    (void)matcher_hits(w->matcher, &n_hits);
    if (!facts.timed && n_hits == 0)
        return false;
    r->records++;
    r->writes += facts.write;
    r->writes_without_bodies += facts.write && facts.metadata_only;
    r->truncated += facts.truncated;
    r->without_time += !facts.timed;
    if (n_hits)
        block_result_add(r, w->matcher, w->config->rules, record, line, item);
    return true;
}

// An event out of an envelope lives only until the next one; findings need it longer.
static struct str keep_record(struct block_result *r, struct str record)
{
    char *copy = arena_alloc(&r->arena, record.len + JSON_PADDING);
    memcpy(copy, record.ptr, record.len);
    return str_make(copy, record.len);
}

// A record that is no event may be an envelope with events in it, in a log of another shape.
static bool read_enveloped(struct worker *w, struct block_result *r, struct str record, uint64_t line, uint32_t item)
{
    struct source_events events;
    if (!source_unwrap(w->unwrapper, record, &events))
        return false;
    r->opened++;
    r->foreign += events.foreign;
    for (size_t i = 0; i < events.n; i++) {
        struct json_error error;
        uint32_t place = opener_item(item, i + 1);
        enum json_result result = matcher_record(w->matcher, events.items[i], &error);
        if (result == JSON_BAD) {
            block_result_add_bad(r, line, place, &error);
            continue;
        }
        struct str kept = keep_record(r, events.items[i]);
        if (result == JSON_OK && !note_record(w, r, kept, line, place) && !hosts_take(w->hosts, r, kept, line, place))
            r->foreign++;
    }
    return true;
}

static void read_foreign(struct worker *w, struct block_result *r, struct str record, uint64_t line, uint32_t item)
{
    if (!hosts_take(w->hosts, r, record, line, item) && !read_enveloped(w, r, record, line, item))
        r->foreign++;
}

// No JSON: a line of a listing, or an event behind the header of a logger.
static void read_text(struct worker *w, struct block_result *r, struct str text, uint64_t line, uint32_t item,
                      const struct json_error *error)
{
    if (!hosts_take_line(w->hosts, r, text, line) && !read_enveloped(w, r, text, line, item))
        block_result_add_bad(r, line, item, error);
}

static void read_lines(struct worker *w, const struct source_block *block, struct block_result *r)
{
    const char *p = block->data, *end = p + block->len;
    while (p < end) {
        struct json_error error;
        const char *start = p;
        uint64_t line = r->newlines;
        enum json_result result = matcher_line(w->matcher, p, end, &p, &error);
        r->newlines += p[-1] == '\n';
        if (__builtin_expect(result == JSON_BAD, 0)) {
            read_text(w, r, str_make(start, (size_t)(p - start)), line, 0, &error);
        } else if (result == JSON_OK && !note_record(w, r, str_make(start, (size_t)(p - start)), line, 0)) {
            read_foreign(w, r, str_make(start, (size_t)(p - start)), line, 0);
        }
    }
}

static void read_spans(struct worker *w, const struct source_block *block, struct block_result *r)
{
    for (size_t i = 0; i < block->n_spans; i++) {
        const struct source_span *span = &block->spans[i];
        struct str record = str_make(block->data + span->offset, span->len);
        struct json_error error;
        enum json_result result = matcher_record(w->matcher, record, &error);
        if (result == JSON_BAD) {
            read_text(w, r, record, span->line, span->item, &error);
        } else if (result == JSON_OK && !note_record(w, r, record, span->line, span->item)) {
            read_foreign(w, r, record, span->line, span->item);
        }
    }
}

void worker_read(struct worker *w, struct source_block *block, struct block_result *result)
{
    block_result_clear(result);
    if (block->wrapped)
        source_block_unwrap(w->unwrapper, block);
    result->foreign = block->foreign;
    result->bytes = block->len;
    if (block->shape == SHAPE_LINES)
        read_lines(w, block, result);
    else
        read_spans(w, block, result);
}
