// SPDX-License-Identifier: Apache-2.0
// The memory of exposure: strings once, things by name.
#include "posture/exposure_private.h"

#include "base/status.h"

#include <stdlib.h>

struct exposure *exposure_new(void)
{
    struct exposure *e = must_alloc(calloc(1, sizeof *e));
    arena_init(&e->arena, ARENA_UNLIMITED);
    intern_init(&e->words, SIZE_MAX, (uint64_t)(uintptr_t)e); // where it lies is nobody's choice
    return e;
}

void exposure_free(struct exposure *e)
{
    if (!e)
        return;
    vec_fini(&e->workloads);
    vec_fini(&e->services);
    vec_fini(&e->routes);
    vec_fini(&e->gateways);
    vec_fini(&e->policies);
    vec_fini(&e->grants);
    vec_fini(&e->territories);
    map_fini(&e->by_name);
    intern_fini(&e->words);
    arena_fini(&e->arena);
    free(e);
}

struct str exposure_word(struct exposure *e, struct str s)
{
    return s.ptr ? intern_str(&e->words, s) : STR("");
}

static struct str key_of(struct buf *out, struct str kind, struct str ns, struct str name)
{
    buf_add(out, kind);
    buf_add_char(out, '\0');
    buf_add(out, ns);
    buf_add_char(out, '\0');
    buf_add(out, name);
    return buf_str(out);
}

uint64_t *exposure_name(struct exposure *e, struct str kind, struct str ns, struct str name)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    const struct str key = key_of(&text, kind, ns, name);
    uint64_t *found = map_get(&e->by_name, key);
    if (!found)
        found = map_put(&e->by_name, arena_str(&e->arena, key), NULL);
    buf_fini(&text);
    return found;
}

uint64_t exposure_find(const struct exposure *e, struct str kind, struct str ns, struct str name)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    const uint64_t *found = map_get(&e->by_name, key_of(&text, kind, ns, name));
    buf_fini(&text);
    return found ? *found : 0;
}

struct territory *exposure_territory(struct exposure *e, struct str name)
{
    uint64_t *place = exposure_name(e, STR("Namespace"), STR(""), name);
    if (!*place) {
        *vec_push(&e->territories) = (struct territory){.name = name};
        *place = e->territories.n;
    }
    return &e->territories.items[*place - 1];
}
