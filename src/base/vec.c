// SPDX-License-Identifier: Apache-2.0
#include "base/vec.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

void vec_grow(void **items, size_t n, size_t *cap, size_t size)
{
    if (n == *cap) {
        size_t bytes;
        *cap = *cap ? *cap * 2 : 8;
        must(!__builtin_mul_overflow(*cap, size, &bytes));
        *items = must_alloc(realloc(*items, bytes));
    }
    memset((char *)*items + n * size, 0, size);
}

void vec_free(void **items)
{
    free(*items);
    *items = NULL;
}
