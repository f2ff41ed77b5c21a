// SPDX-License-Identifier: Apache-2.0
// What can exist in a record of a stream.
#include "event/dictionary.h"

static const struct schema *member(const struct schema *s, struct str key)
{
    for (size_t i = 0; i < s->n_members; i++)
        if (str_eq(s->members[i].key, key))
            return &s->members[i];
    return s->others;
}

const struct schema *schema_at(const struct schema *root, const struct field_path *path)
{
    const struct schema *s = root;
    for (size_t i = 0; i < path->n && s; i++) {
        if (s->kind == SCHEMA_OPEN)
            return s;
        s = s->kind == SCHEMA_OBJECT ? member(s, path->keys[i]) : NULL;
    }
    return s;
}
