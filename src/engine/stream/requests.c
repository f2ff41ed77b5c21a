// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/requests.h"

#include <stdlib.h>
#include <string.h>

// Two generations: when the young one is full the old one is dropped, so that at least the newest max/2 requests are known.
struct generation {
    struct seen {
        uint64_t key; // 0: free
        uint64_t line;
    } * places;
    size_t n;
    size_t n_open; // their last stage has not been seen
};

struct requests {
    struct generation young, old;
    size_t places, max; // of a generation
    uint64_t forgotten;
};

struct requests *requests_new(size_t max)
{
    struct requests *r = must_alloc(calloc(1, sizeof *r));
    r->places = 1024;
    while (r->places < max)
        r->places *= 2;
    r->max = r->places / 2;
    r->young.places = must_alloc(calloc(r->places, sizeof *r->young.places));
    r->old.places = must_alloc(calloc(r->places, sizeof *r->old.places));
    return r;
}

void requests_free(struct requests *r)
{
    if (!r)
        return;
    free(r->young.places);
    free(r->old.places);
    free(r);
}

// In a key: that the place is taken, and that the request's last stage was seen.
enum { TAKEN = 1, FINISHED = 2 };

static struct seen *find(const struct requests *r, const struct generation *g, uint64_t key)
{
    size_t at = key >> 2 & (r->places - 1);
    while (g->places[at].key && (g->places[at].key | FINISHED) != (key | FINISHED))
        at = (at + 1) & (r->places - 1);
    return &g->places[at];
}

static void turn_generation(struct requests *r)
{
    struct generation emptied = r->old;
    r->forgotten += emptied.n_open;
    r->old = r->young;
    memset(emptied.places, 0, r->places * sizeof *emptied.places);
    emptied.n = emptied.n_open = 0;
    r->young = emptied;
}

static enum request_news see_again(struct generation *g, struct seen *seen, const struct matcher_identity *identity)
{
    if (seen->line == identity->line)
        return REQUEST_DUPLICATE;
    if (identity->last && !(seen->key & FINISHED)) {
        seen->key |= FINISHED;
        g->n_open--;
    }
    return REQUEST_STAGE;
}

static uint64_t key_of(uint32_t rule, const struct matcher_identity *identity)
{
    return (hash_mix(identity->request, rule) & ~(uint64_t)FINISHED) | TAKEN;
}

void requests_expect(const struct requests *r, uint32_t rule, const struct matcher_identity *identity)
{
    const size_t at = key_of(rule, identity) >> 2 & (r->places - 1);
    __builtin_prefetch(&r->young.places[at], 1);
    __builtin_prefetch(&r->old.places[at]);
}

enum request_news requests_see(struct requests *r, uint32_t rule, const struct matcher_identity *identity)
{
    const uint64_t key = key_of(rule, identity);
    struct seen *young = find(r, &r->young, key), *old = find(r, &r->old, key);
    if (young->key)
        return see_again(&r->young, young, identity);
    if (old->key)
        return see_again(&r->old, old, identity);
    if (r->young.n == r->max) {
        turn_generation(r);
        young = find(r, &r->young, key);
    }
    *young = (struct seen){key | (identity->last ? FINISHED : 0), identity->line};
    r->young.n++;
    r->young.n_open += !identity->last;
    return REQUEST_NEW;
}

uint64_t requests_forgotten(const struct requests *r)
{
    return r->forgotten;
}
