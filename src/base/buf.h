// SPDX-License-Identifier: Apache-2.0
// A byte buffer that grows, born with its maximum. What does not fit is not written and leaves `full` set: append a run, check once.
#pragma once

#include "base/str.h"

#include <stdarg.h>

struct buf {
    char *ptr;
    size_t len, cap, max; // len <= cap <= max
    bool full;            // something did not fit; sticky until buf_clear
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_fini(struct buf *b);
void buf_clear(struct buf *b); // keeps the memory

void buf_add(struct buf *b, struct str s);
__attribute__((format(printf, 2, 3))) void buf_addf(struct buf *b, const char *format, ...);
__attribute__((format(printf, 2, 0))) void buf_vaddf(struct buf *b, const char *format, va_list args);

// Room for `size` more bytes behind the end, or NULL (and full) when the maximum forbids; then advance `len` oneself.
[[nodiscard]] char *buf_reserve(struct buf *b, size_t size);

static inline void buf_add_char(struct buf *b, char c)
{
    if (b->len < b->cap)
        b->ptr[b->len++] = c;
    else
        buf_add(b, str_make(&c, 1));
}

static inline struct str buf_str(const struct buf *b)
{
    return str_make(b->ptr ? b->ptr : "", b->len);
}
