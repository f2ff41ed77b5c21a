// SPDX-License-Identifier: Apache-2.0
// Recursive descent, one function a production of RFC 8259.
#include "oracle.h"

#include "base/utf8.h"

#include <string.h>

struct reader {
    const char *at, *end;
    struct arena *arena;
    unsigned depth;
};

static bool read_value(struct reader *r, struct tree *out);

static void skip_space(struct reader *r)
{
    while (r->at < r->end && memchr(" \t\n\r", *r->at, 4))
        r->at++;
}

static bool take(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool read_hex4(struct reader *r, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        const char *digits = "0123456789abcdef", *digit = r->at < r->end && *r->at ? strchr(digits, char_lower(*r->at)) : NULL;
        if (!digit)
            return false;
        *out = *out * 16 + (uint32_t)(digit - digits);
        r->at++;
    }
    return true;
}

// Behind "\u". A high surrogate joins the \u escape that follows it when that is a low one; alone, each is U+FFFD.
static bool read_unicode(struct reader *r, uint32_t *c)
{
    uint32_t low;
    if (!read_hex4(r, c))
        return false;
    if (*c >= 0xd800 && *c < 0xdc00 && r->end - r->at >= 2 && r->at[0] == '\\' && r->at[1] == 'u') {
        const char *back = r->at;
        r->at += 2;
        if (!read_hex4(r, &low))
            return false;
        if (low >= 0xdc00 && low < 0xe000) {
            *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
            return true;
        }
        r->at = back;
    }
    if (*c >= 0xd800 && *c < 0xe000)
        *c = 0xfffd;
    return true;
}

static bool read_escape(struct reader *r, char **to)
{
    static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    uint32_t c;
    if (take(r, 'u')) {
        if (!read_unicode(r, &c))
            return false;
        *to += utf8_encode(c, *to);
        return true;
    }
    const char *name = r->at < r->end && *r->at ? strchr(names, *r->at) : NULL;
    if (!name)
        return false;
    r->at++;
    *(*to)++ = meant[name - names];
    return true;
}

// Decoded text is never longer than what is written.
static size_t written_length(const struct reader *r)
{
    const char *end = r->at;
    while (end < r->end && *end != '"')
        end += *end == '\\' ? 2 : 1;
    return (size_t)(end - r->at);
}

static bool read_string(struct reader *r, struct str *out)
{
    if (!take(r, '"'))
        return false;
    char *text = arena_alloc(r->arena, written_length(r) + 4), *to = text;
    while (!take(r, '"')) {
        uint32_t c;
        size_t size = utf8_decode(str_make(r->at, (size_t)(r->end - r->at)), &c);
        if (!size || c < 0x20)
            return false;
        if (c == '\\') {
            r->at++;
            if (!read_escape(r, &to))
                return false;
            continue;
        }
        memcpy(to, r->at, size);
        to += size;
        r->at += size;
    }
    *out = str_make(text, (size_t)(to - text));
    return true;
}

static bool read_digits(struct reader *r)
{
    const char *start = r->at;
    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > start;
}

static bool read_number(struct reader *r, struct str *out)
{
    const char *start = r->at;
    take(r, '-');
    if (!take(r, '0') && !read_digits(r))
        return false;
    if (take(r, '.') && !read_digits(r))
        return false;
    if (take(r, 'e') || take(r, 'E')) {
        if (!take(r, '-'))
            take(r, '+');
        if (!read_digits(r))
            return false;
    }
    *out = str_make(start, (size_t)(r->at - start));
    return true;
}

static bool read_literal(struct reader *r, const char *word, enum json_kind kind, struct tree *out)
{
    size_t len = strlen(word);
    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return false;
    out->kind = kind;
    out->text = str_make(r->at, len);
    r->at += len;
    return true;
}

// Between the brackets: elements, or members with their keys.
static bool read_members(struct reader *r, struct tree *out, char close)
{
    struct tree **tail = &out->first;
    skip_space(r);
    if (take(r, close))
        return true;
    do {
        struct tree *member = arena_new(r->arena, struct tree);
        skip_space(r);
        if (close == '}') {
            if (!read_string(r, &member->key))
                return false;
            skip_space(r);
            if (!take(r, ':'))
                return false;
        }
        if (!read_value(r, member))
            return false;
        *tail = member;
        tail = &member->next;
        skip_space(r);
    } while (take(r, ','));
    return take(r, close);
}

static bool read_container(struct reader *r, struct tree *out, enum json_kind kind, char close)
{
    out->kind = kind;
    if (++r->depth > JSON_DEPTH_MAX)
        return false;
    bool good = read_members(r, out, close);
    r->depth--;
    return good;
}

static bool read_value(struct reader *r, struct tree *out)
{
    skip_space(r);
    if (take(r, '{'))
        return read_container(r, out, JSON_OBJECT, '}');
    if (take(r, '['))
        return read_container(r, out, JSON_ARRAY, ']');
    if (r->at < r->end && *r->at == '"') {
        out->kind = JSON_STRING;
        return read_string(r, &out->text);
    }
    if (read_literal(r, "null", JSON_NULL, out) || read_literal(r, "true", JSON_TRUE, out) || read_literal(r, "false", JSON_FALSE, out))
        return true;
    out->kind = JSON_NUMBER;
    return read_number(r, &out->text);
}

const struct tree *oracle_parse(struct arena *a, struct str text)
{
    struct reader r = {text.ptr, text.ptr + text.len, a, 0};
    struct tree *root = arena_new(a, struct tree);
    if (!read_value(&r, root))
        return NULL;
    skip_space(&r);
    return r.at == r.end ? root : NULL;
}
