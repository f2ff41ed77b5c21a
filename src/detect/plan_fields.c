// SPDX-License-Identifier: Apache-2.0
// Fields and tests of a plan, each distinct one once.
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
        f->paths[i].rank = field->paths[i].rank;
    }
    qsort(f->paths, f->n_paths, sizeof *f->paths, by_rank);
    return (uint32_t)b->fields.n - 1;
}

// Two patterns with the same text here answer the same of every value.
static void describe(struct buf *out, const struct pattern *p)
{
    buf_addf(out, "%d %d %d %u %d %.17g %d %d %u %zu:", p->op, p->cased, p->number_too, p->regex_flags, p->compare, p->number, p->date, p->how,
             p->cidr.bits, p->text.len);
    buf_add(out, p->text);
    if (p->op == PATTERN_CIDR)
        buf_add(out, str_make((const char *)p->cidr.address, sizeof p->cidr.address));
    for (size_t i = 0; i < p->n_glob; i++) {
        buf_addf(out, " %d %zu:", p->glob[i].kind, p->glob[i].text.len);
        buf_add(out, p->glob[i].text);
    }
}

uint32_t build_test(struct builder *b, uint32_t field, const struct pattern *pattern)
{
    buf_clear(&b->scratch);
    buf_addf(&b->scratch, "%u ", field);
    describe(&b->scratch, pattern);
    must(!b->scratch.full);
    const uint64_t *known = map_get(&b->test_names, buf_str(&b->scratch));
    if (known)
        return (uint32_t)*known;
    *map_put(&b->test_names, arena_str(&b->plan->arena, buf_str(&b->scratch)), NULL) = b->tests.n;
    *vec_push(&b->tests) = (struct plan_test){
        .field = field,
        .other = pattern->op == PATTERN_FIELD ? build_field(b, pattern->text) : UINT32_MAX,
        .pattern = pattern,
    };
    return (uint32_t)b->tests.n - 1;
}
