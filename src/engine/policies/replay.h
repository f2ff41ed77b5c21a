// SPDX-License-Identifier: Apache-2.0
// Policies tried on recorded requests: which would have been refused, to whom. Verdicts are those of the rules themselves (policies.h), and
// of Pod Security admission (pod/pss.h).
//
// An object is judged as the API server answered it, which is what its validating admission saw but for what it fills in later; where only
// the request is in the log, as it was sent. What is not in the log is counted, never guessed: bodies of level Metadata, objects of which
// only the patch is there, and updates that may have left everything as it was.
#pragma once

#include "engine/policies/history.h"
#include "engine/policies/policies.h"
#include "pod/pod.h"
#include "policy/replay.h"

struct replay_options {
    const struct str *logs;
    size_t n_logs;
    const struct str *exempt; // namespaces
    size_t n_exempt;
    enum severity least; // of Pod Security, too
    bool levels;         // judge pods by Pod Security
    // Whoever looks at the same records, and at the pods that were written; NULL: nobody.
    history_record_fn *also;
    void (*pod)(void *context, struct str ns, const struct pod *pod);
    void *context;
};

struct replay_run;

// ST_INPUT: there was no event. The policies outlive the run.
[[nodiscard]] status replay_logs(struct replay_run **out, struct policies *policies, const struct replay_options *options,
                                 struct diags *diags);
void replay_run_free(struct replay_run *r);
[[nodiscard]] const struct replay_refusal *replay_refusals(const struct replay_run *r, size_t *n);
[[nodiscard]] struct replay_counters replay_counters(const struct replay_run *r);
