// SPDX-License-Identifier: Apache-2.0
#include "engine/trial/trial.h"

#include "base/vec.h"

#include <stdlib.h>

struct trial {
    const struct ruleset *rules;
    struct plan *plan;
    struct matcher *matcher;
    struct correlator *correlator;
    uint64_t sequence;
    bool silent_too;
    VEC(uint32_t) hits;
};

static void add_hit(struct trial *t, uint32_t rule)
{
    if (t->rules->rules[rule].silent && !t->silent_too)
        return;
    for (size_t i = 0; i < t->hits.n; i++)
        if (t->hits.items[i] == rule)
            return;
    *vec_push(&t->hits) = rule;
}

static void on_correlated(void *context, const struct correlated *c)
{
    add_hit(context, c->rule);
}

status trial_new(struct trial **out, const struct ruleset *rules, const struct dictionary *dictionary, struct json_limits limits,
                 struct diags *diags)
{
    struct trial *t = must_alloc(calloc(1, sizeof *t));
    t->rules = rules;
    status result = plan_new(&t->plan, rules, dictionary, NULL, 0, diags);
    if (result != ST_OK) {
        trial_free(t);
        *out = NULL;
        return result;
    }
    t->matcher = matcher_new(t->plan, limits);
    trial_reset(t);
    *out = t;
    return ST_OK;
}

void trial_free(struct trial *t)
{
    if (!t)
        return;
    correlator_free(t->correlator);
    matcher_free(t->matcher);
    plan_free(t->plan);
    vec_fini(&t->hits);
    free(t);
}

void trial_reset(struct trial *t)
{
    correlator_free(t->correlator);
    t->correlator = correlator_new(t->rules, CORRELATOR_LIMITS_DEFAULT, on_correlated, t);
    t->sequence = 0;
}

static int by_index(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void feed_hit(struct trial *t, uint32_t rule, int64_t time)
{
    size_t n_sets;
    const struct str *captures = matcher_captures(t->matcher, rule, &n_sets);
    for (size_t i = 0; i < n_sets; i++) {
        struct match match = {rule, time, t->sequence, captures + i * t->rules->rules[rule].n_captures, t->sequence};
        correlator_feed(t->correlator, &match, true);
    }
}

enum json_result trial_record(struct trial *t, struct str record, bool silent_too, struct json_error *error)
{
    t->hits.n = 0;
    t->silent_too = silent_too;
    enum json_result result = matcher_record(t->matcher, record, error);
    if (result != JSON_OK)
        return result;
    size_t n;
    const uint32_t *hits = matcher_hits(t->matcher, &n);
    int64_t time = n ? matcher_time(t->matcher) : TIME_NONE;
    t->sequence++;
    for (size_t i = 0; i < n; i++) {
        add_hit(t, hits[i]);
        feed_hit(t, hits[i], time);
    }
    if (t->hits.n > 1)
        qsort(t->hits.items, t->hits.n, sizeof *t->hits.items, by_index);
    return JSON_OK;
}

const uint32_t *trial_hits(const struct trial *t, size_t *n)
{
    *n = t->hits.n;
    return t->hits.items;
}

struct matcher_counters trial_counters(const struct trial *t)
{
    return matcher_counters(t->matcher);
}
