// SPDX-License-Identifier: Apache-2.0
#include "source/seen.h"

bool seen_before(struct seen_files *s, struct arena *a, struct str path, const struct os_stat *st, struct diags *diags)
{
    const uint64_t which[2] = {(uint64_t)st->device, (uint64_t)st->inode};
    bool added;
    (void)map_put(&s->by_inode, arena_str(a, str_make((const char *)which, sizeof which)), &added);
    if (!added)
        diags_add(diags, DIAG_NOTE, &(struct place){.file = path}, "is the same file as another one and read once");
    return !added;
}

void seen_fini(struct seen_files *s)
{
    map_fini(&s->by_inode);
}
