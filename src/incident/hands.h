// SPDX-License-Identifier: Apache-2.0
// Whose hand moves an identity, as far as its tools tell: a program calls itself by one name as long as it lives, and a person changes
// kubectl seldom. An identity that is suddenly used with another tool may be in other hands, also at its own address: somebody in its pod,
// on its node, or behind its proxy. Tools can be forged, so this only ever separates what lies beside a seed from what does not.
#pragma once

#include "incident/model.h"

// Gathers the tools of every principal. The facts of the round are sorted by time.
void hands_settle(struct inquiry *q);

// Whether a fact was done with a tool that its principal had not used when it was seen at work with others.
[[nodiscard]] bool hand_is_foreign(const struct fact *f);

// Parts the facts of an actor with seeds into those of foreign hands, and its own. False: no seed is of a foreign hand, and nothing was
// parted.
[[nodiscard]] bool hands_part(const struct actor *actor, fact_list *foreign, fact_list *own);
