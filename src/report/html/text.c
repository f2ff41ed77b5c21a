// SPDX-License-Identifier: Apache-2.0
#include "report/html/html.h"

#include "report/common/columns.h"

void html_raw(struct buf *out, const char *markup)
{
    buf_add(out, str_from_c(markup));
}

void html_rawf(struct buf *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vaddf(out, format, args);
    va_end(args);
}

static struct str entity(char c)
{
    switch (c) {
    case '&':
        return STR("&amp;");
    case '<':
        return STR("&lt;");
    case '>':
        return STR("&gt;");
    case '"':
        return STR("&quot;");
    case '\'':
        return STR("&#39;");
    default:
        return STR_NONE;
    }
}

// What is escaped comes out of visible_next as plain ASCII without any of the five characters above.
static void add_text(struct buf *out, struct str s, bool mark)
{
    struct visible v = {.rest = s};
    struct buf piece;
    buf_init(&piece, 64);
    bool marked = false;
    while (v.rest.len) {
        struct str special = entity(v.rest.ptr[0]);
        bool escaped;
        buf_clear(&piece);
        (void)visible_next(&v, &piece, &escaped);
        if (mark && escaped != marked)
            html_raw(out, escaped ? "<span class=\"x\">" : "</span>");
        marked = escaped;
        buf_add(out, special.ptr ? special : buf_str(&piece));
    }
    if (mark && marked)
        html_raw(out, "</span>");
    buf_fini(&piece);
}

void html_text(struct buf *out, struct str s)
{
    add_text(out, s, true);
}

void html_attribute(struct buf *out, struct str s)
{
    add_text(out, s, false);
}

void html_kept(struct buf *out, const struct kept *k)
{
    html_text(out, k->text);
    if (!kept_cut(k))
        return;
    html_raw(out, "<span class=\"cut\">\xe2\x80\xa6 (");
    phrase_bytes(out, k->whole);
    html_raw(out, ")</span>");
}
