// SPDX-License-Identifier: Apache-2.0
// What a format of a report is: one const descriptor in a file of its own, listed in report.c.
#pragma once

#include "report/common/digest.h"
#include "report/common/out.h"
#include "report/common/pages.h"
#include "engine/summary.h"
#include "incident/campaign.h"
#include "report/common/options.h"

struct report {
    struct report_options options;
    const struct format *format;
    struct out out;
    struct digest digest; // of formats that keep alerts
    struct pages pages;   // of formats that keep incidents
    struct buf campaigns; // rendered, of formats that print them at the top
    uint64_t n_campaigns, campaigns_without_room;
    uint64_t hidden[LEVEL_CRITICAL + 1]; // alerts below options.least
};

struct format {
    struct str name;
    void (*alert)(struct report *r, const struct alert *alert);
    void (*incident)(struct report *r, const struct incident *incident); // it lives during the call
    void (*campaign)(struct report *r, const struct campaign *campaign); // behind all incidents
    void (*finish)(struct report *r, const struct engine_summary *summary);
};

extern const struct format format_text, format_json, format_html;
