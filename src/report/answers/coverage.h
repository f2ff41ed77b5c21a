// SPDX-License-Identifier: Apache-2.0
// What an audit policy lets rules see, as text and as NDJSON.
#pragma once

#include "base/buf.h"
#include "base/vec.h"
#include "rule/rule.h"

// One rule's share, as the engine measured it (engine/coverage/coverage.h).
struct coverage_line {
    const struct rule *rule;
    size_t stories, seen, seen_changed;
    const struct str *needs; // sentences: "create pods: None (line 7), needs Request"
    size_t n_needs;
};

struct coverage_page {
    struct str policy; // the file
    const struct coverage_line *lines;
    size_t n;
    size_t untold;
    struct str change; // YAML; len 0: none
    const struct str *stages;
    size_t n_stages;
    bool spares_secrets; // the change leaves out what would write Secrets into the log
};

void coverage_text(struct buf *out, const struct coverage_page *p);
// A `coverage_rule` line for each rule, then a `coverage` line: docs/schema/coverage*.schema.json.
void coverage_json(struct buf *out, const struct coverage_page *p);
