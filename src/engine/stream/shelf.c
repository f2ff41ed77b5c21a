// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/shelf.h"

#include "base/status.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>

enum { CHUNK = 1 << 18 };

struct chunk {
    struct chunk *next; // of those not in use, or of all
    size_t size, used, pieces;
    alignas(max_align_t) char data[];
};

// Stands before each piece.
struct piece {
    struct chunk *chunk;
    alignas(max_align_t) char data[];
};

struct shelf {
    struct chunk *open; // pieces are cut off this one
    struct chunk *spare;
    size_t in_use, max; // bytes of chunks with pieces on them
};

struct shelf *shelf_new(size_t max)
{
    struct shelf *s = must_alloc(calloc(1, sizeof *s));
    s->max = max;
    return s;
}

void shelf_free(struct shelf *s)
{
    if (!s)
        return;
    must(s->in_use == 0 || (s->open && s->in_use == s->open->size && s->open->pieces == 0));
    free(s->open);
    for (struct chunk *c = s->spare, *next; c; c = next) {
        next = c->next;
        free(c);
    }
    free(s);
}

static struct chunk *take_chunk(struct shelf *s, size_t size)
{
    struct chunk *c = size == CHUNK ? s->spare : NULL;
    if (c)
        s->spare = c->next;
    else
        c = must_alloc(malloc(sizeof *c + size));
    *c = (struct chunk){.size = size};
    s->in_use += size;
    return c;
}

static void put_away(struct shelf *s, struct chunk *c)
{
    s->in_use -= c->size;
    if (c->size != CHUNK) {
        free(c);
        return;
    }
    c->next = s->spare;
    s->spare = c;
}

// A piece that no chunk holds gets one of its own.
static bool open_chunk(struct shelf *s, size_t need)
{
    size_t size = need > CHUNK ? need : CHUNK;
    if (s->open && s->open->pieces == 0) {
        put_away(s, s->open);
        s->open = NULL;
    }
    if (s->in_use && s->in_use + size > s->max)
        return false;
    s->open = take_chunk(s, size); // the one before goes when its last piece does
    return true;
}

void *shelf_take(struct shelf *s, size_t size)
{
    size_t need = (sizeof(struct piece) + size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if ((!s->open || need > s->open->size - s->open->used) && !open_chunk(s, need))
        return NULL;
    struct piece *piece = (void *)(s->open->data + s->open->used);
    s->open->used += need;
    s->open->pieces++;
    piece->chunk = s->open;
    return piece->data;
}

void shelf_give(struct shelf *s, void *memory)
{
    struct piece *piece = (void *)((char *)memory - offsetof(struct piece, data));
    struct chunk *c = piece->chunk;
    if (--c->pieces)
        return;
    if (c == s->open)
        c->used = 0;
    else
        put_away(s, c);
}
