// SPDX-License-Identifier: Apache-2.0
// A table from strings to 64-bit values: open addressing, keys not copied (they must outlive the map), no order.
#pragma once

#include "base/str.h"

struct map_entry {
    struct str key; // ptr NULL: free place
    uint64_t value;
};

struct map {
    struct map_entry *entries;
    size_t n, cap; // cap is 0 or a power of two
};

void map_fini(struct map *m); // a zeroed struct map is an empty map

// The value of key, or NULL. The pointer is good until the next map_put.
[[nodiscard]] uint64_t *map_get(const struct map *m, struct str key);

// The value of key, made with value 0 if it was not there (*added, if given, says which).
[[nodiscard]] uint64_t *map_put(struct map *m, struct str key, bool *added);
