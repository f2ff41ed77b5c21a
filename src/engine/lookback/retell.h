// SPDX-License-Identifier: Apache-2.0
// Incidents read back from NDJSON, as `davy detect --format json` prints them (docs/schema/incident.schema.json): for campaigns over what
// many runs found. The lines are as hostile as any input: other programs, and other people, may have written them.
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "codec/json/json.h"
#include "incident/campaign.h"
#include "source/source.h"

// An incident as far as campaigns need it, in the arena; views may point into the value. NULL: it is none, and *why says so in a clause.
[[nodiscard]] const struct incident *retell_incident(const struct json_value *line, struct arena *a, const char **why);

struct retelling {
    uint64_t incidents, others; // lines: incidents; well-formed lines of other kinds
    uint64_t bad;               // neither; each is in diags
};

enum { RETELL_LINE_MAX = 8 << 20 }; // bytes; longer lines are skipped and said

// Adds the incidents of all inputs. ST_INPUT when strict and a line was bad, or when there were lines and none was one of davy's.
[[nodiscard]] status retell(struct campaigns *campaigns, const struct source_list *inputs, bool strict, struct retelling *out,
                            struct diags *diags);
