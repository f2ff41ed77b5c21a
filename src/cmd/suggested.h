// SPDX-License-Identifier: Apache-2.0
// Least privilege from use, for the commands that write it.
#pragma once

#include "engine/policies/history.h"
#include "posture/usage_review.h"

// A request, into a struct usage: what of it is needed, by whom.
void suggest_take(void *usage, const struct event *e);
// Kubernetes' own, for which nobody writes roles.
[[nodiscard]] bool suggest_is_system(const struct access_subject *who);
// The roles of one subject, as YAML or a line of JSON. graph NULL: what it has is not known.
void suggest_answer(struct usage *usage, const struct access *graph, const struct used *u, bool json, struct buf *out);
