// SPDX-License-Identifier: Apache-2.0
// Writing JSON: the writer keeps the commas, and makes every string valid UTF-8 that is inert in HTML and on a terminal.
#include "codec/json/json.h"

#include "base/status.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

struct json_writer json_writer_to(struct buf *out)
{
    return (struct json_writer){.out = out};
}

// Before each value, key, or opening bracket. A key switches the comma off for its value.
static void separate(struct json_writer *w)
{
    if (w->comma[w->depth])
        buf_add_char(w->out, ',');
    w->comma[w->depth] = w->depth > 0;
}

static void open_bracket(struct json_writer *w, char bracket)
{
    separate(w);
    must(w->depth + 1 < sizeof w->comma / sizeof *w->comma);
    w->comma[++w->depth] = false;
    buf_add_char(w->out, bracket);
}

static void close_bracket(struct json_writer *w, char bracket)
{
    must(w->depth > 0);
    w->depth--;
    buf_add_char(w->out, bracket);
}

void json_open_object(struct json_writer *w)
{
    open_bracket(w, '{');
}

void json_close_object(struct json_writer *w)
{
    close_bracket(w, '}');
}

void json_open_array(struct json_writer *w)
{
    open_bracket(w, '[');
}

void json_close_array(struct json_writer *w)
{
    close_bracket(w, ']');
}

// ASCII that may stand in a string as it is: neither " nor \, and no < > & or ' for HTML.
static const bool plain[256] = {
    // clang-format off
    [' '] = 1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1,
    ['0'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 1,
    ['@'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ['P'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1,
    ['`'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ['p'] = 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0,
    // clang-format on
};

static void write_unit(struct buf *out, uint32_t unit)
{
    char text[6] = {'\\', 'u'};
    for (unsigned i = 0; i < 4; i++)
        text[2 + i] = "0123456789abcdef"[unit >> (12 - 4 * i) & 0xf];
    buf_add(out, str_make(text, sizeof text));
}

static void write_escaped(struct buf *out, uint32_t c)
{
    if (c == '"' || c == '\\')
        buf_add(out, str_make((char[]){'\\', (char)c}, 2));
    else if (c == '\n' || c == '\r' || c == '\t')
        buf_add(out, c == '\n' ? STR("\\n") : c == '\r' ? STR("\\r") : STR("\\t"));
    else if (c < 0x10000)
        write_unit(out, c);
    else // RFC 8259, 7: a surrogate pair
        write_unit(out, 0xd7c0 + (c >> 10)), write_unit(out, 0xdc00 + (c & 0x3ff));
}

static void write_text(struct buf *out, struct str s)
{
    size_t done = 0; // everything before it is written
    for (size_t i = 0;;) {
        while (i < s.len && plain[(unsigned char)s.ptr[i]])
            i++;
        if (i == s.len)
            break;
        uint32_t c;
        const size_t size = utf8_decode(str_slice(s, i, s.len), &c);
        if (size > 1 && !utf8_is_invisible(c)) {
            i += size;
            continue;
        }
        buf_add(out, str_slice(s, done, i));
        if (size == 0)
            buf_add(out, STR("\xef\xbf\xbd")); // U+FFFD for each byte that is not UTF-8
        else
            write_escaped(out, c);
        i += size ? size : 1;
        done = i;
    }
    buf_add(out, str_slice(s, done, s.len));
}

void json_key(struct json_writer *w, struct str key)
{
    separate(w);
    buf_add_char(w->out, '"');
    write_text(w->out, key);
    buf_add(w->out, STR("\":"));
    w->comma[w->depth] = false;
}

void json_string(struct json_writer *w, struct str s)
{
    if (!s.ptr) {
        json_null(w);
        return;
    }
    separate(w);
    buf_add_char(w->out, '"');
    write_text(w->out, s);
    buf_add_char(w->out, '"');
}

void json_number(struct json_writer *w, int64_t n)
{
    separate(w);
    buf_addf(w->out, "%" PRId64, n);
}

void json_double(struct json_writer *w, double n)
{
    if (!isfinite(n)) {
        json_null(w);
        return;
    }
    separate(w);
    char text[32];
    double back;
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, n);
        if (str_to_double(str_from_c(text), &back) && back == n)
            break;
    }
    buf_add(w->out, str_from_c(text));
}

void json_bool(struct json_writer *w, bool b)
{
    json_raw(w, b ? STR("true") : STR("false"));
}

void json_null(struct json_writer *w)
{
    json_raw(w, STR("null"));
}

void json_raw(struct json_writer *w, struct str json)
{
    separate(w);
    buf_add(w->out, json);
}

void json_key_string(struct json_writer *w, struct str key, struct str s)
{
    json_key(w, key);
    json_string(w, s);
}

void json_key_number(struct json_writer *w, struct str key, int64_t n)
{
    json_key(w, key);
    json_number(w, n);
}
