// SPDX-License-Identifier: Apache-2.0
// Regular expressions (PCRE2, interpreted: no generated code runs on hostile text), bounded in steps, depth and memory. Private to rule.
#pragma once

#include "base/arena.h"

struct regex_error {
    char text[160];
    size_t offset; // into the pattern
};

// Lives in the arena, needs no freeing; NULL fills error. flags: enum regex_flag.
[[nodiscard]] const void *regex_compile(struct arena *a, struct str pattern, unsigned flags, struct regex_error *error);
// The longest text found that stands in every text the expression matches, ASCII case ignored; len 0: none is known. The expression is one
// that compiles.
[[nodiscard]] struct str regex_literal(struct arena *a, struct str pattern, unsigned flags);
// Safe on any number of threads. *gave_up is set, never cleared.
[[nodiscard]] bool regex_matches(const void *regex, struct str text, bool *gave_up);
