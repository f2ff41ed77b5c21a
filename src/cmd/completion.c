// SPDX-License-Identifier: Apache-2.0
// Completion for bash: a function that walks the words typed so far down the tables, as case branches. The tables hold plain words
// only (letters, digits, hyphens), so nothing here needs quoting.
#include "cmd/describe.h"

static void add_children(struct buf *out, const struct command *command)
{
    for (const struct command *const *child = command->children; child && *child; child++)
        if (!(*child)->hidden)
            buf_addf(out, " %s", (*child)->name);
}

static void add_options(struct buf *out, const struct command *command)
{
    for (size_t i = 0; i < command->n_options; i++) {
        buf_addf(out, " --%s", command->options[i].name);
        if (command->options[i].letter)
            buf_addf(out, " -%c", command->options[i].letter);
    }
    buf_add(out, STR(" --help"));
}

static const char *file_action(enum arg_complete complete)
{
    static const char *const actions[] = {[COMPLETE_NOTHING] = "", [COMPLETE_FILE] = "-f", [COMPLETE_DIRECTORY] = "-d"};
    return actions[complete];
}

// "'davy rules') words=... ;;": what may follow where no value is due.
static void word_branch(struct buf *out, const struct command *command, struct str path)
{
    buf_addf(out, "        '%.*s') words='", STR_ARG(path));
    add_children(out, command);
    add_options(out, command);
    buf_addf(out, "' files='%s' ;;\n", file_action(command->operand.complete));
}

// "'davy detect --format') words='text json html' files= ;;": what an option's value may be.
static void value_branches(struct buf *out, const struct command *command, struct str path)
{
    for (size_t i = 0; i < command->n_options; i++) {
        const struct arg_spec *spec = &command->options[i];
        if (spec->kind == ARG_FLAG)
            continue;
        buf_addf(out, "        '%.*s --%s'", STR_ARG(path), spec->name);
        if (spec->letter)
            buf_addf(out, " | '%.*s -%c'", STR_ARG(path), spec->letter);
        buf_add(out, STR(") words='"));
        for (size_t c = 0; spec->kind == ARG_ENUM && spec->choices[c]; c++)
            buf_addf(out, " %s", spec->choices[c]);
        buf_addf(out, "' files='%s' value=1 ;;\n", file_action(spec->complete));
    }
}

typedef void branch_fn(struct buf *out, const struct command *command, struct str path);

static void each_command(struct buf *out, struct arena *arena, const struct command *command, struct str path, branch_fn *branch)
{
    branch(out, command, path);
    for (const struct command *const *child = command->children; child && *child; child++)
        if (!(*child)->hidden)
            each_command(out, arena, *child, arena_printf(arena, "%.*s %s", STR_ARG(path), (*child)->name), branch);
}

static void path_branch(struct buf *out, const struct command *command, struct str path)
{
    (void)command;
    buf_addf(out, "%s'%.*s'", out->len && out->ptr[out->len - 1] == '\'' ? " | " : "", STR_ARG(path));
}

void completion_bash_write(struct buf *out, const struct command *root)
{
    struct arena arena;
    arena_init(&arena, ARENA_UNLIMITED);
    struct str top = str_from_c(root->name);
    buf_addf(out, "# bash completion for %s, made from its own tables\n_%s()\n{\n", root->name, root->name);
    buf_addf(out,
             "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
             "    local path=%s words= files= value= word\n"
             "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD - 1}\"; do\n"
             "        case \"$path $word\" in\n"
             "        ",
             root->name);
    each_command(out, &arena, root, top, path_branch);
    buf_add(out, STR(") path=\"$path $word\" ;;\n        esac\n    done\n    case \"$path $previous\" in\n"));
    each_command(out, &arena, root, top, value_branches);
    buf_add(out, STR("    esac\n    if [ -z \"$value\" ]; then\n        case \"$path\" in\n"));
    each_command(out, &arena, root, top, word_branch);
    buf_addf(out,
             "        esac\n    fi\n"
             "    mapfile -t COMPREPLY < <(compgen $files -W \"$words\" -- \"$current\")\n"
             "}\ncomplete -o filenames -F _%s %s\n",
             root->name, root->name);
    arena_fini(&arena);
}
