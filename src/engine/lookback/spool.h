// SPDX-License-Identifier: Apache-2.0
// The records of one cluster, kept to be read again: in memory while they are few; then the files themselves are read again, and what
// cannot be (a pipe) goes to a temporary file that has no name.
#pragma once

#include "source/source.h"

enum { SPOOL_MEMORY_MAX = 16 << 20 }; // bytes of records

struct spool;

// Inputs are borrowed.
[[nodiscard]] struct spool *spool_new(const struct source_list *inputs, struct source_limits limits, struct str cluster);
void spool_free(struct spool *s);

// A block that has passed, unwrapped. first_line: of a block of lines.
void spool_add(struct spool *s, const struct source_block *block, uint64_t first_line);

// Among the plain records of this input stand envelopes: they are opened when it is read again.
void spool_mixed(struct spool *s, uint32_t input);

// Reads all from the start, as often as wanted: a record's bytes have JSON_PADDING behind them.
typedef void spool_block_fn(void *context, const struct source_block *block, uint64_t first_line);
[[nodiscard]] status spool_read(struct spool *s, spool_block_fn *take, void *context, struct diags *diags);
[[nodiscard]] bool spool_partial(const struct spool *s); // something could not be kept or read again
