// SPDX-License-Identifier: Apache-2.0
// What requests of the past, and objects that are there, would have met, as text and as NDJSON.
#pragma once

#include "base/buf.h"
#include "policy/refused.h"
#include "policy/replay.h"

struct replay_page {
    const struct replay_refusal *items; // those of one policy stand together
    size_t n;
    struct replay_counters counters;
    bool of_logs, of_objects; // which were given
    const struct refused_policy *objects;
    size_t n_objects;
    uint64_t objects_judged, objects_refused, objects_exempt, objects_dropped;
};

void replay_text(struct buf *out, const struct replay_page *page);
void replay_json(struct buf *out, const struct replay_page *page);
// "2 requests by alice, 2026-11-01T10:00:00Z to ..." of one refusal.
void replay_write_line(struct buf *out, const struct replay_refusal *f);
