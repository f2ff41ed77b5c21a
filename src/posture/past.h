// SPDX-License-Identifier: Apache-2.0
// The runs of posture that were: what each cluster came to, and when. Pure: lines of a history in, series out.
//
// A line is JSON (docs/schema/run.schema.json). What is none, or was torn off, is passed over and counted.
#pragma once

#include "base/diag.h"
#include "posture/score.h"

struct past_run {
    int64_t time;
    struct str cluster;
    struct score score;
    struct str line; // as it was read
};

// Of one cluster, by time.
struct past_series {
    const struct past_run *runs;
    size_t n;
};

struct past;

// text: lines; borrowed until past_free, with bytes of JSON_PADDING behind its end.
[[nodiscard]] struct past *past_new(struct str text);
void past_free(struct past *p);

[[nodiscard]] uint64_t past_bad(const struct past *p); // lines that are no runs
[[nodiscard]] struct past_series past_of(const struct past *p, struct str cluster);
[[nodiscard]] struct past_series past_all(const struct past *p); // by cluster, then time
// These, and a run at hand behind them. Good until the next.
[[nodiscard]] struct past_series past_append(struct past *p, struct past_series earlier, int64_t time, struct score score);

// What became of a control since a run.
struct past_change {
    struct str id;
    double gained;        // points; negative: lost
    uint64_t before, now; // unhealthy
};
enum { PAST_CHANGES = 8 }; // the largest ones

// Those of controls whose points are others than in the run, the largest first. The number of all; at most PAST_CHANGES are in out. Texts
// are those of scores.
size_t past_changes(const struct past_run *run, const struct score_sheet *now, struct past_change out[PAST_CHANGES]);
