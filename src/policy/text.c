// SPDX-License-Identifier: Apache-2.0
// Strings as CEL and YAML write them: whatever stands in a name, nothing of it is taken for syntax, and nothing rearranges what one reads.
#include "policy/policy.h"

#include "base/diag.h"
#include "base/utf8.h"

static void add_code_point(struct buf *out, uint32_t c)
{
    if (c > 0xffff)
        buf_addf(out, "\\U%08X", (unsigned)c);
    else
        buf_addf(out, "\\u%04X", (unsigned)c);
}

// Both languages know \\, the quote escaped, \n, \t, \uXXXX and \UXXXXXXXX.
static void write_quoted(struct buf *out, struct str s, char quote)
{
    buf_add_char(out, quote);
    while (s.len) {
        uint32_t c;
        char bytes[4];
        const size_t size = utf8_decode(s, &c);
        if (!size)
            c = 0xfffd;
        if (c == (uint32_t)quote || c == '\\')
            buf_addf(out, "\\%c", (char)c);
        else if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '\t')
            buf_add(out, STR("\\t"));
        else if (c < 0x20 || c == 0x7f || c == 0xfffe || c == 0xffff || utf8_is_invisible(c))
            add_code_point(out, c);
        else
            buf_add(out, str_make(bytes, utf8_encode(c, bytes)));
        s = str_slice(s, size ? size : 1, s.len);
    }
    buf_add_char(out, quote);
}

void cel_write_string(struct buf *out, struct str s)
{
    write_quoted(out, s, '\'');
}

void yaml_write_string(struct buf *out, struct str s)
{
    write_quoted(out, s, '"');
}

void yaml_write_comment(struct buf *out, struct str text)
{
    while (text.ptr) {
        struct str line = str_split(&text, '\n');
        buf_add(out, line.len ? STR("# ") : STR("#"));
        text_escape(out, line);
        buf_add_char(out, '\n');
    }
}
