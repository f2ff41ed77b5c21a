// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/hosts.h"

#include "base/identity.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    ARENA_MAX = 256 << 20, // of one record's tree
    SHAPE_MAX = 4 << 20,   // of its one shape: some twenty texts of HOST_TEXT_MAX, escaped
};

struct hosts {
    const struct ruleset *rules;
    struct matcher *matcher;
    struct arena arena; // of one record
    struct buf shape;
};

struct hosts *hosts_new(const struct plan *plan, const struct ruleset *rules)
{
    struct hosts *h = must_alloc(calloc(1, sizeof *h));
    h->rules = rules;
    h->matcher = matcher_new(plan, JSON_LIMITS_DEFAULT);
    arena_init(&h->arena, ARENA_MAX);
    buf_init(&h->shape, SHAPE_MAX);
    return h;
}

void hosts_free(struct hosts *h)
{
    if (!h)
        return;
    matcher_free(h->matcher);
    arena_fini(&h->arena);
    buf_fini(&h->shape);
    free(h);
}

// What a sensor tells of one process in several records is one thing to a rule, as the stages of a request are; the very same record is a
// duplicate.
static struct matcher_identity identity_of(const struct host_event *e, struct str shape)
{
    const struct str where = e->pod.ptr ? e->pod : e->pod_uid.ptr ? e->pod_uid : e->node;
    const struct str what = e->process.command.ptr ? e->process.command : e->process.name;
    uint64_t parts[] = {identity_hash(where), identity_hash(e->process.key), identity_hash(what), e->process.pid};
    return (struct matcher_identity){
        .known = true, .request = identity_hash(str_make((const char *)parts, sizeof parts)), .line = identity_hash(shape)};
}

static void judge(struct hosts *h, struct block_result *r, const struct host_event *e, struct str record, uint64_t line, uint32_t item)
{
    struct json_error ignored;
    size_t n_hits;
    buf_clear(&h->shape);
    host_write(&h->shape, e);
    const size_t len = h->shape.len;
    char *room = buf_reserve(&h->shape, JSON_PADDING);
    r->hosts++;
    r->host_cut += e->cut || h->shape.full;
    r->host_timeless += e->time == TIME_NONE;
    if (!room)
        return;
    memset(room, 0, JSON_PADDING);
    const struct str shape = str_make(h->shape.ptr, len);
    if (matcher_record(h->matcher, shape, &ignored) != JSON_OK)
        return;
    (void)matcher_hits(h->matcher, &n_hits);
    if (!n_hits)
        return;
    struct finding *f = block_result_add(r, h->matcher, h->rules, record, line, item);
    f->host = true;
    f->time = e->time;
    f->identity = identity_of(e, shape);
}

bool hosts_take(struct hosts *h, struct block_result *r, struct str record, uint64_t line, uint32_t item)
{
    struct host_event e;
    if (!h)
        return false;
    arena_reset(&h->arena);
    const enum host_result result = host_read(&e, record, &h->arena);
    if (result == HOST_EVENT)
        judge(h, r, &e, record, line, item);
    return result != HOST_NONE;
}

bool hosts_take_line(struct hosts *h, struct block_result *r, struct str text, uint64_t line)
{
    const struct str trimmed = str_trim(text);
    return trimmed.len && trimmed.ptr[0] != '{' && hosts_take(h, r, text, line, 0);
}
