// SPDX-License-Identifier: Apache-2.0
// The commands of davy and the contract they share. Each command is one file with its table and its `run`; commands.c lists them.
#pragma once

#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"
#include "cmd/args.h"

// Exit statuses: scripts depend on them.
enum {
    EXIT_NOTHING = 0, // nothing at or above --fail-on
    EXIT_FOUND = 1,   // something found; rules refused or failed
    EXIT_USAGE = 2,   // the command line makes no sense
    EXIT_TROUBLE = 3, // input or environment
};
extern const struct example exit_statuses[4]; // the same for the man page

extern const struct command command_davy; // the root
extern const struct command command_campaign, command_coverage;
extern const struct command command_detect, command_rules, command_access, command_posture, command_policy;
extern const struct command command_evidence;
extern const struct command command_help, command_version, command_man, command_completion;

// The exit status a failure leads to (ST_OK gives EXIT_NOTHING).
[[nodiscard]] int cmd_exit_status(status st);
// Writes all to standard output; EXIT_NOTHING, or EXIT_TROUBLE with a sentence on standard error.
[[nodiscard]] int cmd_print(struct str text);
// Help about the command of args, to standard output.
[[nodiscard]] int cmd_print_help(const struct args *args);
// All diagnostics to standard error, and how many more there were.
void cmd_print_diags(const struct diags *diags);
