// SPDX-License-Identifier: Apache-2.0
// Random rules as Sigma YAML and random records as JSON, over one small vocabulary so that they often meet.
#pragma once

#include "base/buf.h"

struct chance {
    uint64_t state;
};

[[nodiscard]] unsigned chance_below(struct chance *c, unsigned n);

// Which field names rules use: those of the test dictionary (dictionary.yaml) too, or native paths only.
void generate_rule(struct chance *c, struct buf *out, unsigned number, bool dictionary);
void generate_record(struct chance *c, struct buf *out);
// The record again, with one of its texts exchanged.
void generate_relative(struct chance *c, struct str record, struct buf *out);
