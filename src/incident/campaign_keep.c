// SPDX-License-Identifier: Apache-2.0
// A compact copy of what campaigns need of an incident, in one piece of memory, bounded whatever the incident claims.
#include "incident/campaign_private.h"

#include "base/identity.h"
#include "base/status.h"

#include <stdlib.h>
#include <string.h>

// Packing happens twice with the same calls: without memory, to learn how much is needed, and with it.
struct packer {
    char *memory; // NULL: only the size is wanted
    size_t size;
    struct campaigns_counters *counters; // counted when there is memory
};

static void *take(struct packer *p, size_t size)
{
    void *at = p->memory ? p->memory + p->size : NULL;
    p->size += (size + 7) & ~(size_t)7;
    return at;
}

static struct str put(struct packer *p, struct str s, struct str tail)
{
    if (!s.ptr)
        return STR_NONE;
    char *copy = take(p, s.len + tail.len);
    if (!copy)
        return s;
    if (s.len)
        memcpy(copy, s.ptr, s.len);
    if (tail.len)
        memcpy(copy + s.len, tail.ptr, tail.len);
    return str_make(copy, s.len + tail.len);
}

static struct str put_text(struct packer *p, struct str s)
{
    if (s.len > CAMPAIGN_TEXT_MAX && p->memory)
        p->counters->cut_texts++;
    return put(p, str_slice(s, 0, CAMPAIGN_TEXT_MAX), STR_NONE);
}

// A text that stands for itself: when it is too long, what it was is told by a hash at its end.
static struct str put_value(struct packer *p, struct str s)
{
    char tail[18];
    struct buf b;
    if (s.len <= CAMPAIGN_TEXT_MAX)
        return put(p, s, STR_NONE);
    buf_init(&b, sizeof tail);
    buf_addf(&b, "~%016llx", (unsigned long long)identity_hash(s));
    memcpy(tail, b.ptr, b.len);
    struct str value = put(p, str_slice(s, 0, CAMPAIGN_TEXT_MAX - b.len), str_make(tail, b.len));
    buf_fini(&b);
    p->counters->cut_texts += p->memory != NULL;
    return value;
}

static size_t bounded(size_t n, size_t max, uint64_t *dropped)
{
    *dropped += n > max ? n - max : 0;
    return n > max ? max : n;
}

// --- indicators --------------------------------------------------------------------------------------------------------------------

static bool find_kind(struct str type, enum indicator_kind *out)
{
    for (int k = 0; k < INDICATOR_KINDS; k++)
        if (str_eq(type, kind_facts[k].name)) {
            *out = (enum indicator_kind)k;
            return true;
        }
    return false;
}

static int by_kind(const void *a, const void *b)
{
    return sign_compare(a, b);
}

// What is known of the incident, each once; kinds are in the order of what they say, so the weakest are those beyond the limit.
static struct sign *gather(const struct incident *x, size_t *n)
{
    struct sign *signs = must_alloc(calloc(x->n_indicators + 1, sizeof *signs));
    size_t found = 0;
    for (size_t i = 0; i < x->n_indicators; i++)
        if (x->indicators[i].value.len && find_kind(x->indicators[i].type, &signs[found].kind))
            signs[found++].value = x->indicators[i].value;
    qsort(signs, found, sizeof *signs, by_kind);
    *n = 0;
    for (size_t i = 0; i < found; i++)
        if (i == 0 || sign_compare(&signs[i], &signs[*n - 1]) != 0)
            signs[(*n)++] = signs[i];
    return signs;
}

static void put_signs(struct packer *p, struct member *m, const struct sign *signs, size_t n)
{
    uint64_t dropped = 0;
    m->n_signs = bounded(n, CAMPAIGN_INDICATORS_MAX, &dropped);
    m->signs = take(p, m->n_signs * sizeof *m->signs);
    for (size_t i = 0; i < m->n_signs; i++) {
        struct sign kept = {signs[i].kind, put_value(p, signs[i].value)};
        if (m->signs)
            m->signs[i] = kept;
    }
    if (m->signs) {
        p->counters->dropped_indicators += dropped;
        qsort(m->signs, m->n_signs, sizeof *m->signs, by_kind); // shortened ones may have changed places
    }
}

// --- the clean-up ------------------------------------------------------------------------------------------------------------------

static void put_fixes(struct packer *p, struct member *m, const struct incident_cause *cause)
{
    m->cause = put_text(p, cause->object);
    m->n_fixes = bounded(cause->n_fix, CAMPAIGN_FIXES_MAX, &m->dropped);
    m->fixes = take(p, m->n_fixes * sizeof *m->fixes);
    for (size_t i = 0; i < m->n_fixes; i++) {
        struct str fix = put_text(p, cause->fix[i]);
        if (m->fixes)
            m->fixes[i] = fix;
    }
}

static void put_leftovers(struct packer *p, struct member *m, const struct incident *x)
{
    m->n_leftovers = bounded(x->n_leftovers, CAMPAIGN_LEFTOVERS_MAX, &m->dropped);
    m->leftovers = take(p, m->n_leftovers * sizeof *m->leftovers);
    for (size_t i = 0; i < m->n_leftovers; i++) {
        const struct incident_leftover *l = &x->leftovers[i];
        struct campaign_leftover kept = {put_text(p, l->object), put_text(p, l->why), put_text(p, l->fix), l->certainty};
        if (m->leftovers)
            m->leftovers[i] = kept;
    }
}

static struct member pack(struct packer *p, const struct incident *x, const struct sign *signs, size_t n)
{
    struct member m = {.certainty = x->vector.certainty};
    m.told = (struct campaign_incident){
        .id = put_value(p, x->id),
        .cluster = put_value(p, x->cluster),
        .title = put_text(p, x->title),
        .severity = x->severity,
        .first = x->first,
        .last = x->last < x->first ? x->first : x->last,
    };
    m.vector = put_text(p, x->vector.verdict);
    put_fixes(p, &m, &x->cause);
    put_leftovers(p, &m, x);
    put_signs(p, &m, signs, n);
    return m;
}

struct member *member_new(const struct incident *incident, struct campaigns_counters *counters)
{
    size_t n;
    struct sign *signs = gather(incident, &n);
    struct packer p = {.counters = counters};
    (void)take(&p, sizeof(struct member));
    (void)pack(&p, incident, signs, n);
    size_t bytes = p.size;
    p = (struct packer){must_alloc(calloc(1, bytes)), 0, counters};
    struct member *m = take(&p, sizeof *m);
    *m = pack(&p, incident, signs, n);
    must(p.size == bytes);
    m->bytes = bytes;
    m->hash = hash_mix(identity_hash(m->told.cluster), identity_hash(m->told.id));
    free(signs);
    return m;
}
