// SPDX-License-Identifier: Apache-2.0
// The history of the score: a run as a line of its file, and how the score went.
#pragma once

#include "posture/past.h"
#include "report/posture/posture.h"

struct past_now {
    const struct score_sheet *sheet;
    int64_t time;
    struct str version; // of davy
};

// A `run` line: docs/schema/run.schema.json. What is kept in the file, and what is printed of it.
void posture_json_run(struct buf *out, const struct past_now *now);
void posture_json_past(struct buf *out, struct past_series runs); // those of the file, read and written anew
// A `trend` line: docs/schema/trend.schema.json.
void posture_json_trend(struct buf *out, const struct past_now *now, struct past_series earlier);
// Below the score: the curve in a line, and what became of the controls since the last run.
void posture_text_trend(struct buf *out, const struct past_now *now, struct past_series earlier);
// All runs as a table, the newest of each cluster; all: every one.
void posture_text_past(struct buf *out, struct past_series runs, bool all);

// The curve: a character for each of the newest runs, the lowest and the highest as far apart as they are, but for ten points at least.
void posture_spark(struct buf *out, struct past_series runs, const struct score *now); // now: NULL: without
