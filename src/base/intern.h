// SPDX-License-Identifier: Apache-2.0
// One copy of each string: equal strings that were interned in the same pool have the same pointer, so they compare by it.
#pragma once

#include "base/arena.h"

struct intern {
    struct arena arena;
    struct str *places; // open addressing; ptr NULL: free
    size_t n, cap;      // cap is 0 or a power of two
    uint64_t seed;
};

// seed: a number that those who choose the strings cannot guess, or theirs could be made to collide.
void intern_init(struct intern *i, size_t max_bytes, uint64_t seed);
void intern_fini(struct intern *i);

// STR_NONE stays STR_NONE. A new string that the maximum has no room for comes back as STR_NONE.
[[nodiscard]] struct str intern_str(struct intern *i, struct str s);
// The copy that is there already, or STR_NONE.
[[nodiscard]] struct str intern_find(const struct intern *i, struct str s);
