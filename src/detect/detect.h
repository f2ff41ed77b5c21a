// SPDX-License-Identifier: Apache-2.0
// Which rules a record satisfies (match), and what follows from matches over time (correlate). Pure: no I/O, no clock, no globals.
#pragma once

#include "event/event.h"
#include "rule/rule.h"

// --- plan: all rules of one stream, compiled; immutable, shared between threads ------------------------------------------------

struct plan;

// The ruleset and the dictionary are borrowed for the plan's life. Rules whose logsource the dictionary does not take are left out.
// shown: fields whose values matchers can be asked for (matcher_shown), though no rule may look at them.
[[nodiscard]] status plan_new(struct plan **out, const struct ruleset *rules, const struct dictionary *dictionary, const struct str *shown,
                              size_t n_shown, struct diags *diags);
void plan_free(struct plan *p);

struct plan_stats {
    size_t rules, tests, patterns, fields, slots;
    size_t filters;     // fields that decide which rules are possible
    size_t need_bodies; // rules that cannot match without what is deferred (request and response objects)
};
[[nodiscard]] struct plan_stats plan_stats(const struct plan *p);

// --- matcher: one per thread ---------------------------------------------------------------------------------------------------

struct matcher;

// The plan is borrowed.
[[nodiscard]] struct matcher *matcher_new(const struct plan *p, struct json_limits limits);
// With a scanner of the caller's choice (json_simd_find), for tests and benchmarks.
[[nodiscard]] struct matcher *matcher_new_with(const struct plan *p, struct json_limits limits, const struct json_simd *simd);
void matcher_free(struct matcher *m);

// Reads one record and judges all rules. On JSON_OK the matching rules (indices into the ruleset, ascending) are in matcher_hits.
[[nodiscard]] enum json_result matcher_line(struct matcher *m, const char *p, const char *end, const char **next, struct json_error *error);
[[nodiscard]] enum json_result matcher_record(struct matcher *m, struct str record, struct json_error *error);
// The same of a record that has been parsed already: the tree is that of the same text, and lives until the next record. NULL: it has not.
[[nodiscard]] enum json_result matcher_parsed(struct matcher *m, struct str record, const struct json_value *tree,
                                              struct json_error *error);
[[nodiscard]] const uint32_t *matcher_hits(const struct matcher *m, size_t *n);

// Values of a hit's captures in the record just read (ptr NULL when absent), unescaped, in the matcher's arena: good until the next record
// or call. `rule` is an index into the ruleset. A capture may have several values (the images of a pod): the result is *n_sets times the
// captures of the rule, each value of one with each of the others, the first set of first values. *n_sets is 1 to CAPTURE_SETS_MAX; values
// beyond are left out and counted.
enum { CAPTURE_SETS_MAX = 16 };
[[nodiscard]] const struct str *matcher_captures(struct matcher *m, uint32_t rule, size_t *n_sets);
// The record's time (ns, TIME_NONE): stageTimestamp or requestReceivedTimestamp for audit, @timestamp for generic.
[[nodiscard]] int64_t matcher_time(struct matcher *m);
// Whole tree of the record just read (parsed at the first call). NULL if it does not parse.
[[nodiscard]] const struct json_value *matcher_tree(struct matcher *m);

// Values of the shown field i (see plan_new) in the record just read, good until the next record. Containers have no text.
[[nodiscard]] const struct scalar *matcher_shown(struct matcher *m, size_t i, size_t *n);

// Facts of the record just read that every record is asked for (audit stream; all false elsewhere).
struct matcher_facts {
    bool timed;         // has one of the time fields: what lacks them is no event of the stream
    bool write;         // verb create, update or patch
    bool metadata_only; // level Metadata
    bool truncated;     // audit.k8s.io/truncated
};
[[nodiscard]] struct matcher_facts matcher_facts(const struct matcher *m);

// Which request the record tells of, and which line it is (audit stream). The auditID is the client's choice, so it never stands alone: the
// request is auditID, time of receipt, user and URI; the line is that, the stage and the stage's time. 64-bit hashes.
struct matcher_identity {
    bool known; // false: the record has no auditID
    bool last;  // nothing more will be logged of the request: its stage is ResponseComplete or Panic
    uint64_t request, line;
};
[[nodiscard]] struct matcher_identity matcher_identity(const struct matcher *m);
// Its auditID (the last one, as Go's decoder takes it), unescaped, good until the next record; ptr NULL when it has none that is a string.
[[nodiscard]] struct str matcher_audit_id(struct matcher *m);

struct matcher_counters {
    uint64_t records;
    uint64_t deferred_read; // records whose bodies had to be read
    uint64_t gave_up;       // regular expressions stopped at their step limit
    uint64_t evaluated;     // conditions looked at
    uint64_t captures_cut;  // captures with more values than sets may hold
};
[[nodiscard]] struct matcher_counters matcher_counters(const struct matcher *m);

// --- correlation ----------------------------------------------------------------------------------------------------------------

// A rule that matched, as the correlator sees it. Copied by it; captures as described at struct rule.
struct match {
    uint32_t rule;
    int64_t time;               // ns; TIME_NONE: joins at the newest time seen in its cluster
    uint64_t sequence;          // ascending position in the input: ties of time are broken by it
    const struct str *captures; // rule->n_captures values, ptr NULL: absent
    uint64_t evidence;          // the caller's handle of the record
};

struct correlator;

struct correlator_limits {
    size_t groups; // live groups per correlation and cluster
    size_t events; // remembered matches per group (more where a condition counts higher)
    size_t values; // distinct values per group (likewise)
    size_t bytes;  // of one cluster's state
};
#define CORRELATOR_LIMITS_DEFAULT ((struct correlator_limits){.groups = 20000, .events = 2000, .values = 4096, .bytes = 32u << 20})

// What a correlation concluded. Pointers are good during the call.
struct correlated {
    uint32_t rule;       // the correlation
    int64_t time, first; // of the match that completed it; of the oldest match in the window
    uint64_t sequence;
    const struct str *group; // its group-by values
    size_t n_group;
    uint64_t count;           // matches in the window, or distinct values, by type
    double value;             // the figure the condition was judged on
    const uint64_t *evidence; // handles, oldest first, the newest 64 at most
    size_t n_evidence;
};
typedef void correlated_fn(void *context, const struct correlated *c);

// State of one cluster. The ruleset is borrowed.
[[nodiscard]] struct correlator *correlator_new(const struct ruleset *rules, struct correlator_limits limits, correlated_fn *emit,
                                                void *context);
void correlator_free(struct correlator *c);
// Matches come in ascending (time, sequence), as far as the caller can tell; one that is older than the newest seen still counts in
// the windows that are left. every: each further match that keeps a condition true fires again (Sigma's plain reading, rules match);
// otherwise a group that fired stays quiet until its condition was false or a timespan has gone by.
void correlator_feed(struct correlator *c, const struct match *m, bool every);

struct correlator_counters {
    uint64_t dropped_groups, dropped_events, dropped_values; // limits that bit
    uint64_t late;                                           // matches older than their window
    uint64_t no_group;                                       // matches without a value for a group-by field
};
[[nodiscard]] struct correlator_counters correlator_counters(const struct correlator *c);
[[nodiscard]] size_t correlator_bytes(const struct correlator *c); // state held now; never above the limit
