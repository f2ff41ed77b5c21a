// SPDX-License-Identifier: Apache-2.0
// A line of NDJSON, bounded whatever the log claims: texts and lists are shortened, and the line says so in `cut`.
#pragma once

#include "codec/json/json.h"
#include "report/common/format.h"

struct line {
    struct json_writer w;
    size_t left;  // bytes of text that the line may still hold
    uint64_t cut; // texts and lists shortened
};

void line_open(struct line *line, struct report *r, struct str kind);
void line_close(struct line *line, struct report *r);

void line_add(struct line *line, struct str s); // an element
void line_text(struct line *line, struct str key, struct str s);
void line_optional(struct line *line, struct str key, struct str s); // left out when absent: members beyond the contract
void line_time(struct line *line, struct str key, int64_t ns);
void line_list(struct line *line, struct str key, const struct str *items, size_t n);
[[nodiscard]] size_t line_bounded(struct line *line, size_t n); // how many elements of a list are written; the others count as cut

// Members `actor`, `action`, `evidence`.
void line_actor(struct line *line, const struct event_actor *a);
void line_action(struct line *line, const struct event_action *a);
void line_evidence(struct line *line, const struct evidence *evidence, size_t n);
