// SPDX-License-Identifier: Apache-2.0
// The end of the terminal's page: what to do, what could not be judged, what was dropped or skipped.
#include "report/common/advice.h"
#include "report/common/counters.h"
#include "report/common/keep.h"
#include "report/text/text.h"

enum { SHOWN_BLIND = 50, SHOWN_ADVICE = 12 };

static void write_advice(struct report *r)
{
    struct buf *out = &r->out.buf;
    struct advice list[ADVICE_MAX];
    size_t left, n = advice_collect(&r->digest, list, &left);
    if (n)
        text_heading(r, "WHAT TO DO", NULL);
    size_t shown = n < SHOWN_ADVICE ? n : SHOWN_ADVICE;
    for (size_t i = 0; i < shown; i++) {
        const struct advice *a = &list[i];
        buf_addf(out, "%2zu  ", i + 1);
        text_wrap(out, keep_cut(a->text, LONG_TEXT), (struct wrap){.indent = 4, .width = r->options.width});
        text_pad(out, 4);
        text_style(r, STYLE_DIM);
        buf_add(out, STR("for: "));
        struct buf titles;
        buf_init(&titles, 1 << 16);
        for (size_t t = 0; t < a->n_titles; t++) {
            buf_add(&titles, t ? STR("; ") : STR(""));
            buf_add(&titles, keep_cut(a->titles[t], DIGEST_TEXT));
        }
        if (a->more)
            buf_addf(&titles, "; and %zu more", a->more);
        text_wrap(out, buf_str(&titles), (struct wrap){.indent = 9, .width = r->options.width});
        buf_fini(&titles);
        text_style(r, STYLE_PLAIN);
        out_flush(&r->out);
    }
    text_more(r, 4, n - shown + left, "more, for what is less severe: see --format html",
              "more, for what is less severe: see --format html");
}

static void write_blindness(struct report *r, const struct engine_summary *s)
{
    struct buf line;
    buf_init(&line, 1 << 16);
    if (s->n_blind)
        text_heading(r, "WHAT COULD NOT BE JUDGED", NULL);
    for (size_t i = 0; i < s->n_blind && i < SHOWN_BLIND; i++) {
        const struct blindness *b = &s->blind[i];
        buf_clear(&line);
        buf_add(&line, keep_cut(b->cluster, DIGEST_TEXT));
        buf_add(&line, STR(": "));
        buf_add(&line, keep_cut(b->why, LONG_TEXT));
        buf_add(&line, STR(" ("));
        phrase_count(&line, b->records, "record", "records");
        buf_add(&line, STR(", "));
        phrase_count(&line, b->rules, "rule", "rules");
        buf_add(&line, STR(")"));
        buf_add(&r->out.buf, STR("  - "));
        text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = 4, .width = r->options.width});
    }
    if (s->n_blind > SHOWN_BLIND)
        buf_addf(&r->out.buf, "  and %zu more, shown by --format json\n", s->n_blind - SHOWN_BLIND);
    buf_fini(&line);
}

static void write_counter(struct report *r, uint64_t n, struct str label, bool trouble)
{
    struct buf figure;
    buf_init(&figure, 64);
    phrase_number(&figure, n);
    text_style(r, trouble ? STYLE_LEVEL + LEVEL_MEDIUM : STYLE_PLAIN);
    text_pad(&r->out.buf, figure.len < 14 ? 14 - figure.len : 0);
    buf_add(&r->out.buf, buf_str(&figure));
    text_style(r, STYLE_PLAIN);
    buf_add(&r->out.buf, STR("  "));
    text_wrap(&r->out.buf, label, (struct wrap){.indent = 16, .width = r->options.width});
    buf_fini(&figure);
}

static void write_counters(struct report *r, const struct engine_summary *s)
{
    text_heading(r, "WHAT WAS READ, DROPPED AND SKIPPED", NULL);
    size_t n;
    const struct counter *table = counter_table(&n);
    bool trouble = false;
    for (size_t i = 0; i < n; i++) {
        uint64_t value = counter_value(&table[i], s);
        if (value || i == 0)
            write_counter(r, value, table[i].label, table[i].trouble);
        trouble |= value && table[i].trouble;
    }
    if (!trouble)
        buf_add(&r->out.buf, STR("                nothing was dropped, skipped or left unread\n"));
}

void text_tail(struct report *r, const struct engine_summary *summary)
{
    write_advice(r);
    write_blindness(r, summary);
    write_counters(r, summary);
}
