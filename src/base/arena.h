// SPDX-License-Identifier: Apache-2.0
// Memory that lives and dies together. An arena is born with its maximum: a client that would exceed it gets NULL (arena_try) or the
// process ends with a broken promise (arena_alloc, for sizes that input cannot choose).
#pragma once

#include "base/str.h"

#include <stdalign.h>
#include <stdarg.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; // newest first
    char *at, *end;             // free room in the newest chunk
    size_t used, max;           // bytes handed out, bytes that may be
};

#define ARENA_UNLIMITED SIZE_MAX

void arena_init(struct arena *a, size_t max_bytes);
void arena_fini(struct arena *a);
void arena_reset(struct arena *a); // frees all but one chunk; everything handed out is gone

// Zeroed, aligned for any type. NULL when the maximum would be exceeded.
[[nodiscard]] void *arena_try(struct arena *a, size_t size);
[[nodiscard]] void *arena_alloc(struct arena *a, size_t size);

#define arena_new(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, count) ((type *)arena_alloc_array((a), sizeof(type), (count)))
[[nodiscard]] void *arena_alloc_array(struct arena *a, size_t size, size_t count);

// A copy, NUL-terminated behind its end. STR_NONE stays STR_NONE.
[[nodiscard]] struct str arena_str(struct arena *a, struct str s);
[[nodiscard]] struct str arena_lower(struct arena *a, struct str s); // copy with A-Z folded
[[nodiscard]] __attribute__((format(printf, 2, 3))) struct str arena_printf(struct arena *a, const char *format, ...);
[[nodiscard]] __attribute__((format(printf, 2, 0))) struct str arena_vprintf(struct arena *a, const char *format, va_list args);
