// SPDX-License-Identifier: Apache-2.0
// Room for views, which every implementation of the scanner asks for.
#include "codec/json/scan.h"

#include "base/status.h"

#include <stdlib.h>

void scan_grow_views(struct json_scan *s)
{
    s->cap_views = s->cap_views ? s->cap_views * 2 : 256;
    s->views = must_alloc(reallocarray(s->views, s->cap_views, sizeof *s->views));
}
