// SPDX-License-Identifier: Apache-2.0
// What the `davy rules` commands share: their options, and how they load rules.
#pragma once

#include "cmd/cmd.h"
#include "engine/pack/pack.h"

extern const struct command rules_list, rules_show, rules_fields, rules_lint, rules_test, rules_match;
extern const char *const rules_streams[]; // choices of --stream

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
               .choices = rules_streams,                                                                                                   \
               .initial = "audit",                                                                                                         \
               .about = "what kind of documents the rules read"}
#define PLACEHOLDERS_OPTION(index)                                                                                                         \
    [index] = {.name = "placeholders",                                                                                                     \
               .kind = ARG_STRING,                                                                                                         \
               .complete = COMPLETE_FILE,                                                                                                  \
               .value = "FILE",                                                                                                            \
               .about = "YAML with the lists that rules refer to by %name% (modifier expand)"}

// The pack of a command whose options stand at these places of its table (SIZE_MAX: it has no such option). Diagnostics are printed.
// NULL when there is nothing to run; *result says why, ST_INPUT also when only some rules were refused.
[[nodiscard]] struct pack *rules_load(const struct args *args, size_t rules_option, size_t stream_option, size_t placeholders_option,
                                      size_t registry_option, status *result);
