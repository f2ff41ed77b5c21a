// SPDX-License-Identifier: Apache-2.0
// The end of the page: what to do, what could not be judged, what was read, dropped and skipped.
#include "report/common/advice.h"
#include "report/common/counters.h"
#include "report/html/html.h"
#include "report/common/keep.h"

enum { SHOWN_BLIND = 200 };

static void write_one_advice(struct buf *out, const struct advice *a)
{
    html_raw(out, "<li><p class=\"any\">");
    struct str rest = keep_cut(str_trim(a->text), LONG_TEXT);
    while (rest.ptr) { // a newline of the rule's author is one on the page, unlike one out of a log
        html_text(out, str_split(&rest, '\n'));
        html_raw(out, rest.ptr ? "\n" : "");
    }
    html_raw(out, "</p><p class=\"for any\">for: ");
    for (size_t i = 0; i < a->n_titles; i++) {
        html_raw(out, i ? "; " : "");
        html_text(out, keep_cut(a->titles[i], DIGEST_TEXT));
    }
    if (a->more)
        html_rawf(out, "; and %zu more", a->more);
    html_raw(out, "</p></li>\n");
}

static void write_advice(struct report *r)
{
    struct buf *out = &r->out.buf;
    struct advice list[ADVICE_MAX];
    size_t left, n = advice_collect(&r->digest, list, &left);
    if (!n)
        return;
    html_raw(out, "<h2 id=\"advice\">What to do</h2>\n<p class=\"lead\">Worst first, each once</p>\n<ol class=\"card advice\">\n");
    for (size_t i = 0; i < n; i++) {
        write_one_advice(out, &list[i]);
        out_flush(&r->out);
    }
    html_raw(out, "</ol>\n");
    if (left)
        html_rawf(out, "<p class=\"more pad\">and %zu more, see <code>davy rules show</code></p>\n", left);
}

static void write_blindness(struct report *r, const struct engine_summary *s)
{
    struct buf *out = &r->out.buf;
    if (!s->n_blind)
        return;
    html_raw(out, "<h2>What could not be judged</h2>\n<p class=\"lead\">What the log does not hold, rules cannot see</p>\n<div "
                  "class=\"card pad\"><table "
                  "class=\"grid\"><thead><tr><th>cluster</th><th>why</th><th class=\"right\">records</th><th "
                  "class=\"right\">rules</th></tr></thead><tbody>\n");
    for (size_t i = 0; i < s->n_blind && i < SHOWN_BLIND; i++) {
        const struct blindness *b = &s->blind[i];
        html_raw(out, "<tr><td class=\"any\">");
        html_text(out, keep_cut(b->cluster, DIGEST_TEXT));
        html_raw(out, "</td><td class=\"any\">");
        html_text(out, keep_cut(b->why, LONG_TEXT));
        html_raw(out, "</td><td class=\"right fit num\">");
        phrase_number(out, b->records);
        html_raw(out, "</td><td class=\"right fit num\">");
        phrase_number(out, b->rules);
        html_raw(out, "</td></tr>\n");
        out_flush(&r->out);
    }
    html_raw(out, "</tbody></table>\n");
    if (s->n_blind > SHOWN_BLIND)
        html_rawf(out, "<p class=\"more\">and %zu more, in <code>--format json</code></p>\n", s->n_blind - SHOWN_BLIND);
    html_raw(out, "</div>\n");
}

static void write_counters(struct report *r, const struct engine_summary *s)
{
    struct buf *out = &r->out.buf;
    size_t n;
    const struct counter *table = counter_table(&n);
    bool trouble = false;
    html_raw(out, "<h2 id=\"read\">What was read, dropped and skipped</h2>\n<p class=\"lead\">Nothing is lost in silence</p>\n<div "
                  "class=\"card pad\"><table "
                  "class=\"grid\"><tbody>\n");
    for (size_t i = 0; i < n; i++) {
        uint64_t value = counter_value(&table[i], s);
        if (!value && i > 0)
            continue;
        trouble |= table[i].trouble;
        html_rawf(out, "<tr%s><td class=\"right fit num\">", table[i].trouble ? " class=\"trouble\"" : "");
        phrase_number(out, value);
        html_rawf(out, "</td><td>%.*s</td></tr>\n", STR_ARG(table[i].label));
    }
    if (!trouble)
        html_raw(out, "<tr><td></td><td>nothing was dropped, skipped or left unread</td></tr>\n");
    html_raw(out, "</tbody></table></div>\n");
}

void html_tail(struct report *r, const struct engine_summary *summary)
{
    write_advice(r);
    write_blindness(r, summary);
    write_counters(r, summary);
}
