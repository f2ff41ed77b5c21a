// SPDX-License-Identifier: Apache-2.0
// From a record to a fact.
#pragma once

#include "incident/model.h"

// Looks up the fields that facts are made of; names that the dictionary lacks stay unknown.
void extract_prepare(struct inquiry *q);
// By what an event may be followed; views into it.
[[nodiscard]] struct clue clue_of(struct inquiry *q, const struct event *event);
// Whether it makes or changes a binding for somebody who is followed.
[[nodiscard]] bool extract_names_subject(struct inquiry *q, const struct json_value *record, const struct event *event);
// The event as a fact of this round, unless it is one of too many. about: it concerns somebody or something followed, by more than who did
// it.
void extract_fact(struct inquiry *q, const struct evidence *place, const struct json_value *record, const struct event *event,
                  const struct clue *clue, bool about);
// The same of an event that an earlier round kept. False: it has to be read.
[[nodiscard]] bool extract_again(struct inquiry *q, const struct evidence *place, struct str record);

// What alerts said of the record at this place; rules in the arena.
struct marked {
    const struct rule **rules; // worst first
    size_t n_rules;
    bool seed, strong;
};
[[nodiscard]] struct marked marks_at(struct inquiry *q, const struct evidence *at, struct arena *a);

// pod_security.c: of the pod in an event's bodies. POD_NOT_JUDGED: there is none, or only a part of it.
[[nodiscard]] enum pod_level pod_level_of(const struct json_value *record, const struct event *event);
