// SPDX-License-Identifier: Apache-2.0
// What the commands of `davy access` share: options, and graphs out of files.
#pragma once

#include "cmd/live.h"
#include "posture/access.h"
#include "report/answers/access.h"

extern const struct command ask_who_can, ask_of, ask_anonymous, ask_path, ask_diff, ask_suggest, ask_credentials;

enum {
    ACCESS_CLUSTER,
    ACCESS_FORMAT,
    ACCESS_STRICT,
    ACCESS_KUBECONFIG,
    ACCESS_CONTEXT,
    ACCESS_TIMEOUT,
    ACCESS_NAMESPACE,
    ACCESS_OPTIONS
}; // every command of the group has these, at these places;
   // ACCESS_NAMESPACE as OPTION_NAMESPACE, or with another meaning besides
extern const char *const access_formats[];

#define ACCESS_COMMON                                                                                                                      \
    [ACCESS_CLUSTER] = {.name = "cluster", .kind = ARG_STRING, .value = "NAME", .about = "name the cluster that all inputs belong to"},    \
    [ACCESS_FORMAT] = {.name = "format",                                                                                                   \
                       .letter = 'f',                                                                                                      \
                       .kind = ARG_ENUM,                                                                                                   \
                       .value = "FORMAT",                                                                                                  \
                       .choices = access_formats,                                                                                          \
                       .initial = "text",                                                                                                  \
                       .about = "how to print answers"},                                                                                   \
    [ACCESS_STRICT] = {.name = "strict", .kind = ARG_FLAG, .about = "stop at the first document that cannot be read"},                     \
    [ACCESS_KUBECONFIG] = OPTION_KUBECONFIG, [ACCESS_CONTEXT] = OPTION_CONTEXT, [ACCESS_TIMEOUT] = OPTION_TIMEOUT

// A command's answer about one cluster, appended to out. Gives whether it found what it warns of (exit status 1).
typedef bool access_answer_fn(void *context, const struct access *graph, struct access_answer *answer, struct buf *out);

// Reads the operands from `first` on (or what `use` needs of the live cluster), asks about each cluster, prints. Gives the exit status.
[[nodiscard]] int access_run(const struct args *args, size_t first, enum kube_use use, access_answer_fn *answer, void *context);
extern const struct live_options access_live_options;
// One graph of one path, for comparing; ptr NULL: of the live cluster. The place of its objects lives in *names.
[[nodiscard]] status access_read(const struct args *args, struct str path, struct survey **names, struct access **out, struct diags *diags);
[[nodiscard]] bool access_json(const struct args *args);
// A subject as written, or a sentence on standard error and false.
[[nodiscard]] bool access_subject(struct str text, struct access_subject *out);
