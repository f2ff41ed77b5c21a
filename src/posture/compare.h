// SPDX-License-Identifier: Apache-2.0
// Two runs of posture: what an earlier one found, as `davy posture --format json` wrote it, held against what is found now. Pure.
//
//   earlier lines --comparison_read--> known findings;  now: comparison_add for each finding, comparison_close for each cluster --> changes
//
// A finding is the same when cluster, control and object are; of several of one control on one object those with the same words are paired
// first. Only what is unhealthy, in one run or the other, is a change.
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "posture/score.h"

struct comparison;

[[nodiscard]] struct comparison *comparison_new(void);
void comparison_free(struct comparison *c);

// The earlier run's output; name is the file, for diagnostics. With bytes of JSON_PADDING behind its end. ST_INPUT when a line is no JSON,
// or there is neither finding nor score.
[[nodiscard]] status comparison_read(struct comparison *c, struct str name, struct str text, struct diags *diags);

// Instead of reading: what an earlier run found, and what it came to. Everything is copied.
void comparison_keep(struct comparison *c, const struct finding *f);
void comparison_keep_score(struct comparison *c, struct str cluster, struct score score);

// A finding of the cluster at hand, whatever its status.
void comparison_add(struct comparison *c, const struct finding *f);

enum change {
    CHANGE_NEW,    // unhealthy, and was not
    CHANGE_GONE,   // was unhealthy, and is not
    CHANGE_EXEMPT, // was unhealthy, and has been accepted since
    CHANGE_UNSEEN, // was unhealthy, and could not be judged now
};
enum { CHANGES = CHANGE_UNSEEN + 1 };

struct changed {
    enum change change;
    struct finding_control control;
    struct finding_object object;
    struct str why;
};

// What became of one cluster. Good until the next.
struct comparison_sheet {
    bool known; // the earlier run has a score of it
    struct score old, now;
    const struct changed *items; // by change, severity (the worst first), control, object
    size_t n, of[CHANGES];
};

// The cluster at hand is complete; sheet: what it comes to.
[[nodiscard]] struct comparison_sheet comparison_close(struct comparison *c, const struct score_sheet *sheet);
// Says which clusters of the earlier run were not there now.
void comparison_tell_missing(const struct comparison *c, struct diags *diags);
