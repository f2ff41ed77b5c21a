// SPDX-License-Identifier: Apache-2.0
// The commands that speak about davy itself: help, version, and the hidden man and completion that the build and packagers call.
#include "cmd/cmd.h"
#include "cmd/describe.h"

#include <stdio.h>

enum { HELP_WIDTH = 100 };

static int print(struct buf *text)
{
    int code = cmd_print(buf_str(text));
    buf_fini(text);
    return code;
}

static int run_version(const struct args *args)
{
    (void)args;
    return cmd_print(STR("davy " DAVY_VERSION "\n"));
}

int cmd_print_help(const struct args *args)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    help_write(&text, args->chain, args->n_chain, HELP_WIDTH);
    return print(&text);
}

// The operands are a command line of their own: `davy help rules match` is `davy rules match --help`.
static int run_help(const struct args *args)
{
    static char name[] = "davy", help[] = "--help";
    char *words[ARGS_DEPTH_MAX + 2] = {name};
    int n = 1;
    for (size_t i = 0; i < args->n_operands; i++)
        words[n++] = (char *)(uintptr_t)args->operands[i].ptr; // from argv, hence terminated
    words[n++] = help;
    struct args asked;
    struct buf error;
    buf_init(&error, 1 << 16);
    int code = EXIT_USAGE;
    if (args_parse(&asked, args->chain[0], n, words, &error) == ARGS_HELP)
        code = cmd_print_help(&asked);
    else
        fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&error)));
    buf_fini(&error);
    args_fini(&asked);
    return code;
}

static int run_man(const struct args *args)
{
    struct man_facts facts = {.version = STR(DAVY_VERSION), .exit_statuses = exit_statuses, .n_exit_statuses = COUNT(exit_statuses)};
    struct buf text;
    buf_init(&text, 1 << 20);
    man_write(&text, args->chain[0], &facts);
    return print(&text);
}

static int run_completion(const struct args *args)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    completion_bash_write(&text, args->chain[0]);
    return print(&text);
}

const struct command command_help = {
    .name = "help",
    .about = "explain davy or one of its commands",
    .operand = {.name = "COMMAND", .about = "the command to explain: rules match", .max = ARGS_DEPTH_MAX - 1},
    .run = run_help,
};

const struct command command_version = {
    .name = "version",
    .about = "print the version",
    .run = run_version,
};

const struct command command_man = {
    .name = "man",
    .about = "print the man page, in man(7) macros",
    .run = run_man,
    .hidden = true,
};

const struct command command_completion = {
    .name = "completion",
    .about = "print the completion for bash",
    .run = run_completion,
    .hidden = true,
};
