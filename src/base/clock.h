// SPDX-License-Identifier: Apache-2.0
// The clock behind one stream of records that are nearly in the order of time. It may be set back while they are written: then the order
// in which they stand says more than their times do.
//
//   times     10:00 10:01 10:02 | 09:05 09:06 ...
//   position  10:00 10:01 10:02 | 10:02 10:03 ...     for windows and orders; what people read are the times
//
// A step forward cannot be told from a pause.
#pragma once

#include "base/time.h"

#define CLOCK_BACK (5 * 60 * NS_PER_SECOND) // servers and shippers mix up less

struct clock {
    int64_t latest; // position so far; TIME_NONE: nothing was seen
    int64_t shift;  // how far positions are ahead of times
    int64_t back;   // the furthest that times went back at once; 0: never
    int64_t from;   // and from which time
};
#define CLOCK_INIT ((struct clock){.latest = TIME_NONE, .from = TIME_NONE})

// The position of the next record. One without a time (TIME_NONE) has none, either.
int64_t clock_tell(struct clock *c, int64_t time);
