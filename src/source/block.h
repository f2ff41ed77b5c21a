// SPDX-License-Identifier: Apache-2.0
// The memory of a block, inside this room.
#pragma once

#include "source/source.h"

// Room for `size` bytes and the padding; keeps what is there. A block that once held a huge record gives its memory back when it is
// asked for much less.
void block_reserve(struct source_block *b, size_t size);
// Empties it for the next use.
void block_clear(struct source_block *b);
void block_add_span(struct source_block *b, struct source_span span);
// Bytes that may lie in the block.
[[nodiscard]] size_t block_room(const struct source_block *b);
