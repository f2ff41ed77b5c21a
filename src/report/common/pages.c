// SPDX-License-Identifier: Apache-2.0
#include "report/common/pages.h"

#include "report/common/keep.h"

#include <stdlib.h>

void pages_init(struct pages *p)
{
    *p = (struct pages){.count = 0};
    arena_init(&p->arena, (size_t)PAGES_HEADS * PAGES_HEAD_BYTES);
    buf_init(&p->bytes, PAGES_MAX);
}

void pages_fini(struct pages *p)
{
    vec_fini(&p->items);
    buf_fini(&p->bytes);
    arena_fini(&p->arena);
}

void pages_begin(struct pages *p, struct out *out)
{
    p->held = out->buf;
    buf_init(&out->buf, PAGE_MAX);
}

static struct page *add_head(struct pages *p, const struct incident *x)
{
    struct kept title, cluster, id;
    if (p->items.n == PAGES_HEADS || !keep(&p->arena, &title, x->title) || !keep(&p->arena, &cluster, x->cluster) ||
        !keep(&p->arena, &id, x->id))
        return NULL;
    struct page *page = vec_push(&p->items);
    *page = (struct page){.severity = x->severity,
                          .first = x->first,
                          .last = x->last,
                          .id = id.text,
                          .title = title.text,
                          .cluster = cluster.text,
                          .number = (size_t)p->count};
    return page;
}

void pages_end(struct pages *p, struct out *out, const struct incident *x)
{
    struct buf made = out->buf;
    out->buf = p->held;
    p->count++;
    p->by_level[x->severity]++;
    struct page *page = add_head(p, x);
    bool fits = page && !made.full && made.len <= PAGES_MAX - p->bytes.len;
    if (fits) {
        page->from = p->bytes.len;
        buf_add(&p->bytes, buf_str(&made));
        page->to = p->bytes.len;
    }
    p->without_page += !fits;
    buf_fini(&made);
}

static int compare(const void *left, const void *right)
{
    const struct page *a = left, *b = right;
    if (a->severity != b->severity)
        return a->severity > b->severity ? -1 : 1;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return a->number < b->number ? -1 : 1;
}

void pages_sort(struct pages *p)
{
    if (p->items.n)
        qsort(p->items.items, p->items.n, sizeof *p->items.items, compare);
}

enum rule_level pages_worst(const struct pages *p)
{
    unsigned level = LEVEL_CRITICAL;
    while (level && !p->by_level[level])
        level--;
    return (enum rule_level)level;
}

struct str pages_text(const struct pages *p, const struct page *page)
{
    return str_slice(buf_str(&p->bytes), page->from, page->to);
}
