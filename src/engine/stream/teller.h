// SPDX-License-Identifier: Apache-2.0
// Makes alerts of matches and correlations, and hands them out sorted: time, rule id, position in the input.
#pragma once

#include "engine/stream/cluster.h"

struct teller;

[[nodiscard]] struct teller *teller_new(const struct ruleset *rules, const struct plan *plan, struct str cluster,
                                        const struct engine_handler *handler, struct engine_summary *summary, bool of_hosts);
// What follows is about this finding, which is borrowed until the next one. Alerts show the record that completed them.
void teller_begin(struct teller *t, const struct held *held);
// Remembers where its record stands. Gives a handle (never 0) that stays good for the newest so many of them.
[[nodiscard]] uint64_t teller_keep(struct teller *t);
void teller_match(struct teller *t, uint32_t rule, uint64_t evidence);
void teller_correlated(struct teller *t, const struct correlated *c);
void teller_end(struct teller *t); // hands out the rest and frees
