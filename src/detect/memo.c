// SPDX-License-Identifier: Apache-2.0
// Logs repeat themselves: the same users, agents, verbs and resources come again and again. What a value means to a filter (the rules it
// keeps, kills and chooses) is worked out once and remembered by the value's bytes. The memory is a fixed table: a stream of ever new
// values costs time, never room, and never changes an answer.
#include "detect/matcher.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

enum {
    PLACES = 1 << 14,   // remembered values, over all filters
    KEYS_MAX = 1 << 20, // their bytes
    KEY_MAX = 1024,     // longer values are worked out each time
    SETS_MAX = 1 << 12, // distinct sets kept
    SETS_TABLE = 1 << 13,
};

// Short values are known by their first and last eight bytes and their length alone.
enum { WORDS_MAX = 16 };

struct remembered {
    uint64_t head, tail; // first and last bytes of the value
    uint64_t about;      // length, filter and kind; 0: a free place
    uint32_t set;        // index into sets
    uint32_t key;        // of a value longer than WORDS_MAX: where its bytes are among the keys
};

// A value about to be looked up.
struct lookup {
    uint64_t head, tail, about;
    const char *ptr;
    size_t len;
};

struct memo {
    struct remembered *places;
    char *keys;
    size_t keys_used;
    uint64_t *sets;  // n_sets * width
    uint32_t *table; // of sets by their bytes: index + 1
    size_t n_sets, cap_sets;
    size_t words;     // of a set of rules
    size_t width;     // of what is kept of a value: its FILTER_SETS sets, and what they leave possible when it is the only value
    uint64_t *fresh;  // where the sets of a value are worked out
    uint64_t *united; // where the sets of several values are joined
    uint64_t *chosen; // of this record: rules whose choice has held
};

struct memo *memo_new(const struct plan *p)
{
    must(p->n_filters <= UINT16_MAX);
    struct memo *memo = must_alloc(calloc(1, sizeof *memo));
    memo->words = p->words;
    memo->width = p->words * (FILTER_SETS + 1);
    memo->places = must_alloc(calloc(PLACES, sizeof *memo->places));
    memo->keys = must_alloc(malloc(KEYS_MAX));
    memo->table = must_alloc(calloc(SETS_TABLE, sizeof *memo->table));
    memo->fresh = must_alloc(calloc(memo->width + 1, sizeof *memo->fresh));
    memo->united = must_alloc(calloc(memo->width + 1, sizeof *memo->united));
    memo->chosen = must_alloc(calloc(p->words + 1, sizeof *memo->chosen));
    return memo;
}

void memo_free(struct memo *memo)
{
    if (!memo)
        return;
    free(memo->places);
    free(memo->keys);
    free(memo->sets);
    free(memo->table);
    free(memo->fresh);
    free(memo->united);
    free(memo->chosen);
    free(memo);
}

// Room ran out: everything is forgotten and learnt anew.
static void start_over(struct memo *memo)
{
    memset(memo->places, 0, PLACES * sizeof *memo->places);
    memset(memo->table, 0, SETS_TABLE * sizeof *memo->table);
    memo->keys_used = 0;
    memo->n_sets = 0;
}

struct marking {
    const struct plan_filter *filter;
    uint64_t *sets;
    size_t words;
};

static bool mark_rules(void *context, uint32_t pattern)
{
    struct marking *m = context;
    for (int set = 0; set < FILTER_SETS; set++) {
        const struct rule_list *list = &m->filter->lists[pattern][set];
        for (size_t i = 0; i < list->n; i++)
            m->sets[(size_t)set * m->words + list->rules[i] / 64] |= (uint64_t)1 << list->rules[i] % 64;
    }
    return true;
}

static void work_out(struct matcher *m, const struct plan_filter *filter, struct scalar value, uint64_t *set)
{
    struct marking marking = {.filter = filter, .words = m->plan->words};
    marking.sets = set;
    struct string_set_query query = {m->scratch, &m->arena, mark_rules, &marking, &m->gave_up};
    string_set_ask(filter->set, value, &query);
}

// A value as it stands in the record: what it is derived to counts.
static void work_out_view(struct matcher *m, const struct plan_filter *filter, const struct json_view *v, uint64_t *set)
{
    const struct field *field = m->plan->fields[filter->field].field;
    struct transform_out out = {.arena = &m->arena};
    struct scalar value;
    (void)!matcher_scalar(m, v, &value);
    if (!field->transform || value.kind != JSON_STRING) {
        work_out(m, filter, value, set);
        return;
    }
    field_derive(field, value.text, &out);
    for (size_t i = 0; i < out.n; i++)
        work_out(m, filter, (struct scalar){JSON_STRING, out.items[i]}, set);
}

// The same sets again get the same index: few are distinct.
static uint32_t intern(struct memo *memo, const uint64_t *sets)
{
    size_t bytes = memo->width * sizeof *sets;
    size_t at = str_hash(str_make((const char *)sets, bytes)) & (SETS_TABLE - 1);
    for (; memo->table[at]; at = (at + 1) & (SETS_TABLE - 1))
        if (memcmp(memo->sets + (memo->table[at] - 1) * memo->width, sets, bytes) == 0)
            return memo->table[at] - 1;
    if (memo->n_sets == memo->cap_sets) {
        memo->cap_sets = memo->cap_sets ? memo->cap_sets * 2 : 64;
        memo->sets = must_alloc(reallocarray(memo->sets, memo->cap_sets, bytes));
    }
    memcpy(memo->sets + memo->n_sets * memo->width, sets, bytes);
    memo->table[at] = (uint32_t)++memo->n_sets;
    return (uint32_t)memo->n_sets - 1;
}

static uint64_t first_bytes(const char *p, size_t len)
{
    uint64_t word;
    memcpy(&word, p, sizeof word); // a record has room behind it (JSON_PADDING)
    return len >= 8 ? word : word & ~(UINT64_MAX << (len * 8));
}

static struct lookup look_up(uint32_t filter, const struct json_view *v)
{
    size_t len = v->len;
    return (struct lookup){
        .head = first_bytes(v->ptr, len),
        .tail = first_bytes(len > 8 ? v->ptr + len - 8 : v->ptr, len),
        .about = (uint64_t)len << 32 | (uint64_t)filter << 8 | v->kind | 0x80,
        .ptr = v->ptr,
        .len = len,
    };
}

// Long values that begin and end alike (user agents, reasons) are told apart by their middle.
static uint64_t hash_of(const struct lookup *l)
{
    uint64_t middle = l->len > WORDS_MAX ? first_bytes(l->ptr + (l->len - 8) / 2, 8) : 0;
    return hash_mix(l->head ^ (middle << 21 | middle >> 43) ^ l->about, l->tail + l->about);
}

static inline bool is_it(const struct memo *memo, const struct remembered *r, const struct lookup *l)
{
    return r->head == l->head && r->tail == l->tail && r->about == l->about &&
           (l->len <= WORDS_MAX || memcmp(memo->keys + r->key, l->ptr, l->len) == 0);
}

static void remember(struct memo *memo, struct remembered *r, const struct lookup *l)
{
    if (memo->n_sets == SETS_MAX || memo->keys_used + l->len > KEYS_MAX)
        start_over(memo);
    *r = (struct remembered){l->head, l->tail, l->about, intern(memo, memo->fresh), (uint32_t)memo->keys_used};
    if (l->len <= WORDS_MAX)
        return;
    memcpy(memo->keys + memo->keys_used, l->ptr, l->len);
    memo->keys_used += l->len;
}

// What the sets of one value leave possible, behind them.
static void conclude(const struct memo *memo, const struct plan_filter *filter, uint64_t *sets)
{
    size_t words = memo->words;
    for (size_t w = 0; w < words; w++)
        sets[FILTER_SETS * words + w] = (sets[KEPT * words + w] | filter->base[w]) & ~sets[KILLED * words + w];
}

// Works it out; remembers it, in the second place if the first is taken.
static const uint64_t *learn(struct matcher *m, uint32_t filter, const struct json_view *v, const struct lookup *l,
                             struct remembered *first)
{
    struct memo *memo = m->memo;
    memset(memo->fresh, 0, memo->width * sizeof *memo->fresh);
    work_out_view(m, &m->plan->filters[filter], v, memo->fresh);
    conclude(memo, &m->plan->filters[filter], memo->fresh);
    if (l->len <= KEY_MAX && v->kind < JSON_ARRAY)
        remember(memo, first->about ? first + 1 : first, l);
    return memo->fresh;
}

// The rules that this value of the filter keeps, kills and chooses.
static inline const uint64_t *sets_of(struct matcher *m, uint32_t filter, const struct json_view *v)
{
    struct memo *memo = m->memo;
    struct lookup l = look_up(filter, v);
    struct remembered *first = &memo->places[hash_of(&l) >> 32 & (PLACES - 2)];
    if (__builtin_expect(is_it(memo, first, &l), 1))
        return memo->sets + first->set * memo->width;
    if (is_it(memo, first + 1, &l))
        return memo->sets + first[1].set * memo->width;
    return learn(m, filter, v, &l, first);
}

// A field with one light path: its values follow from the views one by one, so that each can be remembered.
static bool is_simple(const struct plan_field *f)
{
    return f->n_paths == 1 && !f->paths[0].deferred;
}

static void add_sets(uint64_t *to, const uint64_t *sets, size_t width)
{
    for (size_t w = 0; w < width; w++)
        to[w] |= sets[w];
}

// What the only value, or all values of a field together, leave possible. False: nothing.
static bool narrow(struct matcher *m, const struct plan_filter *filter, const uint64_t *sets)
{
    size_t words = m->plan->words;
    const uint64_t *left = sets + FILTER_SETS * words, *chosen = sets + CHOSEN * words;
    uint64_t any = 0;
    for (size_t w = 0; w < words; w++)
        any |= m->possible[w] &= left[w];
    for (size_t w = 0; filter->has_choices && w < words; w++)
        m->memo->chosen[w] |= chosen[w];
    return any != 0;
}

static bool narrow_absent(struct matcher *m, const struct plan_filter *filter)
{
    uint64_t any = 0;
    for (size_t w = 0; w < m->plan->words; w++)
        any |= m->possible[w] &= filter->base[w];
    return any != 0;
}

// First or last of an array's elements; containers themselves do not count, if there is anything else.
static const struct json_view *pick_view(const struct json_scan *scan, const struct json_view *v, enum field_pick pick)
{
    const struct json_view *found = NULL;
    for (; v; v = json_scan_next(scan, v))
        if (v->kind < JSON_ARRAY && (!found || pick == PICK_LAST))
            found = v;
    return found;
}

static bool narrow_simple(struct matcher *m, uint32_t index)
{
    const struct plan_filter *filter = &m->plan->filters[index];
    const struct plan_field *f = &m->plan->fields[filter->field];
    const struct json_view *v = json_scan_first(m->scan, f->paths[0].slot);
    if (!v)
        return narrow_absent(m, filter);
    if (v->next == JSON_NO_VIEW)
        return narrow(m, filter, sets_of(m, index, v));
    const struct json_view *picked = f->field->pick == PICK_ALL ? NULL : pick_view(m->scan, v, f->field->pick);
    if (picked)
        return narrow(m, filter, sets_of(m, index, picked));
    memset(m->memo->united, 0, m->memo->width * sizeof *m->memo->united);
    for (; v; v = json_scan_next(m->scan, v))
        if (v->kind != JSON_ARRAY) // no pattern is true of an array: its elements are the values
            add_sets(m->memo->united, sets_of(m, index, v), m->memo->width);
    conclude(m->memo, filter, m->memo->united);
    return narrow(m, filter, m->memo->united);
}

static bool narrow_derived(struct matcher *m, uint32_t index)
{
    const struct plan_filter *filter = &m->plan->filters[index];
    const struct field_values *values;
    if (!matcher_values(m, filter->field, &values)) { // the bodies will tell
        memset(m->memo->chosen, 0xff, m->plan->words * sizeof *m->memo->chosen);
        return true;
    }
    memset(m->memo->united, 0, m->memo->width * sizeof *m->memo->united);
    for (uint32_t i = 0; i < values->n; i++)
        work_out(m, filter, values->items[i], m->memo->united);
    conclude(m->memo, filter, m->memo->united);
    return narrow(m, filter, m->memo->united);
}

bool memo_filter(struct matcher *m)
{
    const struct plan *p = m->plan;
    uint64_t any = 0;
    for (size_t w = 0; w < p->words; w++) {
        m->possible[w] = m->has_bodies ? UINT64_MAX : p->bodiless[w];
        m->memo->chosen[w] = p->no_choice[w];
    }
    if (p->n_rules % 64)
        m->possible[p->words - 1] &= ((uint64_t)1 << p->n_rules % 64) - 1;
    for (uint32_t i = 0; i < p->n_filters; i++) {
        bool left = is_simple(&p->fields[p->filters[i].field]) ? narrow_simple(m, i) : narrow_derived(m, i);
        if (!left)
            return false;
    }
    for (size_t w = 0; w < p->words; w++)
        any |= m->possible[w] &= m->memo->chosen[w];
    return any != 0;
}
