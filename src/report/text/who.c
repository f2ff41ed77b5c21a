// SPDX-License-Identifier: Apache-2.0
// Who it was, and how they went from one thing to the next.
#include "report/text/text.h"

#include "report/common/keep.h"

enum { ACTORS = 24, PIVOTS = 40, VALUES = 6, VALUE_COLUMNS = 80, PARAGRAPH = 1 << 16 };

static void write_values(struct buf *line, const char *word, const struct str *items, size_t n)
{
    for (size_t i = 0; i < n && i < VALUES; i++) {
        buf_add(line, i ? STR(", ") : str_from_c(word));
        text_fit(line, items[i], items[i].len, VALUE_COLUMNS);
    }
    if (n > VALUES)
        buf_addf(line, " and %zu more", n - VALUES);
}

static void write_actor(struct report *r, const struct incident *x, const struct incident_actor *a)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    text_pad(&r->out.buf, INDENT);
    text_style(r, STYLE_BOLD);
    struct str principal = a->principal.ptr ? a->principal : STR("(not authenticated)");
    text_fit(&r->out.buf, principal, principal.len, r->options.width - INDENT);
    text_style(r, STYLE_PLAIN);
    buf_add_char(&r->out.buf, '\n');
    buf_add(&line, story_role(a->role));
    write_values(&line, "; from ", a->addresses, a->n_addresses);
    write_values(&line, "; with ", a->agents, a->n_agents);
    buf_add(&line, STR("; "));
    phrase_count(&line, a->events, "request", "requests");
    buf_add(&line, STR(", "));
    phrase_span(&line, a->first, a->last, x->first);
    text_paragraph(r, (struct hang){INDENT + 2, INDENT + 2, STYLE_PLAIN, 6}, buf_str(&line));
    buf_fini(&line);
}

// "A -> B (created, 01:09:33, audit.jsonl:2322)".
static void write_pivot(struct report *r, const struct story *s, const struct incident *x, const struct incident_pivot *p)
{
    struct buf line, words;
    buf_init(&line, PARAGRAPH);
    buf_init(&words, PARAGRAPH);
    story_end_words(&words, p->from);
    text_fit(&line, buf_str(&words), words.len, 2 * VALUE_COLUMNS);
    buf_add(&line, STR(" -> "));
    buf_clear(&words);
    story_end_words(&words, p->to);
    text_fit(&line, buf_str(&words), words.len, 2 * VALUE_COLUMNS);
    buf_add(&line, STR(" ("));
    text_fit(&line, p->kind, p->kind.len, VALUE_COLUMNS);
    buf_add(&line, p->certainty == INFERRED ? STR(", inferred, ") : STR(", "));
    phrase_span(&line, p->time, p->time, x->first);
    if (p->evidence.file.ptr) {
        buf_clear(&words);
        story_place(&words, s, &p->evidence);
        buf_add(&line, STR(", "));
        text_fit(&line, buf_str(&words), words.len, OBJECT_COLUMNS);
    }
    buf_add(&line, STR(")"));
    text_paragraph(r, (struct hang){INDENT, INDENT + 4, STYLE_PLAIN, 5}, buf_str(&line));
    buf_fini(&words);
    buf_fini(&line);
}

void text_who(struct report *r, const struct story *s, const struct incident *x)
{
    if (x->n_actors)
        text_subheading(r, "WHO", NULL);
    for (size_t i = 0; i < x->n_actors && i < ACTORS; i++)
        write_actor(r, x, &x->actors[i]);
    text_more(r, INDENT, x->n_actors > ACTORS ? x->n_actors - ACTORS : 0, "more, in --format json", "more, in --format json");
    if (x->n_pivots)
        text_subheading(r, "HOW THEY WENT ON", NULL);
    for (size_t i = 0; i < x->n_pivots && i < PIVOTS; i++)
        write_pivot(r, s, x, &x->pivots[i]);
    text_more(r, INDENT, x->n_pivots > PIVOTS ? x->n_pivots - PIVOTS : 0, "more, in --format json", "more, in --format json");
}
