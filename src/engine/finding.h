// SPDX-License-Identifier: Apache-2.0
// What a worker found notable in one record, and what it counted in one block: copied out of the block, so that the block can be read
// again while the sequencer still looks at the findings.
#pragma once

#include "engine/engine.h"

struct finding_rule {
    uint32_t rule;               // index in the ruleset
    const struct str *captures;
    size_t n_captures;
};

struct finding {
    struct event event;          // deep copy
    bool is_event;               // else only time is known: the record has no audit event's fields
    int64_t time;
    uint64_t line;               // in the block, from 0; SHAPE_SPANS: of the input, from 1
    uint32_t item;
    const struct finding_rule *rules;
    size_t n_rules;
    const struct alert_detail *details;
    size_t n_details;
};

struct bad_record {
    uint64_t line;               // as above
    uint32_t item;
    size_t offset;               // in the record
    const char *reason;
};
enum { BAD_RECORDS_MAX = 64 };   // of one block that are described; all are counted

struct block_result {
    struct arena arena;
    struct finding *findings;
    size_t n_findings, cap_findings;
    struct bad_record bad[BAD_RECORDS_MAX];
    size_t n_bad;
    uint64_t records, bad_records, foreign, newlines, bytes;
    uint64_t writes, writes_without_bodies, truncated, without_time;
};

void block_result_init(struct block_result *r);
void block_result_clear(struct block_result *r);
void block_result_fini(struct block_result *r);

// The record the matcher has just read, with its hits. Everything is copied into the result's arena.
void block_result_add(struct block_result *r, struct matcher *m, const struct ruleset *rules, uint64_t line, uint32_t item);
// A finding with strings of its own in the arena.
void finding_copy(struct finding *out, const struct finding *f, struct arena *a);

void block_result_add_bad(struct block_result *r, uint64_t line, uint32_t item, const struct json_error *error);

// Fields whose values go into the details of an alert, for plan_new.
[[nodiscard]] const struct str *finding_shown(size_t *n);
