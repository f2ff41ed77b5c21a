// SPDX-License-Identifier: Apache-2.0
// davy rules lint: are these rules right, and can they ever match?
#include "cmd/rules.h"

#include <stdio.h>

enum { OPT_STREAM, OPT_PLACEHOLDERS };
static const struct arg_spec options[] = {STREAM_OPTION(OPT_STREAM), PLACEHOLDERS_OPTION(OPT_PLACEHOLDERS)};

static int run(const struct args *args)
{
    struct diags diags;
    struct pack *pack;
    struct pack_options pack_options = {
        .stream = str_from_c(rules_streams[arg_choice(args, OPT_STREAM)]),
        .paths = args->operands,
        .n_paths = args->n_operands,
        .placeholders = arg_string(args, OPT_PLACEHOLDERS),
        .lint = true,
    };
    diags_init(&diags);
    status result = pack_load(&pack, &pack_options, &diags);
    cmd_print_diags(&diags);
    size_t rules = pack ? pack->rules->n : 0, files = pack ? pack->n_sources : 0;
    fprintf(stderr, "%zu files, %zu rules accepted, %zu errors, %zu warnings\n", files, rules, diags.errors, diags.warnings);
    // What was refused is the answer lint was asked for; what could not be read is trouble.
    bool refused = result == ST_INPUT && pack;
    diags_fini(&diags);
    pack_free(pack);
    return refused ? EXIT_FOUND : cmd_exit_status(result);
}

const struct command rules_lint = {
    .name = "lint",
    .about = "check rule files: what is refused, what can never match, what is deprecated or missing",
    .details = "Exit status 0: all accepted, warnings included; 1: something was refused.",
    .options = options,
    .n_options = COUNT(options),
    .operand = {.name = "PATH",
                .about = "rule files or directories of them; the built-in rules when none is given",
                .complete = COMPLETE_FILE,
                .max = SIZE_MAX},
    .run = run,
};
