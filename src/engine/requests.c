// SPDX-License-Identifier: Apache-2.0
#include "engine/requests.h"

#include <stdlib.h>
#include <string.h>

// Two generations: when the young one is full the old one is dropped, so that at least the newest max/2 requests are known.
struct generation {
    struct seen {
        uint64_t key; // 0: free
        uint64_t identity;
    } * places;
    size_t n;
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

static struct seen *find(const struct requests *r, const struct generation *g, uint64_t key)
{
    size_t at = key & (r->places - 1);
    while (g->places[at].key && g->places[at].key != key)
        at = (at + 1) & (r->places - 1);
    return &g->places[at];
}

static void turn_generation(struct requests *r)
{
    struct generation emptied = r->old;
    r->forgotten += emptied.n;
    r->old = r->young;
    memset(emptied.places, 0, r->places * sizeof *emptied.places);
    emptied.n = 0;
    r->young = emptied;
}

enum request_news requests_see(struct requests *r, uint32_t rule, uint64_t request, uint64_t identity)
{
    uint64_t key = hash_mix(request, rule) | 1;
    struct seen *young = find(r, &r->young, key), *old = find(r, &r->old, key);
    if (young->key)
        return young->identity == identity ? REQUEST_DUPLICATE : REQUEST_STAGE;
    if (old->key)
        return old->identity == identity ? REQUEST_DUPLICATE : REQUEST_STAGE;
    if (r->young.n == r->max) {
        turn_generation(r);
        young = find(r, &r->young, key);
    }
    *young = (struct seen){key, identity};
    r->young.n++;
    return REQUEST_NEW;
}

uint64_t requests_forgotten(const struct requests *r)
{
    return r->forgotten;
}
