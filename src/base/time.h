// SPDX-License-Identifier: Apache-2.0
// Instants as nanoseconds since 1970-01-01T00:00:00Z. Pure: nothing here reads a clock.
#pragma once

#include "base/buf.h"

#define NS_PER_SECOND 1000000000ll
#define TIME_NONE     INT64_MIN

// RFC 3339 date-time (any offset, any number of fraction digits, 'T' or a space). False if it is not one, or outside 1678-2262.
[[nodiscard]] bool time_parse(struct str s, int64_t *out_ns);
// Same from a run of decimal digits with optional fraction: seconds, or milliseconds / microseconds / nanoseconds by magnitude.
[[nodiscard]] bool time_parse_epoch(struct str s, int64_t *out_ns);
// "2026-11-22T01:35:33.030423Z": RFC 3339, UTC, six digits of fraction.
void time_write(struct buf *out, int64_t ns);
// How long after `from` is `to`; what is too long for the type is the longest. An instant that is not known (TIME_NONE) lies before all
// others.
static inline int64_t time_between(int64_t from, int64_t to)
{
    int64_t span;
    if (__builtin_sub_overflow(to, from, &span))
        return to > from ? INT64_MAX : INT64_MIN;
    return span;
}
// Calendar parts in UTC; week is the ISO 8601 week number.
struct calendar {
    int year, month, day, hour, minute, second, week;
};
[[nodiscard]] struct calendar time_calendar(int64_t ns);
// Sigma timespan: digits and one of s m h d (and w, M = 30 d, y = 365 d).
[[nodiscard]] bool timespan_parse(struct str s, int64_t *out_ns);
