// SPDX-License-Identifier: Apache-2.0
// The page of an incident: what happened, how they got in, what to do now; then all that stands behind it.
#include "report/html/incident.h"

enum { REASONS = 12 };

static void write_head(struct report *r, const struct story *s, const struct incident *x)
{
    struct buf *out = &r->out.buf, sentence;
    html_rawf(out, "<header class=\"l%d\"><p class=\"where\"><span class=\"pill l%d\">%.*s</span> ", (int)x->severity, (int)x->severity,
              STR_ARG(phrase_level(x->severity)));
    html_cut(out, x->id);
    html_raw(out, ", cluster ");
    html_cut(out, x->cluster);
    html_raw(out, ", ");
    phrase_span(out, x->first, x->last, TIME_NONE);
    html_raw(out, x->first == TIME_NONE ? "" : " UTC");
    html_raw(out, "</p>\n<h2 class=\"any\">");
    html_cut(out, x->title);
    html_raw(out, "</h2>\n<p class=\"gist any\">The intruder ");
    buf_init(&sentence, 1 << 16);
    story_sentence(&sentence, x);
    html_text(out, buf_str(&sentence));
    buf_fini(&sentence);
    html_raw(out, "</p>\n");
    if (x->n_severity_reasons) {
        html_raw(out, "<p class=\"lead any\">Why this level: ");
        html_list(out, x->severity_reasons, x->n_severity_reasons, REASONS);
        html_raw(out, "</p>\n");
    }
    if (s->file.ptr) {
        html_raw(out, "<p class=\"lead any\">All evidence is in <code>");
        html_cut(out, s->file);
        html_raw(out, "</code></p>\n");
    }
    html_raw(out, "</header>\n");
}

static void write_doors(struct buf *out, const struct incident *x)
{
    enum { DOORS = 4 };
    for (size_t i = 0; i < x->n_doors && i < DOORS; i++) {
        html_raw(out, "<p class=\"lead any\"><code>davy posture</code> finds it: control <b>");
        html_cut(out, x->doors[i].control);
        html_raw(out, "</b> (");
        html_cut(out, x->doors[i].title);
        html_raw(out, "), ");
        html_cut(out, x->doors[i].object);
        html_raw(out, "</p>\n");
    }
    html_more(out, x->n_doors > DOORS ? x->n_doors - DOORS : 0, "more control", "more controls");
}

static void write_cause(struct report *r, const struct story *s, const struct incident *x)
{
    enum { PLACES = 4, FIXES = 8 };
    struct buf *out = &r->out.buf, place;
    const struct incident_cause *c = &x->cause;
    const struct incident_vector *v = &x->vector;
    html_raw(out, "<h3>How they got in</h3>\n<p class=\"any\">");
    html_cut(out, c->text.len ? c->text : STR("What let the first step through is not in the log"));
    buf_init(&place, 1 << 12);
    for (size_t i = 0; i < c->n_evidence && i < PLACES; i++) {
        buf_clear(&place);
        story_place(&place, s, &c->evidence[i]);
        html_raw(out, i ? ", <code>" : " <span class=\"place\"><code>");
        html_text(out, buf_str(&place));
        html_raw(out, "</code>");
    }
    buf_fini(&place);
    html_raw(out, c->n_evidence ? "</span></p>\n" : "</p>\n");
    for (size_t i = 0; i < c->n_fix && i < FIXES; i++)
        html_command(out, c->fix[i]);
    html_more(out, c->n_fix > FIXES ? c->n_fix - FIXES : 0, "more command", "more commands");
    write_doors(out, x);
    html_raw(out, "<p class=\"any\">");
    if (v->interface.ptr) {
        html_raw(out, "By way of the page of ");
        html_cut(out, v->interface);
        html_raw(out, ": ");
    } else {
        html_raw(out, "How they came: ");
    }
    html_cut(out, story_verdict(v->verdict));
    html_raw(out, v->certainty == CERTAIN ? ".</p>\n" : " (inferred).</p>\n");
}

static void write_page(struct report *r, const struct incident *x)
{
    struct story s;
    struct buf *out = &r->out.buf;
    story_init(&s, x, r->options.techniques);
    html_rawf(out, "<section class=\"card incident\" id=\"incident-%zu\">\n", (size_t)r->pages.count + 1);
    write_head(r, &s, x);
    html_raw(out, "<div class=\"first\"><div>\n");
    write_cause(r, &s, x);
    html_raw(out, "</div><div>\n");
    html_remedies(out, &s, x);
    html_raw(out, "</div></div>\n");
    html_steps(r, &s, x);
    html_path(r, &s);
    html_raw(out, "<div class=\"part\"><h3>Who</h3>\n");
    html_graph(out, x);
    html_who(out, &s, x);
    html_raw(out, "</div>\n");
    html_prevention(out, &s, x);
    html_findings(out, x);
    html_raw(out, "</section>\n");
    story_fini(&s);
}

void html_incident(struct report *r, const struct incident *x)
{
    pages_begin(&r->pages, &r->out);
    write_page(r, x);
    pages_end(&r->pages, &r->out, x);
}
