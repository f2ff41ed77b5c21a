// SPDX-License-Identifier: Apache-2.0
// What the tables of the commands say, for people and for shells: --help, the man page, bash completion.
#pragma once

#include "base/buf.h"
#include "cmd/args.h"

// Help about the last command of the chain, wrapped to `width` columns.
void help_write(struct buf *out, const struct command *const *chain, size_t n_chain, unsigned width);

// The man page of everything under root, section 1, in the man(7) macros.
struct man_facts {
    struct str version;
    const struct example *exit_statuses; // line: the number, about: what it says
    size_t n_exit_statuses;
};
void man_write(struct buf *out, const struct command *root, const struct man_facts *facts);

// A completion function for bash and its registration.
void completion_bash_write(struct buf *out, const struct command *root);

// --- shared by the three -----------------------------------------------------------------------------------------------------------

// "[OPTION]... PATH...": what may stand behind a command's name.
void describe_usage(struct buf *out, const struct command *command);
// "-o, --output=FILE"
void describe_option(struct buf *out, const struct arg_spec *spec);
// Its clause, and the words, bounds and default that the table knows.
void describe_meaning(struct buf *out, const struct arg_spec *spec);
