// SPDX-License-Identifier: Apache-2.0
// What an indicator says about who it was: the weight of its type, times how rare it is among strangers.
#include "incident/campaign_private.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    ALIKE = 600,      // undiscounted weight, in other families, that makes two incidents alike
    SAMPLE = 64,      // pairs of holders looked at
    LOG_PARTS = 256,  // fixed point
    LOG_BITS = 8,     // its fraction
    UNIT = LOG_PARTS, // of strangers
};

// --- sums --------------------------------------------------------------------------------------------------------------------------

void tally_add(struct tally *t, enum indicator_kind kind, unsigned weight)
{
    unsigned most = kind_facts[kind].most;
    t->kinds[kind] = t->kinds[kind] + weight > most ? most : t->kinds[kind] + weight;
}

static unsigned family_sum(const struct tally *t, enum family family)
{
    unsigned best = 0, all = 0;
    for (int k = 0; k < INDICATOR_KINDS; k++)
        if (kind_facts[k].family == family) {
            best = t->kinds[k] > best ? t->kinds[k] : best;
            all += t->kinds[k];
        }
    return best + (all - best) / 2;
}

unsigned tally_sum(const struct tally *t)
{
    unsigned sum = 0;
    for (int f = 0; f < FAMILIES; f++)
        sum += family_sum(t, (enum family)f);
    return sum;
}

// --- two members -------------------------------------------------------------------------------------------------------------------

static size_t count_wallets(const struct member *m)
{
    size_t n = 0;
    while (n < m->n_signs && m->signs[n].kind == KIND_WALLET) // they come first
        n++;
    return n;
}

// Calls for each token that both have.
struct common {
    const struct holding *a, *a_end, *b, *b_end;
};

static struct common common_of(const struct survey *s, const struct member *a, const struct member *b)
{
    const struct holding *x = s->holdings + a->first_holding, *y = s->holdings + b->first_holding;
    return (struct common){x, x + a->n_signs, y, y + b->n_signs};
}

static const struct token *common_next(const struct survey *s, struct common *c)
{
    while (c->a < c->a_end && c->b < c->b_end) {
        if (c->a->token == c->b->token) {
            c->b++;
            return &s->tokens[c->a++->token];
        }
        if (c->a->token < c->b->token)
            c->a++;
        else
            c->b++;
    }
    return NULL;
}

static bool other_wallets(const struct member *a, const struct member *b, bool common_wallet)
{
    return !common_wallet && count_wallets(a) && count_wallets(b);
}

struct joint survey_joint(const struct survey *s, const struct member *a, const struct member *b)
{
    struct joint j = {0};
    struct tally tally = {0};
    struct common c = common_of(s, a, b);
    for (const struct token *t; (t = common_next(s, &c));) {
        tally_add(&tally, t->sign.kind, t->weight);
        j.proof |= t->weight >= CAMPAIGN_JOIN;
        j.kinds |= t->weight ? 1u << t->sign.kind : 0;
    }
    unsigned less = other_wallets(a, b, j.kinds & 1u << KIND_WALLET) ? CAMPAIGN_OTHER_WALLET : 0;
    unsigned sum = tally_sum(&tally);
    j.weight = sum > less ? sum - less : 0;
    return j;
}

// Whether they have something in common besides what is of this family.
static bool are_alike(const struct survey *s, const struct member *a, const struct member *b, enum family family)
{
    struct tally tally = {0};
    bool wallet = false;
    struct common c = common_of(s, a, b);
    for (const struct token *t; (t = common_next(s, &c));) {
        const struct kind_facts *facts = &kind_facts[t->sign.kind];
        wallet |= t->sign.kind == KIND_WALLET;
        if (!t->stock && facts->family != family)
            tally_add(&tally, t->sign.kind, facts->weight);
    }
    return tally_sum(&tally) >= ALIKE && !other_wallets(a, b, wallet);
}

// --- rarity ------------------------------------------------------------------------------------------------------------------------

// log2(n) in LOG_PARTS, n > 0: the same on every machine.
static unsigned log_of(uint64_t n)
{
    unsigned result = 63 - (unsigned)__builtin_clzll(n);
    uint64_t mantissa = (n << (63 - result)) >> 32; // 1.31 bits
    for (int i = 0; i < LOG_BITS; i++) {
        mantissa = mantissa * mantissa >> 31;
        unsigned bit = (unsigned)(mantissa >> 32);
        mantissa >>= bit;
        result = result << 1 | bit;
    }
    return result;
}

// Holders of the smallest hashes: a sample that nobody chose, the same whatever the order.
static size_t take_sample(const struct survey *s, const struct token *t, const struct member *sample[SAMPLE + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < t->n_holders; i++) {
        const struct member *m = s->members[s->holders[t->first_holder + i]];
        if (n == SAMPLE + 1 && m->hash >= sample[n - 1]->hash)
            continue;
        size_t at = n < SAMPLE + 1 ? n++ : n - 1;
        for (; at && sample[at - 1]->hash > m->hash; at--)
            sample[at] = sample[at - 1];
        sample[at] = m;
    }
    return n;
}

// In UNITs: 1 when all holders are alike, as many as there are clusters when none are.
static uint64_t count_strangers(const struct survey *s, const struct token *t)
{
    const struct member *sample[SAMPLE + 1];
    uint64_t pairs = 0, alike = 0;
    size_t n = take_sample(s, t, sample);
    for (size_t i = 1; i < n; i++) {
        if (sample[i]->cluster == sample[i - 1]->cluster)
            continue;
        pairs++;
        alike += are_alike(s, sample[i], sample[i - 1], kind_facts[t->sign.kind].family);
    }
    return UNIT + (t->clusters - 1) * (pairs ? UNIT * (pairs - alike) / pairs : UNIT);
}

static unsigned weigh(const struct survey *s, const struct token *t)
{
    unsigned full = kind_facts[t->sign.kind].weight;
    if (t->stock)
        return 0;
    if (t->sign.kind == KIND_WALLET || t->clusters < 2)
        return full;
    unsigned all = log_of(s->n_clusters + (uint64_t)CAMPAIGN_PRIOR), strangers = log_of(count_strangers(s, t)) - LOG_BITS * LOG_PARTS;
    return strangers < all ? (unsigned)((uint64_t)full * (all - strangers) / all) : 0;
}

// --- tokens ------------------------------------------------------------------------------------------------------------------------

struct use {
    struct sign sign;
    uint32_t member, sign_at;
};

static int by_sign(const void *a, const void *b)
{
    const struct use *x = a, *y = b;
    int order = sign_compare(&x->sign, &y->sign);
    return order ? order : (x->member > y->member) - (x->member < y->member);
}

// Sorted, not hashed: values chosen to collide cost nothing.
static struct use *list_uses(const struct survey *s, size_t *n)
{
    size_t total = 0;
    for (size_t i = 0; i < s->n; i++) {
        s->members[i]->first_holding = total;
        total += s->members[i]->n_signs;
    }
    struct use *uses = must_alloc(calloc(total + 1, sizeof *uses));
    *n = 0;
    for (size_t i = 0; i < s->n; i++)
        for (size_t k = 0; k < s->members[i]->n_signs; k++)
            uses[(*n)++] = (struct use){s->members[i]->signs[k], (uint32_t)i, (uint32_t)k};
    qsort(uses, *n, sizeof *uses, by_sign);
    return uses;
}

static void make_tokens(struct survey *s)
{
    size_t n;
    struct use *uses = list_uses(s, &n);
    s->tokens = must_alloc(calloc(n + 1, sizeof *s->tokens));
    s->holders = must_alloc(calloc(n + 1, sizeof *s->holders));
    s->holdings = must_alloc(calloc(n + 1, sizeof *s->holdings));
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || sign_compare(&uses[i - 1].sign, &uses[i].sign) != 0)
            s->tokens[s->n_tokens++] = (struct token){.sign = uses[i].sign, .first_holder = i};
        struct token *t = &s->tokens[s->n_tokens - 1];
        s->holders[i] = uses[i].member;
        s->holdings[s->members[uses[i].member]->first_holding + uses[i].sign_at] =
            (struct holding){(uint32_t)(s->n_tokens - 1), (uint32_t)t->n_holders++};
    }
    free(uses);
}

static int by_cluster(const void *a, const void *b)
{
    const struct member *const *x = a, *const *y = b;
    return str_cmp((*x)->told.cluster, (*y)->told.cluster);
}

static void number_clusters(struct survey *s)
{
    struct member **sorted = must_alloc(calloc(s->n + 1, sizeof *sorted));
    for (size_t i = 0; i < s->n; i++)
        sorted[i] = s->members[i];
    qsort(sorted, s->n, sizeof *sorted, by_cluster);
    for (size_t i = 0; i < s->n; i++) {
        s->n_clusters += i == 0 || by_cluster(&sorted[i], &sorted[i - 1]) != 0;
        sorted[i]->cluster = s->n_clusters - 1;
    }
    free(sorted);
}

static void count_clusters(struct survey *s, uint32_t *seen)
{
    for (size_t i = 0; i < s->n_tokens; i++) {
        struct token *t = &s->tokens[i];
        for (size_t k = 0; k < t->n_holders; k++) {
            uint32_t cluster = s->members[s->holders[t->first_holder + k]]->cluster;
            t->clusters += seen[cluster] != i + 1;
            seen[cluster] = (uint32_t)i + 1;
        }
        t->stock = token_is_stock(s, t);
    }
}

void survey_weigh(struct survey *s)
{
    number_clusters(s);
    make_tokens(s);
    uint32_t *seen = must_alloc(calloc(s->n_clusters + 1, sizeof *seen));
    count_clusters(s, seen);
    free(seen);
    for (size_t i = 0; i < s->n_tokens; i++)
        s->tokens[i].weight = weigh(s, &s->tokens[i]);
}

void survey_fini(struct survey *s)
{
    free(s->tokens);
    free(s->holders);
    free(s->holdings);
}
