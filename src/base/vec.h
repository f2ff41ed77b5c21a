// SPDX-License-Identifier: Apache-2.0
// A growing array on the heap: VEC(int) v = {0}; *vec_push(&v) = 7; v.items[0]; vec_fini(&v). Its owner states and keeps the limit.
#pragma once

#include <stddef.h>

#define VEC(type)                                                                                                                          \
    struct {                                                                                                                               \
        type *items;                                                                                                                       \
        size_t n, cap;                                                                                                                     \
    }

// Pointer to a new zeroed item at the end.
#define vec_push(v) (vec_grow((void **)&(v)->items, (v)->n, &(v)->cap, sizeof *(v)->items), &(v)->items[(v)->n++])
#define vec_fini(v) (vec_free((void **)&(v)->items), (v)->n = (v)->cap = 0)

// Makes room for item n and zeroes it. (For the macros above.)
void vec_grow(void **items, size_t n, size_t *cap, size_t size);
void vec_free(void **items);
