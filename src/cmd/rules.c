// SPDX-License-Identifier: Apache-2.0
// davy rules: the rules themselves, looked at, checked, tested and tried on documents.
#include "cmd/cmd.h"

#include <stdio.h>

static const char *const streams[] = {"audit", "generic", NULL};

#define RULES_OPTION(index)                                                                                                                \
    [index] = {.name = "rules",                                                                                                            \
               .letter = 'r',                                                                                                              \
               .kind = ARG_LIST,                                                                                                           \
               .complete = COMPLETE_DIRECTORY,                                                                                             \
               .value = "DIR",                                                                                                             \
               .about = "use the rules in DIR (or a file) instead of the built-in ones"}
#define STREAM_OPTION(index)                                                                                                               \
    [index] = {.name = "stream",                                                                                                           \
               .letter = 's',                                                                                                              \
               .kind = ARG_ENUM,                                                                                                           \
               .value = "STREAM",                                                                                                          \
               .choices = streams,                                                                                                         \
               .initial = "audit",                                                                                                         \
               .about = "what kind of documents the rules read"}
#define PLACEHOLDERS_OPTION(index)                                                                                                         \
    [index] = {.name = "placeholders",                                                                                                     \
               .kind = ARG_STRING,                                                                                                         \
               .complete = COMPLETE_FILE,                                                                                                  \
               .value = "FILE",                                                                                                            \
               .about = "YAML with the lists that rules refer to by %name% (modifier expand)"}

static int not_yet(const struct args *args)
{
    fprintf(stderr, "davy rules %s: not in this build yet\n", args->command->name);
    return EXIT_TROUBLE;
}

// --- list, show, fields -----------------------------------------------------------------------------------------------------------

enum { LIST_RULES, LIST_STREAM };
static const struct arg_spec list_options[] = {RULES_OPTION(LIST_RULES), STREAM_OPTION(LIST_STREAM)};

static const struct command rules_list = {
    .name = "list",
    .about = "list the rules: level, id, title, tags",
    .options = list_options,
    .n_options = COUNT(list_options),
    .run = not_yet,
};

static const struct command rules_show = {
    .name = "show",
    .about = "explain rules: what they look for, why, what to do",
    .options = list_options,
    .n_options = COUNT(list_options),
    .operand = {.name = "RULE", .about = "id or name of a rule", .min = 1, .max = SIZE_MAX},
    .run = not_yet,
};

enum { FIELDS_STREAM };
static const struct arg_spec fields_options[] = {STREAM_OPTION(FIELDS_STREAM)};

static const struct command rules_fields = {
    .name = "fields",
    .about = "list the field names that rules may use, and what they mean",
    .options = fields_options,
    .n_options = COUNT(fields_options),
    .run = not_yet,
};

// --- lint, test -------------------------------------------------------------------------------------------------------------------

enum { LINT_STREAM, LINT_PLACEHOLDERS };
static const struct arg_spec lint_options[] = {STREAM_OPTION(LINT_STREAM), PLACEHOLDERS_OPTION(LINT_PLACEHOLDERS)};

static const struct command rules_lint = {
    .name = "lint",
    .about = "check rule files: what is refused, what can never match, what is deprecated or missing",
    .details = "Exit status 0: all accepted, warnings included; 1: something was refused.",
    .options = lint_options,
    .n_options = COUNT(lint_options),
    .operand = {.name = "PATH",
                .about = "rule files or directories of them; the built-in rules when none is given",
                .complete = COMPLETE_FILE,
                .max = SIZE_MAX},
    .run = not_yet,
};

enum { TEST_STREAM };
static const struct arg_spec test_options[] = {STREAM_OPTION(TEST_STREAM)};

static const struct command rules_test = {
    .name = "test",
    .about = "run the hits and misses that stand beside the rules (NAME.test.yml)",
    .options = test_options,
    .n_options = COUNT(test_options),
    .operand = {.name = "DIR", .about = "directories of rules with tests", .complete = COMPLETE_DIRECTORY, .min = 1, .max = SIZE_MAX},
    .run = not_yet,
};

// --- match ------------------------------------------------------------------------------------------------------------------------

enum { MATCH_RULES, MATCH_STREAM, MATCH_PLACEHOLDERS };
static const struct arg_spec match_options[] = {RULES_OPTION(MATCH_RULES), STREAM_OPTION(MATCH_STREAM),
                                                PLACEHOLDERS_OPTION(MATCH_PLACEHOLDERS)};

static const struct example match_examples[] = {
    {"davy rules match --stream generic --rules windows/ events.jsonl", "Sigma rules on documents of any kind"},
};

static const struct command rules_match = {
    .name = "match",
    .about = "try rules on documents: a line per hit, LINE-NUMBER<TAB>RULE-ID",
    .details =
        "With --stream generic each line is one JSON document of no known kind: logsource does not filter, a field name is first a "
        "key with dots in it and then a nested path, and @timestamp is the time for correlations. A refused rule ends with status 3.",
    .options = match_options,
    .n_options = COUNT(match_options),
    .operand = {.name = "FILE", .about = "documents, one a line; - for standard input", .complete = COMPLETE_FILE, .min = 1, .max = 1},
    .examples = match_examples,
    .n_examples = COUNT(match_examples),
    .run = not_yet,
};

// --- the group --------------------------------------------------------------------------------------------------------------------

static const struct command *const children[] = {&rules_list, &rules_show, &rules_lint, &rules_test, &rules_match, &rules_fields, NULL};

const struct command command_rules = {
    .name = "rules",
    .about = "look at rules, check them, test them, try them on documents",
    .children = children,
};
