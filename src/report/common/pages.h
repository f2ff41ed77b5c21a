// SPDX-License-Identifier: Apache-2.0
// What text and HTML keep of incidents: each is rendered when it is told, as it lives no longer than that. Pages stand in one buffer of a
// fixed maximum; of incidents that no longer fit the heading is kept, and beyond PAGES_HEADS they are counted.
#pragma once

#include "base/vec.h"
#include "incident/incident.h"
#include "report/common/out.h"

enum {
    PAGES_MAX = 24 << 20,    // bytes of all pages
    PAGE_MAX = 4 << 20,      // of one
    PAGES_HEADS = 4096,      // incidents
    PAGES_HEAD_BYTES = 1024, // of a heading
};

struct page {
    enum rule_level severity;
    int64_t first, last;
    struct str id, title, cluster; // shortened
    size_t from, to;               // in the buffer; equal: the page did not fit
    size_t number;                 // order of arrival
};

struct pages {
    struct arena arena; // of headings
    struct buf bytes;
    struct buf held; // while a page is open: the report's own buffer
    VEC(struct page) items;
    uint64_t count, by_level[LEVEL_CRITICAL + 1];
    uint64_t without_page; // of count: those whose page or heading did not fit
};

void pages_init(struct pages *p);
void pages_fini(struct pages *p);

// Between the two, what a format appends to out->buf becomes the page of the incident; out_flush must not be called.
void pages_begin(struct pages *p, struct out *out);
void pages_end(struct pages *p, struct out *out, const struct incident *x);

[[nodiscard]] enum rule_level pages_worst(const struct pages *p);
void pages_sort(struct pages *p); // worst first, then by time
[[nodiscard]] struct str pages_text(const struct pages *p, const struct page *page);
