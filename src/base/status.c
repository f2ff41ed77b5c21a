// SPDX-License-Identifier: Apache-2.0
#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>

void must_fail(const char *condition, const char *file, int line)
{
    fprintf(stderr, "davy: broken promise: %s (%s:%d)\n", condition, file, line);
    abort();
}

void *must_alloc(void *ptr)
{
    if (!ptr) {
        fputs("davy: out of memory\n", stderr);
        abort();
    }
    return ptr;
}
