// SPDX-License-Identifier: Apache-2.0
// Blocks from the reader through any number of threads, each of which reads, judges, and hands on what is ready; the results are handed on
// in the order of the input.
#pragma once

#include "engine/stream/worker.h"

struct pipeline;

// Called in input order, on one thread at a time, but now on this, now on that; read: what the reader had counted when the block was
// read. False: no more is wanted.
typedef bool pipeline_take_fn(void *context, const struct source_block *block, struct block_result *result,
                              const struct source_counters *read);

// Runs to the end of the input on config->threads threads, or as many as can be had; the calling one is among them. Reader trouble goes to
// diags, at the end: while it runs they are the taker's.
[[nodiscard]] status pipeline_run(const struct engine_config *config, const struct plan *plan, const struct plan *host_plan,
                                  struct source_reader *reader, pipeline_take_fn *take, void *context, struct matcher_counters *counters,
                                  struct diags *diags);
