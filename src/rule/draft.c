// SPDX-License-Identifier: Apache-2.0
#include "draft.h"

void drafts_fini(struct drafts *list)
{
    for (size_t i = 0; i < list->n; i++) {
        vec_fini(&list->items[i].filters);
        vec_fini(&list->items[i].captures);
        vec_fini(&list->items[i].carried);
    }
    vec_fini(list);
    map_fini(&list->ids);
    map_fini(&list->names);
}

uint32_t drafts_find(const struct drafts *list, struct str id_or_name, bool *ambiguous)
{
    *ambiguous = false;
    const uint64_t *found = map_get(&list->ids, id_or_name);
    if (!found)
        found = map_get(&list->names, id_or_name);
    if (!found)
        return DRAFT_NONE;
    *ambiguous = *found == NAME_AMBIGUOUS;
    return *ambiguous ? DRAFT_NONE : (uint32_t)(*found - 1);
}
