// SPDX-License-Identifier: Apache-2.0
// What must hold of the bytes of every report, whatever its alerts said: UTF-8 without control characters other than newlines and without
// what is invisible; NDJSON that parses line by line; no markup but the program's own; no line wider than the page.
#pragma once

#include "report/report.h"

// What is wrong with a report without colour, or NULL.
[[nodiscard]] const char *inert_report(struct str bytes, struct report_options options);
