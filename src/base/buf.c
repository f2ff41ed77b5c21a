// SPDX-License-Identifier: Apache-2.0
#include "base/buf.h"

#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buf_init(struct buf *b, size_t max_bytes)
{
    *b = (struct buf){.max = max_bytes};
}

void buf_fini(struct buf *b)
{
    free(b->ptr);
    *b = (struct buf){.max = b->max};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->full = false;
}

char *buf_reserve(struct buf *b, size_t size)
{
    if (size > b->max - b->len) {
        b->full = true;
        return NULL;
    }
    if (size > b->cap - b->len) {
        size_t cap = b->cap ? b->cap : 256;
        while (cap < b->len + size)
            cap *= 2;
        if (cap > b->max)
            cap = b->max;
        b->ptr = must_alloc(realloc(b->ptr, cap));
        b->cap = cap;
    }
    return b->ptr + b->len;
}

void buf_add(struct buf *b, struct str s)
{
    char *room = s.len <= b->cap - b->len ? b->ptr + b->len : buf_reserve(b, s.len);
    if (!room || !s.len)
        return;
    memcpy(room, s.ptr, s.len);
    b->len += s.len;
}

void buf_vaddf(struct buf *b, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    must(len >= 0);
    char *room = buf_reserve(b, (size_t)len + 1);
    if (room) {
        vsnprintf(room, (size_t)len + 1, format, again);
        b->len += (size_t)len;
    }
    va_end(again);
}

void buf_addf(struct buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    buf_vaddf(b, format, args);
    va_end(args);
}
