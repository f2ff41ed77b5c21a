// SPDX-License-Identifier: Apache-2.0
// What text and HTML keep of campaigns: each is rendered when it is told, and printed at the top of the report, ahead of its incidents.
#pragma once

#include "report/common/format.h"

// Keeps what `write` appends to r->out.buf, if there is room.
void campaigns_keep(struct report *r, const struct campaign *c, void (*write)(struct report *r, const struct campaign *c));

// "2 h 5 min", "3 min 45 s", "12 s".
void campaign_span(struct buf *out, int64_t first, int64_t last);
// Where the curve has its points: at most `most` clusters, evenly, the first and the last among them. The i-th of n points.
[[nodiscard]] size_t campaign_points(const struct campaign *c, size_t most);
[[nodiscard]] size_t campaign_point(const struct campaign *c, size_t n, size_t i);
