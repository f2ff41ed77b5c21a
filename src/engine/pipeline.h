// SPDX-License-Identifier: Apache-2.0
// Blocks from the reader through any number of workers to the sequencer, who gets the results in the order of the input.
#pragma once

#include "engine/worker.h"

struct pipeline;

// Called on the calling thread, in input order; read: what the reader had counted when the block was read. False: no more is wanted.
typedef bool pipeline_take_fn(void *context, const struct source_block *block, struct block_result *result,
                              const struct source_counters *read);

// Runs to the end of the input with config->threads workers (1: all on the calling thread). Reader trouble goes to diags,
// at the end: while it runs they are the taker's.
[[nodiscard]] status pipeline_run(const struct engine_config *config, const struct plan *plan, const struct plan *host_plan,
                                  struct source_reader *reader, pipeline_take_fn *take, void *context, struct matcher_counters *counters,
                                  struct diags *diags);
