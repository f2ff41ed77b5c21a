// SPDX-License-Identifier: Apache-2.0
// What a format of a report is: one const descriptor in a file of its own, listed in report.c.
#pragma once

#include "report/digest.h"
#include "report/report.h"

// Bytes on their way out. Written in pieces: a format calls out_flush wherever it may.
struct out {
    struct buf buf;
    report_write_fn *write;
    void *context;
    status status; // of the first write that failed; nothing is written after it
};
void out_flush(struct out *o);

struct report {
    struct report_options options;
    const struct format *format;
    struct out out;
    struct digest digest;                // of formats that keep alerts
    uint64_t hidden[LEVEL_CRITICAL + 1]; // alerts below options.least
};

struct format {
    struct str name;
    void (*alert)(struct report *r, const struct alert *alert);
    void (*finish)(struct report *r, const struct engine_summary *summary);
};

extern const struct format format_text, format_json, format_html;

// How many bytes a format may append between two flushes at most: far beyond what the maxima of the digest allow.
enum { OUT_MAX = 64 << 20, OUT_FLUSH = 64 << 10 };
