// SPDX-License-Identifier: Apache-2.0
// What requests of the past would have met, as text and as NDJSON.
#pragma once

#include "base/buf.h"
#include "policy/replay.h"

struct replay_page {
    const struct replay_refusal *items; // those of one policy stand together
    size_t n;
    struct replay_counters counters;
};

void replay_text(struct buf *out, const struct replay_page *page);
void replay_json(struct buf *out, const struct replay_page *page);
// "2 requests by alice, 2026-11-01T10:00:00Z to ..." of one refusal.
void replay_write_line(struct buf *out, const struct replay_refusal *f);
