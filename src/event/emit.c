// SPDX-License-Identifier: Apache-2.0
// Where the values that transforms make go.
#include "event/event.h"

#include <string.h>

enum { FIRST_CAPACITY = 8 };

void transform_emit(struct transform_out *out, struct str s)
{
    if (out->n == TRANSFORM_MAX || !s.ptr) {
        out->dropped++;
        return;
    }
    if (out->n == out->cap) {
        size_t cap = out->cap ? out->cap * 2 : FIRST_CAPACITY;
        struct str *items = arena_try(out->arena, cap * sizeof *items);
        if (!items) {
            out->dropped++;
            return;
        }
        if (out->n)
            memcpy(items, out->items, out->n * sizeof *items);
        out->items = items;
        out->cap = cap;
    }
    out->items[out->n++] = s;
}
