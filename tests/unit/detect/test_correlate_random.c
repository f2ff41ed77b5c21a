// SPDX-License-Identifier: Apache-2.0
// On thousands of random rule sets and streams, does the correlator conclude, count and drop exactly what the naive one does?
// Usage: test_correlate_random [first seed [number of cases]]
#include "naive_correlator.h"

static uint64_t state_of_chance;

static unsigned chance(unsigned n)
{
    state_of_chance = state_of_chance * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)((state_of_chance >> 33) % n);
}

static struct correlation_expr *random_expr(struct arena *a, size_t n_inputs, unsigned depth)
{
    struct correlation_expr *x = arena_new(a, struct correlation_expr);
    unsigned kind = depth ? chance(4) : 3;
    *x = (struct correlation_expr){.kind = kind == 0 ? EXPR_AND : kind == 1 ? EXPR_OR : kind == 2 ? EXPR_NOT : EXPR_RULE};
    x->input = chance((unsigned)n_inputs);
    x->n = x->kind == EXPR_RULE ? 0 : x->kind == EXPR_NOT ? 1 : 1 + chance(3);
    x->children = arena_array(a, struct correlation_expr *, x->n);
    for (size_t i = 0; i < x->n; i++)
        x->children[i] = random_expr(a, n_inputs, depth - 1);
    return x;
}

// A capture that every input has: a correlation's captures are its group-by values.
static int common_captures(const struct world *w, const char *inputs)
{
    int common = WORLD_CAPTURES;
    for (; *inputs; inputs++) {
        int n = (int)w->rules.rules[*inputs - '0'].n_captures;
        common = n < common ? n : common;
    }
    return common;
}

static void random_bounds(struct correlation *spec)
{
    bool temporal = spec->type == CORRELATION_TEMPORAL || spec->type == CORRELATION_TEMPORAL_ORDERED;
    unsigned n = temporal ? chance(2) : 1 + chance(4) / 3;
    for (unsigned i = 0; i < n; i++) {
        enum compare compare = chance(3) ? COMPARE_GTE : (enum compare)chance(5);
        world_bound(spec, compare, chance(5));
        spec->bounds[i].negated = compare == COMPARE_EQ && chance(2);
    }
}

static void random_captures(struct world *w, struct correlation *spec, int common)
{
    spec->n_group_by = chance((unsigned)common + 1);
    if (spec->n_group_by > 2)
        spec->n_group_by = 2;
    spec->group_by_capture = arena_array(&w->arena, uint32_t, spec->n_inputs * spec->n_group_by);
    spec->n_fields = common ? 1 + chance(2) : 0;
    spec->field_capture = arena_array(&w->arena, uint32_t, spec->n_inputs * spec->n_fields);
    uint32_t field = common == WORLD_CAPTURES ? 2 : (uint32_t)chance((unsigned)common + !common);
    for (size_t i = 0; i < spec->n_inputs; i++) {
        for (size_t g = 0; g < spec->n_group_by; g++)
            spec->group_by_capture[i * spec->n_group_by + g] = chance(8) ? (uint32_t)g : chance((unsigned)common);
        for (size_t f = 0; f < spec->n_fields; f++)
            spec->field_capture[i * spec->n_fields + f] = f ? chance((unsigned)common) : field;
    }
}

static void random_correlation(struct world *w)
{
    char inputs[4] = "";
    unsigned n = 1 + chance(3);
    for (unsigned i = 0; i < n; i++)
        inputs[i] = (char)('0' + chance((unsigned)(chance(3) && w->rules.n > 3 ? w->rules.n : 3)));
    int common = common_captures(w, inputs);
    enum correlation_type type = (enum correlation_type)chance(CORRELATION_NEW_VALUE + 1);
    bool valued = type != CORRELATION_EVENT_COUNT && type != CORRELATION_TEMPORAL && type != CORRELATION_TEMPORAL_ORDERED;
    if (valued && !common)
        type = CORRELATION_TEMPORAL;
    struct correlation *spec = world_correlate(w, type, 1 + chance(12), inputs, -1, -1);
    random_captures(w, spec, common);
    w->rules.rules[w->rules.n - 1].n_captures = spec->n_group_by;
    random_bounds(spec);
    if ((type == CORRELATION_TEMPORAL || type == CORRELATION_TEMPORAL_ORDERED) && chance(3) == 0)
        spec->expr = random_expr(&w->arena, n, 2);
    spec->percentile = chance(101);
}

struct stream {
    int64_t now;
    struct match last;
};

// Some records match several rules, in ascending order; some come late or have no time.
static struct match random_match(struct stream *stream, struct str captures[WORLD_CAPTURES])
{
    static const char *const names[] = {"a", "b", "c", ""};
    static const char *const values[] = {"1", "2", "-3", "0.5", "x", "7"};
    struct match m = stream->last;
    m.rule = chance(3);
    m.captures = captures;
    if (m.rule <= stream->last.rule || chance(3)) {
        m.sequence++;
        stream->now += chance(3) ? chance(3) * (SECOND / 2) : (int64_t)chance(6) * SECOND;
        m.time = chance(6) ? stream->now : chance(8) ? stream->now - chance(16) * SECOND : TIME_NONE;
    }
    m.evidence = m.sequence;
    captures[0] = chance(20) ? world_value(names[chance(4)]) : STR_NONE;
    captures[1] = chance(20) ? world_value(names[chance(4)]) : STR_NONE;
    captures[2] = chance(20) ? world_value(values[chance(6)]) : STR_NONE;
    stream->last = m;
    return m;
}

static bool counters_equal(struct correlator_counters a, struct correlator_counters b)
{
    return a.dropped_groups == b.dropped_groups && a.dropped_events == b.dropped_events && a.dropped_values == b.dropped_values &&
           a.late == b.late && a.no_group == b.no_group;
}

static void print_counters(const char *who, struct correlator_counters c)
{
    print_error("%s: groups %u events %u values %u late %u no group %u\n", who, (unsigned)c.dropped_groups, (unsigned)c.dropped_events,
                (unsigned)c.dropped_values, (unsigned)c.late, (unsigned)c.no_group);
}

static void run_case(uint64_t seed, size_t *conclusions)
{
    struct world w, naive_world = {0};
    state_of_chance = seed;
    world_init(&w, 3);
    unsigned n = 1 + chance(5);
    for (unsigned i = 0; i < n; i++)
        random_correlation(&w);
    struct correlator_limits limits = CORRELATOR_LIMITS_DEFAULT;
    if (chance(2)) {
        limits.groups = 1 + chance(4);
        limits.events = 1 + chance(6);
        limits.values = 1 + chance(4);
    }
    w.every = chance(2);
    world_start(&w, limits);
    struct naive naive = {.rules = &w.rules, .limits = limits, .newest = TIME_NONE, .told = &naive_world};
    struct stream stream = {.now = 1000 * SECOND, .last.time = 1000 * SECOND};
    unsigned steps = 5 + chance(40);
    for (unsigned i = 0; i < steps; i++) {
        struct str captures[WORLD_CAPTURES];
        struct match m = random_match(&stream, captures);
        correlator_feed(w.correlator, &m, w.every);
        naive_feed(&naive, &m, w.every);
        bool same = strcmp(world_log(&w), world_log(&naive_world)) == 0;
        if (!same || !counters_equal(correlator_counters(w.correlator), naive.counters)) {
            print_counters("correlator", correlator_counters(w.correlator));
            print_counters("naive", naive.counters);
            fail_msg("seed %llu, match %u of rule %u:\n--- correlator\n%s--- naive\n%s", (unsigned long long)seed, i, m.rule, world_log(&w),
                     world_log(&naive_world));
        }
        for (size_t k = 0; k < w.log.n; k++)
            *conclusions += w.log.items[k] == '\n';
        w.log.n = naive_world.log.n = 0;
    }
    naive_fini(&naive);
    vec_fini(&naive_world.log);
    world_fini(&w);
}

static uint64_t first_seed = 1, n_cases = 5000;

static void agrees_with_the_naive_correlator(void **state)
{
    (void)state;
    size_t conclusions = 0;
    for (uint64_t i = 0; i < n_cases; i++)
        run_case(first_seed + i, &conclusions);
    print_message("%llu cases, %zu conclusions\n", (unsigned long long)n_cases, conclusions);
    assert_true(conclusions > n_cases); // they were not idle
}

int main(int argc, char **argv)
{
    if (argc > 1)
        first_seed = strtoull(argv[1], NULL, 10);
    if (argc > 2)
        n_cases = strtoull(argv[2], NULL, 10);
    const struct CMUnitTest tests[] = {cmocka_unit_test(agrees_with_the_naive_correlator)};
    return cmocka_run_group_tests_name("correlate-random", tests, NULL, NULL);
}
