// SPDX-License-Identifier: Apache-2.0
// A record read, for tests: the text is copied behind itself with the room that JSON needs.
#pragma once

#include "host/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct reading {
    struct arena arena;
    struct host_event e;
    enum host_result result;
};

static inline struct reading read_bytes(struct str text)
{
    struct reading r = {0};
    arena_init(&r.arena, ARENA_UNLIMITED);
    char *copy = arena_array(&r.arena, char, text.len + JSON_PADDING);
    memcpy(copy, text.ptr, text.len);
    r.result = host_read(&r.e, str_make(copy, text.len), &r.arena);
    return r;
}

static inline struct reading read_text(const char *text)
{
    return read_bytes(str_from_c(text));
}

#define assert_str(got, wanted)                                                                                                            \
    do {                                                                                                                                   \
        struct str got_ = (got), wanted_ = str_from_c(wanted);                                                                             \
        if (!str_eq(got_, wanted_) || !got_.ptr != !wanted_.ptr)                                                                           \
            fail_msg("%s is \"%.*s\", not \"%.*s\"", #got, STR_ARG(got_), STR_ARG(wanted_));                                               \
    } while (0)

static inline int64_t instant(const char *rfc3339)
{
    int64_t time = TIME_NONE;
    (void)time_parse(str_from_c(rfc3339), &time);
    return time;
}
