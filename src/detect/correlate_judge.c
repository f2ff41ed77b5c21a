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

// Whole numbers in the order of the doubles: IEEE 754 orders magnitudes like their bits.
static uint64_t order_of(double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double number_of(uint64_t order)
{
    uint64_t bits = order >> 63 ? order ^ (uint64_t)1 << 63 : ~order;
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

// The rank-th smallest, from 0; disturbs the list. Byte by byte, keeping those that can still be it: no worst case to be provoked.
static uint64_t select_rank(uint64_t *list, size_t n, size_t rank)
{
    for (unsigned shift = 64; shift > 0 && n > 1;) {
        size_t counts[256] = {0}, byte = 0, kept = 0;
        shift -= 8;
        for (size_t i = 0; i < n; i++)
            counts[list[i] >> shift & 255]++;
        for (; rank >= counts[byte]; byte++)
            rank -= counts[byte];
        for (size_t i = 0; i < n; i++)
            if ((list[i] >> shift & 255) == byte)
                list[kept++] = list[i];
        n = kept;
    }
    return list[0];
}

static double ranked(struct judge *j, const struct group *g, size_t rank)
{
    j->numbers.n = 0;
    for (const struct entry *e = g->oldest; e; e = e->newer)
        *vec_push(&j->numbers) = order_of(e->number);
    return number_of(select_rank(j->numbers.items, j->numbers.n, rank));
}

// Between two ranks the value is interpolated linearly, which makes the 50th percentile the median.
static double percentile_of(struct judge *j, const struct group *g, double percent)
{
    double rank = percent / 100 * (double)(g->n - 1);
    size_t below = rank > 0 ? (size_t)rank : 0;
    if (below >= g->n - 1)
        return ranked(j, g, g->n - 1);
    double between = rank - (double)below, low = ranked(j, g, below);
    return between > 0 ? low + (ranked(j, g, below + 1) - low) * between : low;
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
