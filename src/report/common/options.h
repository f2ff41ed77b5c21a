// SPDX-License-Identifier: Apache-2.0
// What is asked of a report, and where its bytes go.
#pragma once

#include "base/status.h"
#include "base/str.h"
#include "rule/rule.h"

enum report_format { REPORT_TEXT, REPORT_JSON, REPORT_HTML };

struct techniques;

struct report_options {
    enum report_format format;
    bool colour;                         // text: ANSI colours
    unsigned width;                      // text: columns, at least 60; 0: 100
    enum rule_level least;               // alerts below it are counted, not shown
    bool campaigns_only;                 // text, json: campaigns as they are told, and nothing else
    const struct techniques *techniques; // borrowed; NULL: no attack matrix is drawn
};

// Gives bytes to whoever writes them out.
typedef status report_write_fn(void *context, struct str bytes);
