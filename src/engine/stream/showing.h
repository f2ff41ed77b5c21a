// SPDX-License-Identifier: Apache-2.0
// What an alert shows of a record: the event behind it and the details worth a line. The record is read again for it.
#pragma once

#include "detect/alert.h"
#include "detect/detect.h"

struct showing;

// Fields whose values become details, for plan_new.
[[nodiscard]] const struct str *showing_fields(size_t *n);

[[nodiscard]] struct showing *showing_new(const struct plan *plan, bool of_hosts);
void showing_free(struct showing *s);

struct shown {
    struct event event;               // all absent when the record is no event
    const struct host_event *process; // NULL: it tells of no process
    const struct alert_detail *details;
    size_t n_details;
};
// Good until the next call. The record has room of JSON_PADDING bytes behind it.
[[nodiscard]] const struct shown *showing_read(struct showing *s, struct str record);
