// SPDX-License-Identifier: Apache-2.0
// A worker's way with records from nodes: what is no audit event is asked whether it tells of a process; if so, it is brought into the
// one shape and shown to the rules about processes.
#pragma once

#include "engine/stream/finding.h"
#include "host/host.h"

struct hosts;

// The plan is borrowed.
[[nodiscard]] struct hosts *hosts_new(const struct plan *plan, const struct ruleset *rules);
void hosts_free(struct hosts *h);

// False: it is no such record, or h is NULL. The record must outlive the result, as for block_result_add.
[[nodiscard]] bool hosts_take(struct hosts *h, struct block_result *r, struct str record, uint64_t line, uint32_t item);
// The same of a line that is no JSON.
[[nodiscard]] bool hosts_take_line(struct hosts *h, struct block_result *r, struct str text, uint64_t line);
