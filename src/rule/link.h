// SPDX-License-Identifier: Apache-2.0
// From drafts to a ruleset: identities, references, cycles, captures, silence, order. Private to rule.
#pragma once

#include "draft.h"

// Refuses what cannot stand; the rest goes into the ruleset.
void link_drafts(struct drafts *list, struct ruleset *out);
