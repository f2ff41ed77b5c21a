// SPDX-License-Identifier: Apache-2.0
#include "report/common/campaigns.h"

enum { SECTION_MAX = 4 << 20 }; // bytes of one campaign

void campaigns_keep(struct report *r, const struct campaign *c, void (*write)(struct report *r, const struct campaign *c))
{
    struct buf held = r->out.buf;
    buf_init(&r->out.buf, SECTION_MAX);
    write(r, c);
    struct buf made = r->out.buf;
    r->out.buf = held;
    r->n_campaigns++;
    if (made.full || made.len > r->campaigns.max - r->campaigns.len)
        r->campaigns_without_room++;
    else
        buf_add(&r->campaigns, buf_str(&made));
    buf_fini(&made);
}

void campaign_span(struct buf *out, int64_t first, int64_t last)
{
    int64_t span;
    if (__builtin_sub_overflow(last, first, &span))
        span = INT64_MAX;
    long long seconds = span / NS_PER_SECOND;
    if (seconds >= 86400)
        buf_addf(out, "%lld d %lld h", seconds / 86400, seconds / 3600 % 24);
    else if (seconds >= 3600)
        buf_addf(out, "%lld h %lld min", seconds / 3600, seconds / 60 % 60);
    else if (seconds >= 60)
        buf_addf(out, "%lld min %lld s", seconds / 60, seconds % 60);
    else
        buf_addf(out, "%lld s", seconds);
}

size_t campaign_points(const struct campaign *c, size_t most)
{
    return c->n_clusters < most ? c->n_clusters : most;
}

size_t campaign_point(const struct campaign *c, size_t n, size_t i)
{
    return n < 2 ? 0 : i * (c->n_clusters - 1) / (n - 1);
}
