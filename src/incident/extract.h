// SPDX-License-Identifier: Apache-2.0
// From a record to a fact.
#pragma once

#include "incident/model.h"

// Looks up the fields that facts are made of; names that the dictionary lacks stay unknown.
void extract_prepare(struct inquiry *q);
// The event as a fact of this round, unless it is one of too many.
void extract_fact(struct inquiry *q, const struct evidence *place, const struct json_value *record, const struct event *event);
