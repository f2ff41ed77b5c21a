// SPDX-License-Identifier: Apache-2.0
#include "base/time.h"

// Days since 1970-01-01 of a civil date, and back (proleptic Gregorian; years start in March so that the leap day is last).
static int64_t days_from_civil(int64_t y, unsigned m, unsigned d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    unsigned yoe = (unsigned)(y - era * 400);
    unsigned doy = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
    unsigned doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;
    return era * 146097 + (int64_t)doe - 719468;
}

static void civil_from_days(int64_t z, struct calendar *c)
{
    z += 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    unsigned doe = (unsigned)(z - era * 146097);
    unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    unsigned mp = (5 * doy + 2) / 153;
    c->day = (int)(doy - (153 * mp + 2) / 5 + 1);
    c->month = (int)(mp < 10 ? mp + 3 : mp - 9);
    c->year = (int)((int64_t)yoe + era * 400 + (c->month <= 2));
}

static bool take_digits(struct str *s, unsigned count, unsigned *out)
{
    *out = 0;
    if (s->len < count)
        return false;
    for (unsigned i = 0; i < count; i++) {
        unsigned digit = (unsigned)(unsigned char)s->ptr[i] - '0';
        if (digit > 9)
            return false;
        *out = *out * 10 + digit;
    }
    *s = str_slice(*s, count, s->len);
    return true;
}

static bool take_char(struct str *s, const char *allowed)
{
    if (s->len == 0)
        return false;
    for (; *allowed; allowed++)
        if (s->ptr[0] == *allowed) {
            *s = str_slice(*s, 1, s->len);
            return true;
        }
    return false;
}

static bool take_fraction(struct str *s, int64_t *ns)
{
    int64_t unit = NS_PER_SECOND;
    *ns = 0;
    size_t n = 0;
    for (; n < s->len && (unsigned char)(s->ptr[n] - '0') < 10; n++) {
        unit /= 10;
        *ns += unit * (s->ptr[n] - '0');
    }
    *s = str_slice(*s, n, s->len);
    return n > 0;
}

static bool take_offset(struct str *s, int64_t *seconds)
{
    unsigned hour, minute;
    *seconds = 0;
    if (take_char(s, "Zz"))
        return s->len == 0;
    bool west = s->len && s->ptr[0] == '-';
    if (!take_char(s, "+-") || !take_digits(s, 2, &hour) || !take_char(s, ":") || !take_digits(s, 2, &minute) || s->len)
        return false;
    *seconds = (int64_t)hour * 3600 + (int64_t)minute * 60;
    if (west)
        *seconds = -*seconds;
    return hour < 24 && minute < 60;
}

bool time_parse(struct str s, int64_t *out_ns)
{
    unsigned year, month, day, hour, minute, second;
    int64_t fraction = 0, offset;
    if (!take_digits(&s, 4, &year) || !take_char(&s, "-") || !take_digits(&s, 2, &month) || !take_char(&s, "-") ||
        !take_digits(&s, 2, &day) || !take_char(&s, "Tt ") || !take_digits(&s, 2, &hour) || !take_char(&s, ":") ||
        !take_digits(&s, 2, &minute) || !take_char(&s, ":") || !take_digits(&s, 2, &second))
        return false;
    if (take_char(&s, ".,") && !take_fraction(&s, &fraction))
        return false;
    if (!take_offset(&s, &offset))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60 || year < 1678 || year > 2261)
        return false;
    int64_t seconds = days_from_civil(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    *out_ns = seconds * NS_PER_SECOND + fraction;
    return true;
}

bool time_parse_epoch(struct str s, int64_t *out_ns)
{
    uint64_t whole;
    int64_t fraction = 0;
    struct str digits = str_split(&s, '.');
    if (!str_to_u64(digits, &whole) || (s.ptr && (!take_fraction(&s, &fraction) || s.len)))
        return false;
    uint64_t scale = whole < 100000000000u ? 1000000000u : whole < 100000000000000u ? 1000000u : whole < 100000000000000000u ? 1000u : 1u;
    if (__builtin_mul_overflow(whole, scale, &whole) || whole > INT64_MAX)
        return false;
    *out_ns = (int64_t)whole + (scale == 1000000000u ? fraction : 0);
    return true;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

// ISO 8601: week 1 is the one with the year's first Thursday.
static int iso_week(int64_t days)
{
    int64_t weekday = ((days + 3) % 7 + 7) % 7; // Monday 0
    int64_t thursday = days - weekday + 3;
    struct calendar c = {0};
    civil_from_days(thursday, &c);
    return (int)((thursday - days_from_civil(c.year, 1, 1)) / 7 + 1);
}

struct calendar time_calendar(int64_t ns)
{
    struct calendar c = {0};
    int64_t seconds = floor_div(ns, NS_PER_SECOND);
    int64_t days = floor_div(seconds, 86400);
    int64_t rest = seconds - days * 86400;
    civil_from_days(days, &c);
    c.hour = (int)(rest / 3600);
    c.minute = (int)(rest / 60 % 60);
    c.second = (int)(rest % 60);
    c.week = iso_week(days);
    return c;
}

void time_write(struct buf *out, int64_t ns)
{
    struct calendar c = time_calendar(ns);
    int64_t micros = floor_div(ns, 1000) - floor_div(ns, NS_PER_SECOND) * 1000000;
    buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", c.year, c.month, c.day, c.hour, c.minute, c.second, (int)micros);
}

bool timespan_parse(struct str s, int64_t *out_ns)
{
    static const struct {
        char unit;
        int64_t seconds;
    } units[] = {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}, {'w', 604800}, {'M', 2592000}, {'y', 31536000}};
    uint64_t count;
    if (s.len < 2 || !str_to_u64(str_slice(s, 0, s.len - 1), &count) || count == 0 || count > 1000000000u)
        return false;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (s.ptr[s.len - 1] == units[i].unit)
            return !__builtin_mul_overflow((int64_t)count, units[i].seconds * NS_PER_SECOND, out_ns);
    return false;
}
