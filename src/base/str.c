// SPDX-License-Identifier: Apache-2.0
#include "base/str.h"

#include <stdlib.h>
#include <string.h>

struct str str_from_c(const char *cstr)
{
    return cstr ? str_make(cstr, strlen(cstr)) : STR_NONE;
}

bool str_eq(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int str_cmp(struct str a, struct str b)
{
    size_t shorter = a.len < b.len ? a.len : b.len;
    int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    if (order)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_eq_ci(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (char_lower(a.ptr[i]) != char_lower(b.ptr[i]))
            return false;
    return true;
}

bool str_starts(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq(str_make(s.ptr, prefix.len), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq(str_slice(s, s.len - suffix.len, s.len), suffix);
}

bool str_starts_ci(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_eq_ci(str_make(s.ptr, prefix.len), prefix);
}

bool str_ends_ci(struct str s, struct str suffix)
{
    return s.len >= suffix.len && str_eq_ci(str_slice(s, s.len - suffix.len, s.len), suffix);
}

size_t str_find(struct str s, struct str needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const char *hit = memmem(s.ptr + from, s.len - from, needle.ptr, needle.len);
    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

size_t str_find_ci(struct str s, struct str needle, size_t from)
{
    if (from > s.len || needle.len > s.len - from)
        return SIZE_MAX;
    if (needle.len == 0)
        return from;
    const char first = char_lower(needle.ptr[0]), last = char_lower(needle.ptr[needle.len - 1]);
    const char *end = s.ptr + (s.len - needle.len);
    for (const char *p = s.ptr + from; p <= end; p++)
        if (char_lower(p[0]) == first && char_lower(p[needle.len - 1]) == last && str_eq_ci(str_make(p, needle.len), needle))
            return (size_t)(p - s.ptr);
    return SIZE_MAX;
}

size_t str_find_char(struct str s, char c, size_t from)
{
    if (from >= s.len)
        return SIZE_MAX;
    const char *hit = memchr(s.ptr + from, c, s.len - from);
    return hit ? (size_t)(hit - s.ptr) : SIZE_MAX;
}

struct str str_slice(struct str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return s.ptr ? str_make(s.ptr + from, to - from) : s;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
    while (s.len && is_space(s.ptr[0]))
        s = str_slice(s, 1, s.len);
    while (s.len && is_space(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool str_glob(struct str s, struct str pattern)
{
    size_t at = 0, in = 0, star = SIZE_MAX, retry = 0;
    while (at < s.len) {
        if (in < pattern.len && pattern.ptr[in] == '*') {
            star = ++in;
            retry = at;
        } else if (in < pattern.len && pattern.ptr[in] == s.ptr[at]) {
            in++;
            at++;
        } else if (star != SIZE_MAX) {
            in = star;
            at = ++retry;
        } else {
            return false;
        }
    }
    while (in < pattern.len && pattern.ptr[in] == '*')
        in++;
    return in == pattern.len;
}

struct str str_split(struct str *rest, char sep)
{
    size_t at = str_find_char(*rest, sep, 0);
    struct str part = str_slice(*rest, 0, at);
    *rest = at == SIZE_MAX ? STR_NONE : str_slice(*rest, at + 1, rest->len);
    return part;
}

static size_t skip_digits(struct str s, size_t i)
{
    while (i < s.len && (unsigned char)(s.ptr[i] - '0') < 10)
        i++;
    return i;
}

static bool is_number(struct str s)
{
    size_t i = s.len && s.ptr[0] == '-' ? 1 : 0;
    size_t end = skip_digits(s, i);
    if (end == i)
        return false;
    if (end < s.len && s.ptr[end] == '.') {
        i = end + 1;
        end = skip_digits(s, i);
        if (end == i)
            return false;
    }
    if (end < s.len && (s.ptr[end] == 'e' || s.ptr[end] == 'E')) {
        i = end + 1;
        if (i < s.len && (s.ptr[i] == '+' || s.ptr[i] == '-'))
            i++;
        end = skip_digits(s, i);
        if (end == i)
            return false;
    }
    return end == s.len;
}

bool str_to_double(struct str s, double *out)
{
    char text[128];
    if (s.len >= sizeof text || !is_number(s))
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    *out = strtod(text, NULL); // the process runs in the C locale
    return true;
}

bool str_to_u64(struct str s, uint64_t *out)
{
    uint64_t value = 0;
    if (s.len == 0 || skip_digits(s, 0) != s.len)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, (uint64_t)(s.ptr[i] - '0'), &value))
            return false;
    *out = value;
    return true;
}

uint64_t hash_mix(uint64_t a, uint64_t b)
{
    __uint128_t product = (__uint128_t)(a ^ 0x9e3779b97f4a7c15u) * (b ^ 0xd1342543de82ef95u);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load_word(const char *ptr)
{
    uint64_t word;
    memcpy(&word, ptr, sizeof word);
    return word;
}

// Fewer than eight bytes, without a loop: two halves that may overlap, or three bytes that may be the same.
static uint64_t load_tail(const char *ptr, size_t len)
{
    uint32_t low, high;
    if (len >= sizeof low) {
        memcpy(&low, ptr, sizeof low);
        memcpy(&high, ptr + len - sizeof high, sizeof high);
        return low | (uint64_t)high << (len - sizeof high) * 8;
    }
    const unsigned char *bytes = (const unsigned char *)ptr;
    return len ? bytes[0] | (uint64_t)bytes[len / 2] << len / 2 * 8 | (uint64_t)bytes[len - 1] << (len - 1) * 8 : 0;
}

uint64_t str_hash(struct str s)
{
    uint64_t hash = s.len * 0xff51afd7ed558ccdu;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8)
        hash = hash_mix(hash, load_word(s.ptr + i));
    return i < s.len ? hash_mix(hash, load_tail(s.ptr + i, s.len - i)) : hash_mix(hash, 0);
}
