// SPDX-License-Identifier: Apache-2.0
// The graph's memory: strings once, objects by name.
#include "posture/access_private.h"

#include "base/status.h"

#include <stdlib.h>

struct access *access_new(void)
{
    struct access *a = must_alloc(calloc(1, sizeof *a));
    arena_init(&a->arena, ARENA_UNLIMITED);
    intern_init(&a->words, SIZE_MAX, (uint64_t)(uintptr_t)a); // where it lies is nobody's choice
    a->superuser_group = STR("system:masters");
    return a;
}

void access_free(struct access *a)
{
    if (!a)
        return;
    intern_fini(&a->words);
    map_fini(&a->index);
    vec_fini(&a->roles);
    vec_fini(&a->sources);
    vec_fini(&a->bindings);
    vec_fini(&a->accounts);
    vec_fini(&a->namespaces);
    vec_fini(&a->resources);
    arena_fini(&a->arena);
    free(a);
}

struct str access_intern(struct access *a, struct str s)
{
    return intern_str(&a->words, s);
}

// --- the index -------------------------------------------------------------------------------------------------------------------

static struct str key_of(struct buf *out, char kind, struct str ns, struct str name)
{
    buf_add_char(out, kind);
    buf_add(out, ns);
    buf_add_char(out, '\0');
    buf_add(out, name);
    return buf_str(out);
}

uint64_t *access_index(struct access *a, char kind, struct str ns, struct str name)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    const struct str key = key_of(&text, kind, ns, name);
    uint64_t *found = map_get(&a->index, key);
    if (!found)
        found = map_put(&a->index, arena_str(&a->arena, key), NULL);
    buf_fini(&text);
    return found;
}

uint64_t access_find(const struct access *a, char kind, struct str ns, struct str name)
{
    struct buf text;
    buf_init(&text, SIZE_MAX);
    const uint64_t *found = map_get(&a->index, key_of(&text, kind, ns, name));
    buf_fini(&text);
    return found ? *found : 0;
}

void access_namespace(struct access *a, struct str name)
{
    uint64_t *place = access_index(a, INDEX_NAMESPACE, STR(""), name);
    if (*place)
        return;
    *vec_push(&a->namespaces) = access_intern(a, name);
    *place = a->namespaces.n;
}

struct account *access_account(struct access *a, struct str ns, struct str name)
{
    const uint64_t *place = access_index(a, INDEX_ACCOUNT, ns, name);
    const size_t known = *place;
    if (known)
        return &a->accounts.items[known - 1];
    *vec_push(&a->accounts) = (struct account){.ns = access_intern(a, ns), .name = access_intern(a, name)};
    *access_index(a, INDEX_ACCOUNT, ns, name) = a->accounts.n;
    access_namespace(a, ns); // which moves the index
    return &a->accounts.items[a->accounts.n - 1];
}
