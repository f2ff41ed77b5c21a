// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/queue.h"

#include "base/status.h"

#include <stdlib.h>

void queue_fini(struct queue *q)
{
    free(q->items);
    *q = (struct queue){0};
}

static struct queue_item *at(const struct queue *q, size_t i)
{
    return &q->items[(q->first + i) & (q->cap - 1)];
}

static void grow(struct queue *q)
{
    struct queue bigger = {.n = q->n, .cap = q->cap ? q->cap * 2 : 256};
    bigger.items = must_alloc(calloc(bigger.cap, sizeof *bigger.items));
    for (size_t i = 0; i < q->n; i++)
        bigger.items[i] = *at(q, i);
    free(q->items);
    *q = bigger;
}

static bool is_before(const struct queue_item *a, const struct queue_item *b)
{
    return a->time != b->time ? a->time < b->time : a->sequence < b->sequence;
}

void queue_put(struct queue *q, struct held *held)
{
    if (q->n == q->cap)
        grow(q);
    const struct queue_item item = {held->time, held->place.sequence, held};
    size_t i = q->n++;
    for (; i && is_before(&item, at(q, i - 1)); i--)
        *at(q, i) = *at(q, i - 1);
    *at(q, i) = item;
}

struct held *queue_take(struct queue *q)
{
    struct held *earliest = at(q, 0)->held;
    q->first = (q->first + 1) & (q->cap - 1);
    q->n--;
    return earliest;
}
