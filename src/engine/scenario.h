// SPDX-License-Identifier: Apache-2.0
// Tests that stand beside rules (NAME.test.yml): short stories of events, and whether a rule tells of them.
//
//   - rule: <id>
//     hits:
//       - what: one line
//         events:
//           - {verb: list, objectRef: {resource: secrets}}       laid over the stream's base event; null takes a key away
//           - {after: 30s, repeat: 20, objectRef: {name: 'a{i}'}} special keys: time since the event before, copies, {i} their number
//     misses: (the same)
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "codec/yaml/yaml.h"
#include "engine/trial.h"

struct scenario_counts {
    size_t cases, failed;
};

// Runs the stories of one file. Failures and malformed tests are errors in diags at their place. tested[rule]: set for each rule that
// has a hit.
[[nodiscard]] status scenario_run(struct trial *trial, const struct ruleset *rules, const struct yaml_value *base, struct yaml_source file,
                                  bool *tested, struct scenario_counts *counts, struct diags *diags);
