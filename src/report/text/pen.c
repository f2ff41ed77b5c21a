// SPDX-License-Identifier: Apache-2.0
#include "report/text/pen.h"

#include "report/common/columns.h"
#include "report/common/phrase.h"

#include <string.h>

void text_style(struct report *r, unsigned style)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "0",
        [STYLE_BOLD] = "1",
        [STYLE_DIM] = "2",
        [STYLE_LEVEL + LEVEL_INFORMATIONAL] = "2",
        [STYLE_LEVEL + LEVEL_LOW] = "36",
        [STYLE_LEVEL + LEVEL_MEDIUM] = "33",
        [STYLE_LEVEL + LEVEL_HIGH] = "1;31",
        [STYLE_LEVEL + LEVEL_CRITICAL] = "1;97;41",
    };
    if (r->options.colour)
        buf_addf(&r->out.buf, "\x1b[%sm", codes[style]);
}

void text_styled(struct report *r, unsigned style, struct str s, size_t columns)
{
    text_style(r, style);
    text_fit(&r->out.buf, s, s.len, columns);
    text_style(r, STYLE_PLAIN);
}

void text_level(struct report *r, enum rule_level level, size_t columns)
{
    struct str word = phrase_level(level);
    text_styled(r, STYLE_LEVEL + level, word, columns);
    text_pad(&r->out.buf, columns - word.len);
}

void text_heading(struct report *r, const char *title, const char *note)
{
    struct buf *out = &r->out.buf;
    size_t used = strlen(title) + 4 + (note ? strlen(note) + 4 : 0);
    buf_addf(out, "\n");
    text_style(r, STYLE_BOLD);
    buf_addf(out, "== %s ", title);
    for (size_t i = used; i < r->options.width; i++)
        buf_add_char(out, '=');
    if (note)
        buf_addf(out, " %s ==", note);
    text_style(r, STYLE_PLAIN);
    buf_add_char(out, '\n');
}

void text_label(struct report *r, struct str label, size_t indent)
{
    text_pad(&r->out.buf, indent);
    text_style(r, STYLE_DIM);
    size_t used = text_fit(&r->out.buf, label, label.len, LABEL - 1);
    text_style(r, STYLE_PLAIN);
    text_pad(&r->out.buf, LABEL - used);
}

void text_more(struct report *r, size_t indent, uint64_t n, const char *one, const char *many)
{
    if (!n)
        return;
    struct buf line;
    buf_init(&line, 512);
    buf_add(&line, STR("and "));
    phrase_count(&line, n, one, many);
    text_pad(&r->out.buf, indent);
    text_style(r, STYLE_DIM);
    text_wrap(&r->out.buf, buf_str(&line), (struct wrap){.indent = indent, .width = r->options.width});
    text_style(r, STYLE_PLAIN);
    buf_fini(&line);
}

void text_subheading(struct report *r, const char *title, const char *note)
{
    buf_add(&r->out.buf, STR("\n  "));
    text_style(r, STYLE_BOLD);
    buf_add(&r->out.buf, str_from_c(title));
    text_style(r, STYLE_PLAIN);
    if (note)
        buf_addf(&r->out.buf, "  %s", note);
    buf_add_char(&r->out.buf, '\n');
}

void text_paragraph(struct report *r, struct hang at, struct str s)
{
    text_pad(&r->out.buf, at.indent);
    text_style(r, at.style);
    text_wrap(&r->out.buf, s, (struct wrap){.indent = at.further, .width = r->options.width, .max_lines = at.max_lines});
    text_style(r, STYLE_PLAIN);
}
