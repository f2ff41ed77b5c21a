// SPDX-License-Identifier: Apache-2.0
// Actors of an incident and how they went from one thing to the next, as tables.
#include "report/html/incident.h"

enum { ACTORS = 24, PIVOTS = 60, VALUES = 6 };

static void write_actor(struct buf *out, const struct incident *x, const struct incident_actor *a)
{
    html_raw(out, "<tr><td class=\"any\"><code>");
    if (a->principal.ptr)
        html_cut(out, a->principal);
    else
        html_raw(out, "(not authenticated)");
    html_rawf(out, "</code></td><td>%.*s</td><td class=\"any addr\">", STR_ARG(story_role(a->role)));
    html_list(out, a->addresses, a->n_addresses, VALUES);
    html_raw(out, "</td><td class=\"any\">");
    html_list(out, a->agents, a->n_agents, VALUES);
    html_raw(out, "</td><td class=\"right fit num\">");
    phrase_number(out, a->events);
    html_raw(out, "</td><td class=\"fit num\">");
    phrase_span(out, a->first, a->last, x->first);
    html_raw(out, "</td></tr>\n");
}

static void write_end(struct buf *out, struct str end)
{
    struct buf words;
    buf_init(&words, 1 << 12);
    story_end_words(&words, end);
    html_raw(out, "<td class=\"any\"><code>");
    html_text(out, buf_str(&words));
    html_raw(out, "</code></td>");
    buf_fini(&words);
}

static void write_pivot(struct buf *out, const struct story *s, const struct incident *x, const struct incident_pivot *p)
{
    struct buf place;
    html_raw(out, "<tr><td class=\"fit num\">");
    phrase_span(out, p->time, p->time, x->first);
    html_raw(out, "</td>");
    write_end(out, p->from);
    html_raw(out, "<td class=\"fit\">");
    html_cut(out, p->kind);
    html_raw(out, p->certainty == INFERRED ? " (inferred)</td>" : "</td>");
    write_end(out, p->to);
    html_raw(out, "<td class=\"any place\"><code>");
    buf_init(&place, 1 << 12);
    if (p->evidence.file.ptr)
        story_place(&place, s, &p->evidence);
    html_text(out, buf_str(&place));
    html_raw(out, "</code></td></tr>\n");
    buf_fini(&place);
}

void html_who(struct buf *out, const struct story *s, const struct incident *x)
{
    html_raw(out, "<table class=\"grid\"><thead><tr><th>principal</th><th>role</th><th>addresses</th><th>programs</th>"
                  "<th class=\"right\">requests</th><th>time</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < x->n_actors && i < ACTORS; i++)
        write_actor(out, x, &x->actors[i]);
    html_raw(out, "</tbody></table>\n");
    html_more(out, x->n_actors > ACTORS ? x->n_actors - ACTORS : 0, "more", "more");
    if (!x->n_pivots)
        return;
    html_rawf(out,
              "<details><summary><span class=\"title\">Each passage with its evidence</span></summary><div class=\"body\">"
              "<table class=\"grid\"><thead><tr><th>time</th><th>from</th><th>how</th><th>to</th><th>evidence</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < x->n_pivots && i < PIVOTS; i++)
        write_pivot(out, s, x, &x->pivots[i]);
    html_raw(out, "</tbody></table>\n");
    html_more(out, x->n_pivots > PIVOTS ? x->n_pivots - PIVOTS : 0, "more, in --format json", "more, in --format json");
    html_raw(out, "</div></details>\n");
}
