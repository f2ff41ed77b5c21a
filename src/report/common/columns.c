// SPDX-License-Identifier: Apache-2.0
#include "report/common/columns.h"

#include "base/diag.h"
#include "base/utf8.h"

#define ELLIPSIS STR("\xe2\x80\xa6")

enum { MARKS_MAX = 2 }; // combining marks on one character that real scripts use

struct range {
    uint32_t first, last;
};

static bool is_in(const struct range *ranges, size_t n, uint32_t c)
{
    size_t low = 0;
    while (low < n) {
        size_t middle = (low + n) / 2;
        if (c > ranges[middle].last)
            low = middle + 1;
        else
            n = middle;
        if (c >= ranges[middle].first && c <= ranges[middle].last)
            return true;
    }
    return false;
}

// Combining marks of the scripts in common use and variation selectors (Unicode 15, categories Mn and Me).
static bool is_mark(uint32_t c)
{
    static const struct range marks[] = {
        {0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x5bf, 0x5bf},   {0x5c1, 0x5c7},   {0x610, 0x61a},   {0x64b, 0x65f},
        {0x670, 0x670},   {0x6d6, 0x6dc},   {0x6df, 0x6e4},   {0x6e7, 0x6e8},   {0x6ea, 0x6ed},   {0x730, 0x74a},   {0x900, 0x902},
        {0x93c, 0x93c},   {0x941, 0x948},   {0x94d, 0x94d},   {0x951, 0x957},   {0x9bc, 0x9bc},   {0xe31, 0xe31},   {0xe34, 0xe3a},
        {0xe47, 0xe4e},   {0xeb1, 0xeb1},   {0xeb4, 0xebc},   {0xec8, 0xece},   {0xf71, 0xf84},   {0x135d, 0x135f}, {0x1ab0, 0x1ace},
        {0x1dc0, 0x1dff}, {0x20d0, 0x20f0}, {0x302a, 0x302d}, {0x3099, 0x309a}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
    };
    return is_in(marks, sizeof marks / sizeof *marks, c);
}

// East Asian Wide and Fullwidth, and emoji (Unicode 15, in whole blocks where nearly all of a block is wide).
static bool is_wide(uint32_t c)
{
    static const struct range wide[] = {
        {0x1100, 0x115e},   {0x231a, 0x231b},   {0x2329, 0x232a},   {0x23e9, 0x23f3},   {0x25fd, 0x25fe},   {0x2614, 0x2615},
        {0x2648, 0x2653},   {0x267f, 0x267f},   {0x2693, 0x2693},   {0x26a1, 0x26a1},   {0x26bd, 0x26be},   {0x26c4, 0x26c5},
        {0x26ce, 0x26ce},   {0x26d4, 0x26d4},   {0x26ea, 0x26ea},   {0x26f2, 0x26f5},   {0x26fa, 0x26fd},   {0x2705, 0x2705},
        {0x270a, 0x270b},   {0x2728, 0x2728},   {0x274c, 0x274e},   {0x2753, 0x2757},   {0x2795, 0x2797},   {0x2b1b, 0x2b1c},
        {0x2b50, 0x2b55},   {0x2e80, 0x303e},   {0x3041, 0x4dbf},   {0x4e00, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},
        {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18cff}, {0x1aff0, 0x1b2ff},
        {0x1f004, 0x1f004}, {0x1f0cf, 0x1f0cf}, {0x1f18e, 0x1f19a}, {0x1f200, 0x1f320}, {0x1f32d, 0x1f64f}, {0x1f680, 0x1f6ff},
        {0x1f7e0, 0x1f7f0}, {0x1f90c, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
    };
    return is_in(wide, sizeof wide / sizeof *wide, c);
}

size_t visible_next(struct visible *v, struct buf *out, bool *escaped)
{
    uint32_t c = 0;
    size_t size = utf8_decode(v->rest, &c);
    size_t taken = size ? size : 1;
    struct str piece = str_slice(v->rest, 0, taken);
    v->rest = str_slice(v->rest, taken, v->rest.len);
    bool mark = size > 1 && is_mark(c);
    v->marks = mark ? v->marks + 1 : 0;
    size_t start = out->len;
    bool pile = v->marks > MARKS_MAX;
    if (pile)
        buf_addf(out, "\\u{%04x}", c);
    else
        text_escape(out, piece);
    size_t added = out->len - start;
    bool changed = pile || added != taken; // an escape is longer than what it stands for
    if (escaped)
        *escaped = changed;
    return changed ? added : mark ? 0 : size > 1 && is_wide(c) ? 2 : 1;
}

size_t text_fit(struct buf *out, struct str s, uint64_t whole, size_t columns)
{
    struct visible v = {.rest = s};
    size_t used = 0;
    size_t fits_len = out->len, fits = 0; // as much as leaves room for the ellipsis
    bool cut = columns == 0;
    while (v.rest.len && !cut) {
        used += visible_next(&v, out, NULL);
        cut = used > columns;
        if (used < columns)
            fits_len = out->len, fits = used;
    }
    if (!cut && (whole <= s.len))
        return used;
    out->len = fits_len;
    if (columns)
        buf_add(out, ELLIPSIS);
    return columns ? fits + 1 : 0;
}

void text_pad(struct buf *out, size_t columns)
{
    for (; columns; columns--)
        buf_add_char(out, ' ');
}

// Columns of s, or of so much of it that it is wider than `most`.
static size_t measure(struct str s, size_t most)
{
    struct buf scratch;
    buf_init(&scratch, 1 << 12);
    struct visible v = {.rest = s};
    size_t columns = 0;
    while (v.rest.len && columns <= most) {
        columns += visible_next(&v, &scratch, NULL);
        buf_clear(&scratch);
    }
    buf_fini(&scratch);
    return columns;
}

size_t text_columns(struct str s)
{
    return measure(s, SIZE_MAX);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// Where the writer of text_wrap stands.
struct line {
    struct buf *out;
    struct wrap wrap;
    size_t at;    // column
    size_t lines; // finished
    bool full;    // max_lines reached
};

static void break_line(struct line *line)
{
    line->lines++;
    if (line->wrap.max_lines && line->lines == line->wrap.max_lines) {
        buf_add(line->out, ELLIPSIS);
        line->full = true;
        return;
    }
    buf_add_char(line->out, '\n');
    text_pad(line->out, line->wrap.indent);
    line->at = line->wrap.indent;
}

// The last column is kept free for the ellipsis that may follow.
static void add_word(struct line *line, struct str word)
{
    size_t columns = measure(word, line->wrap.width);
    bool first = line->at == line->wrap.indent;
    if (!first && line->at + 1 + columns >= line->wrap.width)
        break_line(line);
    else if (!first)
        buf_add_char(line->out, ' '), line->at++;
    struct visible v = {.rest = word};
    while (v.rest.len && !line->full) {
        struct visible before = v;
        size_t start = line->out->len;
        columns = visible_next(&v, line->out, NULL);
        if (line->at + columns < line->wrap.width || line->at == line->wrap.indent) {
            line->at += columns;
            continue;
        }
        line->out->len = start;
        v = before;
        break_line(line);
    }
}

// Whether the white space at *i, which is skipped, ends a line for good: an empty line, or a list item behind it. A single newline is
// how the file happened to be wrapped.
static bool skip_space(struct str s, size_t *i)
{
    unsigned newlines = 0;
    for (; *i < s.len && is_space(s.ptr[*i]); ++*i)
        newlines += s.ptr[*i] == '\n';
    bool item = *i + 1 < s.len && (s.ptr[*i] == '-' || s.ptr[*i] == '*') && s.ptr[*i + 1] == ' ';
    return newlines > 1 || (newlines && item);
}

void text_wrap(struct buf *out, struct str s, struct wrap w)
{
    if (w.width < w.indent + 20)
        w.width = w.indent + 20;
    struct line line = {.out = out, .wrap = w, .at = w.indent};
    s = str_trim(s);
    for (size_t i = 0; i < s.len && !line.full;) {
        size_t end = i;
        while (end < s.len && !is_space(s.ptr[end]))
            end++;
        add_word(&line, str_slice(s, i, end));
        i = end;
        if (skip_space(s, &i) && !line.full)
            break_line(&line);
    }
    buf_add_char(out, '\n');
}
