// SPDX-License-Identifier: Apache-2.0
// A record through the plan: scan, filter, judge, and read the bodies only if somebody still asks.
#include "detect/matcher.h"

#include "base/identity.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

struct matcher *matcher_new(const struct plan *p, struct json_limits limits)
{
    return matcher_new_with(p, limits, json_simd_best());
}

struct matcher *matcher_new_with(const struct plan *p, struct json_limits limits, const struct json_simd *simd)
{
    struct matcher *m = must_alloc(calloc(1, sizeof *m));
    m->plan = p;
    m->limits = limits;
    m->scan = json_scan_new_with(p->trie, limits, simd);
    m->hidden = must_alloc(calloc(p->n_fields + 1, sizeof *m->hidden));
    m->classes = classes_new(m);
    m->verdicts = verdicts_new();
    m->filtering = filtering_new(p);
    arena_init(&m->arena, ARENA_UNLIMITED);
    size_t most_captures = 0;
    for (size_t i = 0; i < p->ruleset->n; i++)
        if (p->ruleset->rules[i].n_captures > most_captures)
            most_captures = p->ruleset->rules[i].n_captures;
    m->captures = must_alloc(calloc((most_captures + 1) * CAPTURE_SETS_MAX, sizeof *m->captures));
    m->values = must_alloc(calloc(p->n_fields + 1, sizeof *m->values));
    m->test_epoch = must_alloc(calloc(p->n_tests + 1, sizeof *m->test_epoch));
    m->set_epoch = must_alloc(calloc(p->n_field_sets + 1, sizeof *m->set_epoch));
    m->admitted = must_alloc(calloc(p->n_rules + 1, sizeof *m->admitted));
    m->guards_asked = must_alloc(calloc(p->n_fields + 1, sizeof *m->guards_asked));
    m->possible = must_alloc(calloc(p->words + 1, sizeof *m->possible));
    m->hits = must_alloc(calloc(p->n_rules + 1, sizeof *m->hits));
    return m;
}

void matcher_free(struct matcher *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->plan->n_fields; i++)
        free(m->values[i].items);
    free(m->values);
    free(m->test_epoch);
    free(m->set_epoch);
    free(m->possible);
    free(m->admitted);
    free(m->guards_asked);
    free(m->hits);
    free(m->captures);
    classes_free(m->classes);
    verdicts_free(m->verdicts);
    filtering_free(m->filtering);
    free(m->hidden);
    json_scan_free(m->scan);
    arena_fini(&m->arena);
    free(m);
}

static void begin_record(struct matcher *m)
{
    if (m->arena.used)
        arena_reset(&m->arena);
    m->n_hits = 0;
    m->tree_made = false;
    m->tree = NULL;
    matcher_forget(m);
}

static enum json_result read_bodies(struct matcher *m, struct json_error *error)
{
    if (m->bodies_read)
        return JSON_OK;
    m->bodies_read = true;
    m->counters.deferred_read++;
    return json_scan_deferred(m->scan, error);
}

static int by_index(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void add_hit(struct matcher *m, uint32_t rule)
{
    m->hits[m->n_hits++] = m->plan->rules[rule].index;
}

static enum truth judge_open(struct matcher *m, uint32_t open)
{
    const uint32_t rule = open & ~OPEN_GUARDED;
    if (open != rule && guard_holds_back(m, rule))
        return FALSE_;
    m->counters.evaluated++;
    return matcher_judge(m, m->plan->rules[rule].condition);
}

static int by_rule(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a & ~OPEN_GUARDED, y = *(const uint32_t *)b & ~OPEN_GUARDED;
    return (x > y) - (x < y);
}

static const uint32_t *find_rule(const uint32_t *rules, size_t n, uint32_t rule)
{
    return n ? bsearch(&rule, rules, n, sizeof *rules, by_rule) : NULL;
}

// An open rule that the signature of the bodies may have decided.
static bool holds_inside(struct matcher *m, const struct verdict *inside, uint32_t open)
{
    if (!inside)
        return judge_open(m, open) == TRUE_;
    if (find_rule(inside->hits, inside->n_hits, open))
        return true;
    const uint32_t *still = find_rule(inside->open, inside->n_open, open);
    return still && judge_open(m, *still) == TRUE_;
}

// The first of the open rules that only the bodies can decide; n_open if there is none. Those before it are judged.
static size_t judge_outside(struct matcher *m, const struct verdict *outside)
{
    for (size_t i = 0; i < outside->n_open; i++) {
        enum truth truth = judge_open(m, outside->open[i]);
        if (truth == UNKNOWN_)
            return i;
        if (truth == TRUE_)
            add_hit(m, outside->open[i] & ~OPEN_GUARDED);
    }
    return outside->n_open;
}

static enum json_result judge_rules(struct matcher *m, struct json_error *error)
{
    struct verdict outside = verdict_outside(m), inside;
    for (size_t i = 0; i < outside.n_hits; i++)
        add_hit(m, outside.hits[i]);
    size_t next = judge_outside(m, &outside);
    if (next == outside.n_open)
        return JSON_OK;
    enum json_result result = read_bodies(m, error);
    if (result != JSON_OK)
        return result;
    bool known = verdict_inside(m, &outside, &inside);
    for (; next < outside.n_open; next++)
        if (holds_inside(m, known ? &inside : NULL, outside.open[next]))
            add_hit(m, outside.open[next] & ~OPEN_GUARDED);
    return JSON_OK;
}

static enum json_result judge_record(struct matcher *m, struct json_error *error)
{
    m->counters.records++;
    m->has_bodies = json_scan_has_deferred(m->scan);
    m->bodies_read = !m->has_bodies;
    (void)json_scan_views(m->scan, &m->n_outside);
    m->gave_up = false;
    enum json_result result = judge_rules(m, error);
    if (m->n_hits > 1)
        qsort(m->hits, m->n_hits, sizeof *m->hits, by_index);
    m->counters.gave_up += m->gave_up;
    if (result != JSON_OK)
        m->n_hits = 0;
    return result;
}

enum json_result matcher_line(struct matcher *m, const char *p, const char *end, const char **next, struct json_error *error)
{
    begin_record(m);
    enum json_result result = json_scan_line(m->scan, p, end, next, error);
    m->record = str_make(p, (size_t)(*next - p));
    return result == JSON_OK ? judge_record(m, error) : result;
}

enum json_result matcher_record(struct matcher *m, struct str record, struct json_error *error)
{
    return matcher_parsed(m, record, NULL, error);
}

enum json_result matcher_parsed(struct matcher *m, struct str record, const struct json_value *tree, struct json_error *error)
{
    begin_record(m);
    m->record = record;
    m->tree = tree;
    m->tree_made = tree;
    enum json_result result = json_scan_value(m->scan, record, error);
    return result == JSON_OK ? judge_record(m, error) : result;
}

const uint32_t *matcher_hits(const struct matcher *m, size_t *n)
{
    *n = m->n_hits;
    return m->hits;
}

static struct str first_text(const struct field_values *values)
{
    for (uint32_t i = 0; i < values->n; i++)
        if (values->items[i].text.ptr && values->items[i].kind != JSON_NULL)
            return values->items[i].text;
    return STR_NONE;
}

// The texts among the values, each once, at most `max` of them; gives how many, at least 1.
static size_t distinct_texts(struct matcher *m, const struct field_values *values, struct str *texts, size_t max)
{
    size_t n = 0;
    texts[0] = STR_NONE;
    for (uint32_t i = 0; i < values->n; i++) {
        const struct scalar *v = &values->items[i];
        bool known = !v->text.ptr || v->kind == JSON_NULL;
        for (size_t k = 0; k < n && !known; k++)
            known = str_eq(texts[k], v->text);
        if (known)
            continue;
        if (n == max) {
            m->counters.captures_cut++;
            break;
        }
        texts[n++] = v->text;
    }
    return n ? n : 1;
}

// Capture i takes its values: every set there is, once for each of them.
static size_t combine(struct str *sets, size_t n_sets, size_t n_captures, size_t i, const struct str *texts, size_t n_texts)
{
    for (size_t k = n_texts; k-- > 0;) {
        struct str *copy = sets + k * n_sets * n_captures;
        if (k)
            memcpy(copy, sets, n_sets * n_captures * sizeof *sets);
        for (size_t s = 0; s < n_sets; s++)
            copy[s * n_captures + i] = texts[k];
    }
    return n_sets * n_texts;
}

const struct str *matcher_captures(struct matcher *m, uint32_t rule, size_t *n_sets)
{
    const struct plan_rule *r = &m->plan->rules[m->plan->rule_of[rule]];
    size_t n = m->plan->ruleset->rules[rule].n_captures;
    struct json_error ignored;
    *n_sets = 1;
    for (size_t i = 0; i < n; i++) {
        const struct field_values *values;
        struct str texts[CAPTURE_SETS_MAX];
        size_t n_texts = 1;
        texts[0] = STR_NONE;
        must(*n_sets > 0);
        if (matcher_values(m, r->captures[i], &values) ||
            (read_bodies(m, &ignored) == JSON_OK && matcher_values(m, r->captures[i], &values)))
            n_texts = distinct_texts(m, values, texts, CAPTURE_SETS_MAX / *n_sets);
        *n_sets = combine(m->captures, *n_sets, n, i, texts, n_texts);
    }
    return m->captures;
}

int64_t matcher_time(struct matcher *m)
{
    for (size_t i = 0; i < 2; i++) {
        const struct field_values *values;
        int64_t time;
        if (m->plan->time_fields[i] != UINT32_MAX && matcher_values(m, m->plan->time_fields[i], &values) &&
            time_parse(first_text(values), &time))
            return time;
    }
    return TIME_NONE;
}

const struct scalar *matcher_shown(struct matcher *m, size_t i, size_t *n)
{
    const struct field_values *values;
    struct json_error ignored;
    bool known = matcher_values(m, m->plan->shown[i], &values) ||
                 (read_bodies(m, &ignored) == JSON_OK && matcher_values(m, m->plan->shown[i], &values));
    *n = known ? values->n : 0;
    return values->items;
}

static bool fact_is(const struct matcher *m, enum plan_fact fact, struct str text)
{
    const struct json_view *v = json_scan_first(m->scan, m->plan->facts[fact]);
    return v && str_eq(str_make(v->ptr, v->len), text);
}

struct matcher_facts matcher_facts(const struct matcher *m)
{
    const uint32_t *slots = m->plan->facts;
    if (slots[FACT_VERB] == UINT32_MAX)
        return (struct matcher_facts){0};
    return (struct matcher_facts){
        .timed = json_scan_first(m->scan, slots[FACT_STAGE_TIME]) || json_scan_first(m->scan, slots[FACT_RECEIVED_TIME]),
        .write = fact_is(m, FACT_VERB, STR("create")) || fact_is(m, FACT_VERB, STR("update")) || fact_is(m, FACT_VERB, STR("patch")),
        .metadata_only = fact_is(m, FACT_LEVEL, STR("Metadata")),
        .truncated = json_scan_first(m->scan, slots[FACT_TRUNCATED]) != NULL,
    };
}

// The bytes of facts, one hash. The client chooses most of them, the server the times, and nobody can make two of these equal at will.
static uint64_t hash_facts(const struct matcher *m, const enum plan_fact *facts, size_t n, uint64_t seed)
{
    uint64_t hashes[8] = {seed};
    for (size_t i = 0; i < n; i++) {
        const struct json_view *v = json_scan_first(m->scan, m->plan->facts[facts[i]]);
        hashes[i + 1] = v ? identity_hash(str_make(v->ptr, v->len)) : 0;
    }
    return identity_hash(str_make((const char *)hashes, (n + 1) * sizeof *hashes));
}

struct matcher_identity matcher_identity(const struct matcher *m)
{
    static const enum plan_fact request[] = {FACT_AUDIT_ID, FACT_RECEIVED_TIME, FACT_USER, FACT_URI},
                                line[] = {FACT_STAGE, FACT_STAGE_TIME};
    struct matcher_identity identity = {0};
    if (m->plan->facts[FACT_AUDIT_ID] == UINT32_MAX || !json_scan_first(m->scan, m->plan->facts[FACT_AUDIT_ID]))
        return identity;
    identity.known = true;
    identity.last = fact_is(m, FACT_STAGE, STR("ResponseComplete")) || fact_is(m, FACT_STAGE, STR("Panic"));
    identity.request = hash_facts(m, request, 4, 0);
    identity.line = hash_facts(m, line, 2, identity.request);
    return identity;
}

struct str matcher_audit_id(struct matcher *m)
{
    const uint32_t slot = m->plan->facts[FACT_AUDIT_ID];
    const struct json_view *last = slot == UINT32_MAX ? NULL : json_scan_first(m->scan, slot);
    for (const struct json_view *v = last; v; v = json_scan_next(m->scan, v))
        last = v;
    struct scalar value;
    if (!last || last->kind != JSON_STRING)
        return STR_NONE;
    (void)!matcher_scalar(m, last, &value); // an escape that is none is taken as written
    return value.text;
}

struct matcher_counters matcher_counters(const struct matcher *m)
{
    return m->counters;
}
