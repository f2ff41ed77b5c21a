// SPDX-License-Identifier: Apache-2.0
// Member `process`: what a record from a node says of a process.
#pragma once

#include "incident/incident.h"
#include "report/json/line.h"

// Of an alert; NULL writes nothing.
void line_host_event(struct line *line, const struct host_event *e);
// Of a step of an incident; NULL writes nothing.
void line_process(struct line *line, const struct incident_process *p);
