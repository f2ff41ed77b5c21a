// SPDX-License-Identifier: Apache-2.0
// "Did you mean": the known word that a mistyped one is nearest to.
#pragma once

#include "base/str.h"

struct suggest {
    struct str word, best;
    unsigned distance; // of best; words further away than this are not offered
};

[[nodiscard]] struct suggest suggest_for(struct str word);
void suggest_offer(struct suggest *s, struct str known);
// The nearest word offered, or STR_NONE when none is near enough to be meant.
[[nodiscard]] struct str suggest_best(const struct suggest *s);
