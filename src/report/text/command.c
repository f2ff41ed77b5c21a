// SPDX-License-Identifier: Apache-2.0
// Commands in the columns of a terminal.
#include "report/text/pen.h"

#include "report/common/columns.h"
#include "report/common/keep.h"

enum { LINES_MAX = 60, LINE_BYTES = 4000 };

// The next piece up to a space that is not inside quotes, and white space before it.
static struct str next_word(struct str *rest, bool comment)
{
    size_t i = 0;
    while (i < rest->len && rest->ptr[i] == ' ')
        i++;
    for (bool quoted = false; i < rest->len && (quoted || rest->ptr[i] != ' '); i++)
        quoted = comment ? false : quoted ^ (rest->ptr[i] == '\'');
    struct str word = str_slice(*rest, 0, i);
    *rest = str_slice(*rest, i, rest->len);
    return word;
}

static void write_line(struct report *r, struct str line, size_t indent)
{
    struct buf *out = &r->out.buf;
    bool comment = str_starts(line, STR("#")), shell = str_starts(line, STR("kubectl "));
    size_t at = indent, room = r->options.width - 2;
    while (line.len) {
        struct str word = next_word(&line, comment);
        size_t columns = text_columns(word);
        if (at > indent && at + columns > room) {
            buf_add(out, shell ? STR(" \\\n") : STR("\n"));
            text_pad(out, indent);
            at = indent + text_fit(out, comment ? STR("# ") : STR("    "), 0, 4);
            word = str_trim(word);
        }
        at += text_fit(out, word, word.len, room - at);
    }
    buf_add_char(out, '\n');
}

void text_command(struct report *r, struct str command, size_t indent)
{
    text_pad(&r->out.buf, indent);
    write_line(r, keep_cut(command, LINE_BYTES), indent);
}

void text_commands(struct report *r, struct str commands, size_t indent)
{
    struct str rest = str_trim(commands);
    for (size_t i = 0; rest.ptr && i < LINES_MAX; i++) {
        struct str line = keep_cut(str_split(&rest, '\n'), LINE_BYTES);
        text_pad(&r->out.buf, indent);
        write_line(r, line, indent);
    }
    if (rest.ptr)
        text_more(r, indent, 1, "longer text, in --format json", "");
}
