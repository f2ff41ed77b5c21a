// SPDX-License-Identifier: Apache-2.0
// Features: the paths whose values rules ask about, and all that they ask of them.
#include "detect/plan_build.h"

// A pattern that a single value satisfies or not.
static bool is_of_a_value(const struct pattern *p)
{
    return p->op != PATTERN_NULL && p->op != PATTERN_EXISTS && p->op != PATTERN_FIELD;
}

// How many patterns each field is compared with.
static uint32_t *count_asked(struct builder *b, struct arena *a)
{
    uint32_t *n = arena_array(a, uint32_t, b->fields.n);
    for (size_t i = 0; i < b->tests.n; i++)
        n[b->tests.items[i].field] += is_of_a_value(b->tests.items[i].pattern);
    return n;
}

static void gather_patterns(struct builder *b, const uint32_t *counts, struct arena *a)
{
    struct arena *keep = &b->plan->arena;
    const struct pattern ***patterns = arena_array(a, const struct pattern **, b->fields.n);
    uint32_t *n = arena_array(a, uint32_t, b->fields.n);
    for (size_t f = 0; f < b->fields.n; f++)
        patterns[f] = arena_array(keep, const struct pattern *, counts[f]);
    for (size_t i = 0; i < b->tests.n; i++) {
        struct plan_test *t = &b->tests.items[i];
        if (!is_of_a_value(t->pattern))
            continue;
        t->place = n[t->field]++;
        patterns[t->field][t->place] = t->pattern;
    }
    for (size_t f = 0; f < b->fields.n; f++) {
        if (!n[f])
            continue;
        b->fields.items[f].asked = string_set_new(patterns[f], n[f]);
        b->fields.items[f].first_asked = (uint32_t)b->plan->n_asked;
        b->plan->n_asked += n[f];
        *vec_push(&b->sets) = b->fields.items[f].asked;
    }
}

static struct plan_feature *feature_at(struct plan *p, uint32_t slot)
{
    uint32_t *index = &p->feature_of[slot];
    if (*index == UINT32_MAX) {
        *index = (uint32_t)p->n_features++;
        p->features[*index] = (struct plan_feature){.slot = slot, .varies = true}; // as far as is known
    }
    return &p->features[*index];
}

// Nearly every record has another value on one of its paths.
static bool varies(const struct builder *b, const struct plan_field *f)
{
    for (size_t i = 0; i < f->n_paths; i++)
        if (dictionary_path_varies(b->plan->dictionary, &f->field->paths[f->paths[i].path]))
            return true;
    return false;
}

static void add_field(struct builder *b, uint32_t field)
{
    const struct plan_field *f = &b->fields.items[field];
    for (size_t i = 0; i < f->n_paths; i++) {
        struct plan_feature *feature = feature_at(b->plan, f->paths[i].slot);
        feature->varies = feature->varies && f->varies;
        if (feature->n_fields % 8 == 0) {
            uint32_t *more = arena_array(&b->plan->arena, uint32_t, feature->n_fields + 8);
            for (size_t k = 0; k < feature->n_fields; k++)
                more[k] = feature->fields[k];
            feature->fields = more;
        }
        feature->fields[feature->n_fields++] = field;
    }
}

void build_features(struct builder *b)
{
    struct plan *p = b->plan;
    size_t slots = json_trie_slots(p->trie);
    struct arena scratch;
    arena_init(&scratch, ARENA_UNLIMITED);
    gather_patterns(b, count_asked(b, &scratch), &scratch);
    p->features = arena_array(&p->arena, struct plan_feature, slots);
    p->feature_of = arena_array(&p->arena, uint32_t, slots);
    for (size_t i = 0; i < slots; i++)
        p->feature_of[i] = UINT32_MAX;
    bool *tested = arena_array(&scratch, bool, b->fields.n);
    for (size_t i = 0; i < b->tests.n; i++)
        tested[b->tests.items[i].field] = true;
    for (uint32_t f = 0; f < b->fields.n; f++) {
        b->fields.items[f].varies = varies(b, &b->fields.items[f]);
        if (tested[f])
            add_field(b, f);
    }
    arena_fini(&scratch);
}
