// SPDX-License-Identifier: Apache-2.0
// Findings of one cluster, waiting to be told in the order of event time. Logs are nearly in order, so a new one nearly always goes to
// the end; one that is early moves past those that are later.
#pragma once

#include "engine/stream/finding.h"

struct queue_item {
    int64_t time;
    uint64_t sequence; // settles ties
    struct held *held;
};

struct queue {
    struct queue_item *items; // a ring
    size_t first, n, cap;     // cap: 0 or a power of two
};

void queue_fini(struct queue *q); // a zeroed struct queue is an empty one
void queue_put(struct queue *q, struct held *held);
[[nodiscard]] struct held *queue_take(struct queue *q); // the earliest; there is one

// The earliest one's time; there is one.
static inline int64_t queue_time(const struct queue *q)
{
    return q->items[q->first].time;
}
