// SPDX-License-Identifier: Apache-2.0
// What is left of an incident and the commands that remove it; what would have stopped it.
#include "report/text/text.h"

#include "report/common/keep.h"
#include "report/common/remedy.h"

enum { NAMED = 4, FIXES = 24, PARAGRAPH = 1 << 16 };

// "7 things: secrets a/b, c/d ...: the intruder knows what is in them".
static void write_remedy(struct report *r, const struct story *s, const struct remedy *y, size_t number)
{
    struct buf line, words;
    buf_init(&line, PARAGRAPH);
    buf_init(&words, PARAGRAPH);
    for (size_t i = 0; i < y->n && i < NAMED; i++) {
        struct str kind, name = story_end_parts(y->items[i]->object, &kind);
        buf_clear(&words);
        if (i && kind.ptr) // the kind is said once
            buf_add(&words, name);
        else
            story_end_words(&words, y->items[i]->object);
        buf_add(&line, i ? STR(", ") : STR(""));
        text_fit(&line, buf_str(&words), words.len, OBJECT_COLUMNS);
    }
    if (y->n > NAMED)
        buf_addf(&line, " and %zu more", y->n - NAMED);
    buf_add(&line, STR(": "));
    text_fit(&line, y->items[0]->why, y->items[0]->why.len, 2 * OBJECT_COLUMNS);
    if (y->items[0]->certainty == INFERRED)
        buf_add(&line, STR(" (inferred)"));
    buf_clear(&words);
    story_place(&words, s, &y->items[0]->evidence);
    buf_add(&line, STR(" ("));
    text_fit(&line, buf_str(&words), words.len, OBJECT_COLUMNS);
    buf_add(&line, y->n > 1 ? STR(" \xe2\x80\xa6)") : STR(")"));
    buf_addf(&r->out.buf, "%3zu ", number);
    text_paragraph(r, (struct hang){0, INDENT, STYLE_PLAIN, 6}, buf_str(&line));
    text_command(r, y->items[0]->fix, INDENT + 4);
    if (y->n > 1)
        text_paragraph(r, (struct hang){INDENT + 4, INDENT + 4, STYLE_DIM, 2}, STR("and so for each of the others"));
    buf_fini(&words);
    buf_fini(&line);
}

void text_remedies(struct report *r, const struct story *s, const struct incident *x)
{
    struct remedies all;
    remedies_init(&all, x);
    text_subheading(r, "IS IT OVER?", x->n_leftovers ? "No: this is left, remove it now" : "Nothing was seen to be left of it");
    size_t shown = all.groups.n < REMEDIES_SHOWN ? all.groups.n : REMEDIES_SHOWN;
    for (size_t i = 0; i < shown; i++)
        write_remedy(r, s, &all.groups.items[i], i + 1);
    text_more(r, INDENT, all.groups.n - shown, "more, in --format json", "more, in --format json");
    remedies_fini(&all);
}

static void write_fix(struct report *r, const struct story *s, const struct incident *x, const struct incident_fix *f)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    text_fit(&line, f->fix, f->fix.len, 4 * OBJECT_COLUMNS);
    buf_add(&line, STR(": "));
    if (f->stopped && f->first_step < x->n_timeline) {
        buf_add(&line, STR("stops "));
        phrase_number(&line, f->stopped);
        buf_add(&line, STR(" of "));
        phrase_count(&line, x->stoppable, "act", "acts");
        buf_addf(&line, ", from step %zu on", story_row_of(s, x, f->first_step) + 1);
    } else {
        buf_add(&line, STR("stops nothing"));
    }
    if (f->unjudged) {
        buf_add(&line, STR("; "));
        phrase_count(&line, f->unjudged, "act", "acts");
        buf_add(&line, STR(" cannot be judged, for want of bodies in the log"));
    }
    text_pad(&r->out.buf, INDENT - 2);
    text_style(r, f->chosen ? STYLE_BOLD : STYLE_PLAIN);
    buf_add(&r->out.buf, f->chosen ? STR("* ") : STR("  "));
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = INDENT, .width = r->options.width, .max_lines = 4});
    text_style(r, STYLE_PLAIN);
    text_commands(r, f->command, INDENT + 4);
    buf_fini(&line);
}

void text_prevention(struct report *r, const struct story *s, const struct incident *x)
{
    if (x->n_prevention)
        text_subheading(r, "WHAT WOULD HAVE STOPPED IT", "*: the smallest set that stops all that can be stopped");
    for (size_t i = 0; i < x->n_prevention && i < FIXES; i++)
        write_fix(r, s, x, &x->prevention[i]);
    text_more(r, INDENT, x->n_prevention > FIXES ? x->n_prevention - FIXES : 0, "more, in --format json", "more, in --format json");
}
