// SPDX-License-Identifier: Apache-2.0
// Alerts for people and programs: terminal text, NDJSON, one self-contained HTML page. Everything that came from a log is hostile and
// leaves escaped.
#pragma once

#include "base/buf.h"
#include "detect/alert.h"
#include "engine/summary.h"
#include "incident/campaign.h"
#include "report/common/options.h"
#include "report/common/techniques.h"

[[nodiscard]] bool report_format_parse(struct str s, enum report_format *out);

struct report;

[[nodiscard]] struct report *report_new(struct report_options options, report_write_fn *write, void *context);
// NDJSON goes out at once; text and HTML keep what they need, in bounded memory (what no longer fits is counted and said). Alerts are
// copied as far as needed, but the rules they point to are borrowed until report_free.
[[nodiscard]] status report_alert(struct report *r, const struct alert *alert);
[[nodiscard]] status report_incident(struct report *r, const struct incident *incident); // copied as far as needed
[[nodiscard]] status report_campaign(struct report *r, const struct campaign *campaign); // behind the last incident
[[nodiscard]] status report_finish(struct report *r, const struct engine_summary *summary);
void report_free(struct report *r);
