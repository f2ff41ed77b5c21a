// SPDX-License-Identifier: Apache-2.0
#include "naive_correlator.h"

static bool is_temporal(const struct correlation *s)
{
    return s->type == CORRELATION_TEMPORAL || s->type == CORRELATION_TEMPORAL_ORDERED;
}

static bool is_value(const struct correlation *s)
{
    return s->type == CORRELATION_VALUE_COUNT || s->type == CORRELATION_NEW_VALUE;
}

static void drop_group(struct naive *n, size_t at)
{
    vec_fini(&n->groups.items[at].entries);
    memmove(&n->groups.items[at], &n->groups.items[at + 1], (--n->groups.n - at) * sizeof n->groups.items[0]);
}

void naive_fini(struct naive *n)
{
    while (n->groups.n)
        drop_group(n, 0);
    vec_fini(&n->groups);
}

// The values joined by '|'; false when one is absent. Test values hold no '|'.
static bool join_values(const struct match *m, const uint32_t *which, size_t n, char out[64])
{
    out[0] = '\0';
    for (size_t i = 0, len = 0; i < n; i++) {
        const struct str value = m->captures[which[i]];
        if (!value.ptr)
            return false;
        must(len + value.len + 2 <= 64);
        len += (size_t)snprintf(out + len, 64 - len, "%.*s|", STR_ARG(value));
    }
    return true;
}

static int64_t newest_of(const struct naive_group *g)
{
    int64_t newest = TIME_NONE;
    for (size_t i = 0; i < g->entries.n; i++)
        newest = g->entries.items[i].time > newest ? g->entries.items[i].time : newest;
    return newest;
}

static int64_t minus(int64_t t, int64_t span)
{
    return t == TIME_NONE ? TIME_NONE : t - span;
}

static size_t idlest(const struct naive *n, uint32_t rule, size_t *count)
{
    size_t at = SIZE_MAX;
    *count = 0;
    for (size_t i = 0; i < n->groups.n; i++)
        if (n->groups.items[i].rule == rule) {
            ++*count;
            if (at == SIZE_MAX || n->groups.items[i].used < n->groups.items[at].used)
                at = i;
        }
    return at;
}

static struct naive_group *group_for(struct naive *n, uint32_t rule, const char *key, int64_t time)
{
    const struct correlation *spec = n->rules->rules[rule].correlation;
    size_t count, at;
    while ((at = idlest(n, rule, &count)) != SIZE_MAX && spec->type != CORRELATION_NEW_VALUE &&
           newest_of(&n->groups.items[at]) < minus(time, spec->timespan))
        drop_group(n, at);
    for (size_t i = 0; i < n->groups.n; i++)
        if (n->groups.items[i].rule == rule && strcmp(n->groups.items[i].key, key) == 0) {
            n->groups.items[i].used = ++n->clock;
            return &n->groups.items[i];
        }
    if (count >= n->limits.groups) {
        drop_group(n, at);
        n->counters.dropped_groups++;
    }
    struct naive_group *g = vec_push(&n->groups);
    g->rule = rule;
    must(strlen(key) < sizeof g->key);
    memcpy(g->key, key, strlen(key) + 1);
    g->used = ++n->clock;
    return g;
}

static int time_order(const struct naive_entry *x, const struct naive_entry *y)
{
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    if (x->sequence != y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return x->input > y->input ? -1 : x->input < y->input;
}

static int entry_order(const void *a, const void *b)
{
    const struct naive_entry *x = a, *y = b;
    int order = time_order(x, y);
    return order ? order : x->arrival < y->arrival ? -1 : 1;
}

static void remove_entry(struct naive_group *g, size_t at)
{
    memmove(&g->entries.items[at], &g->entries.items[at + 1], (--g->entries.n - at) * sizeof g->entries.items[0]);
}

// Room for one more: what is redundant leaves, else (and that is a loss) the oldest.
static void thin(struct naive *n, const struct correlation *spec, struct naive_group *g)
{
    size_t before = g->entries.n;
    if (is_temporal(spec))
        for (size_t i = 0; i < g->entries.n;) {
            bool redundant = false;
            for (size_t k = i + 1; k < g->entries.n && !redundant; k++) {
                redundant = g->entries.items[k].input == g->entries.items[i].input;
                if (spec->type == CORRELATION_TEMPORAL_ORDERED)
                    break;
            }
            if (redundant)
                remove_entry(g, i);
            else
                i++;
        }
    if (g->entries.n < before)
        return;
    remove_entry(g, 0);
    ++*(is_value(spec) ? &n->counters.dropped_values : &n->counters.dropped_events);
}

static size_t limit_of(const struct naive *n, const struct correlation *spec)
{
    size_t limit = is_value(spec) ? n->limits.values : n->limits.events;
    bool counts = spec->type == CORRELATION_EVENT_COUNT || spec->type == CORRELATION_VALUE_COUNT || is_temporal(spec);
    if (counts && limit < spec->n_inputs)
        limit = spec->n_inputs;
    for (size_t i = 0; i < spec->n_bounds && counts; i++)
        if (spec->bounds[i].number > 0 && limit < (size_t)spec->bounds[i].number + 2)
            limit = (size_t)spec->bounds[i].number + 2;
    return limit;
}

static bool same_record(const struct naive *n, const struct correlation *spec, const struct naive_group *g, const struct naive_entry *e)
{
    for (size_t i = 0; i < g->entries.n; i++)
        if (g->entries.items[i].time == e->time && g->entries.items[i].sequence == e->sequence &&
            n->rules->rules[spec->inputs[g->entries.items[i].input]].kind == RULE_DETECTION &&
            n->rules->rules[spec->inputs[e->input]].kind == RULE_DETECTION)
            return true;
    return false;
}

// True when it joined; *news says whether its value is a new one for a group long known.
static bool join(struct naive *n, const struct correlation *spec, struct naive_group *g, const struct naive_entry *e, bool *news)
{
    *news = true;
    if (spec->type == CORRELATION_NEW_VALUE) {
        bool first = g->entries.n == 0;
        if (first || g->known_since == TIME_NONE || (e->time != TIME_NONE && e->time < g->known_since))
            g->known_since = e->time;
        *news = !first && e->time != TIME_NONE && e->time - g->known_since >= spec->timespan;
    } else {
        int64_t newest = newest_of(g) > e->time ? newest_of(g) : e->time;
        if (e->time < minus(newest, spec->timespan)) {
            n->counters.late++;
            return false;
        }
        while (g->entries.n && g->entries.items[0].time < minus(newest, spec->timespan))
            remove_entry(g, 0);
    }
    if (is_value(spec)) {
        for (size_t i = 0; i < g->entries.n; i++)
            if (strcmp(g->entries.items[i].value, e->value) == 0) {
                if (time_order(&g->entries.items[i], e) < 0)
                    g->entries.items[i] = *e;
                qsort(g->entries.items, g->entries.n, sizeof *e, entry_order);
                *news = spec->type != CORRELATION_NEW_VALUE;
                return true;
            }
    } else if (!is_temporal(spec) && same_record(n, spec, g, e)) {
        return false;
    }
    while (g->entries.n >= limit_of(n, spec))
        thin(n, spec, g);
    *vec_push(&g->entries) = *e;
    qsort(g->entries.items, g->entries.n, sizeof *e, entry_order);
    return true;
}

static int number_order(const void *a, const void *b)
{
    return *(const double *)a < *(const double *)b ? -1 : *(const double *)a > *(const double *)b;
}

static double number_figure(const struct correlation *spec, const struct naive_group *g)
{
    double numbers[512], sum = 0;
    size_t n = g->entries.n;
    for (size_t i = 0; i < n; i++)
        sum += numbers[i] = g->entries.items[i].number;
    if (spec->type == CORRELATION_VALUE_SUM)
        return sum;
    if (spec->type == CORRELATION_VALUE_AVG)
        return sum / (double)n;
    qsort(numbers, n, sizeof numbers[0], number_order);
    double rank = (spec->type == CORRELATION_VALUE_MEDIAN ? 50 : spec->percentile) / 100 * (double)(n - 1);
    size_t low = (size_t)rank, high = low + 1 < n ? low + 1 : low;
    return numbers[low] + (numbers[high] - numbers[low]) * (rank - (double)low);
}

// Longest chain of different records with ascending inputs that ends at entry `last`: every way is tried.
static size_t chain_to(const struct naive_group *g, size_t last)
{
    size_t best = 0;
    const struct naive_entry *e = g->entries.items;
    for (size_t i = 0; i < last; i++)
        if (e[i].input < e[last].input && (e[i].time != e[last].time || e[i].sequence != e[last].sequence)) {
            size_t length = chain_to(g, i);
            best = length > best ? length : best;
        }
    return best + 1;
}

static bool expr_true(const struct correlation_expr *x, const bool *seen)
{
    if (x->kind == EXPR_RULE)
        return seen[x->input];
    if (x->kind == EXPR_NOT)
        return !expr_true(x->children[0], seen);
    size_t held = 0;
    for (size_t i = 0; i < x->n; i++)
        held += expr_true(x->children[i], seen);
    return x->kind == EXPR_AND ? held == x->n : held > 0;
}

static bool bounds_hold(const struct correlation *spec, double figure)
{
    for (size_t i = 0; i < spec->n_bounds; i++) {
        const struct correlation_bound *b = &spec->bounds[i];
        bool holds[] = {[COMPARE_EQ] = figure == b->number,
                        [COMPARE_LT] = figure<b->number, [COMPARE_LTE] = figure <= b->number, [COMPARE_GT] = figure> b->number,
                        [COMPARE_GTE] = figure >= b->number};
        if (holds[b->compare] == b->negated)
            return false;
    }
    return true;
}

static bool holds(const struct correlation *spec, const struct naive_group *g, double *figure)
{
    if (!is_temporal(spec)) {
        bool counts = spec->type == CORRELATION_EVENT_COUNT || is_value(spec);
        *figure = counts ? (double)g->entries.n : number_figure(spec, g);
        return bounds_hold(spec, *figure);
    }
    bool seen[WORLD_RULES] = {false};
    size_t n_seen = 0, longest = 0;
    for (size_t i = 0; i < g->entries.n; i++) {
        n_seen += !seen[g->entries.items[i].input];
        seen[g->entries.items[i].input] = true;
        size_t length = spec->type == CORRELATION_TEMPORAL_ORDERED ? chain_to(g, i) : 0;
        longest = length > longest ? length : longest;
    }
    if (spec->type == CORRELATION_TEMPORAL)
        longest = n_seen;
    *figure = (double)longest;
    if (spec->expr)
        return longest == n_seen && expr_true(spec->expr, seen);
    return spec->n_bounds ? bounds_hold(spec, *figure) : longest == spec->n_inputs;
}

static void tell(struct naive *n, const struct naive_group *g, const struct match *m, const struct str *group, double figure)
{
    const struct correlation *spec = n->rules->rules[g->rule].correlation;
    bool news = spec->type == CORRELATION_NEW_VALUE;
    uint64_t evidence[512];
    size_t n_evidence = 0;
    for (size_t i = 0; i < g->entries.n; i++)
        if (!n_evidence || evidence[n_evidence - 1] != g->entries.items[i].evidence)
            evidence[n_evidence++] = g->entries.items[i].evidence;
    size_t skip = n_evidence > 64 ? n_evidence - 64 : 0;
    struct correlated c = {.rule = g->rule,
                           .time = m->time,
                           .first = news ? g->known_since : g->entries.items[0].time,
                           .sequence = m->sequence,
                           .group = group,
                           .n_group = spec->n_group_by,
                           .count = g->entries.n,
                           .value = figure,
                           .evidence = news ? &m->evidence : evidence + skip,
                           .n_evidence = news ? 1 : n_evidence - skip};
    world_told(n->told, &c);
}

struct naive_queue {
    struct match match;
    struct str captures[WORLD_CAPTURES];
    bool again;
};

static void join_one(struct naive *n, uint32_t rule, uint32_t input, const struct match *m, bool every, struct naive_queue *queue,
                     size_t *n_queue)
{
    const struct correlation *spec = n->rules->rules[rule].correlation;
    struct naive_entry e = {.time = m->time, .sequence = m->sequence, .evidence = m->evidence, .arrival = ++n->clock, .input = input};
    char key[64];
    if (!join_values(m, spec->group_by_capture + input * spec->n_group_by, spec->n_group_by, key)) {
        n->counters.no_group++;
        return;
    }
    const uint32_t *fields = spec->field_capture + input * spec->n_fields;
    if (is_value(spec) && !join_values(m, fields, spec->n_fields, e.value))
        return;
    bool numeric = spec->type >= CORRELATION_VALUE_SUM && spec->type <= CORRELATION_VALUE_MEDIAN;
    if (numeric && (!m->captures[fields[0]].ptr || !str_to_double(m->captures[fields[0]], &e.number)))
        return;
    struct naive_group *g = group_for(n, rule, key, m->time);
    bool news;
    if (!join(n, spec, g, &e, &news))
        return;
    double figure;
    if (!holds(spec, g, &figure) || !news) {
        g->fired = false;
        return;
    }
    if (g->fired && g->fired_sequence == m->sequence)
        return;
    int64_t now = newest_of(g);
    bool again = !every && g->fired && spec->type != CORRELATION_NEW_VALUE && g->fired_at >= minus(now, spec->timespan);
    g->fired = true;
    g->fired_sequence = m->sequence;
    if (!again)
        g->fired_at = now;
    struct naive_queue *q = &queue[(*n_queue)++];
    *q = (struct naive_queue){.match = *m, .again = again};
    q->match.rule = rule;
    for (size_t i = 0; i < spec->n_group_by; i++)
        q->captures[i] = m->captures[spec->group_by_capture[input * spec->n_group_by + i]];
    if (!again)
        tell(n, g, m, q->captures, figure);
}

void naive_feed(struct naive *n, const struct match *m, bool every)
{
    static struct naive_queue queue[4096];
    size_t n_queue = 1;
    queue[0] = (struct naive_queue){.match = *m};
    for (size_t i = 0; i < n->rules->rules[m->rule].n_captures; i++)
        queue[0].captures[i] = m->captures[i];
    if (m->time == TIME_NONE)
        queue[0].match.time = n->newest;
    else if (m->time > n->newest)
        n->newest = m->time;
    for (size_t i = 0; i < n_queue; i++)
        for (size_t k = 0; k < n->rules->n_order; k++) {
            uint32_t rule = n->rules->order[k];
            const struct correlation *spec = n->rules->rules[rule].correlation;
            queue[i].match.captures = queue[i].captures;
            for (uint32_t input = 0; input < spec->n_inputs; input++)
                if (spec->inputs[input] == queue[i].match.rule && (!queue[i].again || is_temporal(spec)))
                    join_one(n, rule, input, &queue[i].match, every, queue, &n_queue);
        }
}
