// SPDX-License-Identifier: Apache-2.0
// Where things meet: inputs, threads, the plan, correlation, and whoever wants the alerts.
//
//   reader (serialised) -> workers: scan + match, no shared writes -> sequencer: blocks in input order -> per cluster: one request
//   counts once, order of event time, correlation -> alerts to the caller, on the calling thread
//
// Same input, same alerts in the same order, whatever the number of threads.
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "detect/alert.h"
#include "detect/detect.h"
#include "engine/objects/dump.h"
#include "engine/summary.h"
#include "incident/campaign.h"
#include "source/source.h"

struct pack;

struct engine_config {
    const struct source_list *inputs;
    const struct ruleset *rules;
    const struct dictionary *dictionary;
    const struct pack *pack;        // its lists, for the controls that find an incident's door; NULL: the built-in ones
    const struct dictionary *hosts; // of records from nodes (stream host); NULL: they are foreign
    unsigned threads;               // 0: one for each processor this process may use
    struct json_limits json;
    struct source_limits source;
    struct correlator_limits correlator;
    bool strict;                        // stop at the first bad record
    int64_t disorder;                   // ns by which events may be out of order and still be sorted; default 60 s when 0
    const struct inquiry_begin *starts; // what the search starts with besides alerts, in every cluster
    size_t n_starts;
    const struct incident_knowledge *knowledge; // NULL: alerts only, nothing is reconstructed
    const struct dumps *objects;                // of the clusters, for reconstruction; NULL: none
    const struct campaign_knowledge *campaigns; // NULL: no campaigns are looked for among the incidents
    int64_t campaign_window;                    // ns; CAMPAIGN_WINDOW_DEFAULT when 0
};

struct engine_progress {
    uint64_t bytes, total; // of the inputs as stored; total 0: unknown
    uint64_t records, alerts;
};

struct engine_handler {
    void *context;
    void (*alert)(void *context, const struct alert *alert); // sorted: cluster, audit events before processes, time, rule id, evidence
    void (*incident)(void *context, const struct incident *incident);   // behind the alerts of their cluster, by time; or NULL
    void (*campaign)(void *context, const struct campaign *campaign);   // behind all alerts and incidents, by time; or NULL
    void (*progress)(void *context, const struct engine_progress *now); // a few times a second, or NULL
    // The records behind the incidents, as they are in the log, behind the incidents of their cluster and in the order of the input: for
    // each incident that names the place. They cost another reading of the cluster; NULL: they are not read.
    void (*evidence)(void *context, const struct incident *incident, const struct evidence *place, struct str record);
};

struct engine_run;

// Runs to the end of the inputs. ST_INPUT when strict and a record was bad, or when records were read and none was an audit event.
[[nodiscard]] status engine_detect(struct engine_run **out, const struct engine_config *config, const struct engine_handler *handler,
                                   struct diags *diags);
[[nodiscard]] const struct engine_summary *engine_run_summary(const struct engine_run *run);
void engine_run_free(struct engine_run *run);
