// SPDX-License-Identifier: Apache-2.0
// The terminal's pen: styles, rules across the page, and rows whose right end stands at the margin.
#pragma once

#include "report/common/format.h"

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

// A heading inside a section, an empty line before it.
void text_subheading(struct report *r, const char *title, const char *note);
// A line of text at an indent, wrapped; further lines hang behind it. In a style.
struct hang {
    size_t indent, further; // columns of the first line and of those after it
    unsigned style;
    size_t max_lines; // 0: all
};
void text_paragraph(struct report *r, struct hang at, struct str s);
// Commands that a person may paste: wrapped lines end in a backslash where the shell wants one, comments stay comments.
void text_command(struct report *r, struct str command, size_t indent);   // one line: a newline in it is a name's and is escaped
void text_commands(struct report *r, struct str commands, size_t indent); // lines of the program's own, or a manifest

void text_label(struct report *r, struct str label, size_t indent);
// "and 3 more values" on a line, if n is not 0.
void text_more(struct report *r, size_t indent, uint64_t n, const char *one, const char *many);
