// SPDX-License-Identifier: Apache-2.0
#include "trial.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

struct dictionary *trial_dictionary(void)
{
    static const struct str text = STR("stream: trial\n"
                                       "logsource:\n"
                                       "  - {product: kubernetes}\n"
                                       "deferred: [body, spec.containers]\n"
                                       "fields:\n"
                                       "  t.ranked: {path: [a.b, [body.a, list.a], c], about: x}\n"
                                       "  t.image: {path: [body.containers.image, containers.image], about: x}\n"
                                       "  t.account: {of: t.image, transform: image_account, about: x}\n"
                                       "  t.first: {path: addresses, pick: first, about: x}\n"
                                       "  t.last: {path: [addresses, list], pick: last, transform: first_word, about: x}\n"
                                       "  t.deferred: {path: [body.spec.a, spec.a], many: true, about: x}\n"
                                       "  t.many: {path: [c, body.c], many: true, about: x}\n"
                                       "scopes:\n"
                                       "  t.element:\n"
                                       "    path: [body.containers, [containers, list]]\n"
                                       "    about: x\n"
                                       "    fields:\n"
                                       "      image.account: {path: image, transform: image_account, about: x}\n");
    struct dictionary *d;
    struct diags diags;
    diags_init(&diags);
    must(dictionary_load(&d, (struct yaml_source){.name = STR("trial.yml"), .text = text}, &diags) == ST_OK);
    diags_fini(&diags);
    return d;
}

static void add_matcher(struct trial *t, const char *name, bool strict)
{
    const struct json_simd *simd = json_simd_find(str_from_c(name));
    if (!simd)
        return; // not on this processor
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    limits.strict = strict;
    limits.depth = JSON_DEPTH_MAX;
    t->names[t->n_matchers] = name;
    t->matchers[t->n_matchers++] = matcher_new_with(t->plan, limits, simd);
}

bool trial_init(struct trial *t, const struct dictionary *d, const struct yaml_source *sources, size_t n,
                const struct placeholders *placeholders, bool strict, struct diags *diags)
{
    static const char *const names[TRIAL_MATCHERS_MAX] = {"plain", "sse2", "avx2", "avx512"};
    struct rule_options options = {.dictionary = d, .placeholders = placeholders};
    *t = (struct trial){.dictionary = d, .strict = strict};
    arena_init(&t->arena, ARENA_UNLIMITED);
    (void)!ruleset_load(&t->rules, sources, n, &options, diags);
    t->expected = must_alloc(calloc(t->rules->n + 1, sizeof *t->expected));
    bool good = plan_new(&t->plan, t->rules, d, NULL, 0, diags) == ST_OK;
    for (size_t i = 0; i < TRIAL_MATCHERS_MAX && good; i++)
        add_matcher(t, names[i], strict);
    return good;
}

void trial_fini(struct trial *t)
{
    for (size_t i = 0; i < t->n_matchers; i++)
        matcher_free(t->matchers[i]);
    plan_free(t->plan);
    ruleset_free(t->rules);
    arena_fini(&t->arena);
    free(t->expected);
    free(t->padded);
}

// The record as a line; behind it lies what would be read as more of it.
static void pad(struct trial *t, struct str record)
{
    if (record.len + 1 + JSON_PADDING > t->padded_size) {
        t->padded_size = 2 * record.len + 1 + JSON_PADDING;
        t->padded = must_alloc(realloc(t->padded, t->padded_size));
    }
    if (record.len)
        memcpy(t->padded, record.ptr, record.len);
    t->padded[record.len] = '\n';
    for (size_t i = 0; i < JSON_PADDING; i++)
        t->padded[record.len + 1 + i] = "\"},{:[]\\0"[i % 9];
}

// As a line of many, or as one record; a record with newlines in it can only be read as the latter.
static bool read_fast(struct trial *t, struct matcher *m, struct str record, struct json_error *error)
{
    const char *next, *end = t->padded + record.len + 1;
    if (record.len % 2 || str_find_char(record, '\n', 0) != SIZE_MAX)
        return matcher_record(m, str_make(t->padded, record.len), error) == JSON_OK;
    bool good = matcher_line(m, t->padded, end, &next, error) == JSON_OK;
    must(next == end);
    return good;
}

static void ask_oracle(struct trial *t, const struct tree *tree)
{
    for (size_t r = 0; r < t->rules->n; r++) {
        const struct rule *rule = &t->rules->rules[r];
        t->expected[r] = rule->kind == RULE_DETECTION && dictionary_takes(t->dictionary, rule->product, rule->category, rule->service) &&
                         oracle_condition(t->dictionary, rule->condition, tree, &t->arena);
        t->hits += t->expected[r];
    }
}

static bool same_hits(const struct trial *t, const struct matcher *m, struct difference *out)
{
    size_t n, at = 0;
    const uint32_t *hits = matcher_hits(m, &n);
    for (uint32_t r = 0; r < t->rules->n; r++) {
        bool hit = at < n && hits[at] == r;
        at += hit;
        if (hit != t->expected[r]) {
            out->rule = r;
            out->expected = t->expected[r];
            return false;
        }
    }
    out->rule = UINT32_MAX;
    return at == n; // ascending, each once, all of them rules
}

enum trial_result trial_record(struct trial *t, struct str record, struct difference *out)
{
    arena_reset(&t->arena);
    *out = (struct difference){0};
    const struct tree *tree = oracle_parse(&t->arena, record);
    if (tree)
        ask_oracle(t, tree);
    pad(t, record);
    for (size_t i = 0; i < t->n_matchers; i++) {
        struct json_error error = {0};
        bool accepted = read_fast(t, t->matchers[i], record, &error);
        out->simd = t->names[i];
        out->reason = error.reason;
        if (tree ? !accepted : accepted && t->strict)
            return TRIAL_READ;
        if (tree && !same_hits(t, t->matchers[i], out))
            return TRIAL_DIFFERENT;
    }
    return tree ? TRIAL_SAME : TRIAL_NOT_JSON;
}
