// SPDX-License-Identifier: Apache-2.0
// A live cluster that is kept up to date: its objects are read once, and then as they change.
//
//   follow_open: lists --> store        follow_wait: watches --> store; an expired list is read again
//   follow_tell: store --> whoever looks at objects, as a survey does
//
// Of an object only what somebody may judge is kept: no managed fields, no status of workloads. What changes nothing of it is no change.
#pragma once

#include "engine/objects/survey.h"

struct follow;

// As survey_open_live; then reads everything. What could not be read is said, and is neither watched nor asked for again.
[[nodiscard]] status follow_open(struct follow **out, const struct survey_live *wanted, struct survey_options options, struct diags *diags);
void follow_close(struct follow *f);

// All objects as they are now: begin, object ..., unread ..., end.
[[nodiscard]] status follow_tell(struct follow *f, const struct survey_sink *sink, struct diags *diags);
[[nodiscard]] size_t follow_objects(const struct follow *f);

enum follow_why {
    FOLLOW_CHANGED, // objects did, and have been quiet since, or did not stop to
    FOLLOW_STOPPED, // the descriptor is readable
    FOLLOW_SAID,    // there is something in diags
};
// Waits. quiet_ns: how long nothing is to change; ten times that is waited for it. ST_LIMIT: the objects are more than are kept.
[[nodiscard]] status follow_wait(struct follow *f, int stop, int64_t quiet_ns, enum follow_why *why, struct diags *diags);
