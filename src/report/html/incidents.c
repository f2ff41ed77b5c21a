// SPDX-License-Identifier: Apache-2.0
// All incidents: a list when there are several, then page after page, worst first.
#include "report/html/incident.h"

enum { LISTED = 500 };

static void write_line(struct buf *out, const struct page *page)
{
    html_rawf(out, "<tr><td class=\"fit\"><span class=\"pill l%d\">%.*s</span></td><td class=\"any\">", (int)page->severity,
              STR_ARG(phrase_level(page->severity)));
    bool kept = page->from < page->to;
    if (kept)
        html_rawf(out, "<a href=\"#incident-%zu\">", page->number);
    html_text(out, page->title);
    html_raw(out, kept ? "</a>" : " <span class=\"cut\">(no room for its page, see --format json)</span>");
    html_raw(out, "</td><td class=\"any\">");
    html_text(out, page->cluster);
    html_raw(out, "</td><td class=\"fit num\">");
    phrase_span(out, page->first, page->last, TIME_NONE);
    html_raw(out, "</td><td class=\"any\"><code>");
    html_text(out, page->id);
    html_raw(out, "</code></td></tr>\n");
}

static void write_list(struct report *r)
{
    const struct pages *p = &r->pages;
    html_raw(&r->out.buf, "<div class=\"card pad\"><table class=\"grid\"><thead><tr><th></th><th>incident</th><th>cluster</th><th>time</th>"
                          "<th>id</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < p->items.n && i < LISTED; i++) {
        write_line(&r->out.buf, &p->items.items[i]);
        out_flush(&r->out);
    }
    html_raw(&r->out.buf, "</tbody></table>\n");
    html_more(&r->out.buf, p->count > LISTED ? p->count - LISTED : 0, "more", "more");
    html_raw(&r->out.buf, "</div>\n");
}

void html_incidents(struct report *r)
{
    const struct pages *p = &r->pages;
    if (!p->count)
        return;
    html_raw(&r->out.buf,
             p->count > 1 ? "<h2 id=\"incidents\">Incidents</h2>\n<p class=\"lead\">Worst first</p>\n" : "<div id=\"incidents\"></div>\n");
    if (p->count > 1)
        write_list(r);
    for (size_t i = 0; i < p->items.n; i++) {
        buf_add(&r->out.buf, pages_text(p, &p->items.items[i]));
        out_flush(&r->out);
    }
    html_more(&r->out.buf, p->without_page, "incident for whose page there was no room: --format json has it",
              "incidents for whose pages there was no room: --format json has them");
}
