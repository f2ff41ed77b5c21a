// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/teller.h"

#include "base/status.h"
#include "base/vec.h"
#include "engine/stream/shelf.h"
#include "engine/stream/showing.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT_MAX = 1 << 14,       // records that correlations may still point to
    KEPT_BYTES_MAX = 8 << 20, // and the bytes of what is kept of them, in whole chunks of the shelf
    BATCH_BYTES_MAX = 32 << 20,
};

// What is kept of a record to point to: where it stands. Most only feed correlations, and few of those are ever told of.
struct kept {
    struct str file;
    uint64_t line;
    int64_t time;
    struct str audit_id;
    uint32_t item;
};

struct told {
    const struct rule *rule;
    int64_t time, first;
    uint64_t sequence, count;
    struct str record; // that completed it, in the arena
    const struct evidence *evidence;
    size_t n_evidence;
    const struct str *group; // correlation: values of its group-by
    size_t n_group;
};

struct teller {
    const struct ruleset *rules;
    struct str cluster;
    const struct engine_handler *handler;
    struct engine_summary *summary;
    struct showing *showing;
    struct shelf *shelf;
    struct kept **kept;     // ring
    uint64_t oldest, next;  // handles
    const struct held *now; // what is being told
    struct str record;      // its bytes in the arena, once an alert needs them
    VEC(struct told) batch; // alerts of one instant
    struct arena arena;     // of the batch
};

struct teller *teller_new(const struct ruleset *rules, const struct plan *plan, struct str cluster, const struct engine_handler *handler,
                          struct engine_summary *summary, bool of_hosts)
{
    struct teller *t = must_alloc(calloc(1, sizeof *t));
    t->rules = rules;
    t->cluster = cluster;
    t->handler = handler;
    t->summary = summary;
    t->showing = showing_new(plan, of_hosts);
    t->shelf = shelf_new(KEPT_BYTES_MAX);
    t->kept = must_alloc(calloc(KEPT_MAX, sizeof(struct kept *)));
    t->oldest = t->next = 1;
    arena_init(&t->arena, ARENA_UNLIMITED);
    return t;
}

static void forget_oldest(struct teller *t)
{
    struct kept **kept = &t->kept[t->oldest++ % KEPT_MAX];
    shelf_give(t->shelf, *kept);
    *kept = NULL;
}

static struct kept *take_room(struct teller *t, size_t size)
{
    struct kept *kept;
    if (t->next - t->oldest == KEPT_MAX)
        forget_oldest(t);
    while (!(kept = shelf_take(t->shelf, size)))
        forget_oldest(t); // an empty shelf takes anything
    return kept;
}

void teller_begin(struct teller *t, const struct held *held)
{
    t->now = held;
    t->record = STR_NONE;
}

uint64_t teller_keep(struct teller *t)
{
    const struct held *held = t->now;
    const struct str id = held->finding.audit_id;
    struct kept *kept = take_room(t, sizeof *kept + id.len);
    *kept = (struct kept){held->place.file, held->place.line, held->finding.time, id, held->finding.item};
    if (id.len) {
        kept->audit_id.ptr = (char *)(kept + 1);
        memcpy(kept + 1, id.ptr, id.len);
    }
    t->kept[t->next % KEPT_MAX] = kept;
    return t->next++;
}

static const struct kept *find(const struct teller *t, uint64_t handle)
{
    return handle >= t->oldest && handle < t->next ? t->kept[handle % KEPT_MAX] : NULL;
}

// --- handing out ------------------------------------------------------------------------------------------------------------------

static int in_order(const void *a, const void *b)
{
    const struct told *x = a, *y = b;
    int order = str_cmp(x->rule->id, y->rule->id);
    if (order)
        return order;
    return (x->sequence > y->sequence) - (x->sequence < y->sequence);
}

// What the correlation was grouped by comes first, then what the event that completed it shows.
static const struct alert_detail *list_details(struct teller *t, const struct told *told, const struct shown *shown, size_t *n)
{
    struct alert_detail *list = arena_array(&t->arena, struct alert_detail, told->n_group + shown->n_details);
    *n = 0;
    for (size_t i = 0; i < told->n_group; i++)
        if (told->group[i].ptr)
            list[(*n)++] = (struct alert_detail){told->rule->captures[i], told->group[i]};
    for (size_t i = 0; i < shown->n_details; i++)
        list[(*n)++] = shown->details[i];
    return list;
}

static void hand_out(struct teller *t, const struct told *told)
{
    const struct shown *shown = showing_read(t->showing, told->record);
    struct alert alert = {
        .rule = told->rule,
        .cluster = t->cluster,
        .time = told->time,
        .first = told->first,
        .count = told->count,
        .evidence = told->evidence,
        .n_evidence = told->n_evidence,
        .actor = shown->event.actor,
        .action = shown->event.action,
        .decision = shown->event.decision,
        .reason = shown->event.reason,
        .process = shown->process,
    };
    alert.details = list_details(t, told, shown, &alert.n_details);
    t->summary->alerts++;
    t->summary->by_level[told->rule->level]++;
    t->handler->alert(t->handler->context, &alert);
}

static void flush(struct teller *t)
{
    if (t->batch.n > 1)
        qsort(t->batch.items, t->batch.n, sizeof *t->batch.items, in_order);
    for (size_t i = 0; i < t->batch.n; i++)
        hand_out(t, &t->batch.items[i]);
    t->batch.n = 0;
    t->record = STR_NONE;
    arena_reset(&t->arena);
}

// --- taking in --------------------------------------------------------------------------------------------------------------------

// The record being told, for alerts that are handed out when the instant is over.
static struct str copy_record(struct teller *t)
{
    const struct str record = t->now->finding.record;
    if (t->record.ptr)
        return t->record;
    char *copy = arena_alloc(&t->arena, record.len + JSON_PADDING);
    memcpy(copy, record.ptr, record.len);
    return t->record = str_make(copy, record.len);
}

static void list_evidence(struct teller *t, struct told *told, const uint64_t *handles, size_t n)
{
    struct evidence *list = arena_array(&t->arena, struct evidence, n);
    for (size_t i = 0; i < n; i++) {
        const struct kept *kept = find(t, handles[i]);
        if (kept)
            list[told->n_evidence++] =
                (struct evidence){kept->file, kept->line, kept->item, arena_str(&t->arena, kept->audit_id), kept->time};
    }
    told->evidence = list;
}

// Alerts of one instant wait for each other, as long as there is room for them.
static struct told *add(struct teller *t, const struct told *told, const uint64_t *handles, size_t n)
{
    if (t->batch.n && (t->batch.items[0].time != told->time || t->arena.used > BATCH_BYTES_MAX))
        flush(t);
    struct told *added = vec_push(&t->batch);
    *added = *told;
    added->record = copy_record(t);
    list_evidence(t, added, handles, n);
    return added;
}

// By how much a position is ahead of what people read, at what is being told.
static int64_t shift_of(const struct held *held)
{
    return held->finding.time == TIME_NONE ? 0 : time_between(held->finding.time, held->time);
}

void teller_match(struct teller *t, uint32_t rule, uint64_t evidence)
{
    const int64_t time = time_between(shift_of(t->now), t->now->time);
    const struct told told = {.rule = &t->rules->rules[rule], .time = time, .first = time, .sequence = t->now->place.sequence, .count = 1};
    (void)add(t, &told, &evidence, 1);
}

void teller_correlated(struct teller *t, const struct correlated *c)
{
    const struct rule *rule = &t->rules->rules[c->rule];
    if (rule->silent)
        return;
    const int64_t shift = shift_of(t->now);
    const struct told told = {.rule = rule,
                              .time = time_between(shift, c->time),
                              .first = time_between(shift, c->first),
                              .sequence = c->sequence,
                              .count = c->count};
    struct told *added = add(t, &told, c->evidence, c->n_evidence);
    struct str *group = arena_array(&t->arena, struct str, c->n_group);
    for (size_t i = 0; i < c->n_group; i++)
        group[i] = arena_str(&t->arena, c->group[i]);
    added->group = group;
    added->n_group = c->n_group;
}

void teller_end(struct teller *t)
{
    flush(t);
    while (t->oldest != t->next)
        forget_oldest(t);
    shelf_free(t->shelf);
    free(t->kept);
    showing_free(t->showing);
    vec_fini(&t->batch);
    arena_fini(&t->arena);
    free(t);
}
