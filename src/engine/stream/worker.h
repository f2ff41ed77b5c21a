// SPDX-License-Identifier: Apache-2.0
// One thread's share of the work: a block of records in, findings out. No shared writes.
#pragma once

#include "engine/stream/finding.h"

struct worker;

// host_plan: of the rules about processes; NULL: there are none to read.
[[nodiscard]] struct worker *worker_new(const struct engine_config *config, const struct plan *plan, const struct plan *host_plan);
void worker_free(struct worker *w);
// Reads every record of the block. The result is cleared first, and points into the block.
void worker_read(struct worker *w, struct source_block *block, struct block_result *result);
[[nodiscard]] struct matcher_counters worker_counters(const struct worker *w);
