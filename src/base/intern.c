// SPDX-License-Identifier: Apache-2.0
#include "base/intern.h"

#include "base/identity.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

void intern_init(struct intern *i, size_t max_bytes, uint64_t seed)
{
    *i = (struct intern){.seed = seed};
    arena_init(&i->arena, max_bytes);
}

void intern_fini(struct intern *i)
{
    free(i->places);
    arena_fini(&i->arena);
    *i = (struct intern){0};
}

static struct str *find(const struct intern *i, struct str s)
{
    size_t mask = i->cap - 1;
    for (size_t at = identity_hash_keyed(s, i->seed, ~i->seed) & mask;; at = (at + 1) & mask)
        if (!i->places[at].ptr || str_eq(i->places[at], s))
            return &i->places[at];
}

static void grow(struct intern *i)
{
    struct intern bigger = *i;
    bigger.cap = i->cap ? i->cap * 2 : 64;
    bigger.places = must_alloc(calloc(bigger.cap, sizeof *bigger.places));
    for (size_t k = 0; k < i->cap; k++)
        if (i->places[k].ptr)
            *find(&bigger, i->places[k]) = i->places[k];
    free(i->places);
    *i = bigger;
}

struct str intern_str(struct intern *i, struct str s)
{
    if (!s.ptr)
        return STR_NONE;
    if (i->n * 4 >= i->cap * 3)
        grow(i);
    struct str *place = find(i, s);
    if (place->ptr)
        return *place;
    char *copy = arena_try(&i->arena, s.len + 1);
    if (!copy)
        return STR_NONE;
    memcpy(copy, s.ptr, s.len);
    copy[s.len] = 0;
    i->n++;
    *place = str_make(copy, s.len);
    return *place;
}

struct str intern_find(const struct intern *i, struct str s)
{
    return s.ptr && i->cap ? *find(i, s) : STR_NONE;
}
