// SPDX-License-Identifier: Apache-2.0
#include "codec/json/token.h"

#include <endian.h>
#include <string.h>

static const char *digits(const char *p, const char *end)
{
    while (p < end && (unsigned char)(*p - '0') < 10)
        p++;
    return p;
}

// RFC 8259 section 6.
static const char *number(const char *p, const char *end)
{
    if (p < end && *p == '-')
        p++;
    const char *whole = p;
    p = digits(p, end);
    if (p == whole || (*whole == '0' && p - whole > 1))
        return NULL;
    if (p < end && *p == '.') {
        const char *fraction = ++p;
        p = digits(p, end);
        if (p == fraction)
            return NULL;
    }
    if (p < end && (*p | 0x20) == 'e') {
        p++;
        if (p < end && (*p == '+' || *p == '-'))
            p++;
        const char *exponent = p;
        p = digits(p, end);
        if (p == exponent)
            return NULL;
    }
    return p;
}

static const char *literal(const char *p, const char *end, const char *word, size_t len)
{
    return (size_t)(end - p) >= len && memcmp(p, word, len) == 0 ? p + len : NULL;
}

const char *token_scalar(const char *p, const char *end, enum json_kind *kind)
{
    if (p >= end)
        return NULL;
    switch (*p) {
    case 't':
        *kind = JSON_TRUE;
        p = literal(p, end, "true", 4);
        break;
    case 'f':
        *kind = JSON_FALSE;
        p = literal(p, end, "false", 5);
        break;
    case 'n':
        *kind = JSON_NULL;
        p = literal(p, end, "null", 4);
        break;
    default:
        *kind = JSON_NUMBER;
        p = number(p, end);
    }
    if (!p)
        return NULL;
    return p == end || *p == ',' || *p == '}' || *p == ']' || token_is_space(*p) ? p : NULL;
}

// Eight bytes at a time. A borrow may mark bytes behind the first that is meant, never before it.
const char *token_string_stop(const char *p, const char *end)
{
    const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
    for (; end - p >= 8; p += 8) {
        uint64_t word;
        memcpy(&word, p, sizeof word);
        const uint64_t quote = word ^ ones * '"', slash = word ^ ones * '\\';
        const uint64_t found = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) | ((word - ones * 0x20) & ~word)) & tops;
        if (found)
            return p + (unsigned)__builtin_ctzll(le64toh(found)) / 8;
    }
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
}

const char *token_string_end(const char *p, const char *end, bool *plain)
{
    *plain = true;
    const char *quote = NULL; // the next one: looked for once, however many escapes stand before it
    while (p < end) {
        if (!quote || quote < p)
            quote = memchr(p, '"', (size_t)(end - p));
        if (!quote)
            return NULL;
        const char *slash = memchr(p, '\\', (size_t)(quote - p));
        if (!slash)
            return quote;
        *plain = false;
        p = slash + 2;
    }
    return NULL;
}
