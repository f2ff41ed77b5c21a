// SPDX-License-Identifier: Apache-2.0
#include "report/common/counters.h"

#define COUNTER(field, trouble, label)                                                                                                     \
    {                                                                                                                                      \
        {#field, sizeof #field - 1}, {label, sizeof(label) - 1}, offsetof(struct engine_summary, field), trouble                           \
    }

static const struct counter counters[] = {
    COUNTER(records, false, "records read"),
    COUNTER(bytes, false, "bytes read"),
    COUNTER(bad_records, true, "malformed records were skipped; each is named on standard error"),
    COUNTER(foreign_records, true, "records are JSON but no audit events, and were left out"),
    COUNTER(host_records, false, "records tell of processes on nodes"),
    COUNTER(host_cut, true, "of these had a text longer than is kept"),
    COUNTER(host_timeless, true, "of these had no readable time and were put where their pod begins"),
    COUNTER(duplicates, false, "lines had been delivered twice and count once"),
    COUNTER(stages_joined, false, "further stages of a request were joined to it"),
    COUNTER(truncated, true, "events had lost their bodies to size (audit.k8s.io/truncated): an intruder can force this by padding"),
    COUNTER(without_bodies, true, "writes were logged without their bodies: rules on their content could not see them"),
    COUNTER(without_time, true, "events had no readable time and were judged in the order of the log"),
    COUNTER(late, true, "events came later than the disorder allowed: correlations over them may have missed"),
    COUNTER(incidents, false, "incidents were reconstructed"),
    COUNTER(lookback_events, false, "events were looked at again because they concern an intruder"),
    COUNTER(lookback_dropped, true, "events, entities and alerts were left out of incidents: beyond the limits of an inquiry"),
    COUNTER(evidence_lost, true, "records behind incidents could not be read again for the evidence bundle"),
    COUNTER(campaign_dropped, true, "incidents and indicators were left out of campaigns: beyond the limits"),
    COUNTER(campaign_timeless, true, "incidents without a time join no campaign"),
    COUNTER(campaign_refused, false, "weak links between groups that do not agree joined no campaign"),
    COUNTER(dropped_state, true, "times a limit of the correlations made them forget something"),
    COUNTER(dropped_identities, true, "requests were forgotten before their last stage came, and may count twice"),
    COUNTER(gave_up, true, "regular expressions were stopped at their step limit and counted as no match"),
};

const struct counter *counter_table(size_t *n)
{
    *n = sizeof counters / sizeof *counters;
    return counters;
}

uint64_t counter_value(const struct counter *c, const struct engine_summary *s)
{
    return *(const uint64_t *)((const char *)s + c->offset);
}
