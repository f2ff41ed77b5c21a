// SPDX-License-Identifier: Apache-2.0
#include "export/attack.h"

static const struct technique *find(const struct techniques *t, struct str id)
{
    enum { ID_MAX = 32 };
    char lower[ID_MAX];
    if (id.len > ID_MAX)
        return NULL;
    for (size_t i = 0; i < id.len; i++)
        lower[i] = char_lower(id.ptr[i]);
    const uint64_t *at = map_get(&t->names, str_make(lower, id.len));
    return at && *at >= TACTICS_MAX ? &t->items[*at - TACTICS_MAX] : NULL;
}

static struct attack describe(const struct techniques *t, struct str id, size_t tactic)
{
    const struct technique *known = find(t, id);
    struct attack a = {.id = id, .name = known ? known->name : id, .microsoft = !str_starts(id, STR("T"))};
    if (known && known->tactics & 1u << tactic)
        a.tactic = t->tactics[tactic].tag;
    return a;
}

size_t attack_of(const struct techniques *t, const struct incident_step *step, struct attack out[ATTACK_MAX])
{
    struct hit hit;
    if (!step_place(t, step, &hit) || hit.technique == TECHNIQUE_NONE)
        return 0;
    const struct technique *technique = &t->items[hit.technique];
    size_t n = 0;
    if (str_starts(technique->id, STR("T")) || !technique->n_attack) {
        out[n++] = describe(t, technique->id, hit.tactic);
        return n;
    }
    for (size_t i = 0; i < technique->n_attack && n < ATTACK_MAX; i++)
        out[n++] = describe(t, technique->attack[i], hit.tactic);
    return n;
}
