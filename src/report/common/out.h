// SPDX-License-Identifier: Apache-2.0
// The way out of a report: bytes gathered, and handed to whoever writes them.
#pragma once

#include "base/buf.h"
#include "report/common/options.h"

// Bytes on their way out. Written in pieces: a format calls out_flush wherever it may.
struct out {
    struct buf buf;
    report_write_fn *write;
    void *context;
    status status; // of the first write that failed; nothing is written after it
};

// How many bytes a format may append between two flushes at most: far beyond what the maxima of the digest allow.
enum { OUT_MAX = 64 << 20, OUT_FLUSH = 64 << 10 };

void out_flush(struct out *o); // writes when there is much
void out_write(struct out *o); // writes what there is
