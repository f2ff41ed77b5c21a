// SPDX-License-Identifier: Apache-2.0
// Following one JSON value by its strings and brackets. Runs of strings are left to memchr.
#include "source/cutter.h"

#include <string.h>

enum byte_class { OTHER, QUOTE, OPEN, CLOSE, NEWLINE };

static const unsigned char classes[256] = {['"'] = QUOTE, ['{'] = OPEN, ['['] = OPEN, ['}'] = CLOSE, [']'] = CLOSE, ['\n'] = NEWLINE};

enum { DEPTH_MAX = 16 * 64 };

// Behind the quote that ends the string, or NULL; where it is broken, if it is. The escape state is carried over to the next bytes.
static const char *string_end(struct frame *f, const char *p, const char *end, bool *broken)
{
    while (p < end) {
        if (f->escape) {
            f->escape = false;
            p += *p != '\n'; // which is no escape, and found below
            continue;
        }
        const char *quote = memchr(p, '"', (size_t)(end - p));
        const char *stop = quote ? quote : end;
        const char *newline = memchr(p, '\n', (size_t)(stop - p));
        if (newline) {
            *broken = true;
            return newline;
        }
        const char *q = stop;
        while (q > p && q[-1] == '\\')
            q--;
        const bool escaped = (stop - q) % 2 == 1;
        if (quote && !escaped) {
            f->string = false;
            return quote + 1;
        }
        f->escape = escaped && !quote; // at the end of the bytes; otherwise the quote was the escaped character
        p = quote ? quote + 1 : end;
    }
    return NULL;
}

static bool open_bracket(struct frame *f, char c)
{
    if (f->depth == DEPTH_MAX)
        return false;
    const uint64_t bit = 1ull << f->depth % 64;
    uint64_t *word = &f->arrays[f->depth / 64];
    *word = c == '[' ? *word | bit : *word & ~bit;
    f->depth++;
    return true;
}

static bool close_bracket(struct frame *f, char c)
{
    if (f->depth == 0)
        return false;
    f->depth--;
    const bool array = f->arrays[f->depth / 64] >> f->depth % 64 & 1;
    return array == (c == ']');
}

// Most of a pretty-printed document is indentation.
static const char *skip_indentation(const char *p, const char *end)
{
    static const char spaces[] = "        ";
    while (end - p >= 8 && memcmp(p, spaces, 8) == 0)
        p += 8;
    return p;
}

const char *frame_value(struct frame *f, const char *p, const char *end, bool *broken)
{
    *broken = false;
    while (p < end) {
        if (f->string) {
            p = string_end(f, p, end, broken);
            if (!p || *broken || f->depth == 0)
                return p;
            continue;
        }
        while (classes[(unsigned char)*p] == OTHER)
            if (++p == end)
                return NULL;
        const char c = *p++;
        switch (classes[(unsigned char)c]) {
        case QUOTE:
            f->string = true;
            break;
        case OPEN:
            if (!open_bracket(f, c))
                return *broken = true, p;
            break;
        case CLOSE:
            if (!close_bracket(f, c))
                return *broken = true, p;
            if (f->depth == 0)
                return p;
            break;
        case NEWLINE:
            f->lines++;
            p = skip_indentation(p, end);
            break;
        default:
            break;
        }
    }
    return NULL;
}
