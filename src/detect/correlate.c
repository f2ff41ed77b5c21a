// SPDX-License-Identifier: Apache-2.0
// Correlation: matches find the correlations that refer to their rule, join the window of their group, and may complete it; what is
// completed is a match itself, for the correlations above.
//
// How time is read. A group's window ends at its newest match and is `timespan` long, both edges included. Matches that come late join
// as long as they lie inside it. A group whose newest match is more than a timespan older than a match that its correlation just
// received is forgotten, idlest first (new_value groups are kept: they are what was learned).
//
// What counts. One record counts once in event_count and in the figures over numbers, though several of the rules match it.
// value_count and new_value remember each distinct value by its newest match. The steps of temporal_ordered are different records.
//
// When it fires. The condition is judged at each match that joins, and a record fires a group once. With `every` off, a group that stays
// true is told once a timespan; temporal correlations above it still see it hold, counting ones count it once.
#include "detect/correlate_private.h"

#include "base/identity.h"
#include "base/status.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    VALUE_MAX = 1024,       // bytes of one captured value that are kept; longer ones end in their hash
    QUEUE_MAX = 1024,       // matches that one match may bring about through chaining
    EVIDENCE_MAX = 64,      // handles given out
    SCRATCH_MAX = 64 << 20, // bytes for the values of one match and of what follows from it
};

struct consumer {
    uint32_t state, input;
};

struct pending {
    struct match match;
    bool again; // a correlation that still holds and was not told again
};

struct correlator {
    const struct ruleset *rules;
    correlated_fn *emit;
    void *context;
    struct correlation_state *states; // in the ruleset's order: after those they refer to
    size_t n_states;
    struct consumer *consumers; // of rule r: [first_consumer[r], first_consumer[r + 1])
    size_t *first_consumer;
    struct store store;
    struct groups groups;
    struct judge judge;
    struct arena scratch; // while one match is fed
    VEC(struct pending) queue;
    int64_t newest; // time seen
    struct correlator_counters counters;
};

// --- birth ------------------------------------------------------------------------------------------------------------------------

// Entries that decide a condition: one more than the highest number it names.
static size_t entries_needed(const struct correlation *spec, size_t most)
{
    size_t need = spec->n_inputs;
    for (size_t i = 0; i < spec->n_bounds; i++) {
        double number = spec->bounds[i].number;
        if (number >= (double)most)
            return most;
        if (number > 0 && (size_t)number + 2 > need)
            need = (size_t)number + 2;
    }
    return need < most ? need : most;
}

static size_t entries_allowed(const struct correlation *spec, struct correlator_limits limits)
{
    size_t allowed = correlation_has_values(spec) ? limits.values : limits.events;
    size_t need = 1;
    if (spec->type == CORRELATION_EVENT_COUNT || spec->type == CORRELATION_VALUE_COUNT || correlation_is_temporal(spec))
        need = entries_needed(spec, limits.bytes / 2 / sizeof(union cell) + 1);
    return allowed > need ? allowed : need;
}

static void init_states(struct correlator *c, struct correlator_limits limits)
{
    const struct ruleset *rules = c->rules;
    size_t most_inputs = 1;
    c->n_states = rules->n_order;
    c->states = must_alloc(calloc(c->n_states + 1, sizeof *c->states));
    for (size_t i = 0; i < c->n_states; i++) {
        const struct correlation *spec = rules->rules[rules->order[i]].correlation;
        c->states[i] = (struct correlation_state){.spec = spec, .rule = rules->order[i], .max_entries = entries_allowed(spec, limits)};
        most_inputs = spec->n_inputs > most_inputs ? spec->n_inputs : most_inputs;
    }
    c->judge.steps = must_alloc(calloc(most_inputs, sizeof *c->judge.steps));
}

// Two passes over all references: count per rule, then place.
static void init_consumers(struct correlator *c)
{
    size_t n_rules = c->rules->n, total = 0;
    c->first_consumer = must_alloc(calloc(n_rules + 2, sizeof *c->first_consumer));
    size_t *at = c->first_consumer + 1; // while placing, at[r] is where rule r's next one goes
    for (size_t i = 0; i < c->n_states; i++)
        for (size_t k = 0; k < c->states[i].spec->n_inputs; k++) {
            at[c->states[i].spec->inputs[k] + 1]++;
            total++;
        }
    at[0] = 0;
    for (size_t r = 1; r <= n_rules; r++)
        at[r] += at[r - 1];
    c->consumers = must_alloc(calloc(total + 1, sizeof *c->consumers));
    for (size_t i = 0; i < c->n_states; i++)
        for (size_t k = 0; k < c->states[i].spec->n_inputs; k++)
            c->consumers[at[c->states[i].spec->inputs[k]]++] = (struct consumer){(uint32_t)i, (uint32_t)k};
}

struct correlator *correlator_new(const struct ruleset *rules, struct correlator_limits limits, correlated_fn *emit, void *context)
{
    struct correlator *c = must_alloc(calloc(1, sizeof *c));
    c->rules = rules;
    c->emit = emit;
    c->context = context;
    c->newest = TIME_NONE;
    store_init(&c->store, limits.bytes);
    groups_init(&c->groups, &c->store, limits);
    arena_init(&c->scratch, SCRATCH_MAX);
    init_states(c, limits);
    init_consumers(c);
    return c;
}

void correlator_free(struct correlator *c)
{
    if (!c)
        return;
    groups_fini(&c->groups);
    store_fini(&c->store);
    arena_fini(&c->scratch);
    vec_fini(&c->queue);
    vec_fini(&c->judge.numbers);
    free(c->judge.steps);
    free(c->consumers);
    free(c->first_consumer);
    free(c->states);
    free(c);
}

// --- captured values --------------------------------------------------------------------------------------------------------------

static struct str capture_of(const struct correlator *c, const struct match *m, uint32_t which)
{
    return which < c->rules->rules[m->rule].n_captures ? m->captures[which] : STR_NONE;
}

static size_t packed_size(struct str value)
{
    return sizeof(uint32_t) + (value.len < VALUE_MAX ? value.len : VALUE_MAX);
}

// The length, then the value; a long one is its start and '#' and its hash. The value is not absent.
static char *pack_value(char *out, struct str value)
{
    static const char hex[] = "0123456789abcdef";
    must(value.ptr);
    uint32_t len = (uint32_t)(packed_size(value) - sizeof len);
    memcpy(out, &len, sizeof len);
    out += sizeof len;
    memcpy(out, value.ptr, len);
    if (value.len > VALUE_MAX) {
        uint64_t hash = identity_hash(value);
        out[len - 17] = '#';
        for (unsigned i = 0; i < 16; i++)
            out[len - 16 + i] = hex[hash >> (60 - 4 * i) & 15];
    }
    return out + len;
}

// The captured values as one text that stands for them. False when one of them is absent, or (counted) there is no room for them.
static bool pack_values(struct correlator *c, const struct match *m, const uint32_t *which, size_t n, struct str *out)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        struct str value = capture_of(c, m, which[i]);
        if (!value.ptr)
            return false;
        size += packed_size(value);
    }
    char *text = arena_try(&c->scratch, size), *at = text;
    if (!text) {
        c->counters.dropped_events++;
        return false;
    }
    for (size_t i = 0; i < n; i++)
        at = pack_value(at, capture_of(c, m, which[i]));
    *out = str_make(text, size);
    return true;
}

static struct str unpack_value(struct str *packed)
{
    uint32_t len;
    memcpy(&len, packed->ptr, sizeof len);
    struct str value = str_slice(*packed, sizeof len, sizeof len + len);
    *packed = str_slice(*packed, sizeof len + len, packed->len);
    return value;
}

// What the correlation counts of this match. False when the match does not have it.
static bool read_value(struct correlator *c, const struct correlation *spec, const struct match *m, struct entry *what)
{
    struct str packed;
    const uint32_t *which = spec->field_capture + what->input * spec->n_fields;
    switch (spec->type) {
    case CORRELATION_VALUE_COUNT:
    case CORRELATION_NEW_VALUE:
        if (!pack_values(c, m, which, spec->n_fields, &packed))
            return false;
        what->hash = identity_hash(packed);
        return true;
    case CORRELATION_VALUE_SUM:
    case CORRELATION_VALUE_AVG:
    case CORRELATION_VALUE_PERCENTILE:
    case CORRELATION_VALUE_MEDIAN:
        packed = spec->n_fields ? capture_of(c, m, which[0]) : STR_NONE;
        return packed.ptr && str_to_double(packed, &what->number) && isfinite(what->number);
    case CORRELATION_EVENT_COUNT:
    case CORRELATION_TEMPORAL:
    case CORRELATION_TEMPORAL_ORDERED:
        return true;
    }
    return false;
}

// --- joining ----------------------------------------------------------------------------------------------------------------------

// One entry leaves, at the limit. What is missed afterwards is counted; what the group still knows without it is not.
static bool make_room(struct correlator *c, struct group *g)
{
    if (window_condense(&c->store, g))
        return true;
    if (!window_forget(&c->store, g))
        return false;
    ++*(correlation_has_values(g->state->spec) ? &c->counters.dropped_values : &c->counters.dropped_events);
    return true;
}

static bool add_entry(struct correlator *c, struct group *g, const struct entry *what)
{
    while (g->n >= g->state->max_entries && make_room(c, g))
        ;
    while (!window_add(&c->store, g, what)) {
        if (groups_evict(&c->groups, c->states, c->n_states, g, what->time) || make_room(c, g))
            continue;
        ++*(correlation_has_values(g->state->spec) ? &c->counters.dropped_values : &c->counters.dropped_events);
        groups_remove(&c->groups, g);
        return false;
    }
    return true;
}

static bool is_detection(const struct correlator *c, const struct correlation *spec, uint32_t input)
{
    return c->rules->rules[spec->inputs[input]].kind == RULE_DETECTION;
}

// Whether the record of a detection's match already counts in the window.
static bool counted_already(const struct correlator *c, const struct group *g, const struct entry *what)
{
    const struct correlation *spec = g->state->spec;
    if (correlation_is_temporal(spec) || !is_detection(c, spec, what->input))
        return false;
    const struct entry *e = window_find_record(g, what->time, what->sequence);
    for (; e && e->time == what->time && e->sequence == what->sequence; e = e->older)
        if (is_detection(c, spec, e->input))
            return true;
    return false;
}

static bool join_window(struct correlator *c, struct group *g, const struct entry *what)
{
    const struct correlation *spec = g->state->spec;
    int64_t newest = g->newest && g->newest->time > what->time ? g->newest->time : what->time;
    int64_t before = time_before(newest, spec->timespan);
    if (what->time < before) {
        c->counters.late++;
        return false;
    }
    window_expire(&c->store, g, before);
    if (spec->type == CORRELATION_VALUE_COUNT) {
        struct entry *known = store_find_value(&c->store, g->id, what->hash);
        if (known) {
            window_renew(g, known, what);
            return true;
        }
    } else if (counted_already(c, g, what)) {
        return false;
    }
    return add_entry(c, g, what);
}

// Every value joins. *news: it is a new one, of a group that has been known for a timespan.
static bool join_known(struct correlator *c, struct group *g, const struct entry *what, bool *news)
{
    bool first_match = g->n == 0;
    if (first_match || g->known_since == TIME_NONE || (what->time != TIME_NONE && what->time < g->known_since))
        g->known_since = what->time;
    bool ripe = what->time != TIME_NONE && g->known_since <= time_before(what->time, g->state->spec->timespan);
    struct entry *known = store_find_value(&c->store, g->id, what->hash);
    *news = !known && ripe && !first_match;
    if (!known)
        return add_entry(c, g, what);
    window_renew(g, known, what);
    return true;
}

// --- concluding -------------------------------------------------------------------------------------------------------------------

static bool has_consumers(const struct correlator *c, uint32_t rule)
{
    return c->first_consumer[rule] < c->first_consumer[rule + 1];
}

// Capture n_group_by + k of a correlation's hit: that of the match which completed it.
static struct str carried_value(const struct correlator *c, const struct correlation *spec, const struct match *m, size_t k)
{
    for (size_t i = 0; k < spec->n_carried && i < spec->n_inputs; i++)
        if (spec->inputs[i] == m->rule)
            return capture_of(c, m, spec->carried_capture[i * spec->n_carried + k]);
    return STR_NONE;
}

// The correlation as a match of its own, whose captures are its group-by values, and those it carries.
static void chain(struct correlator *c, const struct group *g, const struct match *m, const struct str *values, bool again)
{
    uint32_t rule = g->state->rule;
    if (!has_consumers(c, rule))
        return;
    if (c->queue.n >= QUEUE_MAX) {
        c->counters.dropped_events++;
        return;
    }
    struct pending *p = vec_push(&c->queue);
    p->match = (struct match){.rule = rule, .time = m->time, .sequence = m->sequence, .captures = values, .evidence = m->evidence};
    p->again = again;
}

static size_t gather_evidence(const struct group *g, uint64_t *out)
{
    uint64_t newest_first[EVIDENCE_MAX];
    size_t n = 0;
    for (const struct entry *e = g->newest; e && n < EVIDENCE_MAX; e = e->older)
        if (n == 0 || newest_first[n - 1] != e->evidence)
            newest_first[n++] = e->evidence;
    for (size_t i = 0; i < n; i++)
        out[i] = newest_first[n - 1 - i];
    return n;
}

static void tell(struct correlator *c, const struct group *g, const struct match *m, const struct str *values, double figure)
{
    const struct correlation *spec = g->state->spec;
    bool news = spec->type == CORRELATION_NEW_VALUE;
    uint64_t evidence[EVIDENCE_MAX] = {m->evidence};
    struct correlated told = {
        .rule = g->state->rule,
        .time = m->time,
        .first = news ? g->known_since : g->oldest->time,
        .sequence = m->sequence,
        .group = values,
        .n_group = spec->n_group_by,
        .count = g->n,
        .value = figure,
        .evidence = evidence,
        .n_evidence = news ? 1 : gather_evidence(g, evidence),
    };
    c->emit(c->context, &told);
}

enum verdict { VERDICT_NO, VERDICT_AGAIN, VERDICT_FIRES };

// AGAIN: still true, and told less than a timespan ago.
static enum verdict pronounce(struct group *g, bool holds, const struct match *m, bool every)
{
    if (!holds) {
        g->fired = false;
        return VERDICT_NO;
    }
    if (g->fired && g->fired_sequence == m->sequence)
        return VERDICT_NO;
    int64_t now = g->newest->time;
    bool quiet =
        !every && g->fired && g->state->spec->type != CORRELATION_NEW_VALUE && g->fired_at >= time_before(now, g->state->spec->timespan);
    g->fired = true;
    g->fired_sequence = m->sequence;
    if (quiet)
        return VERDICT_AGAIN;
    g->fired_at = now;
    return VERDICT_FIRES;
}

static void conclude(struct correlator *c, struct group *g, struct str key, const struct match *m, double figure, bool again)
{
    size_t n_group = g->state->spec->n_group_by, n = c->rules->rules[g->state->rule].n_captures;
    struct str *values = arena_try(&c->scratch, sizeof *values * ((n > n_group ? n : n_group) + 1));
    if (!values) {
        c->counters.dropped_events++;
        return;
    }
    for (size_t i = 0; i < n_group; i++)
        values[i] = unpack_value(&key);
    for (size_t i = n_group; i < n; i++)
        values[i] = carried_value(c, g->state->spec, m, i - n_group);
    if (!again)
        tell(c, g, m, values, figure);
    chain(c, g, m, values, again);
}

// --- feeding ----------------------------------------------------------------------------------------------------------------------

static struct group *find_group(struct correlator *c, struct correlation_state *state, struct str key, int64_t now)
{
    uint64_t hash = hash_mix(identity_hash(key), state->rule);
    groups_reap(&c->groups, state, now);
    struct group *g = groups_find(&c->groups, state, key, hash);
    if (!g)
        g = groups_add(&c->groups, c->states, c->n_states, state, key, hash, now);
    if (g)
        groups_touch(g);
    else
        c->counters.dropped_groups++;
    return g;
}

static void arrive(struct correlator *c, struct correlation_state *state, uint32_t input, const struct match *m, bool every)
{
    const struct correlation *spec = state->spec;
    struct entry what = {.time = m->time, .sequence = m->sequence, .evidence = m->evidence, .input = input};
    struct str key;
    if (!pack_values(c, m, spec->group_by_capture + input * spec->n_group_by, spec->n_group_by, &key)) {
        c->counters.no_group++;
        return;
    }
    if (!read_value(c, spec, m, &what))
        return;
    struct group *g = find_group(c, state, key, m->time);
    if (!g)
        return;
    bool news = true;
    if (!(spec->type == CORRELATION_NEW_VALUE ? join_known(c, g, &what, &news) : join_window(c, g, &what)))
        return;
    double figure;
    bool holds = judge_group(&c->judge, g, &figure) && news;
    enum verdict verdict = pronounce(g, holds, m, every);
    if (verdict != VERDICT_NO)
        conclude(c, g, key, m, figure, verdict == VERDICT_AGAIN);
}

void correlator_feed(struct correlator *c, const struct match *m, bool every)
{
    arena_reset(&c->scratch);
    c->queue.n = 0;
    *vec_push(&c->queue) = (struct pending){.match = *m};
    if (m->time == TIME_NONE)
        c->queue.items[0].match.time = c->newest;
    else if (m->time > c->newest)
        c->newest = m->time;
    for (size_t i = 0; i < c->queue.n; i++) {
        struct pending p = c->queue.items[i];
        for (size_t k = c->first_consumer[p.match.rule]; k < c->first_consumer[p.match.rule + 1]; k++) {
            struct correlation_state *state = &c->states[c->consumers[k].state];
            if (!p.again || correlation_is_temporal(state->spec))
                arrive(c, state, c->consumers[k].input, &p.match, every);
        }
    }
}

struct correlator_counters correlator_counters(const struct correlator *c)
{
    struct correlator_counters counters = c->counters;
    counters.dropped_groups += c->groups.evicted;
    return counters;
}

size_t correlator_bytes(const struct correlator *c)
{
    return c->store.arena.used + (c->store.cap_values + c->groups.cap) * sizeof(void *);
}
