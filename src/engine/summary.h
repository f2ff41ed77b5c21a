// SPDX-License-Identifier: Apache-2.0
// What a run counted: what it read, told, and had to leave out.
#pragma once

#include <stdint.h>

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
