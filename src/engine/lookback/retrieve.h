// SPDX-License-Identifier: Apache-2.0
// The records behind incidents, byte for byte: the cluster's records are read once more, and those that an incident names as evidence
// are handed out.
#pragma once

#include "detect/alert.h"
#include "engine/lookback/spool.h"
#include "incident/incident.h"

// Calls back in the order of the input: for each incident that names the record once. Gives how many of the places that incidents name
// were not found again.
typedef void retrieve_fn(void *context, const struct incident *incident, const struct evidence *place, struct str record);
[[nodiscard]] uint64_t retrieve_run(const struct incident *incidents, size_t n, struct spool *spool, const struct source_list *inputs,
                                    retrieve_fn *take, void *context, struct diags *diags);
