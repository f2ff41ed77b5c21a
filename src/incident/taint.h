// SPDX-License-Identifier: Apache-2.0
// How taint passes on. Each kind of pivot is one file; taint.c goes round them until nothing changes.
#pragma once

#include "incident/model.h"

// Taints what the facts of this round show, and follows whom it leads to.
void taint_spread(struct inquiry *q);

// --- what pivots are made with (taint_mark.c) --------------------------------------------------------------------------------------

enum taint_extent { TAINT_SESSION, TAINT_WHOLE };
// True when something changed.
bool taint_actor(struct inquiry *q, struct actor *actor, enum taint_extent extent, enum certainty certainty);
// Marks the tainted facts of all tainted actors; true when there are new ones.
bool taint_mark_facts(struct inquiry *q);
// Notes a pivot once, and joins what it connects. from and to are written in the round's arena.
bool taint_pivot(struct inquiry *q, struct str from, struct str to, const char *kind, enum certainty certainty, const struct fact *fact,
                 uint32_t a, uint32_t b);
// The same with a process as its evidence.
bool taint_pivot_process(struct inquiry *q, struct str from, struct str to, const char *kind, enum certainty certainty,
                         const struct process *p, uint32_t a, uint32_t b);
// The first seen actor of a principal: where it is at home.
[[nodiscard]] struct actor *actor_home(const struct actor *actor);
// At an address where this identity is not at home: not its first one, and not another of the cluster's own networks (a pod that moved).
[[nodiscard]] bool actor_is_abroad(const struct actor *actor);
// "used-from": an identity leads to the address that it came from; as of its first fact.
bool taint_whereabouts(struct inquiry *q, const struct actor *actor, enum certainty certainty);

// --- the kinds of pivots: true when something changed --------------------------------------------------------------------------------

bool taint_things(struct inquiry *q);      // pivot_things.c: objects made, changed, entered; their children
bool taint_credentials(struct inquiry *q); // pivot_credentials.c: secrets, tokens, certificates -> who used them
bool taint_grants(struct inquiry *q);      // pivot_grants.c: bindings made -> whom they let in; one door, several intruders
bool taint_nodes(struct inquiry *q);       // pivot_nodes.c: a pod that reaches its node -> who used the node's credential elsewhere
bool taint_processes(struct inquiry *q);   // pivot_processes.c: pods -> what runs in them; exec requests -> what they started; and back
bool taint_origins(struct inquiry *q);     // pivot_origins.c: a pod with a malicious process -> its owners -> who made them
bool taint_starts(struct inquiry *q);      // starts.c: what the search was told to start with
bool taint_addresses(struct inquiry *q);   // pivot_addresses.c: an intruder's address -> who else came from it
