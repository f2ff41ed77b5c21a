// SPDX-License-Identifier: Apache-2.0
// --help: usage, what it does, commands, options, examples.
#include "cmd/describe.h"

#include <inttypes.h>

enum { INDENT = 2, MEANING_COLUMN = 30 };

// --- phrases shared with the man page -----------------------------------------------------------------------------------------------

void describe_usage(struct buf *out, const struct command *command)
{
    if (command->children)
        buf_add(out, STR(" COMMAND"));
    if (command->n_options)
        buf_add(out, STR(" [OPTION]..."));
    const struct operand_spec *operand = &command->operand;
    if (!operand->name)
        return;
    buf_addf(out, operand->min == 0 ? " [%s]" : " %s", operand->name);
    if (operand->max > 1)
        buf_add(out, STR("..."));
}

void describe_option(struct buf *out, const struct arg_spec *spec)
{
    if (spec->letter)
        buf_addf(out, "-%c, ", spec->letter);
    buf_addf(out, "--%s", spec->name);
    if (spec->value)
        buf_addf(out, " %s", spec->value);
}

void describe_meaning(struct buf *out, const struct arg_spec *spec)
{
    buf_addf(out, "%s", spec->about);
    if (spec->kind == ARG_ENUM) {
        buf_add(out, STR(": "));
        for (size_t i = 0; spec->choices[i]; i++)
            buf_addf(out, "%s%s", i == 0 ? "" : spec->choices[i + 1] ? ", " : " or ", spec->choices[i]);
    }
    if (spec->kind == ARG_LIST)
        buf_add(out, STR("; may be given several times"));
    if (spec->max)
        buf_addf(out, " (%" PRIu64 " to %" PRIu64 ")", spec->min, spec->max);
    if (spec->initial)
        buf_addf(out, " [%s]", spec->initial);
}

// --- layout -------------------------------------------------------------------------------------------------------------------------

// Appends text from `column` on, its words wrapped to `width` and continued at `indent`.
static void wrap(struct buf *out, struct str text, unsigned column, unsigned indent, unsigned width)
{
    for (struct str rest = text; rest.ptr;) {
        struct str word = str_split(&rest, ' ');
        if (column > indent && column + 1 + word.len > width) {
            buf_addf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (column > indent) {
            buf_add_char(out, ' ');
            column++;
        }
        buf_add(out, word);
        column += (unsigned)word.len;
    }
    buf_add_char(out, '\n');
}

static void row(struct buf *out, struct str left, struct str right, unsigned width)
{
    buf_addf(out, "%*s%.*s", INDENT, "", STR_ARG(left));
    unsigned used = INDENT + (unsigned)left.len;
    if (used + 2 > MEANING_COLUMN)
        buf_addf(out, "\n%*s", MEANING_COLUMN, "");
    else
        buf_addf(out, "%*s", (int)(MEANING_COLUMN - used), "");
    wrap(out, right, MEANING_COLUMN, MEANING_COLUMN, width);
}

static void paragraphs(struct buf *out, struct str text, unsigned width)
{
    for (struct str rest = text; rest.ptr;) {
        struct str line = str_split(&rest, '\n');
        if (line.len == 0)
            buf_add_char(out, '\n');
        else
            wrap(out, line, 0, 0, width);
    }
}

static void options(struct buf *out, const struct command *command, unsigned width)
{
    buf_add(out, STR("\nOptions:\n"));
    struct buf left, right;
    buf_init(&left, 1024);
    buf_init(&right, 4096);
    for (size_t i = 0; i < command->n_options; i++) {
        buf_clear(&left);
        buf_clear(&right);
        describe_option(&left, &command->options[i]);
        describe_meaning(&right, &command->options[i]);
        row(out, buf_str(&left), buf_str(&right), width);
    }
    row(out, STR("-h, --help"), STR("this text"), width);
    buf_fini(&left);
    buf_fini(&right);
}

static void children(struct buf *out, const struct command *command, unsigned width)
{
    buf_add(out, STR("\nCommands:\n"));
    for (const struct command *const *child = command->children; *child; child++)
        if (!(*child)->hidden)
            row(out, str_from_c((*child)->name), str_from_c((*child)->about), width);
}

void help_write(struct buf *out, const struct command *const *chain, size_t n_chain, unsigned width)
{
    const struct command *command = chain[n_chain - 1];
    buf_add(out, STR("Usage:"));
    for (size_t i = 0; i < n_chain; i++)
        buf_addf(out, " %s", chain[i]->name);
    describe_usage(out, command);
    buf_add(out, STR("\n\n"));
    wrap(out, str_from_c(command->about), 0, 0, width);
    if (command->operand.name) {
        buf_add_char(out, '\n');
        row(out, str_from_c(command->operand.name), str_from_c(command->operand.about), width);
    }
    if (command->children)
        children(out, command, width);
    options(out, command, width);
    if (command->details) {
        buf_add_char(out, '\n');
        paragraphs(out, str_from_c(command->details), width);
    }
    for (size_t i = 0; i < command->n_examples; i++)
        buf_addf(out, "%s  %s\n      %s\n", i == 0 ? "\nExamples:\n" : "", command->examples[i].line, command->examples[i].about);
}
