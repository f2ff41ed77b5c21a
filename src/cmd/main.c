// SPDX-License-Identifier: Apache-2.0
// davy: reads the command line by its tables and lets the command run.
#include "cmd/cmd.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    struct args args;
    struct buf error;
    buf_init(&error, 1 << 16);
    int code = EXIT_USAGE;
    switch (args_parse(&args, &command_davy, argc, argv, &error)) {
    case ARGS_OK:
        code = args.command->run(&args);
        break;
    case ARGS_HELP:
        code = cmd_print_help(&args);
        break;
    case ARGS_VERSION:
        code = command_version.run(&args);
        break;
    case ARGS_BAD:
        fprintf(stderr, "%.*s\n", STR_ARG(buf_str(&error)));
        break;
    }
    buf_fini(&error);
    args_fini(&args);
    return code;
}
