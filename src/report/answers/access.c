// SPDX-License-Identifier: Apache-2.0
// Keeping and sorting answers.
#include "report/answers/access.h"

#include "base/status.h"

#include <stdlib.h>

void access_answer_init(struct access_answer *a, struct str cluster)
{
    *a = (struct access_answer){.cluster = cluster};
    arena_init(&a->arena, ARENA_UNLIMITED);
}

void access_answer_fini(struct access_answer *a)
{
    arena_fini(&a->arena);
    free(a->items);
}

static struct answered *add(struct access_answer *a)
{
    if (a->n == a->cap) {
        a->cap = a->cap ? a->cap * 2 : 64;
        a->items = must_alloc(realloc(a->items, a->cap * sizeof *a->items));
    }
    return &a->items[a->n++];
}

void access_answer_add(void *answer, const struct access_grant *grant)
{
    *add(answer) = (struct answered){.grant = *grant};
}

static struct access_words keep(struct access_answer *a, struct access_words words)
{
    struct str *items = arena_array(&a->arena, struct str, words.n);
    for (size_t i = 0; i < words.n; i++)
        items[i] = words.items[i];
    return (struct access_words){items, words.n};
}

void access_answer_change(void *answer, const struct access_change *change)
{
    struct access_answer *a = answer;
    struct answered *item = add(a);
    const struct access_rule *rule = change->grant.rule;
    *item = (struct answered){.grant = change->grant, .gained = change->gained};
    item->rule = (struct access_rule){keep(a, rule->verbs), keep(a, rule->groups), keep(a, rule->resources), keep(a, rule->names),
                                      keep(a, rule->urls)};
    item->grant.rule = NULL;
}

static int by_text(struct str a, struct str b)
{
    return str_cmp(a.ptr ? a : STR(""), b.ptr ? b : STR(""));
}

static int by_binding(const struct access_binding *a, const struct access_binding *b)
{
    if (!a || !b)
        return (a != NULL) - (b != NULL);
    if (!a->ns.ptr != !b->ns.ptr)
        return a->ns.ptr ? 1 : -1;
    const int ns = by_text(a->ns, b->ns);
    return ns ? ns : by_text(a->name, b->name);
}

static int in_order(const void *va, const void *vb)
{
    const struct answered *a = va, *b = vb;
    const struct access_subject *x = &a->grant.subject, *y = &b->grant.subject;
    if (a->gained != b->gained)
        return a->gained ? -1 : 1;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int order = by_text(x->ns, y->ns);
    if (!order)
        order = by_text(x->name, y->name);
    if (!order)
        order = by_binding(a->grant.binding, b->grant.binding);
    if (!order && a->grant.rule != b->grant.rule) // rules of one role lie in a row
        return a->grant.rule < b->grant.rule ? -1 : 1;
    const struct access_words *p[] = {&a->rule.groups, &a->rule.resources, &a->rule.names, &a->rule.urls};
    const struct access_words *q[] = {&b->rule.groups, &b->rule.resources, &b->rule.names, &b->rule.urls};
    for (size_t i = 0; !order && i < 4; i++)
        order = by_text(p[i]->n ? p[i]->items[0] : STR_NONE, q[i]->n ? q[i]->items[0] : STR_NONE);
    return order;
}

void access_answer_sort(struct access_answer *a)
{
    if (a->n)
        qsort(a->items, a->n, sizeof *a->items, in_order);
    for (size_t i = 0; i < a->n; i++) {
        if (!a->items[i].grant.rule && a->items[i].grant.binding)
            a->items[i].grant.rule = &a->items[i].rule;
    }
}
