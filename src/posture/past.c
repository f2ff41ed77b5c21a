// SPDX-License-Identifier: Apache-2.0
#include "posture/past.h"

#include "base/status.h"
#include "base/time.h"
#include "base/vec.h"
#include "codec/json/json.h"

#include <stdlib.h>

enum { MAX_POINTS = 1000000 }; // more is no score

struct past {
    struct arena arena;
    VEC(struct past_run) runs, extended;
    uint64_t bad;
};

static bool number_of(const struct json_value *v, struct str key, double *out)
{
    const struct json_value *n = json_get(v, key);
    return n && n->kind == JSON_NUMBER && str_to_double(n->text, out) && *out >= 0;
}

static uint64_t count_of(const struct json_value *v, struct str key)
{
    const struct json_value *n = json_get(v, key);
    uint64_t out = 0;
    return n && n->kind == JSON_NUMBER && str_to_u64(n->text, &out) ? out : 0;
}

static bool read_run(struct past *p, struct arena *scratch, struct str line, struct past_run *run)
{
    const struct json_limits limits = {.depth = 16, .size = 1 << 20, .strict = true}; // it is printed again as it is
    struct json_error error;
    const struct json_value *v = json_parse(scratch, line, limits, &error);
    const struct str cluster = json_text(json_get(v, STR("cluster")));
    *run = (struct past_run){.line = line};
    if (!str_eq(json_text(json_get(v, STR("kind"))), STR("run")) || !cluster.ptr ||
        !time_parse(json_text(json_get(v, STR("time"))), &run->time) || !number_of(v, STR("score"), &run->score.points) ||
        !number_of(v, STR("max"), &run->score.max) || run->score.max > MAX_POINTS || run->score.points > run->score.max)
        return false;
    run->cluster = arena_str(&p->arena, cluster);
    return true;
}

// Those at the same time stay as they were written.
static int in_order(const void *va, const void *vb)
{
    const struct past_run *a = va, *b = vb;
    const int order = str_cmp(a->cluster, b->cluster);
    if (order)
        return order;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return a->line.ptr < b->line.ptr ? -1 : a->line.ptr > b->line.ptr;
}

struct past *past_new(struct str text)
{
    struct past *p = must_alloc(calloc(1, sizeof *p));
    struct arena scratch;
    struct past_run run;
    arena_init(&p->arena, ARENA_UNLIMITED);
    arena_init(&scratch, ARENA_UNLIMITED);
    while (text.len) {
        const struct str line = str_trim(str_split(&text, '\n'));
        arena_reset(&scratch);
        if (!line.len)
            continue;
        if (read_run(p, &scratch, line, &run))
            *vec_push(&p->runs) = run;
        else
            p->bad++;
    }
    arena_fini(&scratch);
    if (p->runs.n)
        qsort(p->runs.items, p->runs.n, sizeof *p->runs.items, in_order);
    return p;
}

void past_free(struct past *p)
{
    if (!p)
        return;
    vec_fini(&p->runs);
    vec_fini(&p->extended);
    arena_fini(&p->arena);
    free(p);
}

uint64_t past_bad(const struct past *p)
{
    return p->bad;
}

struct past_series past_all(const struct past *p)
{
    return (struct past_series){p->runs.items, p->runs.n};
}

struct past_series past_of(const struct past *p, struct str cluster)
{
    size_t from = 0, to = p->runs.n;
    while (from < to) { // the first that is not before it
        const size_t middle = from + (to - from) / 2;
        if (str_cmp(p->runs.items[middle].cluster, cluster) < 0)
            from = middle + 1;
        else
            to = middle;
    }
    if (from == p->runs.n)
        return (struct past_series){0};
    struct past_series s = {&p->runs.items[from], 0};
    while (from + s.n < p->runs.n && str_eq(s.runs[s.n].cluster, cluster))
        s.n++;
    return s;
}

struct past_series past_append(struct past *p, struct past_series earlier, int64_t time, struct score score)
{
    p->extended.n = 0;
    for (size_t i = 0; i < earlier.n; i++)
        *vec_push(&p->extended) = earlier.runs[i];
    *vec_push(&p->extended) = (struct past_run){.time = time, .score = score};
    return (struct past_series){p->extended.items, p->extended.n};
}

// --- changes ---------------------------------------------------------------------------------------------------------------------

static double size_of(const struct past_change *c)
{
    return c->gained < 0 ? -c->gained : c->gained;
}

// Among the largest so far, by size and then by id.
static void place(struct past_change *out, size_t n, const struct past_change *c)
{
    size_t at = n < PAST_CHANGES ? n : PAST_CHANGES;
    while (at > 0 && (size_of(&out[at - 1]) < size_of(c))) {
        if (at < PAST_CHANGES)
            out[at] = out[at - 1];
        at--;
    }
    if (at < PAST_CHANGES)
        out[at] = *c;
}

static const struct json_value *control_of(const struct json_value *run, struct str id)
{
    const struct json_value *controls = json_get(run, STR("controls"));
    for (const struct json_value *c = controls && controls->kind == JSON_ARRAY ? controls->first : NULL; c; c = c->next) {
        if (str_eq(json_text(json_get(c, STR("id"))), id))
            return c;
    }
    return NULL;
}

size_t past_changes(const struct past_run *run, const struct score_sheet *now, struct past_change out[PAST_CHANGES])
{
    enum { WORTH = 1000 }; // points are told to the thousandth
    struct arena scratch;
    struct json_error error;
    size_t n = 0;
    arena_init(&scratch, ARENA_UNLIMITED);
    const struct json_value *v = json_parse(&scratch, run->line, JSON_LIMITS_DEFAULT, &error);
    for (size_t i = 0; i < now->n; i++) {
        const struct control_score *s = &now->scores[i];
        const struct json_value *c = control_of(v, s->control.id);
        struct control_score before = {.healthy = count_of(c, STR("healthy")), .unhealthy = count_of(c, STR("unhealthy"))};
        if (!number_of(c, STR("max"), &before.points))
            before.points = 0;
        const struct past_change change = {s->control.id, control_points(s) - control_points(&before), before.unhealthy, s->unhealthy};
        if (size_of(&change) * WORTH < 1)
            continue;
        place(out, n, &change);
        n++;
    }
    arena_fini(&scratch);
    return n;
}
