// SPDX-License-Identifier: Apache-2.0
// Rules tried on documents one after the other, each a line of its own: what `davy rules match` and `davy rules test` do. Nothing is
// joined, put in order or kept quiet: this is the rule language, plainly.
#pragma once

#include "detect/detect.h"

struct trial;

[[nodiscard]] status trial_new(struct trial **out, const struct ruleset *rules, const struct dictionary *dictionary,
                               struct json_limits limits, struct diags *diags);
void trial_free(struct trial *t);

// Forgets all correlation state.
void trial_reset(struct trial *t);

// Reads one record (JSON_PADDING readable bytes behind it). The rules that hit, correlations included, each once, sorted by id; rules that
// only feed correlations are left out unless `silent_too`. Good until the next record.
[[nodiscard]] enum json_result trial_record(struct trial *t, struct str record, bool silent_too, struct json_error *error);
[[nodiscard]] const uint32_t *trial_hits(const struct trial *t, size_t *n);
[[nodiscard]] struct matcher_counters trial_counters(const struct trial *t);
