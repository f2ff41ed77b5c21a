// SPDX-License-Identifier: Apache-2.0
// The look-back: once it is known who the intruder is, all that he did before and after is fetched from the log. The log is searched for
// the inquiry's terms at the speed of memory, and only the records that hold one are parsed.
#pragma once

#include "engine/lookback/spool.h"
#include "incident/incident.h"

// Reads the cluster's records as often as the inquiry asks for.
[[nodiscard]] status lookback_run(struct inquiry *q, struct spool *spool, const struct source_list *inputs, struct diags *diags);
