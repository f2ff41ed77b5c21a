// SPDX-License-Identifier: Apache-2.0
// Hostile text in the columns of a terminal: one character at a time, made visible, measured, and cut with an ellipsis.
#pragma once

#include "base/buf.h"

// Takes one character off the front of *rest (which is not empty) and appends it as it may be shown: printable as it is, anything
// else escaped by text_escape, and so is a combining mark that would pile up on others. Gives its columns; *escaped may be NULL.
struct visible {
    struct str rest;
    unsigned marks; // combining marks since the last base character
};
[[nodiscard]] size_t visible_next(struct visible *v, struct buf *out, bool *escaped);

// Appends s on one line, at most `columns` wide, ending in an ellipsis when it had to be cut. `whole` is how long the text was before
// somebody else cut it: more than s.len adds the ellipsis too. Gives the columns written.
size_t text_fit(struct buf *out, struct str s, uint64_t whole, size_t columns);
void text_pad(struct buf *out, size_t columns);
[[nodiscard]] size_t text_columns(struct str s); // as text_fit would show it, uncut

struct wrap {
    size_t indent;    // of the lines after the first, which continues where the caller is
    size_t width;     // the right margin, counted from the left edge
    size_t max_lines; // then an ellipsis; 0: all
};
// Appends s in lines broken at white space (empty lines and list items of s begin one); words wider than a line are broken. Ends with a
// newline.
void text_wrap(struct buf *out, struct str s, struct wrap w);
