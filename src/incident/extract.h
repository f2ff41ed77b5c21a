// SPDX-License-Identifier: Apache-2.0
// From a record to a fact.
#pragma once

#include "incident/model.h"

// Looks up the fields that facts are made of; names that the dictionary lacks stay unknown.
void extract_prepare(struct inquiry *q);
// The event as a fact of this round, unless it is one of too many.
// about: it concerns somebody or something followed, by more than who did it.
void extract_fact(struct inquiry *q, const struct evidence *place, const struct json_value *record, const struct event *event, bool about);

// What alerts said of the record at this place.
struct marked {
    const struct rule **rules; // in the round's arena, worst first
    size_t n_rules;
    bool seed, strong;
};
[[nodiscard]] struct marked marks_at(struct inquiry *q, const struct evidence *at);

// pod_security.c: of the pod in an event's bodies. POD_NOT_JUDGED: there is none, or only a part of it.
[[nodiscard]] enum pod_level pod_level_of(const struct json_value *record, const struct event *event);
