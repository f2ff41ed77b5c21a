// SPDX-License-Identifier: Apache-2.0
// What the ways of `davy posture` share.
#pragma once

#include "cmd/live.h"
#include "posture/compare.h"
#include "report/posture/page.h"
#include "report/posture/sarif.h"

enum {
    POSTURE_CLUSTER,
    POSTURE_PROFILE,
    POSTURE_FORMAT,
    POSTURE_FAIL_ON,
    POSTURE_MIN_SCORE,
    POSTURE_REGISTRY,
    POSTURE_EXEMPTIONS,
    POSTURE_ALL,
    POSTURE_STRICT,
    POSTURE_KUBECONFIG,
    POSTURE_CONTEXT,
    POSTURE_TIMEOUT,
    POSTURE_COMPARE,
    POSTURE_NAMESPACE,
    POSTURE_DEFAULT_REGISTRY,
    POSTURE_HISTORY,
    POSTURE_SHOW,
    POSTURE_WEIGHTS,
    POSTURE_WATCH
};

struct history;
struct posture_fleet;

struct posture {
    const struct args *args;
    bool json, all;
    bool junit, prometheus;
    size_t clusters;             // told so far
    struct posture_sarif *sarif; // --format sarif; else NULL
    struct posture_page *page;   // --format html; else NULL
    struct str cluster;          // at hand
    struct buf out;
    struct comparison *comparison; // with an earlier run; NULL: none
    struct comparison *state;      // with --watch: what is found now, for the next time; else NULL
    uint64_t round;                // with --watch: how often it was judged before
    struct history *history;       // with --history; else NULL
    struct posture_fleet *fleet;   // NULL: there are no scores
    bool found;                    // for the exit status: at or above --fail-on, or below --min-score
};

// Counts a finding, and prints it if it is to be printed; in text only with `line`.
void posture_emit(struct posture *p, const struct finding *f, bool line);
// The cluster at hand is complete: what became better or worse, if it is to be compared. Counts what is new; false when it is not compared.
[[nodiscard]] bool posture_compare(struct posture *p, const struct score_sheet *sheet, struct comparison_sheet *became);
void posture_print_comparison(struct posture *p, const struct comparison_sheet *became);
[[nodiscard]] status posture_flush(struct posture *p, struct diags *diags);
[[nodiscard]] struct finding_object posture_object(const struct object *o);
// Reads the operands, or what `use` needs of the cluster, and hands all to the sink. ST_INPUT when there was no object at all.
[[nodiscard]] status posture_survey(struct posture *p, enum kube_use use, struct survey_sink sink, struct diags *diags);

// By a Pod Security level.
[[nodiscard]] status posture_by_level(struct posture *p, struct diags *diags);
// By the built-in controls, with the score.
[[nodiscard]] status posture_by_controls(struct posture *p, struct diags *diags);

// What came before, out of the file of --history; without that option nothing happens.
[[nodiscard]] status posture_history_open(struct posture *p, struct diags *diags);
// Notes what the cluster came to, and gives its runs up to this one.
[[nodiscard]] struct past_series posture_history_add(struct posture *p, const struct score_sheet *sheet);
void posture_history_print(struct posture *p, const struct score_sheet *sheet, struct past_series past);
[[nodiscard]] status posture_history_save(struct posture *p, struct diags *diags); // writes what was noted
[[nodiscard]] status posture_history_show(struct posture *p, struct diags *diags); // instead of all that: what is in the file
void posture_history_close(struct posture *p);

// The score over all clusters; of one there is none.
[[nodiscard]] status posture_fleet_open(struct posture *p, struct diags *diags);
void posture_fleet_add(struct posture *p, const struct score_sheet *sheet);
void posture_fleet_print(struct posture *p); // the page is written here, too
void posture_fleet_close(struct posture *p);

// Judges the cluster, and again whenever it changed, until SIGINT or SIGTERM.
void posture_watch_print(struct posture *p, const struct comparison_sheet *became);
[[nodiscard]] status posture_watch(struct posture *p, struct survey_sink sink, struct diags *diags);
