// SPDX-License-Identifier: Apache-2.0
// The parts of an incident's page in HTML.
#pragma once

#include "report/html/html.h"
#include "report/common/step.h"
#include "report/common/story.h"

void html_incident(struct report *r, const struct incident *x);                         // html_incident.c
void html_steps(struct report *r, const struct story *s, const struct incident *x);     // html_steps.c: the drawing, the rows
void html_path(struct report *r, const struct story *s);                                // html_path.c: the matrix in time order
void html_graph(struct buf *out, const struct incident *x);                             // html_graph.c
void html_who(struct buf *out, const struct story *s, const struct incident *x);        // html_who.c: actors, pivots
void html_remedies(struct buf *out, const struct story *s, const struct incident *x);   // html_remedy.c
void html_prevention(struct buf *out, const struct story *s, const struct incident *x); // html_remedy.c
void html_findings(struct buf *out, const struct incident *x); // html_findings.c: hypotheses, indicators, what is known
void html_incidents(struct report *r);                         // html_incidents.c: all pages

// html_pieces.c. Text of any length, cut; a list with commas; "and 3 more" as a paragraph, if n is not 0.
void html_cut(struct buf *out, struct str s);
void html_list(struct buf *out, const struct str *items, size_t n, size_t most);
void html_more(struct buf *out, uint64_t n, const char *one, const char *many);
void html_command(struct buf *out, struct str command);   // one line: a newline in it is a name's and is escaped
void html_commands(struct buf *out, struct str commands); // lines of the program's own, or a manifest
