// SPDX-License-Identifier: Apache-2.0
// Names reduced to what the eye sees (the idea of UTS #39 skeletons, with the few letters that matter for ASCII names).
#include "base/utf8.h"
#include "event/names.h"

// Cyrillic, Greek, Latin and fullwidth letters that stand for an ASCII letter at a glance; sorted by code point.
static const struct {
    uint32_t character;
    char ascii;
} confusables[] = {
    {0x00e0, 'a'}, {0x00e1, 'a'}, {0x00e4, 'a'}, {0x00e8, 'e'}, {0x00e9, 'e'}, {0x00ec, 'i'}, {0x00ed, 'i'}, {0x00f2, 'o'}, {0x00f3, 'o'},
    {0x00f6, 'o'}, {0x00f9, 'u'}, {0x00fa, 'u'}, {0x00fc, 'u'}, {0x0131, 'i'}, {0x0138, 'k'}, {0x017f, 's'}, {0x0261, 'g'}, {0x026a, 'i'},
    {0x03b1, 'a'}, {0x03b5, 'e'}, {0x03b9, 'i'}, {0x03ba, 'k'}, {0x03bd, 'v'}, {0x03bf, 'o'}, {0x03c1, 'p'}, {0x03c5, 'u'}, {0x03c7, 'x'},
    {0x03f2, 'c'}, {0x0430, 'a'}, {0x0432, 'b'}, {0x0435, 'e'}, {0x043a, 'k'}, {0x043c, 'm'}, {0x043d, 'h'}, {0x043e, 'o'}, {0x0440, 'p'},
    {0x0441, 'c'}, {0x0442, 't'}, {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x0501, 'd'}, {0x051b, 'q'},
    {0x051d, 'w'}, {0x0578, 'n'}, {0x057d, 'u'}, {0x0585, 'o'},
};

static char confusable(uint32_t c)
{
    if (c >= 0xff41 && c <= 0xff5a) // fullwidth a-z
        return (char)('a' + (c - 0xff41));
    if (c >= 0xff21 && c <= 0xff3a)
        return (char)('a' + (c - 0xff21));
    if (c >= 0x0410 && c <= 0x042f) // Cyrillic capitals
        c += 0x20;
    if (c >= 0x0391 && c <= 0x03a9) // Greek capitals
        c += 0x20;
    size_t low = 0, high = sizeof confusables / sizeof *confusables;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (confusables[middle].character == c)
            return confusables[middle].ascii;
        if (confusables[middle].character < c)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

static bool is_separator(char c)
{
    return c == '-' || c == '_' || c == '.' || c == '/' || c == ':' || c == ' ';
}

static char ascii_shape(char c)
{
    switch (c) {
    case '0':
        return 'o';
    case '1':
    case '|':
        return 'l';
    case '3':
        return 'e';
    case '5':
        return 's';
    default:
        return char_lower(c);
    }
}

// Two letters that read as one.
static size_t join_pairs(char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        bool pair = i + 1 < len && ((text[i] == 'r' && text[i + 1] == 'n') || (text[i] == 'v' && text[i + 1] == 'v'));
        text[n++] = !pair ? text[i] : text[i] == 'r' ? 'm' : 'w';
        i += pair;
    }
    return n;
}

size_t skeleton_write(struct str s, char *out)
{
    size_t n = 0;
    for (size_t i = 0; i < s.len;) {
        uint32_t c;
        size_t size = utf8_decode(str_slice(s, i, s.len), &c);
        char shape = size <= 1 ? ascii_shape(s.ptr[i]) : confusable(c);
        if (size <= 1 || shape) {
            if (!is_separator(s.ptr[i]))
                out[n++] = shape;
        } else {
            for (size_t k = 0; k < size; k++)
                out[n++] = s.ptr[i + k];
        }
        i += size ? size : 1;
    }
    return join_pairs(out, n);
}
