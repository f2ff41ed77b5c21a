// SPDX-License-Identifier: Apache-2.0
// Do both engines find the same rules in a real log? By hand, with the rules that matter:
//
//   compare DICTIONARY LOG.jsonl PLACEHOLDERS... -- RULE.yml...
//
// Says where they differ and what they found; the oracle takes some milliseconds a record.
#include "trial.h"

#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 1 << 30 };

static struct str read_file(struct arena *a, const char *name)
{
    FILE *file = fopen(name, "rb");
    if (!file) {
        perror(name);
        exit(3);
    }
    struct buf text;
    char block[65536];
    buf_init(&text, FILE_MAX);
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
        buf_add(&text, str_make(block, got));
    fclose(file);
    struct str copy = arena_str(a, buf_str(&text));
    buf_fini(&text);
    return copy;
}

static struct yaml_source source_of(struct arena *a, const char *name)
{
    return (struct yaml_source){.name = str_from_c(name), .text = read_file(a, name)};
}

static void print_diags(const struct diags *diags)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    for (size_t i = 0; i < diags->n; i++)
        diag_write(&text, &diags->items[i]);
    fprintf(stderr, "%.*s", STR_ARG(buf_str(&text)));
    buf_fini(&text);
}

static size_t compare_lines(struct trial *t, struct str log)
{
    size_t records = 0, differences = 0;
    while (log.ptr) {
        struct difference what;
        struct str line = str_split(&log, '\n');
        if (!line.len)
            continue;
        records++;
        enum trial_result result = trial_record(t, line, &what);
        if (result == TRIAL_SAME || result == TRIAL_NOT_JSON)
            continue;
        differences++;
        struct str id = result == TRIAL_DIFFERENT ? t->rules->rules[what.rule].id : STR("not read");
        printf("record %zu, %s: %.*s, the oracle says %s\n", records, what.simd, STR_ARG(id), what.expected ? "hit" : "no hit");
    }
    printf("%zu records, %zu rules, %llu hits, %zu differences\n", records, t->rules->n, (unsigned long long)t->hits, differences);
    return differences;
}

int main(int argc, char **argv)
{
    struct arena a;
    struct diags diags;
    struct dictionary *dictionary;
    struct placeholders placeholders = {0};
    struct trial t;
    arena_init(&a, ARENA_UNLIMITED);
    diags_init(&diags);
    int at = 3;
    status st = argc > 4 ? dictionary_load(&dictionary, source_of(&a, argv[1]), &diags) : ST_USAGE;
    for (; st == ST_OK && at < argc && strcmp(argv[at], "--") != 0; at++)
        st = placeholders_load(&placeholders, &a, source_of(&a, argv[at]), &diags);
    if (st != ST_OK || at >= argc) {
        print_diags(&diags);
        fprintf(stderr, "usage: compare DICTIONARY LOG.jsonl PLACEHOLDERS... -- RULE.yml...\n");
        return 2;
    }
    size_t n = (size_t)(argc - at - 1);
    struct yaml_source *sources = arena_array(&a, struct yaml_source, n + 1);
    for (size_t i = 0; i < n; i++)
        sources[i] = source_of(&a, argv[(size_t)at + 1 + i]);
    bool ready = trial_init(&t, dictionary, sources, n, &placeholders, false, &diags);
    print_diags(&diags);
    size_t differences = ready ? compare_lines(&t, read_file(&a, argv[2])) : 1;
    trial_fini(&t);
    dictionary_free(dictionary);
    diags_fini(&diags);
    arena_fini(&a);
    return differences ? 1 : 0;
}
