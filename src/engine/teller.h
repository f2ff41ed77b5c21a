// SPDX-License-Identifier: Apache-2.0
// Makes alerts of matches and correlations, and hands them out sorted: time, rule id, position in the input.
#pragma once

#include "engine/cluster.h"
#include "engine/shelf.h"

struct teller;

[[nodiscard]] struct teller *teller_new(const struct ruleset *rules, const struct plan *plan, struct str cluster,
                                        const struct engine_handler *handler, struct engine_summary *summary, struct shelf *shelf,
                                        bool of_hosts);
// Takes over what is held; gives a handle (never 0) that stays good for the newest so many findings and bytes.
[[nodiscard]] uint64_t teller_keep(struct teller *t, struct held *held);
// Gives the oldest that is kept back to the shelf. False: there is none.
[[nodiscard]] bool teller_forget(struct teller *t);
void teller_match(struct teller *t, uint32_t rule, int64_t time, uint64_t sequence, uint64_t evidence);
void teller_correlated(struct teller *t, const struct correlated *c);
void teller_end(struct teller *t); // hands out the rest and frees
