// SPDX-License-Identifier: Apache-2.0
// The parts of the page for a terminal, in files of their own; text.c puts them together.
#pragma once

#include "report/common/columns.h"
#include "report/common/matrix.h"
#include "report/common/phrase.h"
#include "report/common/step.h"
#include "report/common/story.h"
#include "report/text/pen.h"

void text_actors(struct report *r);                                                             // text_actors.c
void text_rules(struct report *r, const struct seen_actor *actor);                              // text_rules.c
void text_acts(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule); // text_acts.c
void text_matrix(struct report *r, const struct matrix *m);                                     // text_matrix.c
void text_tail(struct report *r, const struct engine_summary *summary); // text_tail.c: advice, blind spots, counters

// Of an incident's page.
void text_incident(struct report *r, const struct incident *x);                          // text_incident.c
void text_remedies(struct report *r, const struct story *s, const struct incident *x);   // text_remedy.c: what is left of it
void text_prevention(struct report *r, const struct story *s, const struct incident *x); // text_remedy.c: what would have stopped it
void text_story(struct report *r, const struct story *s, const struct incident *x);      // text_story.c: timeline and matrix
void text_who(struct report *r, const struct story *s, const struct incident *x);        // text_who.c: actors and pivots
void text_incidents(struct report *r);                                                   // text_incidents.c: all pages
void text_campaign(struct report *r, const struct campaign *c);                          // text_campaign.c: one
void text_campaigns(struct report *r);                                                   // text_campaign.c: those kept
