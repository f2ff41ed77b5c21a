// SPDX-License-Identifier: Apache-2.0
// One value against one pattern, in the most literal way.
#include "oracle.h"

#include "base/status.h"
#include "base/time.h"
#include "base/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <arpa/inet.h>
#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// --- text -------------------------------------------------------------------------------------------------------------------------

static bool same_bytes(bool cased, const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (cased ? a[i] != b[i] : char_lower(a[i]) != char_lower(b[i]))
            return false;
    return true;
}

bool oracle_compare(enum pattern_op how, bool cased, struct str value, struct str other)
{
    if (value.len < other.len)
        return false;
    size_t last = value.len - other.len;
    switch (how) {
    case PATTERN_PREFIX:
        return same_bytes(cased, value.ptr, other.ptr, other.len);
    case PATTERN_SUFFIX:
        return same_bytes(cased, value.ptr + last, other.ptr, other.len);
    case PATTERN_CONTAINS:
        for (size_t i = 0; i <= last; i++)
            if (same_bytes(cased, value.ptr + i, other.ptr, other.len))
                return true;
        return false;
    default:
        return last == 0 && same_bytes(cased, value.ptr, other.ptr, other.len);
    }
}

// can[i]: the tokens so far can have taken the first i bytes. '?' takes a character, which is a byte where the text is not UTF-8.
static bool glob(const struct pattern *p, struct str text)
{
    bool *can = must_alloc(calloc(text.len + 1, 1)), *next = must_alloc(calloc(text.len + 1, 1));
    can[0] = true;
    for (size_t t = 0; t < p->n_glob; t++) {
        const struct glob_token *token = &p->glob[t];
        memset(next, 0, text.len + 1);
        for (size_t i = 0; i <= text.len; i++) {
            if (!can[i])
                continue;
            struct str rest = str_make(text.ptr + i, text.len - i);
            uint32_t c;
            size_t size = utf8_decode(rest, &c);
            if (token->kind == GLOB_RUN)
                memset(next + i, 1, text.len + 1 - i);
            else if (token->kind == GLOB_ONE && rest.len)
                next[i + (size ? size : 1)] = true;
            else if (token->kind == GLOB_LITERAL && oracle_compare(PATTERN_PREFIX, p->cased, rest, token->text))
                next[i + token->text.len] = true;
        }
        bool *swap = can;
        can = next;
        next = swap;
    }
    bool all = can[text.len];
    free(can);
    free(next);
    return all;
}

static bool regex(const struct pattern *p, struct str text)
{
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF;
    options |= p->regex_flags & REGEX_I ? PCRE2_CASELESS : 0;
    options |= p->regex_flags & REGEX_M ? PCRE2_MULTILINE : 0;
    options |= p->regex_flags & REGEX_S ? PCRE2_DOTALL : 0;
    int error;
    PCRE2_SIZE where;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)p->text.ptr, p->text.len, options, &error, &where, NULL);
    must(code); // the rule was compiled, so this does
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    bool found = pcre2_match(code, (PCRE2_SPTR)text.ptr, text.len, 0, 0, data, NULL) >= 0;
    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return found;
}

// --- numbers ----------------------------------------------------------------------------------------------------------------------

static bool is_whole(struct str s)
{
    size_t i = s.len && s.ptr[0] == '-';
    if (i == s.len)
        return false;
    for (; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

static bool compare_numbers(enum compare how, double a, double b)
{
    return how == COMPARE_EQ ? a == b : how == COMPARE_LT ? a < b : how == COMPARE_LTE ? a <= b : how == COMPARE_GT ? a > b : a >= b;
}

// By value; whole numbers that are too long for a double by their digits.
static bool equal_number(const struct pattern *p, struct str token)
{
    double number;
    if (is_whole(token) && is_whole(p->text) && token.len > 15 && p->text.len > 15)
        return str_eq(token, p->text);
    return str_to_double(token, &number) && number == p->number;
}

// --- addresses and dates ----------------------------------------------------------------------------------------------------------

static bool cidr(const struct pattern *p, struct str text)
{
    char copy[64];
    unsigned char address[16] = {[10] = 0xff, [11] = 0xff};
    if (text.len >= sizeof copy || memchr(text.ptr, '\0', text.len))
        return false;
    snprintf(copy, sizeof copy, "%.*s", STR_ARG(text));
    bool v4 = inet_pton(AF_INET, copy, address + 12) == 1;
    if (!v4 && inet_pton(AF_INET6, copy, address) != 1)
        return false;
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (p->cidr.bits < 96 && memcmp(address, mapped, 12) == 0)
        return false; // ::/0 and the like are about IPv6 alone
    for (unsigned bit = 0; bit < p->cidr.bits; bit++)
        if ((address[bit / 8] ^ p->cidr.address[bit / 8]) >> (7 - bit % 8) & 1)
            return false;
    return true;
}

static bool date(const struct pattern *p, enum json_kind kind, struct str text)
{
    int64_t ns;
    if (!(kind == JSON_STRING && time_parse(text, &ns)) && !time_parse_epoch(text, &ns))
        return false;
    time_t seconds = (time_t)(ns / NS_PER_SECOND - (ns % NS_PER_SECOND < 0));
    struct tm t;
    must(gmtime_r(&seconds, &t));
    char week[8];
    must(strftime(week, sizeof week, "%V", &t)); // ISO 8601
    const int parts[] = {[DATE_MINUTE] = t.tm_min, [DATE_HOUR] = t.tm_hour,     [DATE_DAY] = t.tm_mday,
                         [DATE_WEEK] = atoi(week), [DATE_MONTH] = t.tm_mon + 1, [DATE_YEAR] = t.tm_year + 1900};
    return compare_numbers(p->compare, parts[p->date], p->number);
}

bool oracle_pattern(const struct pattern *p, enum json_kind kind, struct str text)
{
    if (kind == JSON_NULL)
        return false;
    if (p->op == PATTERN_ANY)
        return kind != JSON_ARRAY; // what is in it are values of their own
    if (kind == JSON_ARRAY || kind == JSON_OBJECT)
        return false;
    double number;
    switch (p->op) {
    case PATTERN_EQUALS:
        return oracle_compare(PATTERN_EQUALS, p->cased, text, p->text) || (p->number_too && kind == JSON_NUMBER && equal_number(p, text));
    case PATTERN_CONTAINS:
    case PATTERN_PREFIX:
    case PATTERN_SUFFIX:
        return oracle_compare(p->op, p->cased, text, p->text);
    case PATTERN_GLOB:
        return glob(p, text);
    case PATTERN_REGEX:
        return regex(p, text);
    case PATTERN_CIDR:
        return kind == JSON_STRING && cidr(p, text);
    case PATTERN_NUMBER:
        return str_to_double(text, &number) && compare_numbers(p->compare, number, p->number);
    case PATTERN_DATE:
        return date(p, kind, text);
    default:
        return false;
    }
}
