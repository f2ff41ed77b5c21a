// SPDX-License-Identifier: Apache-2.0
#include "report/common/advice.h"

#include "base/status.h"

#include <stdlib.h>

static int compare_totals(const void *left, const void *right)
{
    const struct rule_total *a = left, *b = right;
    if (a->rule->level != b->rule->level)
        return a->rule->level > b->rule->level ? -1 : 1;
    if (a->alerts != b->alerts)
        return a->alerts > b->alerts ? -1 : 1;
    return str_cmp(a->rule->id, b->rule->id);
}

static void add_advice(struct advice *out, size_t *n, size_t *left, const struct rule *rule)
{
    size_t i = 0;
    while (i < *n && !str_eq(out[i].text, rule->advice))
        i++;
    if (i == ADVICE_MAX) {
        ++*left;
        return;
    }
    if (i == *n)
        out[(*n)++] = (struct advice){.text = rule->advice, .worst = rule->level};
    if (out[i].n_titles < ADVICE_TITLES)
        out[i].titles[out[i].n_titles++] = rule->title;
    else
        out[i].more++;
}

size_t advice_collect(const struct digest *d, struct advice out[ADVICE_MAX], size_t *left)
{
    size_t n = 0;
    *left = 0;
    struct rule_total *totals = must_alloc(reallocarray(NULL, d->totals.n + 1, sizeof *totals));
    for (size_t i = 0; i < d->totals.n; i++)
        totals[i] = d->totals.items[i];
    qsort(totals, d->totals.n, sizeof *totals, compare_totals);
    for (size_t i = 0; i < d->totals.n; i++)
        if (str_trim(totals[i].rule->advice).len)
            add_advice(out, &n, left, totals[i].rule);
    free(totals);
    return n;
}
