// SPDX-License-Identifier: Apache-2.0
// Lists of sentences, growing and kept.
#include "incident/conclude.h"

struct str *list_keep(struct arena *a, str_list *list, size_t *n)
{
    struct str *items = list->n ? arena_array(a, struct str, list->n) : NULL;
    if (list->n)
        memcpy(items, list->items, list->n * sizeof *items);
    *n = list->n;
    vec_fini(list);
    return items;
}

void list_addf(str_list *list, struct arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    *vec_push(list) = arena_vprintf(a, format, args);
    va_end(args);
}
