// SPDX-License-Identifier: Apache-2.0
// Is a correlation's condition true of what its group remembers? (Sigma correlation specification, "Correlation Types".)
#include "detect/correlate_private.h"

#include <string.h>

// --- figures over numbers -----------------------------------------------------------------------------------------------------------

static double sum_of(const struct group *g)
{
    double sum = 0;
    for (const struct entry *e = g->oldest; e; e = e->newer)
        sum += e->number;
    return sum;
}

static void sift_down(double *v, size_t root, size_t n)
{
    for (size_t child; (child = 2 * root + 1) < n; root = child) {
        if (child + 1 < n && v[child] < v[child + 1])
            child++;
        if (v[root] >= v[child])
            return;
        double swap = v[root];
        v[root] = v[child];
        v[child] = swap;
    }
}

// Heapsort: no worst case that a record could provoke, no memory of its own.
static void sort_numbers(double *v, size_t n)
{
    for (size_t i = n / 2; i-- > 0;)
        sift_down(v, i, n);
    for (size_t end = n; end-- > 1;) {
        double top = v[0];
        v[0] = v[end];
        v[end] = top;
        sift_down(v, 0, end);
    }
}

// Between two ranks the value is interpolated linearly, which makes the 50th percentile the median.
static double percentile_of(struct judge *j, const struct group *g, double percent)
{
    j->numbers.n = 0;
    for (const struct entry *e = g->oldest; e; e = e->newer)
        *vec_push(&j->numbers) = e->number;
    size_t n = j->numbers.n;
    double *v = j->numbers.items;
    if (n == 0)
        return 0;
    sort_numbers(v, n);
    double rank = percent / 100 * (double)(n - 1);
    size_t below = rank > 0 ? (size_t)rank : 0;
    if (below >= n - 1)
        return v[n - 1];
    double between = rank - (double)below;
    return between > 0 ? v[below] + (v[below + 1] - v[below]) * between : v[below];
}

// --- figures over rules -------------------------------------------------------------------------------------------------------------

// steps[i] is 1 for every rule seen; gives how many.
static size_t rules_seen(size_t *steps, const struct group *g)
{
    size_t n_inputs = g->state->spec->n_inputs, seen = 0;
    memset(steps, 0, n_inputs * sizeof *steps);
    for (const struct entry *e = g->oldest; e && seen < n_inputs; e = e->newer) {
        seen += !steps[e->input];
        steps[e->input] = 1;
    }
    return seen;
}

// The most rules that were seen one after the other in their order. steps[i]: the longest such row that ends with rule i.
static size_t longest_order(size_t *steps, const struct group *g)
{
    size_t n_inputs = g->state->spec->n_inputs, longest = 0;
    memset(steps, 0, n_inputs * sizeof *steps);
    for (const struct entry *e = g->oldest; e; e = e->newer) {
        size_t before = 0;
        for (size_t i = 0; i < e->input; i++)
            before = steps[i] > before ? steps[i] : before;
        if (before + 1 > steps[e->input])
            steps[e->input] = before + 1;
        longest = before + 1 > longest ? before + 1 : longest;
    }
    return longest;
}

static bool expr_holds(const struct correlation_expr *x, const size_t *seen)
{
    switch (x->kind) {
    case EXPR_RULE:
        return seen[x->input];
    case EXPR_NOT:
        return !expr_holds(x->children[0], seen);
    case EXPR_AND:
        for (size_t i = 0; i < x->n; i++)
            if (!expr_holds(x->children[i], seen))
                return false;
        return true;
    case EXPR_OR:
        for (size_t i = 0; i < x->n; i++)
            if (expr_holds(x->children[i], seen))
                return true;
        return false;
    }
    return false;
}

// A correlation that wants all its rules, and whose window lacks one: the usual case, told without walking the window.
static bool lacks_one(const struct group *g)
{
    const struct correlation *spec = g->state->spec;
    if (spec->expr || spec->n_bounds)
        return false;
    for (size_t i = 0; i < spec->n_inputs && i < GROUP_INPUTS; i++)
        if (!g->of_input[i])
            return true;
    return false;
}

// Without a condition all rules must be seen (in order); with bounds they are on how many were. An expression of an ordered correlation
// must hold, and the rules seen must have been seen in order.
static bool judge_rules(struct judge *j, const struct group *g, double *figure)
{
    const struct correlation *spec = g->state->spec;
    bool ordered = spec->type == CORRELATION_TEMPORAL_ORDERED;
    *figure = 0;
    if (lacks_one(g))
        return false;
    size_t longest = ordered ? longest_order(j->steps, g) : 0;
    size_t seen = rules_seen(j->steps, g);
    *figure = (double)(ordered ? longest : seen);
    if (spec->expr)
        return expr_holds(spec->expr, j->steps) && (!ordered || longest == seen);
    if (spec->n_bounds == 0)
        return *figure == (double)spec->n_inputs;
    return judge_quantity(spec, *figure);
}

// --- conditions ---------------------------------------------------------------------------------------------------------------------

static bool bound_holds(const struct correlation_bound *b, double figure)
{
    switch (b->compare) {
    case COMPARE_EQ:
        return (figure == b->number) != b->negated;
    case COMPARE_LT:
        return (figure < b->number) != b->negated;
    case COMPARE_LTE:
        return (figure <= b->number) != b->negated;
    case COMPARE_GT:
        return (figure > b->number) != b->negated;
    case COMPARE_GTE:
        return (figure >= b->number) != b->negated;
    }
    return false;
}

bool judge_quantity(const struct correlation *spec, double figure)
{
    for (size_t i = 0; i < spec->n_bounds; i++)
        if (!bound_holds(&spec->bounds[i], figure))
            return false;
    return true;
}

bool judge_group(struct judge *j, const struct group *g, double *figure)
{
    const struct correlation *spec = g->state->spec;
    switch (spec->type) {
    case CORRELATION_TEMPORAL:
    case CORRELATION_TEMPORAL_ORDERED:
        return judge_rules(j, g, figure);
    case CORRELATION_VALUE_SUM:
        *figure = sum_of(g);
        break;
    case CORRELATION_VALUE_AVG:
        *figure = g->n ? sum_of(g) / (double)g->n : 0;
        break;
    case CORRELATION_VALUE_PERCENTILE:
        *figure = percentile_of(j, g, spec->percentile);
        break;
    case CORRELATION_VALUE_MEDIAN:
        *figure = percentile_of(j, g, 50);
        break;
    case CORRELATION_EVENT_COUNT:
    case CORRELATION_VALUE_COUNT:
    case CORRELATION_NEW_VALUE:
        *figure = (double)g->n;
        break;
    }
    return judge_quantity(spec, *figure);
}
