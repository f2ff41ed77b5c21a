// SPDX-License-Identifier: Apache-2.0
#include "report/common/phrase.h"

#include <inttypes.h>

void phrase_number(struct buf *out, uint64_t n)
{
    if (n >= 1000) {
        phrase_number(out, n / 1000);
        buf_addf(out, ",%03" PRIu64, n % 1000);
    } else {
        buf_addf(out, "%" PRIu64, n);
    }
}

void phrase_count(struct buf *out, uint64_t n, const char *one, const char *many)
{
    phrase_number(out, n);
    buf_addf(out, " %s", n == 1 ? one : many);
}

void phrase_bytes(struct buf *out, uint64_t n)
{
    static const char *const units[] = {"kB", "MB", "GB", "TB", "PB"};
    if (n < 1000) {
        phrase_count(out, n, "byte", "bytes");
        return;
    }
    double value = (double)n / 1000;
    size_t unit = 0;
    for (; value >= 999.95 && unit + 1 < sizeof units / sizeof *units; unit++)
        value /= 1000;
    buf_addf(out, "%.1f %s", value, units[unit]);
}

void phrase_clock(struct buf *out, int64_t ns)
{
    struct calendar c = time_calendar(ns);
    buf_addf(out, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

static void write_date(struct buf *out, int64_t ns)
{
    struct calendar c = time_calendar(ns);
    buf_addf(out, "%04d-%02d-%02d ", c.year, c.month, c.day);
}

void phrase_time(struct buf *out, int64_t ns)
{
    if (ns == TIME_NONE) {
        buf_add(out, STR("no time"));
        return;
    }
    write_date(out, ns);
    phrase_clock(out, ns);
}

static int64_t floor_to(int64_t ns, int64_t unit)
{
    return ns / unit - (ns % unit < 0);
}

static bool same_day(int64_t a, int64_t b)
{
    const int64_t day = 86400 * NS_PER_SECOND;
    return a != TIME_NONE && b != TIME_NONE && floor_to(a, day) == floor_to(b, day);
}

void phrase_span(struct buf *out, int64_t first, int64_t last, int64_t day)
{
    if (first == TIME_NONE)
        first = last;
    if (last == TIME_NONE)
        last = first;
    if (first == TIME_NONE) {
        buf_add(out, STR("no time"));
        return;
    }
    bool one_day = same_day(first, last);
    if (!one_day || !same_day(first, day))
        write_date(out, first);
    phrase_clock(out, first);
    if (floor_to(first, NS_PER_SECOND) == floor_to(last, NS_PER_SECOND))
        return;
    buf_add(out, one_day ? STR("\xe2\x80\x93") : STR(" \xe2\x80\x93 ")); // an en dash
    if (!one_day)
        write_date(out, last);
    phrase_clock(out, last);
}

static const struct {
    const char *name, *upper;
} level_words[] = {{"informational", "INFO"}, {"low", "LOW"}, {"medium", "MEDIUM"}, {"high", "HIGH"}, {"critical", "CRITICAL"}};

struct str phrase_level(enum rule_level level)
{
    return str_from_c(level_words[level].upper);
}

void phrase_levels(struct buf *out, const uint64_t by_level[LEVEL_CRITICAL + 1], enum rule_level least)
{
    unsigned left = 0;
    uint64_t alerts = 0;
    for (unsigned i = least; i <= LEVEL_CRITICAL; i++)
        left += by_level[i] > 0, alerts += by_level[i];
    if (alerts == 0) {
        buf_add(out, STR("no alerts"));
        return;
    }
    for (unsigned i = LEVEL_CRITICAL + 1; i-- > least;) {
        if (!by_level[i])
            continue;
        phrase_number(out, by_level[i]);
        buf_addf(out, " %s", level_words[i].name);
        left--;
        buf_add(out, left > 1 ? STR(", ") : left == 1 ? STR(" and ") : STR(""));
    }
    buf_add(out, alerts == 1 ? STR(" alert") : STR(" alerts"));
}

struct str phrase_code(unsigned code)
{
    switch (code) {
    case 0:
        return STR("no answer seen");
    case 101:
        return STR("connected");
    case 401:
        return STR("not authenticated");
    case 403:
        return STR("forbidden");
    case 404:
        return STR("not found");
    case 409:
        return STR("conflict");
    case 422:
        return STR("invalid");
    case 429:
        return STR("too many requests");
    default:
        return code >= 500 ? STR("server error") : code >= 400 ? STR("refused") : STR_NONE;
    }
}

void phrase_resource(struct buf *out, const struct seen_action *a)
{
    buf_add(out, a->resource.text);
    if (a->group.text.len) {
        buf_add_char(out, '.');
        buf_add(out, a->group.text);
    }
    if (a->subresource.text.len) {
        buf_add_char(out, '/');
        buf_add(out, a->subresource.text);
    }
}

void phrase_object(struct buf *out, const struct seen_action *a, const struct seen_object *o)
{
    bool many = str_eq(a->verb.text, STR("list")) || str_eq(a->verb.text, STR("watch")) || str_eq(a->verb.text, STR("deletecollection"));
    if (o->namespace.text.len) {
        buf_add(out, o->namespace.text);
        buf_add_char(out, '/');
    }
    if (o->name.text.len)
        buf_add(out, o->name.text);
    else if (o->namespace.text.len)
        buf_add_char(out, '*');
    else if (many)
        buf_add(out, STR("(whole cluster)"));
}

struct str phrase_facet(enum facet f)
{
    static const struct str names[FACETS] = {
        [FACET_AGENT] = {"agent", 5},  [FACET_REASON] = {"let in by", 9}, [FACET_AS] = {"acting as", 9},
        [FACET_GROUP] = {"groups", 6}, [FACET_FORWARDED] = {"claims", 6}, [FACET_POD] = {"pod", 3},
        [FACET_NODE] = {"node", 4},    [FACET_CREDENTIAL] = {"token", 5},
    };
    return names[f];
}

struct str phrase_facet_value(enum facet f, struct str value)
{
    const struct str said = STR("RBAC: allowed by ");
    if (f == FACET_REASON && str_starts(value, said))
        return str_slice(value, said.len, value.len);
    return value;
}
