// SPDX-License-Identifier: Apache-2.0
// The pen of the HTML report. Everything that is not a literal of the program goes through html_text or html_attribute.
#pragma once

#include "report/common/format.h"
#include "report/common/matrix.h"
#include "report/common/phrase.h"

// Markup of the program's own.
void html_raw(struct buf *out, const char *markup);
__attribute__((format(printf, 2, 3))) void html_rawf(struct buf *out, const char *format, ...); // its arguments: figures and own words
// Text of any origin: entities for & < > " ', and what cannot be shown made visible, in a span of class x.
void html_text(struct buf *out, struct str s);
void html_attribute(struct buf *out, struct str s);    // the same without the span
void html_kept(struct buf *out, const struct kept *k); // and how long it was, if it was cut

// The parts of the page, in files of their own.
[[nodiscard]] bool html_has_timeline(const struct digest *d);                                   // whether any alert has a time
void html_timeline(struct report *r);                                                           // html_timeline.c
void html_matrix(struct report *r, const struct matrix *m);                                     // html_matrix.c
void html_campaign(struct report *r, const struct campaign *c);                                 // html_campaign.c: one
void html_campaigns(struct report *r);                                                          // html_campaign.c: those kept
void html_actors(struct report *r);                                                             // html_actors.c
void html_rule(struct report *r, const struct seen_actor *actor, const struct seen_rule *rule); // html_rule.c
void html_tail(struct report *r, const struct engine_summary *summary);                         // html_tail.c
