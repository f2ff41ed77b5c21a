// SPDX-License-Identifier: Apache-2.0
// Reading a command line by tables.
#include "cmd/args.h"

#include "base/diag.h"
#include "base/status.h"
#include "base/time.h"
#include "cmd/suggest.h"

#include <inttypes.h>

// What is being read, and where a sentence about it goes.
struct reader {
    struct args *args;
    char *const *argv;
    int argc, at;
    bool only_operands;     // behind --
    enum args_result asked; // ARGS_HELP or ARGS_VERSION once asked for, else ARGS_OK
    struct buf *error;
};

// --- sentences --------------------------------------------------------------------------------------------------------------------

__attribute__((format(printf, 2, 3))) static bool refuse(struct reader *r, const char *format, ...)
{
    args_write_path(r->args, r->error);
    buf_add(r->error, STR(": "));
    va_list list;
    va_start(list, format);
    buf_vaddf(r->error, format, list);
    va_end(list);
    return false;
}

// 'text' with everything made visible, in the reader's arena, for a sentence.
static struct str quoted(struct reader *r, struct str text)
{
    struct buf b;
    buf_init(&b, 4096);
    buf_add_char(&b, '\'');
    text_escape(&b, str_slice(text, 0, 200));
    buf_add(&b, text.len > 200 ? STR("...'") : STR("'"));
    struct str copy = arena_str(&r->args->arena, buf_str(&b));
    buf_fini(&b);
    return copy;
}

static bool point_to_help(struct reader *r)
{
    buf_add(r->error, STR("; see '"));
    args_write_path(r->args, r->error);
    buf_add(r->error, STR(" --help'"));
    return false;
}

static bool refuse_unknown(struct reader *r, const char *what, struct str word, struct str dashes, const struct suggest *suggest)
{
    struct str known = suggest_best(suggest);
    refuse(r, "unknown %s %.*s", what, STR_ARG(quoted(r, word)));
    if (!known.ptr)
        return point_to_help(r);
    buf_addf(r->error, ", did you mean '%.*s%.*s'?", STR_ARG(dashes), STR_ARG(known));
    return false;
}

// --- values -----------------------------------------------------------------------------------------------------------------------

static bool read_size(struct str text, uint64_t *out)
{
    static const char units[] = "kmgt";
    unsigned shift = 0;
    if (text.len > 1 && char_lower(text.ptr[text.len - 1]) == 'b')
        text.len--;
    if (text.len > 1 && char_lower(text.ptr[text.len - 1]) == 'i')
        text.len--;
    for (unsigned u = 0; u < 4 && text.len > 1; u++)
        if (char_lower(text.ptr[text.len - 1]) == units[u]) {
            shift = 10 * (u + 1);
            text.len--;
            break;
        }
    uint64_t n;
    if (!str_to_u64(text, &n) || n > UINT64_MAX >> shift)
        return false;
    *out = n << shift;
    return true;
}

static bool read_choice(const struct arg_spec *spec, struct str text, size_t *out)
{
    for (size_t i = 0; spec->choices[i]; i++)
        if (str_eq(str_from_c(spec->choices[i]), text)) {
            *out = i;
            return true;
        }
    return false;
}

static bool within(const struct arg_spec *spec, uint64_t n, uint64_t unit)
{
    return n / unit >= spec->min && (spec->max == 0 || n <= spec->max * unit);
}

// Whether text is a value of the option; fills what the kind wants.
static bool read_value(struct arena *arena, const struct arg_spec *spec, struct str text, struct arg_value *value)
{
    int64_t span = 0;
    switch (spec->kind) {
    case ARG_FLAG:
        value->n++;
        return true;
    case ARG_STRING:
        break;
    case ARG_LIST: {
        struct str *items = arena_array(arena, struct str, value->n + 1);
        for (size_t i = 0; i < value->n; i++)
            items[i] = value->items[i];
        items[value->n++] = text;
        value->items = items;
        break;
    }
    case ARG_NUMBER:
        if (!str_to_u64(text, &value->number) || !within(spec, value->number, 1))
            return false;
        break;
    case ARG_SIZE:
        if (!read_size(text, &value->number) || !within(spec, value->number, 1))
            return false;
        break;
    case ARG_DURATION:
        if (!timespan_parse(text, &span) || span < 0 || !within(spec, (uint64_t)span, NS_PER_SECOND))
            return false;
        value->number = (uint64_t)span;
        break;
    case ARG_ENUM:
        if (!read_choice(spec, text, &value->choice))
            return false;
        break;
    }
    value->text = text;
    return true;
}

static void write_bounds(const struct arg_spec *spec, struct buf *out)
{
    const char *unit = spec->kind == ARG_DURATION ? "s" : "";
    if (spec->max)
        buf_addf(out, " from %" PRIu64 "%s to %" PRIu64 "%s", spec->min, unit, spec->max, unit);
    else if (spec->min)
        buf_addf(out, " of at least %" PRIu64 "%s", spec->min, unit);
}

static bool refuse_value(struct reader *r, const struct arg_spec *spec, struct str text)
{
    static const char *const wanted[] = {
        [ARG_NUMBER] = "a number",
        [ARG_SIZE] = "a size in bytes (512, 64K, 16M, 1G)",
        [ARG_DURATION] = "a duration (90s, 15m, 2h, 7d)",
        [ARG_ENUM] = "one of",
    };
    refuse(r, "option '--%s' wants %s", spec->name, wanted[spec->kind]);
    if (spec->kind == ARG_ENUM)
        for (size_t i = 0; spec->choices[i]; i++)
            buf_addf(r->error, "%s%s", i == 0 ? " " : spec->choices[i + 1] ? ", " : " or ", spec->choices[i]);
    else
        write_bounds(spec, r->error);
    buf_addf(r->error, ", not %.*s", STR_ARG(quoted(r, text)));
    return false;
}

// --- options ----------------------------------------------------------------------------------------------------------------------

// The table's index of an option, or SIZE_MAX.
static size_t find_long(const struct command *command, struct str name)
{
    for (size_t i = 0; i < command->n_options; i++)
        if (str_eq(str_from_c(command->options[i].name), name))
            return i;
    return SIZE_MAX;
}

static size_t find_short(const struct command *command, char letter)
{
    for (size_t i = 0; i < command->n_options; i++)
        if (command->options[i].letter == letter)
            return i;
    return SIZE_MAX;
}

// attached: the value that came in the same word, or STR_NONE.
static bool take_option(struct reader *r, size_t option, struct str attached)
{
    const struct arg_spec *spec = &r->args->command->options[option];
    struct arg_value *value = &r->args->values[option];
    struct str text = attached;
    if (spec->kind == ARG_FLAG) {
        if (attached.ptr)
            return refuse(r, "option '--%s' takes no value", spec->name);
    } else if (!text.ptr) {
        if (r->at == r->argc)
            return refuse(r, "option '--%s' wants a value: --%s %s", spec->name, spec->name, spec->value);
        text = str_from_c(r->argv[r->at++]);
    }
    value->given = true;
    return read_value(&r->args->arena, spec, text, value) || refuse_value(r, spec, text);
}

static bool take_long(struct reader *r, struct str word)
{
    struct str rest = str_slice(word, 2, word.len);
    struct str name = str_split(&rest, '='); // rest is absent when there is no '='
    if (str_eq(name, STR("help")) || (str_eq(name, STR("version")) && r->args->n_chain == 1)) {
        r->asked = str_eq(name, STR("help")) ? ARGS_HELP : ARGS_VERSION;
        return true;
    }
    size_t option = find_long(r->args->command, name);
    if (option != SIZE_MAX)
        return take_option(r, option, rest);
    struct suggest suggest = suggest_for(name);
    suggest_offer(&suggest, STR("help"));
    if (r->args->n_chain == 1)
        suggest_offer(&suggest, STR("version"));
    for (size_t i = 0; i < r->args->command->n_options; i++)
        suggest_offer(&suggest, str_from_c(r->args->command->options[i].name));
    return refuse_unknown(r, "option", str_slice(word, 0, name.len + 2), STR("--"), &suggest);
}

static bool take_short(struct reader *r, struct str word)
{
    for (size_t i = 1; i < word.len; i++) {
        if (word.ptr[i] == 'h' && find_short(r->args->command, 'h') == SIZE_MAX) {
            r->asked = ARGS_HELP;
            continue;
        }
        size_t option = find_short(r->args->command, word.ptr[i]);
        if (option == SIZE_MAX) {
            refuse(r, "unknown option %.*s", STR_ARG(quoted(r, arena_printf(&r->args->arena, "-%c", word.ptr[i]))));
            return point_to_help(r);
        }
        bool flag = r->args->command->options[option].kind == ARG_FLAG;
        struct str attached = flag || i + 1 == word.len ? STR_NONE : str_slice(word, i + 1, word.len);
        if (!take_option(r, option, attached))
            return false;
        if (!flag)
            break;
    }
    return true;
}

// --- commands ---------------------------------------------------------------------------------------------------------------------

static void enter(struct args *args, const struct command *command)
{
    must(args->n_chain < ARGS_DEPTH_MAX);
    args->chain[args->n_chain++] = command;
    args->command = command;
    args->values = arena_array(&args->arena, struct arg_value, command->n_options);
    for (size_t i = 0; i < command->n_options; i++) {
        const struct arg_spec *spec = &command->options[i];
        if (spec->initial)
            must(read_value(&args->arena, spec, str_from_c(spec->initial), &args->values[i]));
    }
}

static bool take_command(struct reader *r, struct str word)
{
    struct suggest suggest = suggest_for(word);
    for (const struct command *const *child = r->args->command->children; *child; child++) {
        if (str_eq(str_from_c((*child)->name), word)) {
            enter(r->args, *child);
            return true;
        }
        if (!(*child)->hidden)
            suggest_offer(&suggest, str_from_c((*child)->name));
    }
    return refuse_unknown(r, "command", word, STR(""), &suggest);
}

static bool take_word(struct reader *r, struct str word)
{
    struct args *args = r->args;
    if (!r->only_operands && str_eq(word, STR("--"))) {
        r->only_operands = true;
        return true;
    }
    if (!r->only_operands && str_starts(word, STR("--")))
        return take_long(r, word);
    if (!r->only_operands && word.len > 1 && word.ptr[0] == '-')
        return take_short(r, word);
    if (args->command->children)
        return take_command(r, word);
    if (args->n_operands >= args->command->operand.max)
        return args->command->operand.name ? refuse(r, "%.*s is one %s too many", STR_ARG(quoted(r, word)), args->command->operand.name)
                                           : refuse(r, "takes no arguments, but got %.*s", STR_ARG(quoted(r, word)));
    args->operands[args->n_operands++] = word;
    return true;
}

static bool complete(struct reader *r)
{
    const struct command *command = r->args->command;
    if (command->children) {
        refuse(r, "a command is missing");
        return point_to_help(r);
    }
    if (r->args->n_operands < command->operand.min)
        return refuse(r, "%s is missing: %s", command->operand.name, command->operand.about);
    return true;
}

enum args_result args_parse(struct args *out, const struct command *root, int argc, char *const *argv, struct buf *error)
{
    *out = (struct args){0};
    arena_init(&out->arena, ARENA_UNLIMITED); // bounded by what the system takes as a command line
    out->operands = arena_array(&out->arena, struct str, (size_t)(argc > 0 ? argc : 1));
    enter(out, root);
    struct reader r = {.args = out, .argv = argv, .argc = argc, .at = 1, .error = error};
    while (r.at < argc)
        if (!take_word(&r, str_from_c(argv[r.at++])))
            return r.asked != ARGS_OK ? r.asked : ARGS_BAD;
    if (r.asked != ARGS_OK)
        return r.asked;
    return complete(&r) ? ARGS_OK : ARGS_BAD;
}

void args_fini(struct args *args)
{
    arena_fini(&args->arena);
}

void args_write_path(const struct args *args, struct buf *out)
{
    for (size_t i = 0; i < args->n_chain; i++)
        buf_addf(out, "%s%s", i ? " " : "", args->chain[i]->name);
}

// --- what was given ---------------------------------------------------------------------------------------------------------------

static const struct arg_value *value_of(const struct args *args, size_t option, enum arg_kind kind)
{
    must(option < args->command->n_options && args->command->options[option].kind == kind);
    return &args->values[option];
}

bool arg_flag(const struct args *args, size_t option)
{
    return value_of(args, option, ARG_FLAG)->n > 0;
}

struct str arg_string(const struct args *args, size_t option)
{
    return value_of(args, option, ARG_STRING)->text;
}

const struct str *arg_list(const struct args *args, size_t option, size_t *n)
{
    const struct arg_value *value = value_of(args, option, ARG_LIST);
    *n = value->n;
    return value->items;
}

uint64_t arg_number(const struct args *args, size_t option)
{
    return value_of(args, option, ARG_NUMBER)->number;
}

uint64_t arg_size(const struct args *args, size_t option)
{
    return value_of(args, option, ARG_SIZE)->number;
}

int64_t arg_duration(const struct args *args, size_t option)
{
    return (int64_t)value_of(args, option, ARG_DURATION)->number;
}

size_t arg_choice(const struct args *args, size_t option)
{
    const struct arg_value *value = value_of(args, option, ARG_ENUM);
    must(value->text.ptr);
    return value->choice;
}

bool arg_given(const struct args *args, size_t option)
{
    must(option < args->command->n_options);
    return args->values[option].given;
}
