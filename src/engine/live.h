// SPDX-License-Identifier: Apache-2.0
// The objects of a live cluster, a page at a time: the live half of a survey, and private to it.
#pragma once

#include "engine/survey.h"
#include "engine/whole.h"

struct live;

[[nodiscard]] status live_open(struct live **out, const struct survey_live *wanted, struct survey_options options, struct diags *diags);
[[nodiscard]] status live_run(struct live *l, const struct survey_sink *sink, struct diags *diags);
[[nodiscard]] struct objects_counters live_counters(const struct live *l);
[[nodiscard]] size_t live_unread(const struct live *l);
void live_close(struct live *l);
