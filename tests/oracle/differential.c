// SPDX-License-Identifier: Apache-2.0
// Does the fast engine find the same rules as the slow one, on every instruction set?
//
// Usage: differential [FIRST-SEED [CASES [dump]]]. A case is a random rule set and eighty random records; dump prints them.
#include "oracle_jansson.h"
#include "shrink.h"

#include "base/status.h"
#include "generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RULES_USUAL = 12, RULES_MAX = 100, RECORDS = 80 };

struct totals {
    uint64_t rules, refused, records, hits, broken, opinions;
};

struct test_case {
    struct specimen specimen;
    struct arena arena;
    struct buf text;
    struct chance chance;
    struct str whole; // the last record that was not damaged
};

static void make_rules(struct test_case *c, bool dictionary)
{
    struct specimen *s = &c->specimen;
    s->n_rules = 1 + chance_below(&c->chance, chance_below(&c->chance, 20) ? RULES_USUAL : RULES_MAX);
    s->rules = arena_array(&c->arena, struct str, s->n_rules + 1);
    for (size_t i = 0; i < s->n_rules; i++) {
        buf_clear(&c->text);
        generate_rule(&c->chance, &c->text, (unsigned)i, dictionary);
        s->rules[i] = arena_str(&c->arena, buf_str(&c->text));
    }
}

// Every other one is nearly the one before it: the fast engine remembers what it found out about records of the same kind. Some are
// damaged: then both must say so, where they are strict.
static struct str make_record(struct test_case *c)
{
    if (c->whole.len && chance_below(&c->chance, 2))
        generate_relative(&c->chance, c->whole, &c->text);
    else
        generate_record(&c->chance, &c->text);
    must(!c->text.full);
    c->whole = arena_str(&c->arena, buf_str(&c->text));
    if (chance_below(&c->chance, 12) == 0)
        c->text.ptr[chance_below(&c->chance, (unsigned)c->text.len)] = "\0\"\\{}[],:x\x80\xff\n"[chance_below(&c->chance, 13)];
    return buf_str(&c->text);
}

// NUL bytes and all.
static void show(const char *what, struct str text)
{
    printf("%s", what);
    fwrite(text.ptr, 1, text.len, stdout);
    printf("\n");
}

static void report(struct test_case *c, uint64_t seed)
{
    struct specimen *s = &c->specimen;
    struct difference what = {0};
    size_t rule_of;
    s->record = arena_str(&c->arena, s->record);
    if (!specimen_differs(s, &what, &rule_of)) {
        printf("seed %llu: the engines differ only after other records\n", (unsigned long long)seed);
        show("record: ", s->record);
        return;
    }
    specimen_shrink(s, &c->arena);
    (void)!specimen_differs(s, &what, &rule_of);
    printf("seed %llu, %s dictionary, %s, %s\n", (unsigned long long)seed, dictionary_stream(s->dictionary).len == 5 ? "trial" : "generic",
           s->strict ? "strict" : "not strict", what.simd ? what.simd : "?");
    for (size_t i = 0; i < s->n_rules; i++)
        printf("--- rule\n%.*s", STR_ARG(s->rules[i]));
    show("--- record\n", s->record);
    if (what.rule == UINT32_MAX || rule_of == SIZE_MAX)
        printf("--- expected a record that %s, got %s\n", what.reason ? "is read" : "is refused", what.reason ? what.reason : "it read");
    else
        printf("--- expected %s, got %s\n", what.expected ? "a hit" : "no hit", what.expected ? "none" : "one");
}

// As jansson_describe does.
static void describe(const struct tree *v, struct buf *out)
{
    double number = 0;
    if (v->key.ptr) {
        buf_addf(out, "\"%zu:", v->key.len);
        buf_add(out, v->key);
    }
    if (v->kind == JSON_NUMBER && str_to_double(v->text, &number))
        buf_addf(out, "#%.17g", number);
    if (v->kind == JSON_STRING) {
        buf_addf(out, "\"%zu:", v->text.len);
        buf_add(out, v->text);
    }
    if (v->kind != JSON_NUMBER && v->kind != JSON_STRING)
        buf_add_char(out, "nft  [{"[v->kind]);
    for (const struct tree *member = v->first; member; member = member->next)
        describe(member, out);
    if (v->kind == JSON_ARRAY || v->kind == JSON_OBJECT)
        buf_add_char(out, v->kind == JSON_ARRAY ? ']' : '}');
}

static bool check_reading(struct test_case *c, struct totals *totals)
{
    struct arena arena;
    struct buf ours, theirs;
    arena_init(&arena, ARENA_UNLIMITED);
    buf_init(&ours, 1 << 22);
    buf_init(&theirs, 1 << 22);
    bool good = true;
    bool nul = memchr(c->specimen.record.ptr, 0, c->specimen.record.len); // jansson takes one behind a real number for its end
    if (!nul && jansson_describe(c->specimen.record, &theirs)) {
        const struct tree *tree = oracle_parse(&arena, c->specimen.record);
        if (tree)
            describe(tree, &ours);
        good = tree && str_eq(buf_str(&ours), buf_str(&theirs));
        totals->opinions++;
    }
    if (!good)
        show("the oracle and jansson read this differently: ", c->specimen.record);
    buf_fini(&ours);
    buf_fini(&theirs);
    arena_fini(&arena);
    return good;
}

static bool run_records(struct test_case *c, struct trial *t, uint64_t seed, bool dump, struct totals *totals)
{
    for (unsigned i = 0; i < RECORDS; i++) {
        struct difference what;
        c->specimen.record = make_record(c);
        if (dump)
            show("--- record\n", c->specimen.record);
        enum trial_result result = trial_record(t, c->specimen.record, &what);
        totals->records++;
        totals->broken += result == TRIAL_NOT_JSON;
        if (result == TRIAL_DIFFERENT || result == TRIAL_READ) {
            report(c, seed);
            return false;
        }
        if (!check_reading(c, totals))
            return false;
    }
    totals->hits += t->hits;
    return true;
}

static bool run_case(const struct dictionary *dictionary, uint64_t seed, bool dump, struct totals *totals)
{
    struct test_case c = {.chance = {seed}};
    struct yaml_source sources[RULES_MAX];
    struct trial t;
    struct diags diags;
    arena_init(&c.arena, ARENA_UNLIMITED);
    buf_init(&c.text, 1 << 20);
    diags_init(&diags);
    c.specimen.dictionary = dictionary;
    c.specimen.strict = chance_below(&c.chance, 2);
    make_rules(&c, dictionary_stream(dictionary).len == 5);
    for (size_t i = 0; i < c.specimen.n_rules; i++)
        sources[i] = (struct yaml_source){.name = STR("rule.yml"), .text = c.specimen.rules[i]};
    bool good = trial_init(&t, dictionary, sources, c.specimen.n_rules, NULL, c.specimen.strict, &diags);
    struct buf said;
    buf_init(&said, 1 << 20);
    for (size_t i = 0; i < diags.n && (dump || !good); i++)
        diag_write(&said, &diags.items[i]);
    printf("%.*s", STR_ARG(buf_str(&said)));
    for (size_t i = 0; i < c.specimen.n_rules && dump; i++)
        printf("--- rule\n%.*s", STR_ARG(c.specimen.rules[i]));
    totals->rules += t.rules->n;
    totals->refused += c.specimen.n_rules - t.rules->n;
    good = good && run_records(&c, &t, seed, dump, totals);
    buf_fini(&said);
    trial_fini(&t);
    diags_fini(&diags);
    buf_fini(&c.text);
    arena_fini(&c.arena);
    return good;
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, cases = argc > 2 ? strtoull(argv[2], NULL, 10) : 200;
    bool dump = argc > 3, good = true;
    struct dictionary *dictionaries[] = {dictionary_generic(), trial_dictionary()};
    struct totals totals = {0};
    uint64_t done = 0;
    for (; done < cases && good; done++)
        good = run_case(dictionaries[(first + done) % 2], first + done, dump, &totals);
    printf("%llu cases from seed %llu: %llu rules (%llu refused), %llu records (%llu not JSON, %llu read by jansson too), %llu hits: %s\n",
           (unsigned long long)done, (unsigned long long)first, (unsigned long long)totals.rules, (unsigned long long)totals.refused,
           (unsigned long long)totals.records, (unsigned long long)totals.broken, (unsigned long long)totals.opinions,
           (unsigned long long)totals.hits, good ? "the same everywhere" : "DIFFERENT");
    dictionary_free(dictionaries[0]);
    dictionary_free(dictionaries[1]);
    if (good && cases >= 100 && totals.hits < totals.records) {
        printf("too few hits: the test tests nothing\n");
        good = false;
    }
    return good ? 0 : 1;
}
