// SPDX-License-Identifier: Apache-2.0
#include "report/html/html.h"

static void write_facets(struct buf *out, const struct seen_actor *a)
{
    html_raw(out, "<dl class=\"facets\">\n");
    for (unsigned f = 0; f < FACETS; f++) {
        const struct seen_facet *facet = &a->facets[f];
        if (facet->n == 0 && !facet->more)
            continue;
        struct str label = phrase_facet((enum facet)f);
        html_rawf(out, "<dt>%.*s</dt><dd class=\"any\">", STR_ARG(label));
        for (size_t i = 0; i < facet->n; i++) {
            struct kept value = facet->values[i];
            struct str said = phrase_facet_value((enum facet)f, value.text);
            value.whole -= value.text.len - said.len;
            value.text = said;
            html_raw(out, i == 0 ? "" : f == FACET_GROUP ? ", " : "<br>");
            html_kept(out, &value);
        }
        html_raw(out, facet->more ? " <span class=\"cut\">and others</span></dd>\n" : "</dd>\n");
    }
    html_raw(out, "</dl>\n");
}

static void write_actor(struct report *r, const struct seen_actor *a, size_t number)
{
    struct buf *out = &r->out.buf;
    html_rawf(out, "<section class=\"card actor\" id=\"actor-%zu\"><header>\n<h3 class=\"any\">", number);
    html_raw(out, a->process ? "process " : "");
    if (a->principal.text.ptr)
        html_kept(out, &a->principal);
    else
        html_raw(out, a->process ? "without a name" : "(not authenticated)");
    html_raw(out, a->process ? "</h3>\n<p class=\"where any\">on node <code>" : "</h3>\n<p class=\"where any\">from <code>");
    if (a->address.text.ptr)
        html_kept(out, &a->address);
    else
        html_raw(out, a->process ? "(not named)" : "(no address)");
    html_raw(out, "</code>, cluster ");
    html_kept(out, &a->cluster);
    html_raw(out, ", ");
    phrase_span(out, a->first, a->last, TIME_NONE);
    html_raw(out, " UTC, ");
    phrase_count(out, a->alerts, "alert", "alerts");
    html_raw(out, "</p>\n");
    write_facets(out, a);
    html_raw(out, "</header>\n");
    for (const struct seen_rule *rule = a->rules; rule; rule = rule->next)
        html_rule(r, a, rule);
    if (a->more_rules) {
        html_raw(out, "<p class=\"more pad\">and ");
        phrase_count(out, a->more_rules, "alert of another rule", "alerts of other rules");
        html_raw(out, "</p>\n");
    }
    html_raw(out, "</section>\n");
}

static void write_section(struct report *r, const char *title, const char *lead, size_t from, size_t to)
{
    if (from == to)
        return;
    html_rawf(&r->out.buf, "<h2>%s</h2>\n<p class=\"lead\">%s</p>\n", title, lead);
    for (size_t i = from; i < to; i++)
        write_actor(r, r->digest.actors[i], i + 1);
}

void html_actors(struct report *r)
{
    size_t urgent = digest_urgent(&r->digest);
    uint64_t dropped = digest_dropped(&r->digest);
    html_raw(&r->out.buf, "<div id=\"actors\">\n");
    write_section(r, "Act now", "Actors with high or critical alerts, newest work first", 0, urgent);
    write_section(r, urgent ? "Also seen" : "Seen", "Actors with nothing above medium, newest work first", urgent, r->digest.n_actors);
    if (dropped) {
        html_raw(&r->out.buf, "<p class=\"more pad\">and ");
        phrase_count(&r->out.buf, dropped, "alert", "alerts");
        html_raw(&r->out.buf, " of actors beyond those kept: in the totals and the matrix, and in <code>--format json</code></p>\n");
    }
    html_raw(&r->out.buf, "</div>\n");
}
