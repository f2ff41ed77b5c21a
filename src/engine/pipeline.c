// SPDX-License-Identifier: Apache-2.0
#include "engine/pipeline.h"

#include "base/status.h"

#include <pthread.h>
#include <stdlib.h>

// A block on its way. `number` is its place in the input; slots are used round robin, so that block n waits for block n - slots to be
// taken: memory is bounded and order is kept.
struct slot {
    struct source_block block;
    struct block_result result;
    struct source_counters counters;
    bool ready;
};

struct pipeline {
    const struct engine_config *config;
    const struct plan *plan, *host_plan;
    struct source_reader *reader;

    pthread_mutex_t lock; // everything below
    pthread_cond_t changed;
    struct slot *slots;
    size_t n_slots;
    uint64_t read, taken; // blocks
    bool end, stop;
    status failure;
    struct matcher_counters counters;
    struct diags diags; // the reader's
};

static void add_counters(struct matcher_counters *to, struct matcher_counters more)
{
    to->records += more.records;
    to->deferred_read += more.deferred_read;
    to->gave_up += more.gave_up;
    to->evaluated += more.evaluated;
}

// Waits for a free slot and reads the next block into it; NULL at the end. Called with the lock held.
static struct slot *read_next(struct pipeline *p, uint64_t *number)
{
    while (!p->end && !p->stop && p->read - p->taken == p->n_slots)
        pthread_cond_wait(&p->changed, &p->lock);
    if (p->end || p->stop)
        return NULL;
    struct slot *slot = &p->slots[p->read % p->n_slots];
    status result = source_next(p->reader, &slot->block, &p->end, &p->diags);
    slot->counters = source_counters(p->reader);
    if (result != ST_OK) {
        p->failure = result;
        p->end = true;
    }
    if (p->end) {
        pthread_cond_broadcast(&p->changed);
        return NULL;
    }
    *number = p->read++;
    return slot;
}

static void *work(void *context)
{
    struct pipeline *p = context;
    struct worker *worker = worker_new(p->config, p->plan, p->host_plan);
    uint64_t number;
    pthread_mutex_lock(&p->lock);
    for (struct slot *slot; (slot = read_next(p, &number));) {
        pthread_mutex_unlock(&p->lock);
        worker_read(worker, &slot->block, &slot->result);
        pthread_mutex_lock(&p->lock);
        slot->ready = true;
        pthread_cond_broadcast(&p->changed);
    }
    add_counters(&p->counters, worker_counters(worker));
    pthread_cond_broadcast(&p->changed);
    pthread_mutex_unlock(&p->lock);
    worker_free(worker);
    return NULL;
}

// Takes results in order until the input ends.
static void take_all(struct pipeline *p, pipeline_take_fn *take, void *context)
{
    pthread_mutex_lock(&p->lock);
    for (;;) {
        struct slot *slot = &p->slots[p->taken % p->n_slots];
        while (!slot->ready && !(p->end && p->taken == p->read))
            pthread_cond_wait(&p->changed, &p->lock);
        if (!slot->ready)
            break;
        pthread_mutex_unlock(&p->lock);
        bool more = take(context, &slot->block, &slot->result, &slot->counters);
        pthread_mutex_lock(&p->lock);
        slot->ready = false;
        p->taken++;
        if (!more) {
            p->stop = p->end = true;
            p->read = p->taken; // what is still being read is not taken
        }
        pthread_cond_broadcast(&p->changed);
        if (!more)
            break;
    }
    pthread_mutex_unlock(&p->lock);
}

static status run_threads(struct pipeline *p, pipeline_take_fn *take, void *context)
{
    unsigned n = p->config->threads;
    pthread_t *threads = must_alloc(calloc(n, sizeof *threads));
    unsigned started = 0;
    while (started < n && pthread_create(&threads[started], NULL, work, p) == 0)
        started++;
    if (started)
        take_all(p, take, context);
    for (unsigned i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    if (started)
        return p->failure;
    diags_add(&p->diags, DIAG_ERROR, NULL, "no thread could be started; try --threads 1");
    return ST_IO;
}

// Everything on this thread.
static status run_alone(struct pipeline *p, pipeline_take_fn *take, void *context)
{
    struct worker *worker = worker_new(p->config, p->plan, p->host_plan);
    struct slot *slot = &p->slots[0];
    status result;
    for (;;) {
        result = source_next(p->reader, &slot->block, &p->end, &p->diags);
        slot->counters = source_counters(p->reader);
        if (result != ST_OK || p->end)
            break;
        worker_read(worker, &slot->block, &slot->result);
        if (!take(context, &slot->block, &slot->result, &slot->counters))
            break;
    }
    add_counters(&p->counters, worker_counters(worker));
    worker_free(worker);
    return result;
}

status pipeline_run(const struct engine_config *config, const struct plan *plan, const struct plan *host_plan, struct source_reader *reader,
                    pipeline_take_fn *take, void *context, struct matcher_counters *counters, struct diags *diags)
{
    bool alone = config->threads <= 1;
    struct pipeline p = {.config = config, .plan = plan, .host_plan = host_plan, .reader = reader};
    p.n_slots = alone ? 1 : config->threads * 2 + 2;
    p.slots = must_alloc(calloc(p.n_slots, sizeof *p.slots));
    diags_init(&p.diags);
    pthread_mutex_init(&p.lock, NULL);
    pthread_cond_init(&p.changed, NULL);
    for (size_t i = 0; i < p.n_slots; i++)
        block_result_init(&p.slots[i].result);
    status result = alone ? run_alone(&p, take, context) : run_threads(&p, take, context);
    for (size_t i = 0; i < p.n_slots; i++) {
        block_result_fini(&p.slots[i].result);
        source_block_fini(&p.slots[i].block);
    }
    free(p.slots);
    pthread_cond_destroy(&p.changed);
    pthread_mutex_destroy(&p.lock);
    diags_append(diags, &p.diags);
    diags_fini(&p.diags);
    *counters = p.counters;
    return result;
}
