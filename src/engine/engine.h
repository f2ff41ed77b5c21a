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
#include "engine/dump.h"
#include "incident/campaign.h"
#include "source/source.h"

struct engine_config {
    const struct source_list *inputs;
    const struct ruleset *rules;
    const struct dictionary *dictionary;
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

struct engine_summary {
    uint64_t records, bytes;
    uint64_t bad_records;     // malformed, skipped (each in diags, up to its limit)
    uint64_t foreign_records; // JSON, but no audit events
    uint64_t host_records;    // of sensors on nodes, and lines of process listings
    uint64_t host_cut;        // of these, with a text longer than is kept
    uint64_t host_timeless;   // without a time
    uint64_t duplicates;      // the same line delivered twice
    uint64_t stages_joined;   // further stages of a request already told
    uint64_t truncated;       // audit.k8s.io/truncated: bodies lost
    uint64_t without_time;
    uint64_t late;           // beyond the disorder allowed
    uint64_t without_bodies; // writes logged at level Metadata
    uint64_t alerts;
    uint64_t by_level[5]; // alerts by enum rule_level
    uint64_t incidents, campaigns;
    uint64_t campaign_dropped;   // incidents and indicators beyond the limits of campaigns
    uint64_t campaign_timeless;  // incidents that join none, for want of a time
    uint64_t campaign_refused;   // weak links between strangers
    uint64_t lookback_events;    // that look-backs found to concern an intruder
    uint64_t evidence_lost;      // records behind incidents that could not be read again
    uint64_t lookback_dropped;   // events, entities and alerts beyond the limits of an inquiry
    uint64_t dropped_state;      // correlation limits that bit
    uint64_t dropped_identities; // requests forgotten before their last stage came (limit)
    uint64_t gave_up;            // regular expressions stopped
    int64_t first, last;         // event times seen; TIME_NONE
    size_t clusters;
    const struct blindness *blind; // owned by the run
    size_t n_blind;
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
