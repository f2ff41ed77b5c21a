// SPDX-License-Identifier: Apache-2.0
// The words of a command line, read by the command's own table.
//
//   --name value   --name=value   -n value   -nvalue   -ab (flags)   --   (only operands follow)   - (an operand)
//
// Options and operands may come in any order behind the command's name. -h and --help are known to every command, --version to the root.
#pragma once

#include "base/arena.h"
#include "base/buf.h"
#include "cmd/command.h"

enum { ARGS_DEPTH_MAX = 4 }; // davy, rules, match, and one to spare

struct arg_value {
    bool given;        // by the user; a default is not
    struct str text;   // as written (the last, for a list); ptr NULL: neither given nor a default
    uint64_t number;   // ARG_NUMBER; ARG_SIZE: bytes; ARG_DURATION: nanoseconds
    size_t choice;     // ARG_ENUM: index into choices
    struct str *items; // ARG_LIST
    size_t n;          // ARG_LIST: how many; ARG_FLAG: how often
};

struct args {
    struct arena arena;
    const struct command *chain[ARGS_DEPTH_MAX]; // from the root to the command meant
    size_t n_chain;
    const struct command *command; // the last of the chain
    struct arg_value *values;      // one for each of the command's options
    struct str *operands;
    size_t n_operands;
};

enum args_result {
    ARGS_OK,      // args.command has a `run` and its operands are as many as it wants
    ARGS_HELP,    // help was asked for, about args.command
    ARGS_VERSION, // --version, which only the root knows
    ARGS_BAD,     // error holds one sentence; args.chain goes as far as it was understood
};

// argv as main gets it (argv[0] is skipped); strings are borrowed. args_fini is due whatever the result.
[[nodiscard]] enum args_result args_parse(struct args *out, const struct command *root, int argc, char *const *argv, struct buf *error);
void args_fini(struct args *args);

// The value of option number `option` of the command's table; asking for another kind than the table says is a broken promise.
[[nodiscard]] bool arg_flag(const struct args *args, size_t option);
[[nodiscard]] struct str arg_string(const struct args *args, size_t option); // ptr NULL: absent
[[nodiscard]] const struct str *arg_list(const struct args *args, size_t option, size_t *n);
[[nodiscard]] uint64_t arg_number(const struct args *args, size_t option);  // 0 when absent
[[nodiscard]] uint64_t arg_size(const struct args *args, size_t option);    // bytes; 0 when absent
[[nodiscard]] int64_t arg_duration(const struct args *args, size_t option); // nanoseconds; 0 when absent
[[nodiscard]] size_t arg_choice(const struct args *args, size_t option);    // the option has a default, or was given
[[nodiscard]] bool arg_given(const struct args *args, size_t option);

// "davy rules match"
void args_write_path(const struct args *args, struct buf *out);
