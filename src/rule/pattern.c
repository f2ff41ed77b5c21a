// SPDX-License-Identifier: Apache-2.0
// One value against one pattern: the plain meaning of every pattern, which faster matchers must agree with.
#include "regex.h"
#include "rule/rule.h"

#include "base/time.h"
#include "base/utf8.h"

static bool text_starts(bool cased, struct str s, struct str with)
{
    return cased ? str_starts(s, with) : str_starts_ci(s, with);
}

static size_t text_find(bool cased, struct str s, struct str what, size_t from)
{
    return cased ? str_find(s, what, from) : str_find_ci(s, what, from);
}

bool pattern_compare_text(enum pattern_op how, bool cased, struct str value, struct str other)
{
    switch (how) {
    case PATTERN_CONTAINS:
        return text_find(cased, value, other, 0) != SIZE_MAX;
    case PATTERN_PREFIX:
        return text_starts(cased, value, other);
    case PATTERN_SUFFIX:
        return cased ? str_ends(value, other) : str_ends_ci(value, other);
    default:
        return cased ? str_eq(value, other) : str_eq_ci(value, other);
    }
}

// --- globs -----------------------------------------------------------------------------------------------------------------------

// Bytes that the token takes at `at`, or SIZE_MAX. One character is one of UTF-8, or one byte where the text is not UTF-8.
static size_t token_takes(const struct pattern *p, const struct glob_token *t, struct str text, size_t at)
{
    struct str rest = str_slice(text, at, text.len);
    if (t->kind == GLOB_LITERAL)
        return text_starts(p->cased, rest, t->text) ? t->text.len : SIZE_MAX;
    if (rest.len == 0)
        return SIZE_MAX;
    uint32_t c;
    size_t size = utf8_decode(rest, &c);
    return size ? size : 1;
}

// Only the last run ever has to be widened: an earlier one that is widened could not help what comes after a later one.
static bool glob_matches(const struct pattern *p, struct str text)
{
    size_t token = 0, at = 0, run_token = SIZE_MAX, run_at = 0;
    while (token < p->n_glob || at < text.len) {
        if (token < p->n_glob && p->glob[token].kind == GLOB_RUN) {
            run_token = token++;
            run_at = at;
            if (token == p->n_glob)
                return true;
            continue;
        }
        size_t taken = token < p->n_glob ? token_takes(p, &p->glob[token], text, at) : SIZE_MAX;
        if (taken != SIZE_MAX) {
            token++;
            at += taken;
            continue;
        }
        if (run_token == SIZE_MAX || run_at >= text.len)
            return false;
        token = run_token + 1;
        at = ++run_at;
        if (p->glob[token].kind == GLOB_LITERAL) { // straight to where the literal next stands
            at = text_find(p->cased, text, p->glob[token].text, run_at);
            if (at == SIZE_MAX)
                return false;
            run_at = at;
        }
    }
    return true;
}

// --- numbers, addresses, dates ---------------------------------------------------------------------------------------------------

static bool compare(enum compare how, double value, double bound)
{
    switch (how) {
    case COMPARE_EQ:
        return value == bound;
    case COMPARE_LT:
        return value < bound;
    case COMPARE_LTE:
        return value <= bound;
    case COMPARE_GT:
        return value > bound;
    case COMPARE_GTE:
        return value >= bound;
    }
    return false;
}

static bool is_integer(struct str s)
{
    size_t i = s.len && s.ptr[0] == '-';
    if (i == s.len)
        return false;
    for (; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return true;
}

// 5 equals 5.0; integers that a double cannot tell apart are different all the same.
static bool number_equals(const struct pattern *p, struct str token)
{
    enum { EXACT_DIGITS = 15 };
    double number;
    if (token.len > EXACT_DIGITS && p->text.len > EXACT_DIGITS && is_integer(token) && is_integer(p->text))
        return str_eq(token, p->text);
    return str_to_double(token, &number) && number == p->number;
}

static bool equals(const struct pattern *p, struct scalar value)
{
    if (pattern_compare_text(PATTERN_EQUALS, p->cased, value.text, p->text))
        return true;
    return p->number_too && value.kind == JSON_NUMBER && number_equals(p, value.text);
}

static bool number_matches(const struct pattern *p, struct scalar value)
{
    double number;
    return str_to_double(value.text, &number) && compare(p->compare, number, p->number);
}

static bool cidr_matches(const struct pattern *p, struct scalar value)
{
    uint8_t address[16];
    return value.kind == JSON_STRING && address_parse(value.text, address) && cidr_contains(&p->cidr, address);
}

static int date_part(enum date_part part, int64_t ns)
{
    struct calendar c = time_calendar(ns);
    switch (part) {
    case DATE_MINUTE:
        return c.minute;
    case DATE_HOUR:
        return c.hour;
    case DATE_DAY:
        return c.day;
    case DATE_WEEK:
        return c.week;
    case DATE_MONTH:
        return c.month;
    case DATE_YEAR:
        return c.year;
    }
    return -1;
}

static bool date_matches(const struct pattern *p, struct scalar value)
{
    int64_t ns;
    if (!(value.kind == JSON_STRING && time_parse(value.text, &ns)) && !time_parse_epoch(value.text, &ns))
        return false;
    return compare(p->compare, date_part(p->date, ns), p->number);
}

bool pattern_matches(const struct pattern *p, struct scalar value, bool *gave_up)
{
    if (p->op == PATTERN_EXISTS)
        return true;
    if (p->op == PATTERN_NULL || value.kind == JSON_NULL)
        return p->op == PATTERN_NULL && value.kind == JSON_NULL;
    if (p->op == PATTERN_ANY) // an array is there when an element is
        return value.kind != JSON_ARRAY;
    if (value.kind == JSON_ARRAY || value.kind == JSON_OBJECT)
        return false;
    if (value.kind == JSON_TRUE || value.kind == JSON_FALSE)
        value.text = value.kind == JSON_TRUE ? STR("true") : STR("false");
    switch (p->op) {
    case PATTERN_EQUALS:
        return equals(p, value);
    case PATTERN_CONTAINS:
    case PATTERN_PREFIX:
    case PATTERN_SUFFIX:
        return pattern_compare_text(p->op, p->cased, value.text, p->text);
    case PATTERN_GLOB:
        return glob_matches(p, value.text);
    case PATTERN_REGEX:
        return (!p->literal.len || str_find_ci(value.text, p->literal, 0) != SIZE_MAX) && regex_matches(p->regex, value.text, gave_up);
    case PATTERN_CIDR:
        return cidr_matches(p, value);
    case PATTERN_NUMBER:
        return number_matches(p, value);
    case PATTERN_DATE:
        return date_matches(p, value);
    default:
        return false; // PATTERN_FIELD: another field's values are needed
    }
}
