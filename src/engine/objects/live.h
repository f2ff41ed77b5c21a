// SPDX-License-Identifier: Apache-2.0
// The objects of a live cluster, a page at a time: the live half of a survey, and private to it.
#pragma once

#include "engine/objects/survey.h"
#include "engine/objects/whole.h"

struct live;

[[nodiscard]] status live_open(struct live **out, const struct survey_live *wanted, struct survey_options options, struct diags *diags);
[[nodiscard]] status live_run(struct live *l, const struct survey_sink *sink, struct diags *diags);
// For whoever watches the cluster afterwards. One list again: objects of it, and of nothing else, go to the sink; ST_IO: it was not read to
// its end, which is said.
[[nodiscard]] status live_again(struct live *l, size_t list, const struct survey_sink *sink, struct diags *diags);
[[nodiscard]] size_t live_list(const struct live *l); // of the object at hand
[[nodiscard]] struct kube_lists *live_lists(struct live *l);
[[nodiscard]] struct kube_client *live_client(struct live *l);
[[nodiscard]] struct objects_counters live_counters(const struct live *l);
[[nodiscard]] size_t live_unread(const struct live *l);
void live_close(struct live *l);
