// SPDX-License-Identifier: Apache-2.0
// Every byte against RFC 8259: for --strict, where the scanner's skipping is not enough.
#include "base/utf8.h"
#include "codec/json/token.h"

#include <string.h>

struct validator {
    const char *start, *end;
    struct json_error *error;
};

static const char *bad(const struct validator *v, const char *at, const char *reason)
{
    *v->error = (struct json_error){.offset = (size_t)(at - v->start), .reason = reason};
    return NULL;
}

static bool is_hex(char c)
{
    return (unsigned char)(c - '0') < 10 || (unsigned char)((c | 0x20) - 'a') < 6;
}

static const char *check_escape(const struct validator *v, const char *p)
{
    if (p + 1 < v->end && p[1] && strchr("\"\\/bfnrt", p[1]))
        return p + 2;
    if (v->end - p < 6 || p[1] != 'u')
        return bad(v, p, "no such escape");
    for (int i = 2; i < 6; i++)
        if (!is_hex(p[i]))
            return bad(v, p, "four hexadecimal digits expected");
    return p + 6;
}

// The string at p (its opening quote).
static const char *check_string(const struct validator *v, const char *p)
{
    const char *open = p++;
    while (p < v->end && *p != '"') {
        uint32_t c;
        if ((unsigned char)*p < 0x20)
            return bad(v, p, "control character inside a string");
        if (*p == '\\') {
            p = check_escape(v, p);
            if (!p)
                return NULL;
            continue;
        }
        size_t size = utf8_decode(str_make(p, (size_t)(v->end - p)), &c);
        if (size == 0)
            return bad(v, p, "not UTF-8");
        p += size;
    }
    return p < v->end ? p + 1 : bad(v, open, "string without an end");
}

// A key and its colon.
static const char *check_key(const struct validator *v, const char *p)
{
    p = token_skip_space(p, v->end);
    if (p >= v->end || *p != '"')
        return bad(v, p, "key expected");
    p = check_string(v, p);
    if (!p)
        return NULL;
    p = token_skip_space(p, v->end);
    return p < v->end && *p == ':' ? p + 1 : bad(v, p, "':' expected");
}

// Closes what ends at p and steps over a comma. *depth falls to 0 at the end of the outermost value.
static const char *check_after(const struct validator *v, const char *p, const char *closers, unsigned *depth)
{
    while (*depth) {
        p = token_skip_space(p, v->end);
        if (p >= v->end)
            return bad(v, p, "array or object without an end");
        if (*p == ',')
            return closers[*depth] == '}' ? check_key(v, p + 1) : p + 1;
        if (*p != closers[*depth])
            return bad(v, p, "',' or closing bracket expected");
        p++;
        --*depth;
    }
    return p;
}

bool json_validate(struct str text, struct json_limits limits, struct json_error *error)
{
    struct validator v = {text.ptr, text.ptr + text.len, error};
    char closers[JSON_DEPTH_MAX + 1];
    unsigned depth = 0;
    const char *p = text.ptr;
    do {
        enum json_kind kind;
        p = token_skip_space(p, v.end);
        if (p < v.end && (*p == '{' || *p == '[')) {
            if (depth == limits.depth)
                return bad(&v, p, "nested deeper than the limit") != NULL;
            closers[++depth] = *p == '{' ? '}' : ']';
            const char *inner = token_skip_space(++p, v.end);
            if (inner >= v.end || *inner != closers[depth]) {
                p = closers[depth] == '}' ? check_key(&v, inner) : inner;
                if (!p)
                    return false;
                continue;
            }
            p = inner;
        } else if (p < v.end && *p == '"') {
            p = check_string(&v, p);
        } else {
            const char *behind = token_scalar(p, v.end, &kind);
            p = behind ? behind : bad(&v, p, "value expected");
        }
        if (p)
            p = check_after(&v, p, closers, &depth);
        if (!p)
            return false;
    } while (depth);
    p = token_skip_space(p, v.end);
    return p == v.end || bad(&v, p, "more behind the value");
}
