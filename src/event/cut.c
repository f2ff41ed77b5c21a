// SPDX-License-Identifier: Apache-2.0
// Native field names: where a dot divides keys and where it is part of one.
//
// `annotations.authorization.k8s.io/reason` is the key "authorization.k8s.io/reason" of `annotations`. Nothing in the name says so;
// so every way of cutting is a path: the whole name as one key (rank 0), a key for every part (1), the others (2).
#include "event/dictionary.h"

#include <string.h>

enum {
    EVERY_CUT_DOTS = 6, // at most 64 ways; beyond, only those that keep one run of parts together
    DOTS_MAX = 31,      // beyond, the name is one key, or nested throughout
    CUTS_MAX = 256,
};

struct parts {
    struct str items[DOTS_MAX + 1];
    size_t n; // 0: more than fit
};

static struct parts parts_of(struct str name)
{
    struct parts p = {.n = 0};
    struct str rest = name;
    while (rest.ptr) {
        if (p.n == DOTS_MAX + 1)
            return (struct parts){.n = 0};
        p.items[p.n++] = str_split(&rest, '.');
    }
    return p;
}

// Keys of the parts; bit i of `joined` set: part i and i+1 stay one key.
static struct field_path path_of(const struct parts *p, uint64_t joined, struct arena *a)
{
    struct field_path path = {.keys = arena_array(a, struct str, p->n), .rank = 2};
    for (size_t i = 0; i < p->n; i++) {
        size_t start = i;
        while (i + 1 < p->n && joined >> i & 1)
            i++;
        const char *end = p->items[i].ptr + p->items[i].len;
        path.keys[path.n++] = str_make(p->items[start].ptr, (size_t)(end - p->items[start].ptr));
    }
    return path;
}

struct cuts {
    const struct parts *parts;
    const struct schema *schema;
    struct arena *arena;
    struct field_path *items;
    size_t n;
};

static void add_cut(struct cuts *c, uint64_t joined, unsigned rank)
{
    if (c->n == CUTS_MAX)
        return;
    struct field_path path = path_of(c->parts, joined, c->arena);
    path.rank = rank;
    if (!c->schema || schema_at(c->schema, &path))
        c->items[c->n++] = path;
}

static uint64_t bits_between(size_t from, size_t to)
{
    return ((1ull << (to - from)) - 1) << from;
}

// One run of parts stays together: one around each part with a slash, as annotation and label keys have.
static void add_slashed_cuts(struct cuts *c)
{
    for (size_t slash = 0; slash < c->parts->n; slash++) {
        if (str_find_char(c->parts->items[slash], '/', 0) == SIZE_MAX)
            continue;
        for (size_t from = slash; from-- > 0;)
            for (size_t to = slash; to < c->parts->n; to++)
                if (from > 0 || to + 1 < c->parts->n)
                    add_cut(c, bits_between(from, to), 2);
    }
}

static void add_all(struct cuts *c)
{
    size_t dots = c->parts->n - 1;
    uint64_t whole = bits_between(0, dots);
    add_cut(c, whole, 0);
    if (dots)
        add_cut(c, 0, 1);
    if (dots > EVERY_CUT_DOTS) {
        add_slashed_cuts(c);
        return;
    }
    for (uint64_t joined = 1; joined < whole; joined++)
        add_cut(c, joined, 2);
}

void name_cut(struct str name, const struct schema *schema, struct arena *a, struct field_path **out, size_t *n)
{
    struct parts parts = parts_of(name.ptr ? name : STR(""));
    if (!parts.n) { // too many dots for anything but one key
        parts.items[parts.n++] = name;
        schema = NULL;
    }
    struct cuts c = {&parts, schema, a, arena_array(a, struct field_path, CUTS_MAX), 0};
    add_all(&c);
    if (!c.n) {
        c.schema = NULL;
        add_all(&c);
    }
    *out = c.items;
    *n = c.n;
}
