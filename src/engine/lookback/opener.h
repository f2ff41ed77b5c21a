// SPDX-License-Identifier: Apache-2.0
// Logs that change their shape in the middle: among plain events stand lines with events in envelopes. Detection opens these one by one
// (worker.c). For whoever reads the log again, a whole block becomes one of spans with the same places.
#pragma once

#include "source/source.h"

struct opener;

[[nodiscard]] struct opener *opener_new(struct source_limits limits);
void opener_free(struct opener *o);
// A block of spans, good until the next call. first_line: of a block of lines.
[[nodiscard]] const struct source_block *opener_open(struct opener *o, const struct source_block *block, uint64_t first_line);

// Where an event from an envelope stands: `item` is that of the record it came in, n its number in there, from 1.
static inline uint32_t opener_item(uint32_t item, size_t n)
{
    return item ? item : (uint32_t)n;
}
