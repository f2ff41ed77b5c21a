// SPDX-License-Identifier: Apache-2.0
// The counters of a run, one table for all outputs.
#pragma once

#include "base/str.h"
#include "engine/summary.h"

struct counter {
    struct str key;   // in the JSON summary
    struct str label; // for people, behind the figure: "12 <label>"
    size_t offset;    // of the uint64_t in struct engine_summary
    bool trouble;     // something was lost, skipped or cannot be trusted: people are told when it is not 0
};

[[nodiscard]] const struct counter *counter_table(size_t *n);
[[nodiscard]] uint64_t counter_value(const struct counter *c, const struct engine_summary *s);
