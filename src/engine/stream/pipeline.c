// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/pipeline.h"

#include "base/status.h"

#include <pthread.h>
#include <stdlib.h>

// A block on its way. There are so many slots and no more: memory is bounded.
struct slot {
    struct source_block block;
    struct block_result result;
    struct source_counters counters;
    bool busy;  // from when it is read until it was taken
    bool ready; // to be taken
};

struct pipeline {
    const struct engine_config *config;
    const struct plan *plan, *host_plan;
    pipeline_take_fn *take;
    void *context;

    pthread_mutex_t reading; // the reader, and what it says
    struct source_reader *reader;
    struct diags diags;

    pthread_mutex_t lock; // everything below; taken inside of the one above
    pthread_cond_t freed; // a slot, or the end
    struct slot *slots;
    struct slot **order; // of the input: block n is in order[n % n_slots]
    size_t n_slots;
    uint64_t read, taken; // blocks
    bool taking;          // some thread is handing results on
    bool end, stop;
    status failure;
    struct matcher_counters counters;
};

static void add_counters(struct matcher_counters *to, struct matcher_counters more)
{
    to->records += more.records;
    to->deferred_read += more.deferred_read;
    to->gave_up += more.gave_up;
    to->evaluated += more.evaluated;
    to->captures_cut += more.captures_cut;
}

// The one this thread had last, if it is free: its memory is still in the cache of this processor. Going round all of them cost 3 % of
// the time of two threads.
static struct slot *choose_slot(struct pipeline *p, struct slot *last)
{
    if (last && !last->busy)
        return last;
    struct slot *slot = p->slots;
    while (slot->busy) // one is free, because fewer than all are on their way
        slot++;
    return slot;
}

static struct slot *wait_for_slot(struct pipeline *p, struct slot *last)
{
    struct slot *slot = NULL;
    pthread_mutex_lock(&p->lock);
    while (!p->end && !p->stop && p->read - p->taken == p->n_slots)
        pthread_cond_wait(&p->freed, &p->lock);
    if (!p->end && !p->stop) {
        slot = choose_slot(p, last);
        slot->busy = true;
    }
    pthread_mutex_unlock(&p->lock);
    return slot;
}

// Reads the next block into a free slot; NULL at the end.
static struct slot *read_next(struct pipeline *p, struct slot *last)
{
    bool end = true;
    pthread_mutex_lock(&p->reading);
    struct slot *slot = wait_for_slot(p, last);
    status result = slot ? source_next(p->reader, &slot->block, &end, &p->diags) : ST_OK;
    if (slot)
        slot->counters = source_counters(p->reader);
    pthread_mutex_lock(&p->lock);
    if (result != ST_OK)
        p->failure = result;
    if (end || result != ST_OK) {
        p->end = true;
        slot = NULL;
    } else {
        p->order[p->read++ % p->n_slots] = slot;
    }
    pthread_mutex_unlock(&p->lock);
    pthread_mutex_unlock(&p->reading);
    return slot;
}

// Hands on, in order, what is ready, unless somebody is at it. Who is goes on until nothing is left: a block that becomes ready meanwhile
// is seen, because both happen under the lock.
static void take_ready(struct pipeline *p)
{
    struct slot *slot;
    if (p->taking)
        return;
    p->taking = true;
    while (!p->stop && p->taken < p->read && (slot = p->order[p->taken % p->n_slots])->ready) {
        pthread_mutex_unlock(&p->lock);
        bool more = p->take(p->context, &slot->block, &slot->result, &slot->counters);
        pthread_mutex_lock(&p->lock);
        slot->ready = slot->busy = false;
        p->taken++;
        p->stop = !more;
        pthread_cond_signal(&p->freed); // one thread reads, so one waits
    }
    p->taking = false;
}

// What every thread does: read a block, judge it, hand on what is ready. No thread only waits for others.
static void *work(void *context)
{
    struct pipeline *p = context;
    struct worker *worker = worker_new(p->config, p->plan, p->host_plan);
    for (struct slot *slot = NULL; (slot = read_next(p, slot));) {
        worker_read(worker, &slot->block, &slot->result);
        pthread_mutex_lock(&p->lock);
        slot->ready = true;
        take_ready(p);
        pthread_mutex_unlock(&p->lock);
    }
    pthread_mutex_lock(&p->lock);
    add_counters(&p->counters, worker_counters(worker));
    pthread_mutex_unlock(&p->lock);
    worker_free(worker);
    return NULL;
}

// As many threads as can be had, this one among them.
static void run_threads(struct pipeline *p)
{
    const unsigned n = p->config->threads > 1 ? p->config->threads - 1 : 0;
    pthread_t *threads = must_alloc(calloc(n + 1, sizeof *threads));
    unsigned started = 0;
    while (started < n && pthread_create(&threads[started], NULL, work, p) == 0)
        started++;
    (void)work(p);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
}

status pipeline_run(const struct engine_config *config, const struct plan *plan, const struct plan *host_plan, struct source_reader *reader,
                    pipeline_take_fn *take, void *context, struct matcher_counters *counters, struct diags *diags)
{
    struct pipeline p = {.config = config, .plan = plan, .host_plan = host_plan, .reader = reader, .take = take, .context = context};
    p.n_slots = config->threads <= 1 ? 1 : config->threads * 2 + 2;
    p.slots = must_alloc(calloc(p.n_slots, sizeof *p.slots));
    p.order = must_alloc(calloc(p.n_slots, sizeof *p.order));
    diags_init(&p.diags);
    pthread_mutex_init(&p.reading, NULL);
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.freed, NULL);
    for (size_t i = 0; i < p.n_slots; i++)
        block_result_init(&p.slots[i].result);
    run_threads(&p);
    for (size_t i = 0; i < p.n_slots; i++) {
        block_result_fini(&p.slots[i].result);
        source_block_fini(&p.slots[i].block);
    }
    free(p.slots);
    free(p.order);
    pthread_cond_destroy(&p.freed);
    pthread_mutex_destroy(&p.lock);
    pthread_mutex_destroy(&p.reading);
    diags_append(diags, &p.diags);
    diags_fini(&p.diags);
    *counters = p.counters;
    return p.failure;
}
