// SPDX-License-Identifier: Apache-2.0
// What the parts of an incident's page are put together from.
#include "report/html/incident.h"

#include "report/common/keep.h"

enum { CUT = 600 };

void html_cut(struct buf *out, struct str s)
{
    struct str cut = keep_cut(s, CUT);
    html_text(out, cut);
    if (cut.len < s.len)
        html_raw(out, "<span class=\"cut\">\xe2\x80\xa6</span>");
}

void html_list(struct buf *out, const struct str *items, size_t n, size_t most)
{
    for (size_t i = 0; i < n && i < most; i++) {
        html_raw(out, i ? ", " : "");
        html_cut(out, items[i]);
    }
    if (n > most)
        html_rawf(out, " and %zu more", n - most);
}

void html_more(struct buf *out, uint64_t n, const char *one, const char *many)
{
    if (!n)
        return;
    html_raw(out, "<p class=\"more\">and ");
    phrase_count(out, n, one, many);
    html_raw(out, "</p>\n");
}

void html_command(struct buf *out, struct str command)
{
    html_raw(out, "<pre class=\"cmd any\">");
    html_text(out, keep_cut(command, LONG_TEXT));
    html_raw(out, "</pre>\n");
}

void html_commands(struct buf *out, struct str commands)
{
    html_raw(out, "<pre class=\"cmd any\">");
    struct str rest = keep_cut(str_trim(commands), LONG_TEXT);
    while (rest.ptr) {
        html_text(out, str_split(&rest, '\n'));
        html_raw(out, rest.ptr ? "\n" : "");
    }
    html_raw(out, "</pre>\n");
}
