// SPDX-License-Identifier: Apache-2.0
// What became better or worse since an earlier run.
#pragma once

#include "base/time.h"
#include "posture/compare.h"
#include "report/posture/posture.h"

// A `comparison` line: docs/schema/comparison.schema.json. time: TIME_NONE but while a cluster is watched.
void posture_json_comparison(struct buf *out, struct str cluster, struct str file, int64_t time, const struct comparison_sheet *sheet);
// A line for each change of a cluster that is watched, and one for the score if it changed.
void posture_text_watched(struct buf *out, struct str cluster, int64_t time, const struct comparison_sheet *sheet);
// Below the score: both scores in a line, then what is new and what is gone.
void posture_text_comparison(struct buf *out, struct str file, const struct comparison_sheet *sheet);
