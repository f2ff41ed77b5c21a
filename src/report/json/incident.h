// SPDX-License-Identifier: Apache-2.0
// An incident as a line of NDJSON: docs/schema/incident.schema.json.
#pragma once

#include "report/common/format.h"

void json_incident(struct report *r, const struct incident *incident);
