// SPDX-License-Identifier: Apache-2.0
// A rule set made by hand and a correlator over it, for tests. Detections 0, 1, 2 ... each capture three values: "g", "h", "v".
#pragma once

#include "base/vec.h"
#include "detect/detect.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SECOND NS_PER_SECOND

enum { WORLD_RULES = 16, WORLD_CAPTURES = 3 };

struct world {
    struct arena arena;
    struct ruleset rules;
    struct correlator *correlator;
    uint64_t sequence;
    bool every;
    VEC(char) log; // a line for each conclusion, see world_told
};

// "rule time first sequence [group] count value (evidence)\n"
static inline void world_told(void *context, const struct correlated *c)
{
    struct world *w = context;
    char text[4096];
    int n =
        snprintf(text, sizeof text, "%u %g %g %u [", c->rule, (double)c->time / SECOND, (double)c->first / SECOND, (unsigned)c->sequence);
    for (size_t i = 0; i < c->n_group; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s%.*s", i ? "," : "", STR_ARG(c->group[i]));
    n += snprintf(text + n, sizeof text - (size_t)n, "] %u %g (", (unsigned)c->count, c->value);
    for (size_t i = 0; i < c->n_evidence; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s%u", i ? " " : "", (unsigned)c->evidence[i]);
    n += snprintf(text + n, sizeof text - (size_t)n, ")\n");
    for (int i = 0; i < n; i++)
        *vec_push(&w->log) = text[i];
}

static inline const char *world_log(struct world *w)
{
    *vec_push(&w->log) = '\0';
    w->log.n--;
    return w->log.items;
}

static inline void world_init(struct world *w, size_t n_detections)
{
    *w = (struct world){.every = true};
    arena_init(&w->arena, ARENA_UNLIMITED);
    w->rules.rules = arena_array(&w->arena, struct rule, WORLD_RULES);
    w->rules.order = arena_array(&w->arena, uint32_t, WORLD_RULES);
    for (w->rules.n = 0; w->rules.n < n_detections; w->rules.n++)
        w->rules.rules[w->rules.n] = (struct rule){.kind = RULE_DETECTION, .n_captures = WORLD_CAPTURES};
}

static inline void world_fini(struct world *w)
{
    correlator_free(w->correlator);
    vec_fini(&w->log);
    arena_fini(&w->arena);
}

// Appends a correlation over `inputs`, grouped by capture `group` (-1: not grouped), counting capture `field`.
static inline struct correlation *world_correlate(struct world *w, enum correlation_type type, int64_t seconds, const char *inputs,
                                                  int group, int field)
{
    struct correlation *spec = arena_new(&w->arena, struct correlation);
    *spec = (struct correlation){.type = type, .timespan = seconds * SECOND, .n_inputs = strlen(inputs), .percentile = 50};
    spec->inputs = arena_array(&w->arena, uint32_t, spec->n_inputs);
    spec->n_group_by = group >= 0;
    spec->group_by_capture = arena_array(&w->arena, uint32_t, spec->n_inputs);
    spec->n_fields = field >= 0;
    spec->field_capture = arena_array(&w->arena, uint32_t, spec->n_inputs);
    for (size_t i = 0; i < spec->n_inputs; i++) {
        spec->inputs[i] = (uint32_t)(inputs[i] - '0');
        spec->group_by_capture[i] = (uint32_t)group;
        spec->field_capture[i] = (uint32_t)field;
    }
    w->rules.order[w->rules.n_order++] = (uint32_t)w->rules.n;
    w->rules.rules[w->rules.n++] = (struct rule){.kind = RULE_CORRELATION, .correlation = spec, .n_captures = spec->n_group_by};
    return spec;
}

static inline void world_bound(struct correlation *spec, enum compare compare, double number)
{
    spec->bounds[spec->n_bounds++] = (struct correlation_bound){.compare = compare, .number = number};
}

static inline void world_start(struct world *w, struct correlator_limits limits)
{
    w->correlator = correlator_new(&w->rules, limits, world_told, w);
}

static inline struct str world_value(const char *text)
{
    return text ? str_make(text, strlen(text)) : STR_NONE;
}

// Feeds a match of detection `rule`; its evidence handle is its sequence number.
static inline void world_feed_at(struct world *w, uint32_t rule, int64_t time, const char *g, const char *h, const char *v)
{
    struct str captures[WORLD_CAPTURES] = {world_value(g), world_value(h), world_value(v)};
    struct match m = {.rule = rule, .time = time, .sequence = w->sequence, .captures = captures, .evidence = w->sequence};
    correlator_feed(w->correlator, &m, w->every);
}

static inline void world_feed(struct world *w, uint32_t rule, double seconds, const char *g, const char *v)
{
    w->sequence++;
    world_feed_at(w, rule, (int64_t)(seconds * SECOND), g, "", v);
}
