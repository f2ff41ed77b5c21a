// SPDX-License-Identifier: Apache-2.0
// The page of an incident, to be read aloud at night: what happened, how they got in, what to do now; then all that stands behind it.
#include "report/text/text.h"

#include "report/common/keep.h"

enum { REASONS = 12, LISTED = 40, PARAGRAPH = 1 << 16 };

// Puts a text of the log on a line that is being made.
static void add(struct buf *line, struct str s)
{
    text_fit(line, keep_cut(s, LONG_TEXT), s.len, LONG_TEXT);
}

static void write_head(struct report *r, const struct story *s, const struct incident *x)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    text_level(r, x->severity, LABEL);
    add(&line, x->title);
    text_style(r, STYLE_BOLD);
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = LABEL, .width = r->options.width, .max_lines = 4});
    text_style(r, STYLE_PLAIN);
    buf_clear(&line);
    buf_add(&line, STR("cluster "));
    text_fit(&line, x->cluster, x->cluster.len, OBJECT_COLUMNS);
    buf_add(&line, STR(", "));
    phrase_span(&line, x->first, x->last, TIME_NONE);
    buf_add(&line, x->first == TIME_NONE ? STR("") : STR(" UTC"));
    if (s->file.ptr) {
        buf_add(&line, STR(", all in "));
        text_fit(&line, s->file, s->file.len, 2 * OBJECT_COLUMNS);
    }
    text_paragraph(r, (struct hang){LABEL, LABEL, STYLE_PLAIN, 3}, buf_str(&line));
    buf_fini(&line);
}

static void write_gist(struct report *r, const struct incident *x)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    buf_add(&line, STR("The intruder "));
    struct buf sentence;
    buf_init(&sentence, PARAGRAPH);
    story_sentence(&sentence, x);
    add(&line, buf_str(&sentence));
    buf_fini(&sentence);
    text_paragraph(r, (struct hang){LABEL, LABEL, STYLE_PLAIN, 12}, buf_str(&line));
    buf_clear(&line);
    buf_add(&line, STR("why this level: "));
    for (size_t i = 0; i < x->n_severity_reasons && i < REASONS; i++) {
        buf_add(&line, i ? STR("; ") : STR(""));
        add(&line, x->severity_reasons[i]);
    }
    if (x->n_severity_reasons)
        text_paragraph(r, (struct hang){LABEL, LABEL, STYLE_DIM, 6}, buf_str(&line));
    buf_fini(&line);
}

// --- how they got in -----------------------------------------------------------------------------------------------------------------

static void write_cause(struct report *r, const struct story *s, const struct incident_cause *c)
{
    enum { PLACES = 4, FIXES = 8 };
    struct buf line, place;
    buf_init(&line, PARAGRAPH);
    buf_init(&place, PARAGRAPH);
    add(&line, c->text.len ? c->text : STR("what let the first step through is not in the log"));
    for (size_t i = 0; i < c->n_evidence && i < PLACES; i++) {
        buf_clear(&place);
        story_place(&place, s, &c->evidence[i]);
        buf_add(&line, i ? STR(", ") : STR(" ("));
        add(&line, buf_str(&place));
    }
    buf_add(&line, c->n_evidence ? STR(")") : STR(""));
    text_paragraph(r, (struct hang){INDENT, INDENT, STYLE_PLAIN, 8}, buf_str(&line));
    for (size_t i = 0; i < c->n_fix && i < FIXES; i++)
        text_command(r, c->fix[i], INDENT + 4);
    text_more(r, INDENT + 4, c->n_fix > FIXES ? c->n_fix - FIXES : 0, "more command, in --format json", "more commands, in --format json");
    buf_fini(&place);
    buf_fini(&line);
}

static void write_doors(struct report *r, const struct incident *x)
{
    enum { DOORS = 4 };
    struct buf line;
    buf_init(&line, PARAGRAPH);
    for (size_t i = 0; i < x->n_doors && i < DOORS; i++) {
        buf_clear(&line);
        buf_add(&line, STR("davy posture finds it: control "));
        add(&line, x->doors[i].control);
        buf_add(&line, STR(" (\""));
        add(&line, x->doors[i].title);
        buf_add(&line, STR("\"), "));
        add(&line, x->doors[i].object);
        text_paragraph(r, (struct hang){INDENT, INDENT, STYLE_PLAIN, 4}, buf_str(&line));
    }
    text_more(r, INDENT, x->n_doors > DOORS ? x->n_doors - DOORS : 0, "more control", "more controls");
    buf_fini(&line);
}

static void write_points(struct report *r, const char *label, const struct str *items, size_t n)
{
    enum { SHOWN = 6 };
    struct buf line;
    buf_init(&line, PARAGRAPH);
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        buf_clear(&line);
        add(&line, items[i]);
        text_label(r, str_from_c(label), INDENT + 4);
        text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = INDENT + 4 + LABEL, .width = r->options.width, .max_lines = 4});
    }
    text_more(r, INDENT + 4 + LABEL, n > SHOWN ? n - SHOWN : 0, "more", "more");
    buf_fini(&line);
}

static void write_vector(struct report *r, const struct incident_vector *v)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    if (v->interface.ptr) {
        buf_add(&line, STR("By way of the page of "));
        text_fit(&line, v->interface, v->interface.len, OBJECT_COLUMNS);
        buf_add(&line, STR(": "));
    } else {
        buf_add(&line, STR("How they came: "));
    }
    add(&line, story_verdict(v->verdict));
    buf_add(&line, v->certainty == CERTAIN ? STR(".") : STR(" (inferred)."));
    text_paragraph(r, (struct hang){INDENT, INDENT, STYLE_PLAIN, 4}, buf_str(&line));
    buf_fini(&line);
}

static void write_hypotheses(struct report *r, const struct incident_vector *v)
{
    if (!v->n_hypotheses)
        return;
    text_subheading(r, "WAYS IN THAT WERE WEIGHED", NULL);
    for (size_t i = 0; i < v->n_hypotheses; i++) {
        const struct hypothesis *h = &v->hypotheses[i];
        struct str name = story_hypothesis(h->name);
        text_pad(&r->out.buf, INDENT);
        text_fit(&r->out.buf, name, name.len, OBJECT_COLUMNS / 2);
        buf_add(&r->out.buf, str_eq(h->name, v->verdict) ? STR("  <- the verdict\n") : STR("\n"));
        write_points(r, "for", h->pro, h->n_pro);
        write_points(r, "against", h->contra, h->n_contra);
        write_points(r, "missing", h->missing, h->n_missing);
    }
}

// --- what else is known --------------------------------------------------------------------------------------------------------------

static void write_indicators(struct report *r, const struct incident *x)
{
    if (x->n_indicators)
        text_subheading(r, "INDICATORS", "look for these in other clusters");
    struct buf line;
    buf_init(&line, PARAGRAPH);
    for (size_t i = 0; i < x->n_indicators && i < LISTED;) {
        struct str type = x->indicators[i].type;
        buf_clear(&line);
        for (size_t first = i; i < x->n_indicators && i < LISTED && str_eq(type, x->indicators[i].type); i++) {
            buf_add(&line, i > first ? STR(", ") : STR(""));
            text_fit(&line, x->indicators[i].value, x->indicators[i].value.len, 160);
        }
        text_pad(&r->out.buf, INDENT);
        text_style(r, STYLE_DIM);
        size_t used = text_fit(&r->out.buf, type, type.len, LABEL + 3);
        text_style(r, STYLE_PLAIN);
        text_pad(&r->out.buf, LABEL + 4 - used);
        text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = INDENT + LABEL + 4, .width = r->options.width, .max_lines = 6});
    }
    text_more(r, INDENT, x->n_indicators > LISTED ? x->n_indicators - LISTED : 0, "more, in --format json", "more, in --format json");
    buf_fini(&line);
}

static void write_list(struct report *r, const char *title, const struct str *items, size_t n)
{
    enum { SHOWN = 12 };
    if (!n)
        return;
    text_subheading(r, title, NULL);
    struct buf line;
    buf_init(&line, PARAGRAPH);
    for (size_t i = 0; i < n && i < SHOWN; i++) {
        buf_clear(&line);
        buf_add(&line, STR("- "));
        add(&line, items[i]);
        text_paragraph(r, (struct hang){INDENT, INDENT + 2, STYLE_PLAIN, 4}, buf_str(&line));
    }
    text_more(r, INDENT, n > SHOWN ? n - SHOWN : 0, "more, in --format json", "more, in --format json");
    buf_fini(&line);
}

static void write_spread(struct report *r, const struct incident *x)
{
    struct buf line;
    buf_init(&line, PARAGRAPH);
    text_subheading(r, "TARGETED OR A WORM?", NULL);
    add(&line, x->spread);
    for (size_t i = 0; i < x->n_spread_reasons && i < REASONS; i++) {
        buf_add(&line, i ? STR("; ") : STR(": "));
        add(&line, x->spread_reasons[i]);
    }
    text_paragraph(r, (struct hang){INDENT, INDENT, STYLE_PLAIN, 6}, buf_str(&line));
    buf_fini(&line);
}

void text_incident(struct report *r, const struct incident *x)
{
    struct story s;
    story_init(&s, x, r->options.techniques);
    write_head(r, &s, x);
    write_gist(r, x);
    text_subheading(r, "HOW THEY GOT IN", NULL);
    write_cause(r, &s, &x->cause);
    write_doors(r, x);
    write_vector(r, &x->vector);
    text_remedies(r, &s, x);
    text_story(r, &s, x);
    text_who(r, &s, x);
    write_hypotheses(r, &x->vector);
    text_prevention(r, &s, x);
    write_indicators(r, x);
    write_spread(r, x);
    write_list(r, "CERTAIN", x->certain, x->n_certain);
    write_list(r, "INFERRED", x->inferred, x->n_inferred);
    write_list(r, "NOT KNOWN", x->unknown, x->n_unknown);
    story_fini(&s);
}
