// SPDX-License-Identifier: Apache-2.0
// Where records come from: files, directories, pipes; plain or compressed; and the shapes logs are shipped in.
//
//   paths -> inputs (one file of one cluster each) -> blocks of whole records
//
// A shape is detected from the first bytes of an input, not configured:
//   lines      NDJSON, one record a line (audit log files, EKS exported lines)
//   array      [ {...}, {...} ]
//   list       one object with items: EventList
//   azure      AKS: {"records":[{"category":"kube-audit","properties":{"log":"<event as a string>"}}]}, or such records as lines
//   cloudwatch EKS: {"logEvents":[{"message":"<event as a string>"}]} (subscription and export), or {"@message":...} lines
//   gke        Cloud Audit Logs LogEntry with protoPayload, as lines or array; translated to the audit.k8s.io/v1 shape
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "base/time.h"
#include "codec/json/json.h"

struct source_input {
    struct str path;    // as it will be shown in evidence
    struct str cluster; // name of the cluster its records belong to
    int64_t first;      // time of its first event; TIME_NONE: not known
    bool standard_input;
};

struct source_list {
    struct arena arena;
    struct source_input *inputs; // sorted by cluster, then by the time of the first record, then by path
    size_t n;
};

// Expands PATHs. A directory given by the user: each subdirectory and each file at its top is one cluster, named after it (without
// .jsonl .json .log .gz .zst ...); if it holds only log files of one rotated log (audit.log, audit-2026-...log), it is one cluster named
// after the directory. Names that every cluster has (audit, logs, ...) name none: the nearest directory with another name does.
// `cluster`, if given, names them all. Files whose name or first bytes say that they are not logs are reported and left out when found in
// a directory, an error when named (ST_INPUT; ST_IO when one cannot be read). Depth and count are bounded. In full: docs/inputs.md.
[[nodiscard]] status source_expand(struct source_list **out, const struct str *paths, size_t n, struct str cluster, struct diags *diags);
void source_list_free(struct source_list *l);

enum source_shape { SHAPE_LINES, SHAPE_SPANS };

enum { SOURCE_LANES_MAX = 32 }; // inputs that are open at the same time

// A block: whole records of one input, and room of JSON_PADDING bytes behind them.
struct source_block {
    char *data; // owned by the block; grows
    size_t len, cap;
    enum source_shape shape;
    uint32_t input; // index into the list
    uint32_t lane;  // below SOURCE_LANES_MAX: no other input that is open has it
    // The time at which the block begins, where inputs are merged; TIME_NONE: it is not looked at. What follows in this cluster begins no
    // earlier, as far as the first records of blocks tell and clocks go forward.
    int64_t begins;
    // SHAPE_SPANS: line number of the block's first record in its (uncompressed) input, from 1. SHAPE_LINES: 0, because looking for
    // newlines is the business of whoever reads the lines anyway; see source_lines. (Wrapped lines have theirs: they get spans.)
    uint64_t first_line;
    uint64_t lines_left_out; // SHAPE_LINES: lines of the input between the previous block and this one that were left out (too long)
    uint64_t sequence;       // 0, 1, 2, ... over the whole run
    // The records are still in the envelopes they were shipped in: source_block_unwrap comes first. Only with limits.leave_wrapped.
    bool wrapped;
    uint64_t foreign; // after source_block_unwrap: records left out because they are no audit events
    // SHAPE_SPANS: records cut out of an array, list or envelope (decoded into data when they were strings).
    struct source_span {
        size_t offset, len;
        uint64_t line; // of the input; for a one-line list, the index of the element is in `item`
        uint32_t item; // 1-based position inside that line's array, 0: the line itself
    } * spans;
    size_t n_spans, spans_cap;
};

// Line numbers of SHAPE_LINES blocks, added up by whoever sees the blocks in order (zeroed at first). `newlines` is what was counted
// while the block's lines were read; gives the line number of the block's first byte, from 1. Blocks of spans may pass through, too.
struct source_lines {
    struct {
        uint32_t input;
        uint64_t next;
    } lanes[SOURCE_LANES_MAX];
};
[[nodiscard]] uint64_t source_lines_add(struct source_lines *at, const struct source_block *block, uint64_t newlines);
// How many newlines there are, for those who did not count: at memory speed.
[[nodiscard]] uint64_t source_count_newlines(struct str data);

struct source_limits {
    size_t record; // bytes of one record; longer ones are counted and skipped
    size_t block;  // bytes of a block when records are small
    // Hand out enveloped records as they are (block.wrapped), to be unwrapped in another thread; otherwise source_next unwraps them.
    bool leave_wrapped;
    bool lines_only; // documents of no known stream, one a line: no shape is looked for
};
#define SOURCE_LIMITS_DEFAULT ((struct source_limits){.record = 64u << 20, .block = 256u << 10})

// --- envelopes -------------------------------------------------------------------------------------------------------------------

// Takes events out of what they were shipped in. Pure; one per thread.
struct source_unwrapper;
[[nodiscard]] struct source_unwrapper *source_unwrapper_new(struct source_limits limits);
void source_unwrapper_free(struct source_unwrapper *u);

// Makes a wrapped block one of SHAPE_SPANS. What is an event already, and what is no JSON, passes as it is.
void source_block_unwrap(struct source_unwrapper *u, struct source_block *block);

struct source_events {
    const struct str *items; // each with room of JSON_PADDING bytes behind it; good until the next call
    size_t n;
    uint64_t foreign; // records in the envelope that are no audit events
};
// The events in one record that is not an event itself: a line of another shape in a log of plain events. False: no known envelope.
[[nodiscard]] bool source_unwrap(struct source_unwrapper *u, struct str record, struct source_events *out);

// --- reading ---------------------------------------------------------------------------------------------------------------------

struct source_reader;

[[nodiscard]] status source_reader_new(struct source_reader **out, const struct source_list *list, struct source_limits limits);
void source_reader_free(struct source_reader *r);

// The next block, in order; *out_end at the end of the last input. Inputs of one cluster that overlap in time are merged, block by block,
// by the times of the blocks' first records; an input is opened when that time has come. Beyond SOURCE_LANES_MAX it is opened when another
// ends (counted as late). Not thread-safe: the engine serialises calls. Damage (a cut-off
// compressed stream, a record beyond the limit, an envelope that does not parse) is counted, said in diags with file and line, and reading
// goes on with what can still be read.
[[nodiscard]] status source_next(struct source_reader *r, struct source_block *block, bool *out_end, struct diags *diags);
void source_block_fini(struct source_block *b);

struct source_counters {
    uint64_t bytes;                                                               // uncompressed, read so far
    uint64_t total_bytes;                                                         // on disk; 0: unknown (pipe)
    uint64_t read_bytes;                                                          // of total_bytes, consumed so far: for progress
    uint64_t skipped_records, oversized_records, damaged_inputs, foreign_records; // foreign: in an envelope, but not audit
    uint64_t late_inputs;                                                         // opened later than their time
};
[[nodiscard]] struct source_counters source_counters(const struct source_reader *r);
