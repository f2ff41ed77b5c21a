// SPDX-License-Identifier: Apache-2.0
// Records: nested, with members twice, numbers in odd spellings, escapes where none are needed, and padding that moves everything across
// the 64-byte blocks in which a scanner reads.
#include "generate.h"
#include "vocabulary.h"

#include "base/utf8.h"

static void put_space(struct chance *c, struct buf *out)
{
    static const char *const spaces[] = {" ", "  ", "\t", "\r", " \n "};
    if (chance_below(c, 12) == 0)
        buf_add(out, str_from_c(spaces[chance_below(c, 5)]));
}

static void put_escaped(struct chance *c, struct buf *out, uint32_t character)
{
    if (character >= 0x10000) {
        character -= 0x10000;
        buf_addf(out, "\\u%04x\\u%04X", 0xd800 + (unsigned)(character >> 10), 0xdc00 + (unsigned)(character & 0x3ff));
    } else {
        buf_addf(out, chance_below(c, 2) ? "\\u%04x" : "\\u%04X", (unsigned)character);
    }
}

// Quoted; what must be escaped is, and other characters sometimes.
static void put_string(struct chance *c, struct buf *out, struct str s)
{
    bool fancy = chance_below(c, 6) == 0;
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len;) {
        uint32_t character = 0;
        size_t size = utf8_decode(str_slice(s, i, s.len), &character);
        if ((fancy && chance_below(c, 3) == 0) || character < 0x20)
            put_escaped(c, out, character);
        else if (character == '"' || character == '\\' || (character == '/' && fancy))
            buf_addf(out, "\\%c", (char)character);
        else
            buf_add(out, str_slice(s, i, i + size));
        i += size;
    }
    if (chance_below(c, 400) == 0)
        buf_add(out, STR("\\ud83d")); // a lone surrogate
    buf_add_char(out, '"');
}

// A word; with others around it; or long.
static void put_text(struct chance *c, struct buf *out)
{
    struct buf text;
    buf_init(&text, 1 << 16);
    unsigned shape = chance_below(c, 12);
    if (shape == 0)
        for (unsigned n = chance_below(c, 140); n > 0; n--)
            buf_add_char(&text, "xyz *\\\"n"[chance_below(c, 8)]);
    if (shape <= 2)
        buf_add(&text, vocabulary_word(c));
    if (shape == 1)
        buf_add_char(&text, "- _.,"[chance_below(c, 5)]);
    buf_add(&text, vocabulary_word(c));
    if (shape == 3)
        for (unsigned n = chance_below(c, 140); n > 0; n--)
            buf_add_char(&text, 'p');
    put_string(c, out, buf_str(&text));
    buf_fini(&text);
}

static void put_scalar(struct chance *c, struct buf *out)
{
    static const char *const literals[] = {"null", "true", "false"};
    unsigned kind = chance_below(c, 10);
    if (kind < 6)
        put_text(c, out);
    else if (kind < 8)
        buf_add(out, vocabulary_number(c));
    else
        buf_add(out, str_from_c(literals[chance_below(c, 3)]));
}

static void put_value(struct chance *c, struct buf *out, unsigned depth);

static void put_object(struct chance *c, struct buf *out, unsigned depth, unsigned n)
{
    buf_add_char(out, '{');
    unsigned key = chance_below(c, 16), step = 1 + 2 * chance_below(c, 8); // odd: no key twice
    for (unsigned i = 0; i < n; i++) {
        if (i)
            buf_add_char(out, ',');
        put_space(c, out);
        key += i && chance_below(c, 20) == 0 ? 0 : step; // but now and then the same again
        put_string(c, out, vocabulary_key(key));
        put_space(c, out);
        buf_add_char(out, ':');
        put_space(c, out);
        put_value(c, out, depth);
    }
    put_space(c, out);
    buf_add_char(out, '}');
}

static void put_array(struct chance *c, struct buf *out, unsigned depth)
{
    buf_add_char(out, '[');
    for (unsigned i = 0, n = chance_below(c, 4); i < n; i++) {
        if (i)
            buf_add_char(out, ',');
        put_space(c, out);
        put_value(c, out, depth);
    }
    put_space(c, out);
    buf_add_char(out, ']');
}

static void put_value(struct chance *c, struct buf *out, unsigned depth)
{
    unsigned kind = depth ? chance_below(c, 10) : 9;
    if (kind < 3)
        put_object(c, out, depth - 1, chance_below(c, 5));
    else if (kind < 5)
        put_array(c, out, depth - 1);
    else
        put_scalar(c, out);
}

void generate_record(struct chance *c, struct buf *out)
{
    buf_clear(out);
    if (chance_below(c, 200) == 0) { // any value is a record
        put_value(c, out, 3);
        return;
    }
    put_object(c, out, 4, 2 + chance_below(c, 9));
}

// Where the string whose opening quote is at `from` ends, behind its closing quote.
static size_t string_end(struct str s, size_t from)
{
    size_t i = from + 1;
    while (i < s.len && s.ptr[i] != '"')
        i += s.ptr[i] == '\\' ? 2 : 1;
    return i < s.len ? i + 1 : s.len;
}

static bool is_key(struct str s, size_t end)
{
    while (end < s.len && (s.ptr[end] == ' ' || s.ptr[end] == '\t' || s.ptr[end] == '\r' || s.ptr[end] == '\n'))
        end++;
    return end < s.len && s.ptr[end] == ':';
}

void generate_relative(struct chance *c, struct str record, struct buf *out)
{
    size_t from = 0, to = 0;
    unsigned seen = 0;
    for (size_t i = 0, end; i < record.len; i = end) {
        end = i + 1;
        if (record.ptr[i] != '"')
            continue;
        end = string_end(record, i);
        if (!is_key(record, end) && chance_below(c, ++seen) == 0) // each is as likely
            from = i, to = end;
    }
    buf_clear(out);
    buf_add(out, str_slice(record, 0, from));
    if (to)
        put_text(c, out);
    buf_add(out, str_slice(record, to, record.len));
}
