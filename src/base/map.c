// SPDX-License-Identifier: Apache-2.0
#include "base/map.h"

#include "base/status.h"

#include <stdlib.h>

void map_fini(struct map *m)
{
    free(m->entries);
    *m = (struct map){0};
}

static struct map_entry *find(const struct map *m, struct str key)
{
    for (size_t i = str_hash(key) & (m->cap - 1);; i = (i + 1) & (m->cap - 1))
        if (!m->entries[i].key.ptr || str_eq(m->entries[i].key, key))
            return &m->entries[i];
}

uint64_t *map_get(const struct map *m, struct str key)
{
    if (!m->cap)
        return NULL;
    struct map_entry *entry = find(m, key);
    return entry->key.ptr ? &entry->value : NULL;
}

static void grow(struct map *m)
{
    struct map bigger = {.cap = m->cap ? m->cap * 2 : 16, .n = m->n};
    bigger.entries = must_alloc(calloc(bigger.cap, sizeof *bigger.entries));
    for (size_t i = 0; i < m->cap; i++)
        if (m->entries[i].key.ptr)
            *find(&bigger, m->entries[i].key) = m->entries[i];
    free(m->entries);
    *m = bigger;
}

uint64_t *map_put(struct map *m, struct str key, bool *added)
{
    must(key.ptr);
    if (m->n * 4 >= m->cap * 3)
        grow(m);
    struct map_entry *entry = find(m, key);
    bool fresh = !entry->key.ptr;
    if (fresh) {
        *entry = (struct map_entry){.key = key};
        m->n++;
    }
    if (added)
        *added = fresh;
    return &entry->value;
}
