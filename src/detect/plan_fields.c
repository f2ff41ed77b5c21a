// SPDX-License-Identifier: Apache-2.0
// Fields, scopes and tests of a plan, each distinct one once.
#include "detect/plan_build.h"

#include "base/map.h"

#include <stdlib.h>

uint32_t build_field(struct builder *b, struct str name)
{
    bool added;
    uint64_t *index = map_put(&b->field_names, name, &added);
    if (added)
        *index = build_add_field(b, dictionary_field(b->plan->dictionary, name, &b->plan->arena));
    return (uint32_t)*index;
}

static int by_rank(const void *a, const void *b)
{
    const struct plan_path *x = a, *y = b;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

uint32_t build_add_field(struct builder *b, const struct field *field)
{
    struct plan_field *f = vec_push(&b->fields);
    f->field = field;
    f->n_paths = field->n_paths;
    f->paths = arena_array(&b->plan->arena, struct plan_path, field->n_paths);
    for (size_t i = 0; i < field->n_paths; i++) {
        b->too_many_paths = b->too_many_paths || json_trie_slots(b->plan->trie) >= SLOTS_MAX;
        f->paths[i].slot = b->too_many_paths ? 0 : json_trie_add(b->plan->trie, field->paths[i].keys, field->paths[i].n);
        f->paths[i].path = (uint32_t)i;
        f->paths[i].rank = field->paths[i].rank;
    }
    qsort(f->paths, f->n_paths, sizeof *f->paths, by_rank);
    return (uint32_t)b->fields.n - 1;
}

static void add_bytes(struct buf *out, const void *p, size_t n)
{
    buf_add(out, str_make(p, n));
}

static void add_text(struct buf *out, struct str s)
{
    add_bytes(out, &s.len, sizeof s.len);
    buf_add(out, s);
}

// Two patterns with the same bytes here answer the same of every value.
static void describe(struct buf *out, const struct pattern *p)
{
    uint32_t words[] = {p->op, p->cased, p->number_too, p->regex_flags, p->compare, p->date, p->how, p->cidr.bits, (uint32_t)p->n_glob};
    add_bytes(out, words, sizeof words);
    add_bytes(out, &p->number, sizeof p->number);
    add_text(out, p->text);
    if (p->op == PATTERN_CIDR)
        add_bytes(out, p->cidr.address, sizeof p->cidr.address);
    for (size_t i = 0; i < p->n_glob; i++) {
        uint32_t kind = p->glob[i].kind;
        add_bytes(out, &kind, sizeof kind);
        add_text(out, p->glob[i].text);
    }
}

uint32_t build_test(struct builder *b, uint32_t field, const struct pattern *pattern)
{
    buf_clear(&b->scratch);
    add_bytes(&b->scratch, &field, sizeof field);
    describe(&b->scratch, pattern);
    must(!b->scratch.full);
    const uint64_t *known = map_get(&b->test_names, buf_str(&b->scratch));
    if (known)
        return (uint32_t)*known;
    *map_put(&b->test_names, arena_str(&b->plan->arena, buf_str(&b->scratch)), NULL) = b->tests.n;
    *vec_push(&b->tests) = (struct plan_test){
        .field = field,
        .place = UINT32_MAX,
        .other = pattern->op == PATTERN_FIELD ? build_field(b, pattern->text) : UINT32_MAX,
        .pattern = pattern,
    };
    return (uint32_t)b->tests.n - 1;
}

uint32_t build_set(struct builder *b, uint32_t field, const struct pattern *const *patterns, size_t n)
{
    buf_clear(&b->scratch);
    add_bytes(&b->scratch, &field, sizeof field);
    for (size_t i = 0; i < n; i++)
        describe(&b->scratch, patterns[i]);
    must(!b->scratch.full);
    const uint64_t *known = map_get(&b->set_names, buf_str(&b->scratch));
    if (known)
        return (uint32_t)*known;
    *map_put(&b->set_names, arena_str(&b->plan->arena, buf_str(&b->scratch)), NULL) = b->field_sets.n;
    struct string_set *set = string_set_new(patterns, n);
    *vec_push(&b->sets) = set;
    *vec_push(&b->field_sets) = (struct plan_set){field, set};
    return (uint32_t)b->field_sets.n - 1;
}

bool build_is_about_a_value(const struct node *n)
{
    // EXISTS is true of a field that is there, even when its strings derive to nothing: no value tells that.
    return n->kind == NODE_TEST && n->pattern.op != PATTERN_NULL && n->pattern.op != PATTERN_EXISTS && n->pattern.op != PATTERN_FIELD;
}

// A scope that is not in the dictionary is a path to an array.
const struct scope *plan_scope(const struct dictionary *d, struct str name, struct arena *a)
{
    const struct scope *known = dictionary_scope(d, name);
    if (known)
        return known;
    const struct field *field = dictionary_field(d, name, a);
    struct scope *scope = arena_new(a, struct scope);
    *scope = (struct scope){.name = name, .paths = field->paths, .n_paths = field->n_paths};
    return scope;
}
