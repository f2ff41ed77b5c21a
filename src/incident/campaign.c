// SPDX-License-Identifier: Apache-2.0
// The set of incidents that campaigns are looked for in.
#include "incident/campaign.h"

#include "base/status.h"
#include "incident/campaign_private.h"

#include <stdlib.h>
#include <string.h>

struct campaigns {
    const struct campaign_knowledge *knowledge;
    int64_t window;
    VEC(struct member *) members;
    size_t bytes;           // of members
    struct member *horizon; // the newest one that had to go: older ones do not come in again, in whatever order they are read
    struct campaigns_counters counters;
    struct arena arena; // of the last conclusion
};

struct campaigns *campaigns_new(const struct campaign_knowledge *knowledge, int64_t window)
{
    struct campaigns *c = must_alloc(calloc(1, sizeof *c));
    c->knowledge = knowledge;
    c->window = window;
    arena_init(&c->arena, ARENA_UNLIMITED);
    return c;
}

void campaigns_free(struct campaigns *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->members.n; i++)
        free(c->members.items[i]);
    vec_fini(&c->members);
    free(c->horizon);
    arena_fini(&c->arena);
    free(c);
}

// --- orders ------------------------------------------------------------------------------------------------------------------------

static int by_identity(const struct member *a, const struct member *b)
{
    int order = str_cmp(a->told.cluster, b->told.cluster);
    return order ? order : str_cmp(a->told.id, b->told.id);
}

static int by_instant(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int newest_first(const void *a, const void *b)
{
    const struct member *x = *(struct member *const *)a, *y = *(struct member *const *)b;
    int order = by_instant(y->told.last, x->told.last);
    return order ? order : by_identity(x, y);
}

static int oldest_first(const void *a, const void *b)
{
    const struct member *x = *(struct member *const *)a, *y = *(struct member *const *)b;
    int order = by_instant(x->told.first, y->told.first);
    return order ? order : by_identity(x, y);
}

// Versions of one incident together, the one that counts first: which knows most, and then any, but always the same.
static int versions_together(const void *a, const void *b)
{
    const struct member *x = *(struct member *const *)a, *y = *(struct member *const *)b;
    int order = by_identity(x, y);
    if (!order)
        order = by_instant(y->told.last, x->told.last);
    if (!order)
        order = by_instant((int64_t)y->bytes, (int64_t)x->bytes);
    if (!order)
        order = by_instant(x->told.first, y->told.first);
    return order ? order : str_cmp(x->told.title, y->told.title);
}

// --- limits ------------------------------------------------------------------------------------------------------------------------

static void drop_repeated(struct campaigns *c)
{
    size_t kept = 0;
    qsort(c->members.items, c->members.n, sizeof *c->members.items, versions_together);
    for (size_t i = 0; i < c->members.n; i++) {
        struct member *m = c->members.items[i];
        if (!kept || by_identity(m, c->members.items[kept - 1]) != 0) {
            c->members.items[kept++] = m;
            continue;
        }
        c->counters.repeated++;
        c->bytes -= m->bytes;
        free(m);
    }
    c->members.n = kept;
}

static void drop_oldest(struct campaigns *c)
{
    size_t kept = 0, bytes = 0;
    qsort(c->members.items, c->members.n, sizeof *c->members.items, newest_first);
    while (kept < c->members.n && kept < CAMPAIGN_INCIDENTS_MAX && bytes + c->members.items[kept]->bytes <= CAMPAIGN_BYTES_MAX)
        bytes += c->members.items[kept++]->bytes;
    if (kept == c->members.n)
        return;
    free(c->horizon);
    c->horizon = c->members.items[kept];
    for (size_t i = kept + 1; i < c->members.n; i++)
        free(c->members.items[i]);
    c->counters.dropped_incidents += c->members.n - kept;
    c->members.n = kept;
    c->bytes = bytes;
}

static void settle(struct campaigns *c)
{
    if (!c->members.n)
        return;
    drop_repeated(c);
    drop_oldest(c);
}

void campaigns_add(struct campaigns *c, const struct incident *incident)
{
    struct member *m = member_new(incident, &c->counters);
    c->counters.incidents++;
    c->counters.without_time += m->told.first == TIME_NONE;
    if (c->horizon && newest_first(&m, &c->horizon) >= 0) {
        c->counters.dropped_incidents++;
        free(m);
        return;
    }
    *vec_push(&c->members) = m;
    c->bytes += m->bytes;
    if (c->members.n >= 2 * (size_t)CAMPAIGN_INCIDENTS_MAX || c->bytes >= 2 * (size_t)CAMPAIGN_BYTES_MAX)
        settle(c);
}

// --- the conclusion ----------------------------------------------------------------------------------------------------------------

const struct campaign *campaigns_conclude(struct campaigns *c, size_t *n)
{
    struct grouping grouping;
    settle(c);
    arena_reset(&c->arena);
    if (c->members.n)
        qsort(c->members.items, c->members.n, sizeof *c->members.items, oldest_first);
    struct survey survey = {
        .knowledge = c->knowledge,
        .window = c->window,
        .members = c->members.items,
        .n = c->members.n,
    };
    survey_weigh(&survey);
    grouping_make(&grouping, &survey);
    const struct campaign *list = campaigns_tell(&survey, &grouping, &c->arena, n);
    c->counters.refused = grouping.refused;
    grouping_fini(&grouping);
    survey_fini(&survey);
    return list;
}

struct campaigns_counters campaigns_counters(const struct campaigns *c)
{
    return c->counters;
}
