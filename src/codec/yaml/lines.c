// SPDX-License-Identifier: Apache-2.0
#include "lines.h"

#include "base/utf8.h"
#include "base/vec.h"

// Offset behind the line that starts at `from`, its break included.
static size_t line_end(struct str text, size_t from, size_t *break_at)
{
    size_t i = from;
    while (i < text.len && text.ptr[i] != '\n' && text.ptr[i] != '\r')
        i++;
    *break_at = i;
    if (i + 1 < text.len && text.ptr[i] == '\r' && text.ptr[i + 1] == '\n')
        return i + 2;
    return i < text.len ? i + 1 : i;
}

struct lines lines_new(struct str text)
{
    VEC(size_t) starts = {0};
    size_t at = 0, break_at = 0;
    do {
        *vec_push(&starts) = at;
        at = line_end(text, at, &break_at);
    } while (break_at < text.len);
    return (struct lines){.text = text, .starts = starts.items, .n = starts.n};
}

void lines_free(struct lines *l)
{
    vec_free((void **)&l->starts);
    *l = (struct lines){0};
}

void lines_locate(const struct lines *l, size_t offset, unsigned *line, unsigned *column)
{
    size_t low = 0, high = l->n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (l->starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    *line = (unsigned)low + 1;
    *column = (unsigned)(offset - l->starts[low]) + 1;
}

struct str lines_text(const struct lines *l, unsigned line)
{
    if (line == 0 || line > l->n)
        return STR("");
    size_t break_at, start = l->starts[line - 1];
    line_end(l->text, start, &break_at);
    return str_slice(l->text, start, break_at);
}

size_t line_bytes(struct str line, size_t characters)
{
    size_t i = 0;
    for (; characters && i < line.len; characters--) {
        uint32_t c;
        size_t size = utf8_decode(str_slice(line, i, line.len), &c);
        i += size ? size : 1;
    }
    return i;
}

struct str line_around(struct str text, size_t offset)
{
    size_t start = offset < text.len ? offset : text.len, break_at;
    while (start && text.ptr[start - 1] != '\n' && text.ptr[start - 1] != '\r')
        start--;
    (void)line_end(text, start, &break_at);
    return str_slice(text, start, break_at);
}

size_t line_next(struct str text, size_t offset)
{
    size_t break_at, next = line_end(text, offset, &break_at);
    return break_at < text.len ? next : SIZE_MAX;
}

struct str line_excerpt(struct str line, unsigned column)
{
    enum { FAR = 1000, PAST = 200 };
    return column > FAR ? STR_NONE : str_slice(line, 0, column + PAST);
}
