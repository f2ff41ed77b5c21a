// SPDX-License-Identifier: Apache-2.0
// A time axis of a drawing: instants to columns, and ticks at round times.
#pragma once

#include "base/buf.h"

struct axis {
    int64_t first, last;
    double left, right;
};

// With a margin on both sides; a span that int64_t cannot hold becomes its later part.
[[nodiscard]] struct axis axis_make(int64_t first, int64_t last, double left, double right);
[[nodiscard]] double axis_x(const struct axis *a, int64_t time);
void axis_ticks(struct buf *out, const struct axis *a, int top, int bottom); // lines from top to bottom, times above
