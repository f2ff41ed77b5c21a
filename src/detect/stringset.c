// SPDX-License-Identifier: Apache-2.0
#include "detect/stringset.h"

#include "base/map.h"
#include "base/vec.h"

#include <stdlib.h>

enum {
    SCAN_MIN = 40,     // fewer parts of texts are compared one by one: that is fast enough, and compiling a database is not
    LITERAL_MAX = 1024 // longer ones are compared one by one
};
#define NO_ID UINT32_MAX

struct string_set {
    const struct pattern *const *patterns;
    size_t n;
    struct arena arena;
    struct map exact;      // folded text -> first id + 1; further ones in same[]
    uint32_t *same;        // by id: the next pattern with the same folded text
    VEC(uint32_t) numbers; // equal by number: asked when a value is not spelled in the plain way
    VEC(uint32_t) single;  // one by one
    hs_database_t *parts;  // literals as parts of texts, or NULL
    VEC(uint32_t) part_ids;
};

// Digits without a leading zero: such a number is equal to another such one exactly when the texts are.
static bool is_plain_number(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)(s.ptr[i] - '0') > 9)
            return false;
    return s.len && (s.ptr[0] != '0' || s.len == 1);
}

static void add_exact(struct string_set *s, uint32_t id)
{
    uint64_t *first = map_put(&s->exact, arena_lower(&s->arena, s->patterns[id]->text), NULL);
    s->same[id] = *first ? (uint32_t)*first - 1 : NO_ID;
    *first = (uint64_t)id + 1;
}

// The literal that every matching value must contain; len 0 if there is none worth looking for.
static struct str needed_part(const struct pattern *p)
{
    struct str longest = STR_NONE;
    if (p->op == PATTERN_CONTAINS || p->op == PATTERN_PREFIX || p->op == PATTERN_SUFFIX)
        return p->text;
    if (p->op != PATTERN_GLOB)
        return longest;
    for (size_t i = 0; i < p->n_glob; i++)
        if (p->glob[i].kind == GLOB_LITERAL && p->glob[i].text.len > longest.len)
            longest = p->glob[i].text;
    return longest;
}

static void sort_in(struct string_set *s, uint32_t id)
{
    const struct pattern *p = s->patterns[id];
    struct str part = needed_part(p);
    if (p->op == PATTERN_EQUALS) {
        add_exact(s, id);
        if (p->number_too)
            *vec_push(&s->numbers) = id;
    } else if (part.len >= 2 && part.len <= LITERAL_MAX) {
        *vec_push(&s->part_ids) = id;
    } else {
        *vec_push(&s->single) = id;
    }
}

// Every byte as \xHH: no byte of a literal means anything to the expression parser.
static struct str as_expression(struct arena *a, const struct pattern *p)
{
    struct str part = needed_part(p);
    struct buf text;
    buf_init(&text, part.len * 4 + 8);
    if (p->op == PATTERN_PREFIX)
        buf_add_char(&text, '^');
    for (size_t i = 0; i < part.len; i++)
        buf_addf(&text, "\\x%02x", (unsigned char)part.ptr[i]);
    struct str copy = arena_str(a, buf_str(&text));
    buf_fini(&text);
    return copy;
}

static bool compile_parts(struct string_set *s)
{
    size_t n = s->part_ids.n;
    const char **expressions = arena_array(&s->arena, const char *, n);
    unsigned *flags = arena_array(&s->arena, unsigned, n), *ids = arena_array(&s->arena, unsigned, n);
    for (size_t i = 0; i < n; i++) {
        const struct pattern *p = s->patterns[s->part_ids.items[i]];
        expressions[i] = as_expression(&s->arena, p).ptr;
        flags[i] = HS_FLAG_SINGLEMATCH | HS_FLAG_DOTALL | (p->cased ? 0 : HS_FLAG_CASELESS);
        ids[i] = s->part_ids.items[i];
    }
    hs_compile_error_t *error = NULL;
    if (hs_compile_multi(expressions, flags, ids, (unsigned)n, HS_MODE_BLOCK, NULL, &s->parts, &error) == HS_SUCCESS)
        return true;
    hs_free_compile_error(error);
    s->parts = NULL;
    return false;
}

struct string_set *string_set_new(const struct pattern *const *patterns, size_t n)
{
    must(n < NO_ID);
    struct string_set *s = must_alloc(calloc(1, sizeof *s));
    arena_init(&s->arena, ARENA_UNLIMITED);
    s->patterns = patterns;
    s->n = n;
    s->same = arena_array(&s->arena, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        sort_in(s, (uint32_t)i);
    if (s->part_ids.n < SCAN_MIN || !compile_parts(s)) {
        for (size_t i = 0; i < s->part_ids.n; i++)
            *vec_push(&s->single) = s->part_ids.items[i];
        s->part_ids.n = 0;
    }
    return s;
}

void string_set_free(struct string_set *s)
{
    if (!s)
        return;
    hs_free_database(s->parts);
    map_fini(&s->exact);
    vec_fini(&s->numbers);
    vec_fini(&s->single);
    vec_fini(&s->part_ids);
    arena_fini(&s->arena);
    free(s);
}

void string_set_prepare(const struct string_set *s, hs_scratch_t **scratch)
{
    if (s->parts)
        must(hs_alloc_scratch(s->parts, scratch) == HS_SUCCESS);
}

struct asking {
    const struct string_set *set;
    struct scalar value;
    const struct string_set_query *query;
    bool stopped;
};

// Confirms and tells; false when nobody wants more.
static bool tell(struct asking *a, uint32_t id)
{
    if (!a->stopped && pattern_matches(a->set->patterns[id], a->value, a->query->gave_up))
        a->stopped = !a->query->hit(a->query->context, id);
    return !a->stopped;
}

static int on_part(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    (void)from, (void)to, (void)flags;
    return !tell(context, id);
}

static bool ask_exact(struct asking *a)
{
    const struct string_set *s = a->set;
    const uint64_t *first = s->exact.n ? map_get(&s->exact, arena_lower(a->query->arena, a->value.text)) : NULL;
    for (uint32_t id = first ? (uint32_t)*first - 1 : NO_ID; id != NO_ID; id = s->same[id])
        if (!tell(a, id))
            return false;
    return true;
}

// Numbers that are equal though their texts are not: those with equal texts were told by ask_exact.
static bool ask_numbers(struct asking *a)
{
    bool plain = is_plain_number(a->value.text);
    for (size_t i = 0; i < a->set->numbers.n; i++) {
        uint32_t id = a->set->numbers.items[i];
        struct str text = a->set->patterns[id]->text;
        if ((!plain || !is_plain_number(text)) && !str_eq_ci(text, a->value.text) && !tell(a, id))
            return false;
    }
    return true;
}

void string_set_ask(const struct string_set *s, struct scalar value, const struct string_set_query *query)
{
    struct asking a = {s, value, query, false};
    if (value.text.ptr && (!ask_exact(&a) || !ask_numbers(&a)))
        return;
    for (size_t i = 0; i < s->single.n; i++)
        if (!tell(&a, s->single.items[i]))
            return;
    if (s->parts && value.text.len)
        (void)hs_scan(s->parts, value.text.ptr, (unsigned)value.text.len, 0, query->scratch, on_part, &a);
}
