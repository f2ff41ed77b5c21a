// SPDX-License-Identifier: Apache-2.0
// All incidents: a list when there are several, then page after page, worst first.
#include "report/text/text.h"

enum { LISTED = 200, LIST_CLUSTER = 24 };

static void write_line(struct report *r, const struct page *page)
{
    struct buf *out = &r->out.buf, line;
    buf_init(&line, 1 << 14);
    text_pad(out, 2);
    text_level(r, page->severity, LABEL);
    text_fit(&line, page->title, page->title.len, 2 * OBJECT_COLUMNS);
    buf_add(&line, STR("; cluster "));
    text_fit(&line, page->cluster, page->cluster.len, OBJECT_COLUMNS);
    buf_add(&line, STR(", "));
    phrase_span(&line, page->first, page->last, TIME_NONE);
    buf_add(&line, STR(" ("));
    text_fit(&line, page->id, page->id.len, LIST_CLUSTER);
    buf_add(&line, page->from == page->to ? STR("; no room for its page, see --format json)") : STR(")"));
    text_wrap(out, buf_str(&line), (struct wrap){.indent = 2 + LABEL, .width = r->options.width, .max_lines = 4});
    buf_fini(&line);
    out_flush(&r->out);
}

static void write_list(struct report *r)
{
    const struct pages *p = &r->pages;
    text_heading(r, "INCIDENTS", "worst first");
    for (size_t i = 0; i < p->items.n && i < LISTED; i++)
        write_line(r, &p->items.items[i]);
    text_more(r, 2, p->count > LISTED ? p->count - LISTED : 0, "more", "more");
}

static void write_page(struct report *r, const struct page *page)
{
    struct buf title;
    if (page->from == page->to)
        return;
    buf_init(&title, 256);
    buf_add(&title, STR("INCIDENT "));
    text_fit(&title, page->id, page->id.len, 40);
    buf_add_char(&title, '\0');
    text_heading(r, title.ptr, NULL);
    buf_add(&r->out.buf, pages_text(&r->pages, page));
    buf_fini(&title);
    out_flush(&r->out);
}

void text_incidents(struct report *r)
{
    pages_sort(&r->pages);
    if (r->pages.count > 1)
        write_list(r);
    for (size_t i = 0; i < r->pages.items.n; i++)
        write_page(r, &r->pages.items.items[i]);
    if (r->pages.without_page) {
        buf_add_char(&r->out.buf, '\n');
        text_more(r, 2, r->pages.without_page, "incident for whose page there was no room: --format json has it",
                  "incidents for whose pages there was no room: --format json has them");
    }
}
