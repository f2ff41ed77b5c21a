// SPDX-License-Identifier: Apache-2.0
// The correlator's inside: what it remembers, and which file does what with it.
//
//   correlate.c          entry: a match finds its correlations, their groups, and what follows from it (chaining)
//   correlate_judge.c    is the condition true of this window?
//   correlate_groups.c   group table: look-up, idle order, eviction
//   correlate_window.c   the remembered matches of one group, in the order of time
//   correlate_store.c    memory: cells of 64 bytes from one bounded arena
//   correlate_hash.c     identity of values
//
// Each calls only those below it.
//
//   correlator -- correlation_state (one a correlation) == idle order == group -- key (cells of text)
//                                                                          \== entry == entry == entry   oldest ... newest
#pragma once

#include "base/vec.h"
#include "detect/detect.h"

// A remembered match; for value_count and new_value the newest match of one distinct value.
struct entry {
    int64_t time;
    uint64_t sequence;
    uint64_t evidence;
    union {
        uint64_t hash; // value_count, new_value: identity of the value
        double number; // value_sum, value_avg, value_percentile, value_median
    };
    struct entry *older, *newer; // by (time, sequence, input descending)
    struct entry *chain;         // next of the same bucket of the value index
    uint32_t input;              // which of the correlation's rules
    uint32_t group;              // id of the group, for the value index
};

struct text_cell {
    struct text_cell *next;
    char text[56];
};

// Matches and key text come from the same free list, so that memory given up by one serves the other.
union cell {
    struct entry entry;
    struct text_cell text;
    union cell *next_free;
};

struct correlation_state;

enum { GROUP_INPUTS = 4 };
struct group {
    struct correlation_state *state;
    struct group *chain;          // next of the same bucket of the group table; next free one
    struct group *idler, *busier; // neighbours in the order of last use
    uint64_t hash;
    struct text_cell *key;
    uint32_t key_len;
    uint32_t id;
    struct entry *oldest, *newest;
    size_t n;                        // entries
    uint32_t of_input[GROUP_INPUTS]; // entries of the first rules referred to
    int64_t known_since;             // new_value: time of its first match
    int64_t fired_at;                // newest time in the window when it fired
    uint64_t fired_sequence;         // of the match that made it fire
    bool fired;                      // and its condition has been true at every match since
};

struct correlation_state {
    const struct correlation *spec;
    uint32_t rule;      // index of the correlation in the ruleset
    size_t max_entries; // per group
    struct group *idlest, *busiest;
    size_t n_groups;
    size_t cells; // that its groups hold
};

// --- store ------------------------------------------------------------------------------------------------------------------------

struct store {
    struct arena arena;
    union cell *free_cells;
    struct group *free_groups;
    uint32_t next_id;
    struct entry **values; // buckets of the value index
    size_t n_values, cap_values, max_values;
};

void store_init(struct store *s, size_t bytes);
void store_fini(struct store *s);
[[nodiscard]] union cell *store_take_cell(struct store *s); // NULL: the limit is reached
void store_give_cell(struct store *s, union cell *cell);
[[nodiscard]] struct group *store_take_group(struct store *s); // zeroed but for its id; NULL: the limit is reached
void store_give_group(struct store *s, struct group *g);
void store_index_value(struct store *s, struct entry *e);
void store_forget_value(struct store *s, struct entry *e);
[[nodiscard]] struct entry *store_find_value(const struct store *s, uint32_t group, uint64_t hash);
// How large a table of pointers may grow within `bytes` of state.
[[nodiscard]] size_t store_table_limit(size_t bytes);

// --- window -----------------------------------------------------------------------------------------------------------------------

// A moment less a span, and more: they stop at the ends of time, where TIME_NONE lies before everything.
static inline int64_t time_before(int64_t time, int64_t span)
{
    int64_t result;
    return __builtin_sub_overflow(time, span, &result) ? INT64_MIN : result;
}

static inline bool correlation_has_values(const struct correlation *spec)
{
    return spec->type == CORRELATION_VALUE_COUNT || spec->type == CORRELATION_NEW_VALUE;
}

static inline bool correlation_is_temporal(const struct correlation *spec)
{
    return spec->type == CORRELATION_TEMPORAL || spec->type == CORRELATION_TEMPORAL_ORDERED;
}

// Copies *what into the window, in its place. False when the store has no cell left.
[[nodiscard]] bool window_add(struct store *s, struct group *g, const struct entry *what);
void window_remove(struct store *s, struct group *g, struct entry *e);
void window_expire(struct store *s, struct group *g, int64_t before); // removes what is older than `before`
// A value was seen again: its entry moves to the newer match. Nothing when *what is the older one.
void window_renew(struct group *g, struct entry *e, const struct entry *what);
// An entry of the same record, or NULL.
[[nodiscard]] const struct entry *window_find_record(const struct group *g, int64_t time, uint64_t sequence);
// Both make room, and say whether they could. Condensing removes what later entries make needless: no answer changes, only what is shown as
// evidence. Forgetting removes the oldest.
[[nodiscard]] bool window_condense(struct store *s, struct group *g);
[[nodiscard]] bool window_forget(struct store *s, struct group *g);
void window_clear(struct store *s, struct group *g);

// --- groups -----------------------------------------------------------------------------------------------------------------------

struct groups {
    struct store *store;
    struct group **buckets;
    size_t n, cap, max;
    size_t max_per_correlation;
    uint64_t evicted; // while still of use
};

void groups_init(struct groups *t, struct store *store, struct correlator_limits limits);
void groups_fini(struct groups *t);
[[nodiscard]] struct group *groups_find(const struct groups *t, const struct correlation_state *state, struct str key, uint64_t hash);
// A new, empty group. Evicts the correlation's idlest when it has its full number. NULL: no memory even after evictions.
[[nodiscard]] struct group *groups_add(struct groups *t, struct correlation_state *states, size_t n_states, struct correlation_state *state,
                                       struct str key, uint64_t hash, int64_t now);
void groups_touch(struct group *g); // is now the busiest
void groups_remove(struct groups *t, struct group *g);
// Forgets groups, idlest first, as long as their newest match is more than a timespan older than `now`.
void groups_reap(struct groups *t, struct correlation_state *state, int64_t now);
// Frees memory by evicting the idlest group of the correlation that holds most, `keep` excepted. False: `keep` must make do with what
// it has.
[[nodiscard]] bool groups_evict(struct groups *t, struct correlation_state *states, size_t n_states, const struct group *keep, int64_t now);

// --- judge ------------------------------------------------------------------------------------------------------------------------

struct judge { // scratch, grown to the largest window seen
    VEC(uint64_t) numbers;
    size_t *steps; // one an input, for the correlation with most inputs
};

// Whether the condition is true of the group's window, and the figure it was judged on.
[[nodiscard]] bool judge_group(struct judge *j, const struct group *g, double *figure);
[[nodiscard]] bool judge_quantity(const struct correlation *spec, double figure);
