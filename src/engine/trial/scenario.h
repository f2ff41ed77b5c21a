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
#include "engine/trial/trial.h"

struct scenario_counts {
    size_t cases, failed;
};

// Runs the stories of one file. Failures and malformed tests are errors in diags at their place. tested[rule]: set for each rule that
// has a hit.
[[nodiscard]] status scenario_run(struct trial *trial, const struct ruleset *rules, const struct yaml_value *base, struct yaml_source file,
                                  bool *tested, struct scenario_counts *counts, struct diags *diags);

// Stories told to somebody who looks on, instead of being tests: `event` may change the text of an event before the rules see it, or hold
// it back (false); `told` hears how each story that should hit came out.
struct scenario_watch {
    void *context;
    bool (*event)(void *context, struct buf *text);
    void (*told)(void *context, uint32_t rule, struct str what, bool hit);
};
[[nodiscard]] status scenario_show(struct trial *trial, const struct ruleset *rules, const struct yaml_value *base, struct yaml_source file,
                                   const struct scenario_watch *watch, struct diags *diags);
