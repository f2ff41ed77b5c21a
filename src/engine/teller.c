// SPDX-License-Identifier: Apache-2.0
#include "engine/teller.h"

#include "base/status.h"
#include "base/vec.h"
#include "engine/showing.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEPT_MAX = 1 << 13,        // findings that correlations may still point to
    KEPT_BYTES_MAX = 24 << 20, // and their bytes in all
};

struct told {
    const struct rule *rule;
    int64_t time, first;
    uint64_t sequence, count;
    uint64_t *evidence; // handles
    size_t n_evidence;
    struct str *group; // correlation: name=value lines
    size_t n_group;
};

struct teller {
    const struct ruleset *rules;
    struct str cluster;
    const struct engine_handler *handler;
    struct engine_summary *summary;
    struct showing *showing;
    struct shelf *shelf;
    struct held **kept;    // ring
    uint64_t oldest, next; // handles
    size_t kept_bytes;
    VEC(struct told) batch; // alerts of one instant
    struct arena arena;     // of the batch
};

struct teller *teller_new(const struct ruleset *rules, const struct plan *plan, struct str cluster, const struct engine_handler *handler,
                          struct engine_summary *summary, struct shelf *shelf, bool of_hosts)
{
    struct teller *t = must_alloc(calloc(1, sizeof *t));
    t->rules = rules;
    t->cluster = cluster;
    t->handler = handler;
    t->summary = summary;
    t->showing = showing_new(plan, of_hosts);
    t->shelf = shelf;
    t->kept = must_alloc(calloc(KEPT_MAX, sizeof(struct held *)));
    t->oldest = t->next = 1;
    arena_init(&t->arena, ARENA_UNLIMITED);
    return t;
}

bool teller_forget(struct teller *t)
{
    if (t->oldest == t->next)
        return false;
    struct held **kept = &t->kept[t->oldest++ % KEPT_MAX];
    t->kept_bytes -= (*kept)->size;
    shelf_give(t->shelf, *kept);
    *kept = NULL;
    return true;
}

uint64_t teller_keep(struct teller *t, struct held *held)
{
    while ((t->next - t->oldest == KEPT_MAX || t->kept_bytes + held->size > KEPT_BYTES_MAX) && teller_forget(t))
        ;
    t->kept[t->next % KEPT_MAX] = held;
    t->kept_bytes += held->size;
    return t->next++;
}

static const struct held *find(const struct teller *t, uint64_t handle)
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

static const struct evidence *list_evidence(struct teller *t, const struct told *told, size_t *n, const struct held **newest)
{
    struct evidence *list = arena_array(&t->arena, struct evidence, told->n_evidence);
    *n = 0;
    *newest = NULL;
    for (size_t i = 0; i < told->n_evidence; i++) {
        const struct held *kept = find(t, told->evidence[i]);
        if (!kept)
            continue;
        *newest = kept;
        list[(*n)++] = (struct evidence){kept->place.file, kept->place.line, kept->finding.item,
                                         showing_audit_id(kept->finding.record, &t->arena), kept->finding.time};
    }
    return list;
}

// What the correlation was grouped by comes first, then what the newest event shows.
static const struct alert_detail *list_details(struct teller *t, const struct told *told, const struct shown *newest, size_t *n)
{
    size_t of_event = newest ? newest->n_details : 0;
    struct alert_detail *list = arena_array(&t->arena, struct alert_detail, told->n_group + of_event);
    *n = 0;
    for (size_t i = 0; i < told->n_group; i++)
        if (told->group[i].ptr)
            list[(*n)++] = (struct alert_detail){told->rule->captures[i], told->group[i]};
    for (size_t i = 0; i < of_event; i++)
        list[(*n)++] = newest->details[i];
    return list;
}

static void hand_out(struct teller *t, const struct told *told)
{
    struct alert alert = {.rule = told->rule, .cluster = t->cluster, .time = told->time, .count = told->count, .first = told->first};
    const struct held *newest;
    alert.evidence = list_evidence(t, told, &alert.n_evidence, &newest);
    const struct shown *shown = newest ? showing_read(t->showing, newest->finding.record) : NULL;
    alert.details = list_details(t, told, shown, &alert.n_details);
    if (shown) {
        alert.actor = shown->event.actor;
        alert.action = shown->event.action;
        alert.decision = shown->event.decision;
        alert.reason = shown->event.reason;
        alert.process = shown->process;
    }
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
    arena_reset(&t->arena);
}

static struct told *add(struct teller *t, int64_t time)
{
    if (t->batch.n && t->batch.items[0].time != time)
        flush(t);
    return vec_push(&t->batch);
}

static uint64_t *copy_handles(struct arena *a, const uint64_t *handles, size_t n)
{
    uint64_t *copy = arena_array(a, uint64_t, n);
    if (n)
        memcpy(copy, handles, n * sizeof *copy);
    return copy;
}

void teller_match(struct teller *t, uint32_t rule, int64_t time, uint64_t sequence, uint64_t evidence)
{
    struct told *told = add(t, time);
    *told = (struct told){.rule = &t->rules->rules[rule], .time = time, .first = time, .sequence = sequence, .count = 1};
    told->evidence = copy_handles(&t->arena, &evidence, 1);
    told->n_evidence = 1;
}

void teller_correlated(struct teller *t, const struct correlated *c)
{
    const struct rule *rule = &t->rules->rules[c->rule];
    if (rule->silent)
        return;
    struct told *told = add(t, c->time);
    *told = (struct told){.rule = rule, .time = c->time, .first = c->first, .sequence = c->sequence, .count = c->count};
    told->evidence = copy_handles(&t->arena, c->evidence, c->n_evidence);
    told->n_evidence = c->n_evidence;
    told->group = arena_array(&t->arena, struct str, c->n_group);
    told->n_group = c->n_group;
    for (size_t i = 0; i < c->n_group; i++)
        told->group[i] = arena_str(&t->arena, c->group[i]);
}

void teller_end(struct teller *t)
{
    flush(t);
    while (teller_forget(t))
        ;
    free(t->kept);
    showing_free(t->showing);
    vec_fini(&t->batch);
    arena_fini(&t->arena);
    free(t);
}
