// SPDX-License-Identifier: Apache-2.0
#include "encode.h"

#include "base/utf8.h"
#include "base/vec.h"

#include <string.h>

// --- where the value stands ------------------------------------------------------------------------------------------------------

static struct value run(struct document *d)
{
    struct value v = value_literal(d, STR_NONE);
    v.tokens[0].kind = GLOB_RUN;
    return v;
}

bool transform_startswith(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    return values_add(d, out, value_concat(d, v, run(d)), at);
}

bool transform_endswith(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    return values_add(d, out, value_concat(d, run(d), v), at);
}

bool transform_contains(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    return values_add(d, out, value_concat(d, run(d), value_concat(d, v, run(d))), at);
}

// --- UTF-16 ----------------------------------------------------------------------------------------------------------------------

static void put_unit(char *to, size_t *len, unsigned unit, bool big)
{
    char high = (char)(unit >> 8), low = (char)(unit & 0xff);
    to[(*len)++] = big ? high : low;
    to[(*len)++] = big ? low : high;
}

static struct str to_utf16(struct document *d, struct str text, bool big)
{
    char *to = arena_alloc(d->c->scratch, text.len * 2 + 1);
    size_t len = 0;
    for (size_t i = 0; i < text.len;) {
        uint32_t c;
        size_t size = utf8_decode(str_slice(text, i, text.len), &c);
        if (size == 0)
            c = (unsigned char)text.ptr[i], size = 1; // bytes made by another encoding
        if (c >= 0x10000) {
            put_unit(to, &len, 0xd800 + ((c - 0x10000) >> 10), big);
            put_unit(to, &len, 0xdc00 + ((c - 0x10000) & 0x3ff), big);
        } else {
            put_unit(to, &len, c, big);
        }
        i += size;
    }
    return str_make(to, len);
}

// Wildcards stay where they are, between encoded literals.
static struct value encode_literals(struct document *d, struct value v, bool big)
{
    struct value encoded = value_concat(d, v, (struct value){0});
    for (size_t i = 0; i < encoded.n; i++)
        if (encoded.tokens[i].kind == GLOB_LITERAL)
            encoded.tokens[i].text = to_utf16(d, encoded.tokens[i].text, big);
    return encoded;
}

bool transform_utf16le(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    return values_add(d, out, encode_literals(d, v, false), at);
}

bool transform_utf16be(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    return values_add(d, out, encode_literals(d, v, true), at);
}

bool transform_utf16(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    struct value mark = value_literal(d, STR("\xff\xfe")); // byte order mark, little endian
    return values_add(d, out, value_concat(d, mark, encode_literals(d, v, false)), at);
}

// --- Base64 (RFC 4648) -----------------------------------------------------------------------------------------------------------

static struct str to_base64(struct document *d, const unsigned char *bytes, size_t n)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *to = arena_alloc(d->c->scratch, (n + 2) / 3 * 4 + 1);
    size_t len = 0;
    for (size_t i = 0; i < n; i += 3) {
        unsigned group = (unsigned)bytes[i] << 16;
        group |= i + 1 < n ? (unsigned)bytes[i + 1] << 8 : 0;
        group |= i + 2 < n ? bytes[i + 2] : 0;
        to[len++] = digits[group >> 18];
        to[len++] = digits[group >> 12 & 63];
        to[len++] = i + 1 < n ? digits[group >> 6 & 63] : '=';
        to[len++] = i + 2 < n ? digits[group & 63] : '=';
    }
    return str_make(to, len);
}

static bool refuse_wildcards(struct document *d, const struct yaml_value *at, struct value v)
{
    if (!value_has_wildcard(v))
        return false;
    refuse(d, value_place(d, at), "a value with wildcards cannot be encoded in Base64: escape them (\\* \\?), and put contains after it");
    return true;
}

bool transform_base64(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    if (refuse_wildcards(d, at, v))
        return false;
    struct str text = value_text(d, v);
    return values_add(d, out, value_literal(d, to_base64(d, (const unsigned char *)text.ptr, text.len)), at);
}

// The value 0, 1 and 2 bytes into a group of three: the digits that its neighbours also decide are cut off at both ends.
bool transform_base64offset(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    static const size_t skip[3] = {0, 2, 3}, drop[3] = {0, 3, 2};
    if (refuse_wildcards(d, at, v))
        return false;
    struct str text = value_text(d, v);
    unsigned char *bytes = arena_alloc(d->c->scratch, text.len + 2);
    for (size_t offset = 0; offset < 3; offset++) {
        memset(bytes, ' ', 2);
        if (text.len)
            memcpy(bytes + offset, text.ptr, text.len);
        size_t n = text.len + offset;
        struct str digits = to_base64(d, bytes, n);
        size_t end = digits.len - (digits.len ? drop[n % 3] : 0);
        if (end <= skip[offset]) {
            refuse(d, value_place(d, at), "too short for base64offset: nothing of it is the same at every offset");
            return false;
        }
        if (!values_add(d, out, value_literal(d, str_slice(digits, skip[offset], end)), at))
            return false;
    }
    return true;
}

// --- dashes ----------------------------------------------------------------------------------------------------------------------

static const struct str dashes[] = {
    {"-", 1}, {"/", 1}, {"\xe2\x80\x93", 3}, {"\xe2\x80\x94", 3}, {"\xe2\x80\x95", 3}, // en dash, em dash, horizontal bar
};
enum { DASHES = sizeof dashes / sizeof dashes[0] };

static size_t dash_at(struct str text, size_t i)
{
    for (size_t k = 0; k < DASHES; k++)
        if (str_starts(str_slice(text, i, text.len), dashes[k]))
            return dashes[k].len;
    return 0;
}

static bool is_word_byte(char c)
{
    return (c >= '0' && c <= '9') || c == '_' || (char_lower(c) >= 'a' && char_lower(c) <= 'z') || (unsigned char)c >= 0x80;
}

// A dash that begins a word: nothing of a word before it, a word behind it.
static size_t flag_dash(struct str text, size_t i)
{
    size_t size = dash_at(text, i);
    if (size == 0 || i + size >= text.len || dash_at(text, i + size) || !is_word_byte(text.ptr[i + size]))
        return 0;
    bool dash_before = (i >= 1 && dash_at(text, i - 1) == 1) || (i >= 3 && dash_at(text, i - 3) == 3);
    return i == 0 || dash_before || !is_word_byte(text.ptr[i - 1]) ? size : 0;
}

typedef VEC(struct slot) slots;

static void add_option(struct document *d, struct value v, slots *list)
{
    struct value *option = arena_new(d->c->scratch, struct value);
    *option = v;
    *vec_push(list) = (struct slot){option, 1};
}

static void add_dashed(struct document *d, struct str text, struct value *every_dash, slots *list)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        size_t size = flag_dash(text, i);
        if (size == 0)
            continue;
        add_option(d, value_literal(d, str_slice(text, from, i)), list);
        *vec_push(list) = (struct slot){every_dash, DASHES};
        from = i + size;
        i += size - 1;
    }
    add_option(d, value_literal(d, str_slice(text, from, text.len)), list);
}

bool transform_windash(struct document *d, const struct yaml_value *at, struct value v, struct values *out)
{
    struct value *every_dash = arena_array(d->c->scratch, struct value, DASHES);
    for (size_t k = 0; k < DASHES; k++)
        every_dash[k] = value_literal(d, dashes[k]);
    slots list = {0};
    for (size_t i = 0; i < v.n; i++) {
        if (v.tokens[i].kind == GLOB_LITERAL)
            add_dashed(d, v.tokens[i].text, every_dash, &list);
        else
            add_option(d, (struct value){v.tokens + i, 1}, &list);
    }
    bool combined = values_combine(d, list.items, list.n, out, at);
    vec_fini(&list);
    return combined;
}
