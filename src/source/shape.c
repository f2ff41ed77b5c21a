// SPDX-License-Identifier: Apache-2.0
#include "source/shape.h"

#include "source/unwrap.h"

#include <string.h>

enum { RECORDS_LOOKED_AT = 64 };

static size_t skip_space(struct str head, size_t from)
{
    while (from < head.len && memchr(" \t\r\n", head.ptr[from], 4))
        from++;
    return from;
}

bool shape_enough(struct str head)
{
    return str_find_char(head, '\n', skip_space(head, 0)) != SIZE_MAX;
}

// Whether the text goes on behind a newline that is not the end of a value: pretty-printed JSON does, a line that was cut off does not.
static bool goes_on(struct str head, size_t newline)
{
    size_t before = newline;
    while (before && memchr(" \t\r", head.ptr[before - 1], 3))
        before--;
    const size_t after = skip_space(head, newline);
    const char last = before ? head.ptr[before - 1] : 0;
    const char next = after < head.len ? head.ptr[after] : 0;
    if (next == '{') // between members there is a key
        return last == '[' || last == ':';
    return (last && memchr("{[,:", last, 4)) || (next && memchr("]},:", next, 4));
}

// A first value that does not end in the head.
static enum reader_mode mode_of_unfinished(struct str head, size_t from, const struct frame *f)
{
    if (f->lines)
        return goes_on(head, str_find_char(head, '\n', from)) ? READ_DOCUMENT : READ_LINES;
    struct cutter c;
    cutter_init(&c, SIZE_MAX);
    while (cutter_next(&c, head.ptr, head.len) != CUT_MORE)
        ;
    return c.in_object ? READ_DOCUMENT : READ_LINES; // one long line: with a list in it, or a record
}

static enum reader_mode mode_of(struct str head)
{
    const size_t from = skip_space(head, 0);
    if (from == head.len || (head.ptr[from] != '{' && head.ptr[from] != '['))
        return READ_LINES;
    if (head.ptr[from] == '[')
        return READ_DOCUMENT;
    struct frame f = {0};
    bool broken;
    const char *end = frame_value(&f, head.ptr + from, head.ptr + head.len, &broken);
    if (broken)
        return f.lines > 1 ? READ_DOCUMENT : READ_LINES;
    if (!end)
        return mode_of_unfinished(head, from, &f);
    if (f.lines)
        return READ_DOCUMENT;
    size_t behind = (size_t)(end - head.ptr);
    while (behind < head.len && memchr(" \t\r", head.ptr[behind], 3))
        behind++;
    return behind < head.len && head.ptr[behind] == '{' ? READ_DOCUMENT : READ_LINES;
}

static void look_at_record(struct shape *shape, struct source_unwrapper *u, struct str record, bool *decided)
{
    int64_t time;
    shape->looked++;
    const enum record_kind kind = unwrap_classify(u, record, &time);
    shape->events = shape->events || kind == RECORD_EVENT || (kind == RECORD_WRAPPED && time != TIME_NONE);
    shape->hosts = shape->hosts || kind == RECORD_HOST || (kind == RECORD_WRAPPED && time == TIME_NONE);
    shape->known = shape->known || kind == RECORD_EVENT || kind == RECORD_WRAPPED || kind == RECORD_HOST;
    if (shape->first == TIME_NONE)
        shape->first = time;
    if (!*decided && (kind == RECORD_EVENT || kind == RECORD_WRAPPED)) {
        shape->wrapped = kind == RECORD_WRAPPED;
        *decided = true;
    }
}

static void look_at_lines(struct shape *shape, struct source_unwrapper *u, struct str head, bool whole)
{
    bool decided = false;
    size_t from = 0;
    for (unsigned n = 0; n < RECORDS_LOOKED_AT && from < head.len && !(decided && shape->events);) {
        size_t newline = str_find_char(head, '\n', from);
        if (newline == SIZE_MAX && !whole)
            break;
        const struct str line = str_trim(str_slice(head, from, newline));
        from = newline == SIZE_MAX ? head.len : newline + 1;
        if (!line.len)
            continue;
        look_at_record(shape, u, line, &decided);
        n++;
    }
}

static void look_at_document(struct shape *shape, struct source_unwrapper *u, struct str head)
{
    bool decided = false;
    struct cutter c;
    cutter_init(&c, SIZE_MAX);
    enum cut cut;
    for (unsigned n = 0; n < RECORDS_LOOKED_AT && (cut = cutter_next(&c, head.ptr, head.len)) != CUT_MORE && !(decided && shape->events);
         n++) {
        if (cut == CUT_RECORD)
            look_at_record(shape, u, str_slice(head, c.begin, c.end), &decided);
    }
}

// A byte order mark, or every other byte of ASCII text zero.
static bool is_utf16(struct str s)
{
    if (s.len < 4)
        return false;
    if (memcmp(s.ptr, "\xff\xfe", 2) == 0 || memcmp(s.ptr, "\xfe\xff", 2) == 0)
        return true;
    return (!s.ptr[0] && s.ptr[1] && !s.ptr[2] && s.ptr[3]) || (s.ptr[0] && !s.ptr[1] && s.ptr[2] && !s.ptr[3]);
}

struct shape shape_detect(struct source_unwrapper *u, struct str head, bool whole)
{
    struct shape shape = {.first = TIME_NONE, .utf16 = is_utf16(head)};
    if (shape.utf16)
        return shape;
    if (str_starts(head, STR("\xef\xbb\xbf"))) {
        shape.bom = 3;
        head = str_slice(head, 3, head.len);
    }
    shape.mode = mode_of(head);
    if (shape.mode == READ_LINES)
        look_at_lines(&shape, u, head, whole);
    else
        look_at_document(&shape, u, head);
    shape.binary = !shape.known && head.len && memchr(head.ptr, 0, head.len);
    return shape;
}
