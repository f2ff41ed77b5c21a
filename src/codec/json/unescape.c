// SPDX-License-Identifier: Apache-2.0
// Escapes of JSON strings (RFC 8259 section 7).
#include "base/utf8.h"
#include "codec/json/json.h"

#include <string.h>

static bool hex4(struct str raw, size_t at, uint32_t *out)
{
    *out = 0;
    if (raw.len - at < 4)
        return false;
    for (size_t i = at; i < at + 4; i++) {
        unsigned c = (unsigned char)raw.ptr[i], letter = (c | 0x20u) - 'a';
        unsigned digit = c - '0' < 10u ? c - '0' : letter < 6u ? letter + 10 : 16;
        if (digit == 16)
            return false;
        *out = *out << 4 | digit;
    }
    return true;
}

// \uXXXX whose digits start at *at; a pair of surrogates is one character, a lone one is U+FFFD.
static bool unicode(struct str raw, size_t *at, uint32_t *out)
{
    uint32_t low;
    if (!hex4(raw, *at, out))
        return false;
    *at += 4;
    if (*out < 0xd800 || *out >= 0xe000)
        return true;
    bool paired = *out < 0xdc00 && raw.len - *at >= 6 && raw.ptr[*at] == '\\' && raw.ptr[*at + 1] == 'u' && hex4(raw, *at + 2, &low) &&
                  low >= 0xdc00 && low < 0xe000;
    if (!paired) {
        *out = 0xfffd;
        return true;
    }
    *out = 0x10000 + ((*out - 0xd800) << 10) + (low - 0xdc00);
    *at += 6;
    return true;
}

static char simple(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return '\0';
    }
}

bool json_unescape(struct arena *a, struct str raw, struct str *out)
{
    *out = raw;
    const char *slash = raw.len ? memchr(raw.ptr, '\\', raw.len) : NULL;
    if (!slash)
        return true;
    char *text = arena_try(a, raw.len + 1); // an escape is never shorter than what it stands for
    if (!text)
        return false;
    size_t at = (size_t)(slash - raw.ptr), len = at;
    memcpy(text, raw.ptr, at);
    while (at < raw.len) {
        if (raw.ptr[at] != '\\') {
            text[len++] = raw.ptr[at++];
            continue;
        }
        if (++at == raw.len)
            return false;
        uint32_t c;
        if (raw.ptr[at] == 'u') {
            at++;
            if (!unicode(raw, &at, &c))
                return false;
            len += utf8_encode(c, text + len);
        } else if ((text[len] = simple(raw.ptr[at++])) != '\0') {
            len++;
        } else {
            return false;
        }
    }
    *out = str_make(text, len);
    return true;
}
