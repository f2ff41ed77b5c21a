// SPDX-License-Identifier: Apache-2.0
// What a subcommand is: one const table, from which the parser, --help, the man page and the shell completion are all made.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum arg_kind {
    ARG_FLAG,     // given or not
    ARG_STRING,   // any text; the last one given counts
    ARG_LIST,     // any text, may be given several times
    ARG_NUMBER,   // decimal digits
    ARG_SIZE,     // bytes; K, M, G and T are powers of 1024
    ARG_DURATION, // digits and a unit: 90s, 15m, 2h, 7d
    ARG_ENUM,     // one of `choices`
};

// How a shell completes a value.
enum arg_complete { COMPLETE_NOTHING, COMPLETE_FILE, COMPLETE_DIRECTORY };

struct arg_spec {
    const char *name; // without dashes: "fail-on"
    char letter;      // short form; 0: none
    enum arg_kind kind;
    enum arg_complete complete;
    const char *value;          // what its value is called: "DIR"; NULL for flags
    const char *about;          // a clause in lower case, no full stop
    const char *const *choices; // ARG_ENUM: the words, NULL behind the last
    const char *initial;        // the default as one would write it; NULL: absent unless given
    uint64_t min, max;          // ARG_NUMBER, ARG_SIZE: bounds; ARG_DURATION: bounds in seconds; max 0: no upper bound
};

struct operand_spec {
    const char *name;  // "PATH"; NULL: the command takes none
    const char *about; // a clause in lower case, no full stop
    enum arg_complete complete;
    size_t min, max; // how many; max SIZE_MAX: any number
};

struct example {
    const char *line;  // as typed, without the prompt
    const char *about; // a clause in lower case, no full stop
};

struct args;

// Either a group with children or something that runs.
struct command {
    const char *name;
    const char *about;   // a clause in lower case, no full stop
    const char *details; // paragraphs parted by an empty line; NULL: none
    const struct arg_spec *options;
    size_t n_options;
    struct operand_spec operand;
    const struct example *examples;
    size_t n_examples;
    const struct command *const *children; // NULL behind the last; NULL: none
    int (*run)(const struct args *args);   // gives the exit status
    bool hidden;                           // works, but is not advertised
};

#define COUNT(array) (sizeof(array) / sizeof *(array))
