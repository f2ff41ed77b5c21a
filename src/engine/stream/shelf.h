// SPDX-License-Identifier: Apache-2.0
// Memory for findings that wait for their turn, and for what is kept as evidence: thousands of pieces that are given back nearly in the
// order in which they were taken. They are cut off large chunks one after the other; a chunk is used again when its last piece has come
// back.
#pragma once

#include <stddef.h>

struct shelf;

// max: bytes in use at most, counted in whole chunks.
[[nodiscard]] struct shelf *shelf_new(size_t max);
void shelf_free(struct shelf *s); // with all that is on it
// Not zeroed; aligned for any type. NULL when the shelf is full: something must be given back first. An empty shelf takes anything.
[[nodiscard]] void *shelf_take(struct shelf *s, size_t size);
void shelf_give(struct shelf *s, void *piece);
