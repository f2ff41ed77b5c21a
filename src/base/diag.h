// SPDX-License-Identifier: Apache-2.0
// What is wrong with something a person wrote or gave us: file, line, column, one sentence, and the line with a caret. Filled once, at
// the origin; printed by whoever owns a terminal.
#pragma once

#include "base/arena.h"
#include "base/buf.h"

enum diag_level { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

struct diag {
    enum diag_level level;
    struct str file;    // as the user named it; ptr NULL when there is none
    unsigned line;      // from 1; 0: the whole file
    unsigned column;    // from 1, in bytes; 0: the whole line
    struct str text;    // one sentence, no full stop, no newline
    struct str excerpt; // that line of the file, or ptr NULL
};

enum { DIAG_MAX = 10000 }; // further ones are counted only

struct diags {
    struct arena arena;
    struct diag *items;
    size_t n, cap;
    size_t errors, warnings; // all, also those beyond DIAG_MAX
};

void diags_init(struct diags *d);
void diags_fini(struct diags *d);

// Place may be NULL; its file and excerpt are copied.
struct place {
    struct str file;
    unsigned line, column;
    struct str excerpt;
};
__attribute__((format(printf, 4, 5))) void diags_add(struct diags *d, enum diag_level level, const struct place *place, const char *format,
                                                     ...);

// Adds copies of all of another's, and its counts.
void diags_append(struct diags *d, const struct diags *more);

// "file:line:col: error: text", the excerpt and a caret line, control characters shown as \xNN.
void diag_write(struct buf *out, const struct diag *diag);

// Appends s with control characters, DEL, invalid UTF-8, bidirectional overrides and other invisible format characters made visible
// (\n, \t, \xNN, \u{NNNN}): for text that goes to a terminal. Valid printable UTF-8 passes.
void text_escape(struct buf *out, struct str s);
