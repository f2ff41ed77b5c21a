// SPDX-License-Identifier: Apache-2.0
#include "detect/literals.h"

#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct literal {
    struct str text;
    uint32_t gram; // four bytes of it, folded
    uint32_t at;   // where they stand in it
    uint32_t id;
    uint32_t next; // index + 1 of the next one of the bucket
};

struct literals {
    VEC(struct literal) items;
    uint32_t *buckets; // index + 1
    uint64_t *seen;    // a bit for each hash: is there such a text?
    unsigned shift;    // from a hash of 32 bits to a bucket
};

enum { BITS_A_BUCKET = 8 };

// Letters lose their case; other bytes that fall together are told apart when the whole text is compared.
static inline uint32_t gram_at(const char *p)
{
    uint32_t gram;
    memcpy(&gram, p, sizeof gram);
    return gram | 0x20202020u;
}

static inline uint32_t hash_gram(uint32_t gram)
{
    return gram * 0x9e3779b1u;
}

struct literals *literals_new(size_t expected)
{
    struct literals *l = must_alloc(calloc(1, sizeof *l));
    unsigned bits = 6;
    while (bits < 16 && (size_t)1 << bits < expected * 2)
        bits++;
    l->shift = 32 - bits;
    l->buckets = must_alloc(calloc((size_t)1 << bits, sizeof *l->buckets));
    l->seen = must_alloc(calloc(((size_t)1 << bits) * BITS_A_BUCKET / 64, sizeof *l->seen));
    return l;
}

void literals_free(struct literals *l)
{
    if (!l)
        return;
    vec_fini(&l->items);
    free(l->buckets);
    free(l->seen);
    free(l);
}

// A bucket and three bits more.
static inline uint32_t bit_of(const struct literals *l, uint32_t hash)
{
    return hash >> (l->shift - 3);
}

void literals_add(struct literals *l, struct str text, uint32_t id)
{
    must(text.len >= LITERAL_MIN && text.len <= UINT32_MAX);
    *vec_push(&l->items) = (struct literal){.text = text, .id = id};
}

// Where the four bytes of the text stand that the fewest texts hold: many begin alike, and so do values. The last of several, because the
// end of a path says more than its start.
static uint32_t rarest_gram(const struct literals *l, const uint32_t *count, struct str text)
{
    uint32_t best = 0, fewest = UINT32_MAX;
    for (uint32_t i = 0; i + LITERAL_MIN <= text.len; i++) {
        const uint32_t n = count[hash_gram(gram_at(text.ptr + i)) >> l->shift];
        if (n <= fewest) {
            fewest = n;
            best = i;
        }
    }
    return best;
}

static void put_in_bucket(struct literals *l, uint32_t index)
{
    struct literal *one = &l->items.items[index];
    one->gram = gram_at(one->text.ptr + one->at);
    const uint32_t hash = hash_gram(one->gram), bit = bit_of(l, hash);
    uint32_t *bucket = &l->buckets[hash >> l->shift];
    one->next = *bucket;
    *bucket = index + 1;
    l->seen[bit / 64] |= (uint64_t)1 << bit % 64;
}

void literals_seal(struct literals *l)
{
    uint32_t *count = must_alloc(calloc((size_t)1 << (32 - l->shift), sizeof *count));
    for (size_t i = 0; i < l->items.n; i++)
        for (size_t k = 0; k + LITERAL_MIN <= l->items.items[i].text.len; k++)
            count[hash_gram(gram_at(l->items.items[i].text.ptr + k)) >> l->shift]++;
    for (size_t i = 0; i < l->items.n; i++) {
        l->items.items[i].at = rarest_gram(l, count, l->items.items[i].text);
        put_in_bucket(l, (uint32_t)i);
    }
    free(count);
}

// The texts whose four bytes stand at place i of the value. False when enough has been heard.
static bool try_bucket(const struct literals *l, uint32_t first, uint32_t gram, struct str value, size_t i, literals_found *found,
                       void *context)
{
    for (uint32_t k = first; k; k = l->items.items[k - 1].next) {
        const struct literal *one = &l->items.items[k - 1];
        if (one->gram == gram && one->at <= i && str_starts_ci(str_slice(value, i - one->at, value.len), one->text) &&
            !found(context, one->id))
            return false;
    }
    return true;
}

void literals_find(const struct literals *l, struct str value, literals_found *found, void *context)
{
    for (size_t i = 0; i + LITERAL_MIN <= value.len; i++) {
        uint32_t gram = gram_at(value.ptr + i), hash = hash_gram(gram), bit = bit_of(l, hash);
        if (__builtin_expect(l->seen[bit / 64] >> bit % 64 & 1, 0) &&
            !try_bucket(l, l->buckets[hash >> l->shift], gram, value, i, found, context))
            return;
    }
}
