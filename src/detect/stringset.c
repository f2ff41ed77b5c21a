// SPDX-License-Identifier: Apache-2.0
#include "detect/stringset.h"

#include "base/map.h"
#include "base/status.h"
#include "base/vec.h"
#include "detect/literals.h"

#include <stdlib.h>

enum { LITERALS_MIN = 6 }; // fewer parts of texts are compared one by one
#define NO_ID UINT32_MAX

struct string_set {
    const struct pattern *const *patterns;
    size_t n;
    struct arena arena;
    struct map exact;       // folded text -> first id + 1; further ones in same[]
    uint32_t *same;         // by id: the next pattern with the same folded text
    VEC(uint32_t) numbers;  // equal by number: asked when a value is not spelled in the plain way
    VEC(uint32_t) networks; // the value is read as an address once
    VEC(uint32_t) single;   // one by one
    struct literals *parts; // parts of texts, or NULL
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
    if (p->op == PATTERN_REGEX)
        return p->literal;
    if (p->op != PATTERN_GLOB)
        return longest;
    for (size_t i = 0; i < p->n_glob; i++)
        if (p->glob[i].kind == GLOB_LITERAL && p->glob[i].text.len > longest.len)
            longest = p->glob[i].text;
    return longest;
}

static bool has_literal(const struct pattern *p)
{
    return p->op != PATTERN_EQUALS && needed_part(p).len >= LITERAL_MIN;
}

static void sort_in(struct string_set *s, uint32_t id, bool with_literals)
{
    const struct pattern *p = s->patterns[id];
    if (p->op == PATTERN_EQUALS) {
        add_exact(s, id);
        if (p->number_too)
            *vec_push(&s->numbers) = id;
    } else if (p->op == PATTERN_CIDR) {
        *vec_push(&s->networks) = id;
    } else if (with_literals && has_literal(p)) {
        literals_add(s->parts, needed_part(p), id);
    } else {
        *vec_push(&s->single) = id;
    }
}

struct string_set *string_set_new(const struct pattern *const *patterns, size_t n)
{
    must(n < NO_ID);
    struct string_set *s = must_alloc(calloc(1, sizeof *s));
    size_t n_literals = 0;
    arena_init(&s->arena, ARENA_UNLIMITED);
    s->patterns = patterns;
    s->n = n;
    s->same = arena_array(&s->arena, uint32_t, n);
    for (size_t i = 0; i < n; i++)
        n_literals += has_literal(patterns[i]);
    if (n_literals >= LITERALS_MIN)
        s->parts = literals_new(n_literals);
    for (size_t i = 0; i < n; i++)
        sort_in(s, (uint32_t)i, s->parts);
    if (s->parts)
        literals_seal(s->parts);
    return s;
}

void string_set_free(struct string_set *s)
{
    if (!s)
        return;
    literals_free(s->parts);
    map_fini(&s->exact);
    vec_fini(&s->numbers);
    vec_fini(&s->networks);
    vec_fini(&s->single);
    arena_fini(&s->arena);
    free(s);
}

size_t string_set_count(const struct string_set *s)
{
    return s->n;
}

struct asking {
    const struct string_set *set;
    struct scalar value;
    const struct string_set_query *query;
    uint64_t *tried; // patterns found by a part of theirs, a bit each; NULL: none yet
};

// Confirms and tells; false when nobody wants more.
static bool tell(const struct asking *a, uint32_t id)
{
    return !pattern_matches(a->set->patterns[id], a->value, a->query->gave_up) || a->query->hit(a->query->context, id);
}

// A part may stand in many places; its pattern is tried once.
static bool on_part(void *context, uint32_t id)
{
    struct asking *a = context;
    if (!a->tried)
        a->tried = arena_array(a->query->arena, uint64_t, a->set->n / 64 + 1);
    uint64_t bit = (uint64_t)1 << id % 64;
    if (a->tried[id / 64] & bit)
        return true;
    a->tried[id / 64] |= bit;
    return tell(a, id);
}

static bool ask_exact(const struct asking *a)
{
    const struct string_set *s = a->set;
    const uint64_t *first = s->exact.n ? map_get(&s->exact, arena_lower(a->query->arena, a->value.text)) : NULL;
    for (uint32_t id = first ? (uint32_t)*first - 1 : NO_ID; id != NO_ID; id = s->same[id])
        if (!tell(a, id))
            return false;
    return true;
}

// Numbers that are equal though their texts are not: those with equal texts were told by ask_exact.
static bool ask_numbers(const struct asking *a)
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

static bool ask_networks(const struct asking *a)
{
    uint8_t address[16];
    if (!a->set->networks.n || a->value.kind != JSON_STRING || !address_parse(a->value.text, address))
        return true;
    for (size_t i = 0; i < a->set->networks.n; i++) {
        const uint32_t id = a->set->networks.items[i];
        if (cidr_contains(&a->set->patterns[id]->cidr, address) && !a->query->hit(a->query->context, id))
            return false;
    }
    return true;
}

void string_set_ask(const struct string_set *s, struct scalar value, const struct string_set_query *query)
{
    struct asking a = {s, value, query, NULL};
    if (value.text.ptr && (!ask_exact(&a) || !ask_numbers(&a) || !ask_networks(&a)))
        return;
    for (size_t i = 0; i < s->single.n; i++)
        if (!tell(&a, s->single.items[i]))
            return;
    if (s->parts && value.text.ptr)
        literals_find(s->parts, value.text, on_part, &a);
}
