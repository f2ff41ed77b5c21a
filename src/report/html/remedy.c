// SPDX-License-Identifier: Apache-2.0
// What is left of an incident and the commands that remove it; what would have stopped it.
#include "report/html/incident.h"
#include "report/common/remedy.h"

enum { NAMED = 8, FIXES = 24 };

static void write_remedy(struct buf *out, const struct story *s, const struct remedy *y)
{
    struct buf words;
    buf_init(&words, 1 << 12);
    html_raw(out, "<li><p class=\"any\"><b>");
    for (size_t i = 0; i < y->n && i < NAMED; i++) {
        struct str kind, name = story_end_parts(y->items[i]->object, &kind);
        buf_clear(&words);
        if (i && kind.ptr) // the kind is said once
            buf_add(&words, name);
        else
            story_end_words(&words, y->items[i]->object);
        html_raw(out, i ? ", " : "");
        html_text(out, buf_str(&words));
    }
    if (y->n > NAMED)
        html_rawf(out, " and %zu more", y->n - NAMED);
    html_raw(out, "</b>: ");
    html_cut(out, y->items[0]->why);
    html_raw(out, y->items[0]->certainty == INFERRED ? " (inferred)" : "");
    buf_clear(&words);
    story_place(&words, s, &y->items[0]->evidence);
    html_raw(out, " <span class=\"place\"><code>");
    html_text(out, buf_str(&words));
    html_raw(out, "</code></span></p>\n");
    html_command(out, y->items[0]->fix);
    html_raw(out, y->n > 1 ? "<p class=\"more\">and so for each of the others</p></li>\n" : "</li>\n");
    buf_fini(&words);
}

void html_remedies(struct buf *out, const struct story *s, const struct incident *x)
{
    struct remedies all;
    remedies_init(&all, x);
    html_raw(out, x->n_leftovers ? "<h3>Is it over? No: remove what is left</h3>\n<ol class=\"left\">\n"
                                 : "<h3>Is it over?</h3>\n<p>Nothing was seen to be left of it.</p>\n");
    size_t shown = all.groups.n < REMEDIES_SHOWN ? all.groups.n : REMEDIES_SHOWN;
    for (size_t i = 0; i < shown; i++)
        write_remedy(out, s, &all.groups.items[i]);
    html_raw(out, x->n_leftovers ? "</ol>\n" : "");
    html_more(out, all.groups.n - shown, "more, in --format json", "more, in --format json");
    remedies_fini(&all);
}

static void write_fix(struct buf *out, const struct story *s, const struct incident *x, const struct incident_fix *f)
{
    html_rawf(out, "<tr%s><td class=\"fit\">%s</td><td class=\"any\"><b>", f->chosen ? " class=\"chosen\"" : "",
              f->chosen ? "\xe2\x98\x85" : "");
    html_cut(out, f->fix);
    html_raw(out, "</b>");
    html_commands(out, f->command);
    html_raw(out, "</td><td class=\"right fit num\">");
    if (f->stopped && f->first_step < x->n_timeline)
        html_rawf(out, "step %zu", story_row_of(s, x, f->first_step) + 1);
    html_raw(out, "</td><td class=\"right fit num\">");
    phrase_number(out, f->stopped);
    html_raw(out, " of ");
    phrase_number(out, x->stoppable);
    if (f->unjudged) {
        html_raw(out, "<br>");
        phrase_number(out, f->unjudged);
        html_raw(out, " without a body");
    }
    html_raw(out, "</td></tr>\n");
}

void html_prevention(struct buf *out, const struct story *s, const struct incident *x)
{
    if (!x->n_prevention)
        return;
    html_raw(out,
             "<div class=\"part\"><h3>What would have stopped it</h3>\n<p class=\"lead\">\xe2\x98\x85 the smallest set that stops all that "
             "can be stopped</p>\n<table class=\"grid fixes\"><thead><tr><th></th><th>fix</th><th class=\"right\">first stopped</th>"
             "<th class=\"right\">acts stopped</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < x->n_prevention && i < FIXES; i++)
        write_fix(out, s, x, &x->prevention[i]);
    html_raw(out, "</tbody></table>\n");
    html_more(out, x->n_prevention > FIXES ? x->n_prevention - FIXES : 0, "more", "more");
    html_raw(out, "</div>\n");
}
