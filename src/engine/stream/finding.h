// SPDX-License-Identifier: Apache-2.0
// What a worker found notable in one record, and what it counted in one block. Kept as short as can be: most findings only feed
// correlations, and what an alert shows is read from the record again when it is told.
#pragma once

#include "engine/engine.h"

struct finding_rule {
    uint32_t rule;              // index in the ruleset
    const struct str *captures; // n_sets times those of the rule, as matcher_captures gives them
    size_t n_sets;
    size_t n_captures; // of all sets
};

struct finding {
    struct str record; // its bytes, with room of JSON_PADDING behind them
    struct str audit_id;
    int64_t time;
    struct matcher_identity identity;
    uint64_t line; // in the block, from 0; SHAPE_SPANS: of the input, from 1
    uint32_t item;
    bool host; // the record tells of a process on a node
    const struct finding_rule *rules;
    size_t n_rules;
};

// Where its record stands.
struct cluster_place {
    struct str file;
    uint64_t line;     // of the input, from 1
    uint64_t sequence; // ascending over the whole run
    int64_t position;  // what its time is for order and windows, see base/clock.h; TIME_NONE: it has none
};

// A finding on a shelf, with all that it points to.
struct held {
    int64_t time; // its position, or that at which it joins
    struct cluster_place place;
    struct finding finding;
    size_t size; // bytes
};

struct bad_record {
    uint64_t line; // as above
    uint32_t item;
    size_t offset; // in the record
    const char *reason;
};
enum { BAD_RECORDS_MAX = 64 }; // of one block that are described; all are counted

struct block_result {
    struct arena arena;
    struct finding *findings;
    size_t n_findings, cap_findings;
    struct bad_record bad[BAD_RECORDS_MAX];
    size_t n_bad;
    uint64_t records, bad_records, foreign, newlines, bytes;
    uint64_t opened; // records that were none, but envelopes with some in them
    uint64_t writes, writes_without_bodies, truncated, without_time;
    uint64_t hosts, host_cut, host_timeless;
};

void block_result_init(struct block_result *r);
void block_result_clear(struct block_result *r);
void block_result_fini(struct block_result *r);

// The record the matcher has just read, with its hits. What is taken out of it is copied; the record is not, and must outlive the result.
struct finding *block_result_add(struct block_result *r, struct matcher *m, const struct ruleset *rules, struct str record, uint64_t line,
                                 uint32_t item);
void block_result_add_bad(struct block_result *r, uint64_t line, uint32_t item, const struct json_error *error);

// A copy that needs nothing of the original. NULL when the shelf is full.
struct shelf;
[[nodiscard]] struct held *finding_hold(const struct finding *f, const struct cluster_place *place, int64_t time, struct shelf *shelf);
