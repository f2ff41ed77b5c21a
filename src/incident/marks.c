// SPDX-License-Identifier: Apache-2.0
// Which alerts point to a record.
#include "incident/extract.h"

#include <stdlib.h>

static int by_place(const void *a, const void *b)
{
    const struct mark *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->item != y->item)
        return x->item < y->item ? -1 : 1;
    int order = str_cmp(x->file, y->file);
    return order ? order : str_cmp(x->rule->id, y->rule->id);
}

static void sort_marks(struct inquiry *q)
{
    if (!q->marks_sorted && q->marks.n)
        qsort(q->marks.items, q->marks.n, sizeof *q->marks.items, by_place);
    q->marks_sorted = true;
}

static size_t first_mark(const struct inquiry *q, const struct evidence *at)
{
    size_t low = 0, high = q->marks.n;
    while (low < high) { // sorted by line, item, file
        size_t middle = (low + high) / 2;
        const struct mark *m = &q->marks.items[middle];
        if (m->line < at->line || (m->line == at->line && m->item < at->item))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_at(const struct mark *m, const struct evidence *at)
{
    return str_eq(m->file, at->file) && (!m->audit_id.ptr || !at->audit_id.ptr || str_eq(m->audit_id, at->audit_id));
}

struct marked marks_at(struct inquiry *q, const struct evidence *at, struct arena *a)
{
    struct marked out = {0};
    sort_marks(q);
    size_t low = first_mark(q, at), end = low, n = 0;
    for (; end < q->marks.n && q->marks.items[end].line == at->line && q->marks.items[end].item == at->item; end++)
        n += is_at(&q->marks.items[end], at);
    if (!n)
        return out;
    out.rules = arena_array(a, const struct rule *, n);
    for (size_t i = low; i < end; i++) {
        const struct mark *m = &q->marks.items[i];
        if (!is_at(m, at))
            continue;
        size_t place = out.n_rules++;
        for (; place && out.rules[place - 1]->level < m->rule->level; place--)
            out.rules[place] = out.rules[place - 1];
        out.rules[place] = m->rule;
        out.seed |= m->seed;
        out.strong |= m->seed && !m->weak;
    }
    return out;
}
