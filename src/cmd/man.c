// SPDX-License-Identifier: Apache-2.0
// The man page, in the man(7) macros, from the tables.
#include "cmd/describe.h"

// Text as troff takes it: a backslash and a hyphen are escaped, a line never starts with a control character.
static void troff(struct buf *out, struct str text)
{
    bool line_start = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (line_start && (c == '.' || c == '\''))
            buf_add(out, STR("\\&"));
        if (c == '\\')
            buf_add(out, STR("\\e"));
        else if (c == '-')
            buf_add(out, STR("\\-"));
        else
            buf_add_char(out, c);
        line_start = c == '\n';
    }
}

static void line(struct buf *out, const char *macro, struct str text)
{
    buf_addf(out, "%s", macro);
    troff(out, text);
    buf_add_char(out, '\n');
}

static void paragraphs(struct buf *out, const char *details)
{
    for (struct str rest = str_from_c(details); rest.ptr;) {
        struct str part = str_split(&rest, '\n');
        if (part.len == 0)
            buf_add(out, STR(".PP\n"));
        else
            line(out, "", part);
    }
}

static void options(struct buf *out, const struct command *command)
{
    struct buf text;
    buf_init(&text, 4096);
    for (size_t i = 0; i < command->n_options; i++) {
        buf_clear(&text);
        describe_option(&text, &command->options[i]);
        line(out, ".TP\n.B ", buf_str(&text));
        buf_clear(&text);
        describe_meaning(&text, &command->options[i]);
        line(out, "", buf_str(&text));
    }
    buf_fini(&text);
}

static void examples(struct buf *out, const struct command *command)
{
    for (size_t i = 0; i < command->n_examples; i++) {
        line(out, ".TP\n.B ", str_from_c(command->examples[i].line));
        line(out, "", str_from_c(command->examples[i].about));
    }
}

// One section a command that runs, in the order of the tables.
static void section(struct buf *out, struct arena *arena, const struct command *command, struct str path)
{
    if (command->hidden)
        return;
    if (command->run) {
        buf_add(out, STR(".SS "));
        troff(out, path);
        buf_add_char(out, '\n');
        buf_add(out, STR(".B "));
        troff(out, path);
        buf_add(out, STR("\\fR"));
        struct buf usage;
        buf_init(&usage, 4096);
        describe_usage(&usage, command);
        troff(out, buf_str(&usage));
        buf_fini(&usage);
        line(out, "\n.PP\n", str_from_c(command->about));
        if (command->operand.name) {
            line(out, ".TP\n.I ", str_from_c(command->operand.name));
            line(out, "", str_from_c(command->operand.about));
        }
        options(out, command);
        if (command->details) {
            buf_add(out, STR(".PP\n"));
            paragraphs(out, command->details);
        }
    }
    for (const struct command *const *child = command->children; child && *child; child++)
        section(out, arena, *child, arena_printf(arena, "%.*s %s", STR_ARG(path), (*child)->name));
}

static void all_examples(struct buf *out, const struct command *command)
{
    if (!command->hidden)
        examples(out, command);
    for (const struct command *const *child = command->children; child && *child; child++)
        all_examples(out, *child);
}

void man_write(struct buf *out, const struct command *root, const struct man_facts *facts)
{
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    buf_addf(out, ".TH %s 1 \"\" \"%s %.*s\"\n", root->name, root->name, STR_ARG(facts->version));
    buf_addf(out, ".SH NAME\n%s \\- ", root->name);
    troff(out, str_from_c(root->about));
    buf_addf(out, "\n.SH SYNOPSIS\n.B %s\n.I COMMAND\n[OPTION]... [ARGUMENT]...\n", root->name);
    if (root->details) {
        buf_add(out, STR(".SH DESCRIPTION\n"));
        paragraphs(out, root->details);
    }
    buf_add(out, STR(".SH COMMANDS\n"));
    section(out, &arena, root, str_from_c(root->name));
    buf_add(out, STR(".SH EXIT STATUS\n"));
    for (size_t i = 0; i < facts->n_exit_statuses; i++) {
        line(out, ".TP\n.B ", str_from_c(facts->exit_statuses[i].line));
        line(out, "", str_from_c(facts->exit_statuses[i].about));
    }
    buf_add(out, STR(".SH EXAMPLES\n"));
    all_examples(out, root);
    arena_fini(&arena);
}
