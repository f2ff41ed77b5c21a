// SPDX-License-Identifier: Apache-2.0
// Copies of texts of any size, in little room.
#pragma once

#include "report/common/digest.h"

enum { LONG_TEXT = 4000 }; // bytes shown of a text from a rule or the engine

// The start of s that fits into max bytes, ending between two characters.
[[nodiscard]] struct str keep_cut(struct str s, size_t max);
// False when the arena is full.
[[nodiscard]] bool keep(struct arena *arena, struct kept *out, struct str s);
[[nodiscard]] bool kept_is(const struct kept *k, struct str s);
