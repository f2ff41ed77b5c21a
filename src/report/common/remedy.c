// SPDX-License-Identifier: Apache-2.0
#include "report/common/remedy.h"

static bool is_comment(const struct incident_leftover *l)
{
    return str_starts(l->fix, STR("#"));
}

static struct str kind_of(struct str object)
{
    size_t colon = str_find_char(object, ':', 0), slash = str_find_char(object, '/', 0);
    return str_slice(object, colon == SIZE_MAX ? 0 : colon + 1, slash);
}

// What has a command of its own stands alone.
static bool joins(const struct remedy *group, const struct incident_leftover *l)
{
    const struct incident_leftover *first = group->items[0];
    return group->n < REMEDY_MAX && is_comment(first) && is_comment(l) && first->certainty == l->certainty && str_eq(first->why, l->why) &&
           str_eq(kind_of(first->object), kind_of(l->object));
}

static void add(struct remedies *r, const struct incident_leftover *l)
{
    size_t i = 0;
    while (i < r->groups.n && !joins(&r->groups.items[i], l))
        i++;
    struct remedy *group = i < r->groups.n ? &r->groups.items[i] : vec_push(&r->groups);
    group->items[group->n++] = l;
}

void remedies_init(struct remedies *r, const struct incident *x)
{
    *r = (struct remedies){.groups = {NULL, 0, 0}};
    for (unsigned comments = 0; comments < 2; comments++)
        for (size_t i = 0; i < x->n_leftovers; i++)
            if (is_comment(&x->leftovers[i]) == comments)
                add(r, &x->leftovers[i]);
}

void remedies_fini(struct remedies *r)
{
    vec_fini(&r->groups);
}
