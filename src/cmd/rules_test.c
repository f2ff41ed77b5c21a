// SPDX-License-Identifier: Apache-2.0
// davy rules test: the hits and misses that stand beside rules.
#include "cmd/rules.h"
#include "content/content.h"
#include "engine/trial/scenario.h"
#include "os/os.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 16 << 20, DEPTH_MAX = 32, FILES_MAX = 100000 };

enum { OPT_STREAM, OPT_PLACEHOLDERS };
static const struct arg_spec options[] = {STREAM_OPTION(OPT_STREAM), PLACEHOLDERS_OPTION(OPT_PLACEHOLDERS)};

struct testing {
    struct pack *pack;
    struct trial *trial;
    const struct yaml_value *base;
    struct arena arena;
    struct diags diags;
    struct scenario_counts counts;
    bool *tested;
};

static status run_file(struct testing *t, struct str path)
{
    struct buf text;
    buf_init(&text, FILE_MAX);
    status result = os_read_file(path, FILE_MAX, &text, &t->diags);
    if (result == ST_OK)
        result = scenario_run(t->trial, t->pack->rules, t->base, (struct yaml_source){.name = path, .text = buf_str(&text)}, t->tested,
                              &t->counts, &t->diags);
    buf_fini(&text);
    return result;
}

static status run_directory(struct testing *t, struct str path, struct str stream)
{
    struct os_entry *entries;
    size_t n;
    TRY(os_walk(&t->arena, path, (struct os_walk_limits){.depth = DEPTH_MAX, .entries = FILES_MAX}, &entries, &n, &t->diags));
    for (size_t i = 0; i < n; i++)
        if (str_ends(entries[i].path, STR(".test.yml")) && !pack_is_of_others(stream, str_slice(entries[i].path, path.len, SIZE_MAX)))
            TRY(run_file(t, entries[i].path));
    return ST_OK;
}

static status load_base(struct testing *t, struct str stream)
{
    struct yaml_value **documents;
    size_t n;
    const struct content_file *file = content_find(arena_printf(&t->arena, "events/%.*s.yml", STR_ARG(stream)));
    if (!file)
        return ST_OK;
    TRY(yaml_read(&t->arena, content_source(file), YAML_LIMITS_DEFAULT, &documents, &n, &t->diags));
    t->base = n ? documents[0] : NULL;
    return ST_OK;
}

// A rule whose working nobody has shown is not tested.
static size_t count_untested(struct testing *t)
{
    size_t untested = 0;
    for (size_t i = 0; i < t->pack->rules->n; i++) {
        const struct rule *r = &t->pack->rules->rules[i];
        if (t->tested[i] || r->silent)
            continue;
        struct place place = {.file = r->file, .line = r->line};
        diags_add(&t->diags, DIAG_ERROR, &place, "rule %.*s has no hit beside it", STR_ARG(r->id));
        untested++;
    }
    return untested;
}

static status run_all(struct testing *t, const struct args *args, struct str stream)
{
    TRY(load_base(t, stream));
    TRY(trial_new(&t->trial, t->pack->rules, t->pack->dictionary, JSON_LIMITS_DEFAULT, &t->diags));
    for (size_t i = 0; i < args->n_operands; i++)
        TRY(run_directory(t, args->operands[i], stream));
    return ST_OK;
}

static int run(const struct args *args)
{
    struct testing t = {0};
    struct str stream = str_from_c(rules_streams[arg_choice(args, OPT_STREAM)]);
    struct pack_options pack_options = {
        .stream = stream,
        .paths = args->operands,
        .n_paths = args->n_operands,
        .placeholders = arg_string(args, OPT_PLACEHOLDERS),
    };
    diags_init(&t.diags);
    arena_init(&t.arena, ARENA_UNLIMITED);
    status result = pack_load(&t.pack, &pack_options, &t.diags);
    size_t untested = 0;
    if (result == ST_OK) {
        t.tested = must_alloc(calloc(t.pack->rules->n + 1, sizeof *t.tested));
        result = run_all(&t, args, stream);
        untested = count_untested(&t);
    }
    cmd_print_diags(&t.diags);
    if (t.pack)
        printf("%zu rules, %zu cases, %zu failed, %zu rules without a hit\n", t.pack->rules->n, t.counts.cases, t.counts.failed, untested);
    trial_free(t.trial);
    pack_free(t.pack);
    free(t.tested);
    arena_fini(&t.arena);
    diags_fini(&t.diags);
    if (result != ST_OK)
        return cmd_exit_status(result);
    return t.counts.failed || untested ? EXIT_FOUND : EXIT_NOTHING;
}

const struct command rules_test = {
    .name = "test",
    .about = "run the hits and misses that stand beside the rules (NAME.test.yml)",
    .details = "Exit status 0: all cases came out as written and every rule has a hit; 1: not so.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "DIR", .about = "directories of rules with tests", .complete = COMPLETE_DIRECTORY, .min = 1, .max = SIZE_MAX},
    .run = run,
};
