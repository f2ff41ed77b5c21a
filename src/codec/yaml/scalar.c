// SPDX-License-Identifier: Apache-2.0
// The core schema's regular expressions, by hand.
#include "scalar.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORD_MAX = 5 }; // bytes of the longest word below

// Nearly every scalar is asked, so most are told by their length or first byte.
static bool is_one_of(struct str s, const char *const *words, size_t n)
{
    if (s.len > WORD_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        if ((s.len ? s.ptr[0] : 0) == words[i][0] && str_eq(s, str_from_c(words[i])))
            return true;
    return false;
}

static bool is_null(struct str s)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

bool yaml_resolve_bool(struct str s)
{
    static const char *const words[] = {"true", "True", "TRUE"};
    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

static bool is_false(struct str s)
{
    static const char *const words[] = {"false", "False", "FALSE"};
    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

static unsigned digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (unsigned)(c - '0');
    c = char_lower(c);
    return c >= 'a' && c <= 'f' ? (unsigned)(c - 'a' + 10) : 16;
}

// 0o17 and 0x1F; no sign.
static bool read_based(struct str s, double *out)
{
    if (s.len < 3 || s.ptr[0] != '0' || (s.ptr[1] != 'o' && s.ptr[1] != 'x'))
        return false;
    unsigned base = s.ptr[1] == 'o' ? 8 : 16;
    double value = 0;
    for (size_t i = 2; i < s.len; i++) {
        if (digit_value(s.ptr[i]) >= base)
            return false;
        value = value * base + digit_value(s.ptr[i]);
    }
    *out = value;
    return true;
}

static size_t skip_digits(struct str s, size_t i)
{
    while (i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9')
        i++;
    return i;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
static bool is_decimal(struct str s)
{
    size_t start = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;
    size_t i = skip_digits(s, start);
    size_t digits = i - start;
    if (i < s.len && s.ptr[i] == '.') {
        size_t after = skip_digits(s, i + 1);
        digits += after - (i + 1);
        i = after;
    }
    if (digits == 0)
        return false;
    if (i < s.len && (s.ptr[i] == 'e' || s.ptr[i] == 'E')) {
        i++;
        if (i < s.len && (s.ptr[i] == '-' || s.ptr[i] == '+'))
            i++;
        size_t after = skip_digits(s, i);
        if (after == i)
            return false;
        i = after;
    }
    return i == s.len;
}

// Texts longer than any number a double can tell apart stay strings.
static bool read_decimal(struct str s, double *out)
{
    char text[400];
    if (s.len >= sizeof text || !is_decimal(s))
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    *out = strtod(text, NULL); // the process runs in the C locale
    return true;
}

static bool read_special(struct str s, double *out)
{
    static const char *const infinite[] = {".inf", ".Inf", ".INF"};
    static const char *const not_a_number[] = {".nan", ".NaN", ".NAN"};
    bool negative = s.len && s.ptr[0] == '-';
    struct str rest = s.len && (s.ptr[0] == '-' || s.ptr[0] == '+') ? str_slice(s, 1, s.len) : s;
    if (is_one_of(rest, infinite, 3))
        return *out = negative ? -(double)INFINITY : (double)INFINITY, true;
    if (is_one_of(s, not_a_number, 3))
        return *out = (double)NAN, true;
    return false;
}

bool yaml_resolve_number(struct str s, double *out)
{
    return read_decimal(s, out) || read_based(s, out) || read_special(s, out);
}

enum yaml_kind yaml_resolve(struct str plain)
{
    double number;
    if (is_null(plain))
        return YAML_NULL;
    if (yaml_resolve_bool(plain) || is_false(plain))
        return YAML_BOOL;
    return yaml_resolve_number(plain, &number) ? YAML_NUMBER : YAML_STRING;
}
