// SPDX-License-Identifier: Apache-2.0
// Values and their classes. Logs repeat themselves: the same users, agents, verbs and resources come again and again. Which patterns a
// value satisfies is worked out once and remembered by the value's bytes; values that satisfy the same ones are of one class. The memory
// is a fixed table: a stream of ever new values costs time, never room, and never changes an answer.
#include "detect/matcher.h"

#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
    PLACES = 1 << 14,      // remembered values, over all features
    KEYS_MAX = 1 << 21,    // their bytes
    KEY_MAX = 1 << 13,     // longer values are worked out each time,
    VALUE_MAX = 1 << 16,   // and those above are not classed at all
    CLASSES_MAX = 1 << 14, // distinct classes kept
    TABLE = CLASSES_MAX * 2,
    TRUE_MAX = 1 << 18, // patterns that are true of them, in all

    // Of a feature that brought more than so many new values in a span of so many records only the presence is looked at for some spans:
    // it tells more of single records than of their kind, and learning its values costs more than looking at them when a rule asks.
    SPAN = 1 << 12,
    NEWS_MAX = SPAN / 12,
    SPANS_OUT = 64,
};

#define NO_CLASS UINT32_MAX

// Short values are known by their first and last eight bytes and their length alone.
enum { WORDS_MAX = 16 };

struct known_value {
    uint64_t head, tail; // first and last bytes of the value
    uint64_t about;      // length, feature and kind; 0: a free place
    uint32_t class;      // index into classes
    uint32_t key;        // of a value longer than WORDS_MAX: where its bytes are among the keys
};

struct class
{
    uint32_t feature;
    uint32_t kind;    // of what its values are as containers and null: what they are beyond the patterns
    uint32_t from, n; // of the patterns that are true, ascending
};

// A value about to be looked up.
struct lookup {
    uint64_t head, tail, about;
    const char *ptr;
    size_t len;
};

struct classes {
    struct known_value *places;
    struct buf keys;
    struct class *classes;
    size_t n_classes;
    uint32_t *table; // of classes by what they are: index + 1
    VEC(uint32_t) true_of;
    VEC(uint32_t) fresh;                 // the patterns that are true of the value at hand
    struct watched {                     // by feature
        bool presence_only;              // only whether something is there is looked at, and what kind of thing
        uint32_t news;                   // new values met in this span
        uint32_t there[JSON_OBJECT + 1]; // by kind: class + 1 of such a value when only that is looked at
    } * watched;
    size_t n_watched;
    uint32_t records; // of this span
    uint32_t spans;
    bool full;           // of values or classes: start over with the next record
    uint64_t generation; // counts how often everything was forgotten
};

static void let_all_in(struct matcher *m, struct classes *c)
{
    const struct plan *p = m->plan;
    for (size_t i = 0; i < p->n_features; i++)
        c->watched[i].presence_only = p->features[i].varies;
    for (size_t f = 0; f < p->n_fields; f++)
        m->hidden[f] = p->fields[f].varies;
}

struct classes *classes_new(struct matcher *m)
{
    const struct plan *p = m->plan;
    must(p->n_features <= UINT16_MAX);
    struct classes *c = must_alloc(calloc(1, sizeof *c));
    c->places = must_alloc(calloc(PLACES, sizeof *c->places));
    buf_init(&c->keys, KEYS_MAX);
    c->classes = must_alloc(calloc(CLASSES_MAX, sizeof *c->classes));
    c->table = must_alloc(calloc(TABLE, sizeof *c->table));
    c->watched = must_alloc(calloc(p->n_features + 1, sizeof *c->watched));
    c->n_watched = p->n_features;
    let_all_in(m, c);
    return c;
}

void classes_free(struct classes *c)
{
    if (!c)
        return;
    free(c->places);
    buf_fini(&c->keys);
    free(c->classes);
    free(c->table);
    free(c->watched);
    vec_fini(&c->true_of);
    vec_fini(&c->fresh);
    free(c);
}

// Room ran out, or a feature is left out: everything is forgotten and learnt anew.
static void start_over(struct classes *c)
{
    memset(c->places, 0, PLACES * sizeof *c->places);
    memset(c->table, 0, TABLE * sizeof *c->table);
    for (size_t i = 0; i < c->n_watched; i++)
        memset(c->watched[i].there, 0, sizeof c->watched[i].there);
    buf_clear(&c->keys);
    c->n_classes = 0;
    c->true_of.n = 0;
    c->full = false;
    c->generation++;
}

// --- classes ----------------------------------------------------------------------------------------------------------------------

static int ascending(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

// The order in which patterns are found true means nothing, nor does it how often.
static void tidy_fresh(struct classes *c)
{
    size_t n = 0;
    if (c->fresh.n > 1)
        qsort(c->fresh.items, c->fresh.n, sizeof *c->fresh.items, ascending);
    for (size_t i = 0; i < c->fresh.n; i++)
        if (n == 0 || c->fresh.items[n - 1] != c->fresh.items[i])
            c->fresh.items[n++] = c->fresh.items[i];
    c->fresh.n = n;
}

static uint32_t kind_of(const struct json_view *v)
{
    return v->kind == JSON_NULL || v->kind >= JSON_ARRAY ? v->kind : JSON_STRING;
}

static bool is_class(const struct classes *c, const struct class *one, uint32_t feature, uint32_t kind)
{
    return one->feature == feature && one->kind == kind && one->n == c->fresh.n &&
           (one->n == 0 || memcmp(c->true_of.items + one->from, c->fresh.items, one->n * sizeof *c->fresh.items) == 0);
}

// The class of what is in `fresh`; NO_CLASS when there is no room for it.
static uint32_t intern(struct classes *c, uint32_t feature, uint32_t kind)
{
    uint64_t hash = hash_mix(feature, kind);
    if (c->fresh.n)
        hash ^= str_hash(str_make((const char *)c->fresh.items, c->fresh.n * sizeof *c->fresh.items));
    size_t at = hash & (TABLE - 1);
    for (; c->table[at]; at = (at + 1) & (TABLE - 1))
        if (is_class(c, &c->classes[c->table[at] - 1], feature, kind))
            return c->table[at] - 1;
    if (c->n_classes == CLASSES_MAX || c->true_of.n > TRUE_MAX) {
        c->full = true;
        return NO_CLASS;
    }
    c->classes[c->n_classes] = (struct class){feature, kind, (uint32_t)c->true_of.n, (uint32_t)c->fresh.n};
    for (size_t i = 0; i < c->fresh.n; i++)
        *vec_push(&c->true_of) = c->fresh.items[i];
    c->table[at] = (uint32_t)++c->n_classes;
    return (uint32_t)c->n_classes - 1;
}

// --- what is true of a value ------------------------------------------------------------------------------------------------------

struct noting {
    struct classes *classes;
    uint32_t first;
};

static bool note_true(void *context, uint32_t pattern)
{
    struct noting *n = context;
    *vec_push(&n->classes->fresh) = n->first + pattern;
    return true;
}

static void ask_field(struct matcher *m, const struct plan_field *f, struct scalar value)
{
    struct noting noting = {m->classes, f->first_asked};
    struct string_set_query query = {&m->arena, note_true, &noting, &m->gave_up};
    struct transform_out out = {.arena = &m->arena};
    if (!f->field->transform || value.kind != JSON_STRING) {
        string_set_ask(f->asked, value, &query);
        return;
    }
    field_derive(f->field, value.text, &out);
    for (size_t i = 0; i < out.n; i++)
        string_set_ask(f->asked, (struct scalar){JSON_STRING, out.items[i]}, &query);
}

static void work_out(struct matcher *m, const struct plan_feature *feature, const struct json_view *v)
{
    struct scalar value;
    m->classes->fresh.n = 0;
    (void)!matcher_scalar(m, v, &value);
    for (size_t i = 0; i < feature->n_fields; i++) {
        const struct plan_field *f = &m->plan->fields[feature->fields[i]];
        if (f->asked)
            ask_field(m, f, value);
    }
    tidy_fresh(m->classes);
}

// --- remembered values ------------------------------------------------------------------------------------------------------------

static uint64_t first_bytes(const char *p, size_t len)
{
    uint64_t word;
    memcpy(&word, p, sizeof word); // a record has room behind it (JSON_PADDING)
    return len >= 8 ? word : word & ~(UINT64_MAX << (len * 8));
}

static inline struct lookup look_up(uint32_t feature, const struct json_view *v)
{
    size_t len = v->len;
    return (struct lookup){
        .head = first_bytes(v->ptr, len),
        .tail = first_bytes(len > 8 ? v->ptr + len - 8 : v->ptr, len),
        .about = (uint64_t)len << 32 | (uint64_t)feature << 8 | v->kind | 0x80,
        .ptr = v->ptr,
        .len = len,
    };
}

static inline uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Every byte counts: what tells service accounts or reasons apart stands anywhere between what all of them begin and end with.
static inline uint64_t hash_of(const struct lookup *l)
{
    const uint64_t k1 = 0x9e3779b97f4a7c15u, k2 = 0xd6e8feb86659fd93u;
    uint64_t hash = fold(l->head ^ k1, l->tail ^ k2 ^ l->about);
    for (size_t i = 8; i + 8 < l->len; i += 16) {
        const char *first = l->ptr + i, *last = l->ptr + l->len - 8;
        hash = fold(hash ^ first_bytes(first, 8), k1 ^ first_bytes(first + 8 < last ? first + 8 : last, 8));
    }
    return hash;
}

static inline bool is_it(const struct classes *c, const struct known_value *k, const struct lookup *l)
{
    return k->head == l->head && k->tail == l->tail && k->about == l->about &&
           (l->len <= WORDS_MAX || memcmp(c->keys.ptr + k->key, l->ptr, l->len) == 0);
}

// In the second place if the first is taken.
static void remember(struct classes *c, struct known_value *first, const struct lookup *l, uint32_t class)
{
    struct known_value *k = first->about ? first + 1 : first;
    if (l->len > KEYS_MAX - c->keys.len) {
        c->full = true;
        return;
    }
    *k = (struct known_value){l->head, l->tail, l->about, class, (uint32_t)c->keys.len};
    if (l->len > WORDS_MAX)
        buf_add(&c->keys, str_make(l->ptr, l->len));
}

// A value of which a regular expression gave up is not remembered: it shall give up, and be counted, each time.
static uint32_t learn(struct matcher *m, uint32_t feature, const struct json_view *v, const struct lookup *l, struct known_value *first)
{
    struct classes *c = m->classes;
    if (l->len > VALUE_MAX)
        return NO_CLASS;
    bool gave_up_before = m->gave_up;
    m->gave_up = false;
    work_out(m, &m->plan->features[feature], v);
    uint32_t class = intern(c, feature, kind_of(v));
    c->watched[feature].news++;
    if (l->len <= KEY_MAX && class != NO_CLASS && !m->gave_up)
        remember(c, first, l, class);
    m->gave_up = m->gave_up || gave_up_before;
    return class;
}

static inline uint32_t class_of(struct matcher *m, uint32_t feature, const struct json_view *v)
{
    struct classes *c = m->classes;
    struct lookup l = look_up(feature, v);
    struct known_value *first = &c->places[hash_of(&l) >> 32 & (PLACES - 2)];
    if (__builtin_expect(is_it(c, first, &l), 1))
        return first->class;
    if (is_it(c, first + 1, &l))
        return first[1].class;
    return learn(m, feature, v, &l, first);
}

// That something is there, whatever it says. NO_CLASS when there is no room.
static inline uint32_t presence_of(struct classes *c, uint32_t feature, const struct json_view *v)
{
    uint32_t *there = &c->watched[feature].there[v->kind];
    if (__builtin_expect(*there == 0, 0)) {
        c->fresh.n = 0;
        *there = intern(c, feature, v->kind) + 1; // NO_CLASS + 1 is 0: asked again
    }
    return *there - 1;
}

// --- records ----------------------------------------------------------------------------------------------------------------------

static void leave_out(struct matcher *m, const struct plan_feature *feature)
{
    m->classes->watched[feature - m->plan->features].presence_only = true;
    for (size_t i = 0; i < feature->n_fields; i++)
        m->hidden[feature->fields[i]] = true;
}

// What is remembered holds for the features that were looked at.
static void end_span(struct matcher *m)
{
    struct classes *c = m->classes;
    bool changed = ++c->spans % SPANS_OUT == 0;
    if (changed)
        let_all_in(m, c);
    for (size_t i = 0; i < m->plan->n_features; i++) {
        if (c->watched[i].news > NEWS_MAX) {
            leave_out(m, &m->plan->features[i]);
            changed = true;
        }
        c->watched[i].news = 0;
    }
    if (changed)
        start_over(c);
    c->records = 0;
}

void classes_begin(struct matcher *m)
{
    struct classes *c = m->classes;
    if (++c->records == SPAN)
        end_span(m);
    if (c->full)
        start_over(c);
}

bool classes_read(struct matcher *m, size_t from, struct signature *s)
{
    struct classes *c = m->classes;
    const uint32_t *feature_of = m->plan->feature_of;
    size_t n;
    const struct json_view *views = json_scan_views(m->scan, &n);
    for (size_t i = from; i < n; i++) {
        uint32_t feature = feature_of[views[i].slot], class;
        if (feature == UINT32_MAX)
            continue;
        if (!c->watched[feature].presence_only)
            class = class_of(m, feature, &views[i]);
        else if (json_scan_first(m->scan, views[i].slot) == &views[i])
            class = presence_of(c, feature, &views[i]);
        else
            continue;
        if (class == NO_CLASS || s->n == SIGNATURE_MAX)
            return false;
        s->classes[s->n++] = class;
    }
    return true;
}

uint64_t classes_generation(const struct classes *c)
{
    return c->generation;
}
