// SPDX-License-Identifier: Apache-2.0
// What requests were made, one after the other, out of audit logs: for whoever looks back on them all.
#pragma once

#include "event/event.h"
#include "source/source.h"

// Once for each request: at its last stage, or where only another one was logged. Good during the call.
typedef void history_fn(void *context, const struct event *e);

// The same with where it stands, and all that it says.
struct history_record {
    const struct event *event;
    const struct json_value *tree; // its raw text has room of JSON_PADDING bytes behind it
    struct str file;               // lives as long as the inputs
    uint64_t line;                 // of the input, from 1
};
typedef void history_record_fn(void *context, const struct history_record *record);

struct history_counters {
    uint64_t events, foreign, bad;
};

// Reads all inputs in order. ST_INPUT: there was no event at all.
[[nodiscard]] status history_run(const struct str *paths, size_t n, history_fn *tell, void *context, struct history_counters *counters,
                                 struct diags *diags);
[[nodiscard]] status history_records(const struct source_list *inputs, history_record_fn *tell, void *context,
                                     struct history_counters *counters, struct diags *diags);
