// SPDX-License-Identifier: Apache-2.0
// The terminal's pen: styles, rules across the page, and rows whose right end stands at the margin.
#pragma once

#include "report/format.h"

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_LEVEL }; // STYLE_LEVEL + enum rule_level

// The columns of the page.
enum {
    INDENT = 4,            // of everything under an actor
    LABEL = 10,            // of level words and labels
    BODY = INDENT + LABEL, // of everything under a rule
    OBJECT_COLUMNS = 70,   // of a name of an object
};

// Puts a style on what follows and STYLE_PLAIN takes it off; nothing is written without colour.
void text_style(struct report *r, unsigned style);
// "== TITLE =================== note ==", an empty line before it.
void text_heading(struct report *r, const char *title, const char *note);
// The word of a level in its style, padded to the columns.
void text_level(struct report *r, enum rule_level level, size_t columns);
// Appends s, already printable, in a style and cut to the columns.
void text_styled(struct report *r, unsigned style, struct str s, size_t columns);

void text_label(struct report *r, struct str label, size_t indent);
// "and 3 more values" on a line, if n is not 0.
void text_more(struct report *r, size_t indent, uint64_t n, const char *one, const char *many);
