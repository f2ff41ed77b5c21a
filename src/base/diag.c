// SPDX-License-Identifier: Apache-2.0
#include "base/diag.h"

#include "base/status.h"
#include "base/utf8.h"

#include <stdlib.h>

void diags_init(struct diags *d)
{
    *d = (struct diags){0};
    arena_init(&d->arena, ARENA_UNLIMITED);
}

void diags_fini(struct diags *d)
{
    arena_fini(&d->arena);
    free(d->items);
    *d = (struct diags){0};
}

void diags_add(struct diags *d, enum diag_level level, const struct place *place, const char *format, ...)
{
    d->errors += level == DIAG_ERROR;
    d->warnings += level == DIAG_WARNING;
    if (d->n == DIAG_MAX)
        return;
    if (d->n == d->cap) {
        d->cap = d->cap ? d->cap * 2 : 16;
        d->items = must_alloc(reallocarray(d->items, d->cap, sizeof *d->items));
    }
    va_list args;
    va_start(args, format);
    struct diag *diag = &d->items[d->n++];
    *diag = (struct diag){.level = level, .text = arena_vprintf(&d->arena, format, args)};
    va_end(args);
    if (!place)
        return;
    diag->file = arena_str(&d->arena, place->file);
    diag->line = place->line;
    diag->column = place->column;
    diag->excerpt = arena_str(&d->arena, place->excerpt);
}

void diags_append(struct diags *d, const struct diags *more)
{
    for (size_t i = 0; i < more->n; i++) {
        const struct diag *from = &more->items[i];
        struct place place = {from->file, from->line, from->column, from->excerpt};
        diags_add(d, from->level, from->file.ptr ? &place : NULL, "%.*s", STR_ARG(from->text));
    }
    size_t errors = 0, warnings = 0;
    for (size_t i = 0; i < more->n; i++) {
        errors += more->items[i].level == DIAG_ERROR;
        warnings += more->items[i].level == DIAG_WARNING;
    }
    d->errors += more->errors - errors; // those beyond DIAG_MAX
    d->warnings += more->warnings - warnings;
}

void text_escape(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len;) {
        uint32_t c;
        size_t size = utf8_decode(str_slice(s, i, s.len), &c);
        unsigned char byte = (unsigned char)s.ptr[i];
        if (size == 0)
            buf_addf(out, "\\x%02x", byte), size = 1;
        else if (c == '\n')
            buf_add(out, STR("\\n"));
        else if (c == '\t')
            buf_add(out, STR("\\t"));
        else if (c < 0x20 || c == 0x7f)
            buf_addf(out, "\\x%02x", byte);
        else if (utf8_is_invisible(c))
            buf_addf(out, "\\u{%04x}", c);
        else
            buf_add(out, str_slice(s, i, i + size));
        i += size;
    }
}

void diag_write(struct buf *out, const struct diag *diag)
{
    static const char *const names[] = {"note", "warning", "error"};
    if (diag->file.ptr) {
        text_escape(out, diag->file);
        if (diag->line)
            buf_addf(out, ":%u", diag->line);
        if (diag->line && diag->column)
            buf_addf(out, ":%u", diag->column);
        buf_add(out, STR(": "));
    }
    buf_addf(out, "%s: ", names[diag->level]);
    text_escape(out, diag->text);
    buf_add_char(out, '\n');
    if (!diag->excerpt.ptr || !diag->line)
        return;
    buf_addf(out, "%5u | ", diag->line);
    size_t start = out->len;
    size_t shown = diag->column ? diag->column - 1 : 0;
    text_escape(out, str_slice(diag->excerpt, 0, shown));
    size_t indent = out->len - start;
    text_escape(out, str_slice(diag->excerpt, shown, diag->excerpt.len));
    if (diag->column)
        buf_addf(out, "\n      | %*s^", (int)indent, "");
    buf_add_char(out, '\n');
}
