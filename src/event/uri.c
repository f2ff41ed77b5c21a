// SPDX-License-Identifier: Apache-2.0
#include "event/uri.h"

enum { QUERY_PARTS_MAX = 4096 };

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str uri_decode(struct str s, bool query, struct arena *a)
{
    if (str_find_char(s, '%', 0) == SIZE_MAX && (!query || str_find_char(s, '+', 0) == SIZE_MAX))
        return s;
    char *text = arena_try(a, s.len);
    if (!text)
        return STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        bool escape = s.ptr[i] == '%' && i + 2 < s.len && hex_digit(s.ptr[i + 1]) >= 0 && hex_digit(s.ptr[i + 2]) >= 0;
        if (escape) {
            text[n++] = (char)(hex_digit(s.ptr[i + 1]) << 4 | hex_digit(s.ptr[i + 2]));
            i += 2;
        } else {
            text[n++] = query && s.ptr[i] == '+' ? ' ' : s.ptr[i];
        }
    }
    return str_make(text, n);
}

struct str uri_path(struct str uri)
{
    return str_slice(uri, 0, str_find_char(uri, '?', 0));
}

static bool is_key_char(char c)
{
    return (char_lower(c) >= 'a' && char_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '%' || c == '_' || c == '-' || c == '.';
}

// Where the part that starts at `from` ends: at '&', or at a ';' that is followed by a key and '='.
static size_t part_end(struct str query, size_t from)
{
    for (size_t i = from; i < query.len; i++) {
        if (query.ptr[i] == '&')
            return i;
        if (query.ptr[i] != ';')
            continue;
        size_t key = i + 1;
        while (key < query.len && is_key_char(query.ptr[key]))
            key++;
        if (key > i + 1 && key < query.len && query.ptr[key] == '=')
            return i;
    }
    return query.len;
}

struct uri_query uri_query(struct str uri)
{
    size_t mark = str_find_char(uri, '?', 0);
    return (struct uri_query){mark == SIZE_MAX ? STR_NONE : str_slice(uri, mark + 1, uri.len), 0};
}

bool uri_query_next(struct uri_query *q, struct str *key, struct str *value, struct arena *a)
{
    if (!q->rest.ptr || q->parts++ == QUERY_PARTS_MAX)
        return false;
    size_t end = part_end(q->rest, 0);
    struct str part = str_slice(q->rest, 0, end);
    q->rest = end == q->rest.len ? STR_NONE : str_slice(q->rest, end + 1, q->rest.len);
    size_t equals = str_find_char(part, '=', 0);
    *key = uri_decode(str_slice(part, 0, equals), true, a);
    *value = equals == SIZE_MAX ? STR("") : str_slice(part, equals + 1, part.len);
    return true;
}
