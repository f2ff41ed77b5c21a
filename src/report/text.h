// SPDX-License-Identifier: Apache-2.0
// The parts of the page for a terminal, in files of their own; text.c puts them together.
#pragma once

#include "report/columns.h"
#include "report/matrix.h"
#include "report/phrase.h"
#include "report/text_pen.h"

void text_actors(struct report *r);                                                             // text_actors.c
void text_rules(struct report *r, const struct seen_actor *actor);                              // text_rules.c
void text_acts(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule); // text_acts.c
void text_matrix(struct report *r, const struct matrix *m);                                     // text_matrix.c
void text_tail(struct report *r, const struct engine_summary *summary); // text_tail.c: advice, blind spots, counters
