// SPDX-License-Identifier: Apache-2.0
// Alerts for people and programs: terminal text, NDJSON, one self-contained HTML page. Everything that came from a log is hostile and
// leaves escaped.
#pragma once

#include "base/buf.h"
#include "engine/engine.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_HTML };
[[nodiscard]] bool report_format_parse(struct str s, enum report_format *out);

// Tactics and techniques, and which tags of rules mean them: rules/techniques.yml, whose head describes the format.
struct techniques;

[[nodiscard]] status techniques_load(struct techniques **out, struct yaml_source source, struct diags *diags);
void techniques_free(struct techniques *t);

struct report_options {
    enum report_format format;
    bool colour;                         // text: ANSI colours
    unsigned width;                      // text: columns, at least 60; 0: 100
    enum rule_level least;               // alerts below it are counted, not shown
    bool campaigns_only;                 // text, json: campaigns as they are told, and nothing else
    const struct techniques *techniques; // borrowed; NULL: no attack matrix is drawn
};

struct report;

// Gives bytes to whoever writes them out.
typedef status report_write_fn(void *context, struct str bytes);

[[nodiscard]] struct report *report_new(struct report_options options, report_write_fn *write, void *context);
// NDJSON goes out at once; text and HTML keep what they need, in bounded memory (what no longer fits is counted and said). Alerts are
// copied as far as needed, but the rules they point to are borrowed until report_free.
[[nodiscard]] status report_alert(struct report *r, const struct alert *alert);
[[nodiscard]] status report_incident(struct report *r, const struct incident *incident); // copied as far as needed
[[nodiscard]] status report_campaign(struct report *r, const struct campaign *campaign); // behind the last incident
[[nodiscard]] status report_finish(struct report *r, const struct engine_summary *summary);
void report_free(struct report *r);
