// SPDX-License-Identifier: Apache-2.0
// What a record's signature alone decides: the rules that match, whatever else the record says, and those that are still open. Worked
// out with everything else hidden, in three-valued logic, and remembered by the signature. Most signatures decide everything. When the
// bodies had to be read, their classes make the signature longer, and it decides more.
#include "detect/matcher.h"

#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
    VERDICTS_MAX = 1 << 14, // signatures remembered
    TABLE = VERDICTS_MAX * 2,
    POOL_MAX = 16 << 20, // bytes that they and their rules take, in all
};

// Its words: the classes, the rules that match, those that are open.
struct remembered {
    uint64_t hash;
    const uint32_t *words;
    uint32_t n_classes, n_hits, n_open;
};

// What is being worked out.
struct draft {
    VEC(uint32_t) hits, open;
};

struct verdicts {
    struct remembered *items;
    size_t n;
    uint32_t *table;              // by signature: index + 1
    struct arena pool;            // of words: verdicts point into it
    uint64_t generation;          // of the classes
    struct draft outside, inside; // of the record at hand
    uint64_t outside_hash;
    bool known; // the signature of what is outside is worth remembering
};

struct verdicts *verdicts_new(void)
{
    struct verdicts *v = must_alloc(calloc(1, sizeof *v));
    v->items = must_alloc(calloc(VERDICTS_MAX, sizeof *v->items));
    v->table = must_alloc(calloc(TABLE, sizeof *v->table));
    arena_init(&v->pool, POOL_MAX);
    return v;
}

static void free_draft(struct draft *d)
{
    vec_fini(&d->hits);
    vec_fini(&d->open);
}

void verdicts_free(struct verdicts *v)
{
    if (!v)
        return;
    free(v->items);
    free(v->table);
    arena_fini(&v->pool);
    free_draft(&v->outside);
    free_draft(&v->inside);
    free(v);
}

// Before a record: what was remembered of other classes, or fills what room there is, is forgotten.
static void make_room(struct verdicts *v, uint64_t generation)
{
    if (v->generation == generation && v->n + 2 < VERDICTS_MAX && v->pool.used < POOL_MAX / 2)
        return;
    memset(v->table, 0, TABLE * sizeof *v->table);
    v->n = 0;
    arena_reset(&v->pool);
    v->generation = generation;
}

// --- remembering ------------------------------------------------------------------------------------------------------------------

static uint64_t hash_from(const struct signature *s, size_t from, uint64_t hash)
{
    for (size_t i = from; i < s->n; i++)
        hash = (hash ^ s->classes[i]) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 32;
}

// The place of a signature in the table: where it is, or may be put.
static inline uint32_t *find(const struct verdicts *v, uint64_t hash, const struct signature *s)
{
    size_t at = hash & (TABLE - 1);
    for (; v->table[at]; at = (at + 1) & (TABLE - 1)) {
        const struct remembered *r = &v->items[v->table[at] - 1];
        if (r->hash == hash && r->n_classes == s->n && memcmp(r->words, s->classes, s->n * sizeof *s->classes) == 0)
            break;
    }
    return &v->table[at];
}

static struct verdict recall(const struct verdicts *v, uint32_t place)
{
    const struct remembered *r = &v->items[place - 1];
    const uint32_t *hits = r->words + r->n_classes;
    return (struct verdict){hits, r->n_hits, hits + r->n_hits, r->n_open};
}

static uint32_t *append(uint32_t *at, const uint32_t *words, size_t n)
{
    if (n)
        memcpy(at, words, n * sizeof *words);
    return at + n;
}

static void remember(struct verdicts *v, uint32_t *place, uint64_t hash, const struct signature *s, const struct draft *d)
{
    uint32_t *words = arena_try(&v->pool, (s->n + d->hits.n + d->open.n) * sizeof *words);
    if (!words)
        return;
    append(append(append(words, s->classes, s->n), d->hits.items, d->hits.n), d->open.items, d->open.n);
    v->items[v->n] = (struct remembered){hash, words, (uint32_t)s->n, (uint32_t)d->hits.n, (uint32_t)d->open.n};
    *place = (uint32_t)++v->n;
}

// --- working out ------------------------------------------------------------------------------------------------------------------

static void judge(struct matcher *m, uint32_t rule, struct draft *d)
{
    enum truth truth = matcher_judge(m, m->plan->rules[rule].condition);
    if (truth == TRUE_)
        *vec_push(&d->hits) = rule;
    else if (truth == UNKNOWN_)
        *vec_push(&d->open) = guard_decides(m, rule) ? rule | OPEN_GUARDED : rule;
    m->counters.evaluated++;
}

static void work_out(struct matcher *m, struct draft *d)
{
    d->hits.n = d->open.n = 0;
    filter_rules(m);
    for (size_t w = 0; w < m->plan->words; w++)
        for (uint64_t rest = m->possible[w]; rest; rest &= rest - 1)
            judge(m, (uint32_t)(w * 64 + (unsigned)__builtin_ctzll(rest)), d);
}

static struct verdict as_verdict(const struct draft *d)
{
    return (struct verdict){d->hits.items, d->hits.n, d->open.items, d->open.n};
}

struct verdict verdict_outside(struct matcher *m)
{
    struct verdicts *v = m->verdicts;
    struct signature *s = &m->signature;
    classes_begin(m);
    make_room(v, classes_generation(m->classes));
    s->n = 0;
    v->known = classes_read(m, 0, s);
    if (!v->known) {
        work_out(m, &v->outside);
        return as_verdict(&v->outside);
    }
    s->classes[s->n++] = m->has_bodies; // there is room for it
    v->outside_hash = hash_from(s, 0, s->n);
    uint32_t *place = find(v, v->outside_hash, s);
    if (*place)
        return recall(v, *place);
    m->blind = true;
    work_out(m, &v->outside);
    m->blind = false;
    remember(v, place, v->outside_hash, s, &v->outside);
    return as_verdict(&v->outside);
}

bool verdict_inside(struct matcher *m, const struct verdict *outside, struct verdict *out)
{
    struct verdicts *v = m->verdicts;
    struct signature *s = &m->signature;
    size_t n = s->n;
    if (!v->known || !classes_read(m, m->n_outside, s))
        return false;
    uint64_t hash = hash_from(s, n, v->outside_hash);
    uint32_t *place = find(v, hash, s);
    if (*place) {
        *out = recall(v, *place);
        return true;
    }
    v->inside.hits.n = v->inside.open.n = 0;
    matcher_forget(m); // what was found out with open eyes
    m->blind = true;
    for (size_t i = 0; i < outside->n_open; i++)
        judge(m, outside->open[i] & ~OPEN_GUARDED, &v->inside);
    m->blind = false;
    remember(v, place, hash, s, &v->inside);
    *out = as_verdict(&v->inside);
    return true;
}
