// SPDX-License-Identifier: Apache-2.0
// Objects of files or of a live cluster: what commands that read objects share.
#pragma once

#include "cmd/cmd.h"
#include "engine/objects/survey.h"

#define OPTION_KUBECONFIG                                                                                                                  \
    {                                                                                                                                      \
        .name = "kubeconfig", .kind = ARG_STRING, .complete = COMPLETE_FILE, .value = "FILE",                                              \
        .about = "without PATH: how to reach the cluster; otherwise KUBECONFIG, ~/.kube/config, or the pod's own account say it"           \
    }
#define OPTION_CONTEXT                                                                                                                     \
    {                                                                                                                                      \
        .name = "context", .kind = ARG_STRING, .value = "NAME", .about = "without PATH: the context of the kubeconfig that is meant"       \
    }
#define OPTION_TIMEOUT                                                                                                                     \
    {                                                                                                                                      \
        .name = "timeout", .kind = ARG_DURATION, .value = "SPAN", .initial = "30s", .min = 1, .max = 3600,                                 \
        .about = "without PATH: give up on a server that says nothing for so long"                                                         \
    }

#define OPTION_NAMESPACE                                                                                                                   \
    {                                                                                                                                      \
        .name = "namespace", .letter = 'n', .kind = ARG_LIST, .value = "NS",                                                               \
        .about = "without PATH: read what may not be listed in the whole cluster in this namespace"                                        \
    }

// The same for commands whose objects are an option: for their enum of options, which has OPT_OBJECTS, for their table, and where they
// stand in it (struct objects_options).
#define LIVE_OPTIONS OPT_LIVE, OPT_KUBECONFIG, OPT_CONTEXT, OPT_TIMEOUT, OPT_NAMESPACE
#define LIVE_SPECS                                                                                                                         \
    [OPT_LIVE] = {.name = "live",                                                                                                          \
                  .kind = ARG_FLAG,                                                                                                        \
                  .about = "take the objects from the live cluster, not from --objects; --kubeconfig and --context mean it, too"},         \
    [OPT_KUBECONFIG] = {.name = "kubeconfig",                                                                                              \
                        .kind = ARG_STRING,                                                                                                \
                        .complete = COMPLETE_FILE,                                                                                         \
                        .value = "FILE",                                                                                                   \
                        .about = "how to reach the live cluster; otherwise KUBECONFIG, ~/.kube/config, or the pod's own account say it"},  \
    [OPT_CONTEXT] = {.name = "context", .kind = ARG_STRING, .value = "NAME", .about = "the context of the kubeconfig that is meant"},      \
    [OPT_TIMEOUT] = {.name = "timeout",                                                                                                    \
                     .kind = ARG_DURATION,                                                                                                 \
                     .value = "SPAN",                                                                                                      \
                     .initial = "30s",                                                                                                     \
                     .min = 1,                                                                                                             \
                     .max = 3600,                                                                                                          \
                     .about = "give up on an API server that says nothing for so long"},                                                   \
    [OPT_NAMESPACE] = {.name = "namespace",                                                                                                \
                       .letter = 'n',                                                                                                      \
                       .kind = ARG_LIST,                                                                                                   \
                       .value = "NS",                                                                                                      \
                       .about = "read what may not be listed in the whole live cluster in this namespace"}
#define LIVE_PLACES                                                                                                                        \
    {                                                                                                                                      \
        OPT_OBJECTS, OPT_LIVE,                                                                                                             \
        {                                                                                                                                  \
            OPT_KUBECONFIG, OPT_CONTEXT, OPT_TIMEOUT, OPT_NAMESPACE                                                                        \
        }                                                                                                                                  \
    }

// Where these stand in the command's table.
struct live_options {
    size_t kubeconfig, context, timeout, namespace;
};
struct objects_options {
    size_t objects, live;
    struct live_options at;
};

// The operands from `first` on; when there are none, the cluster. ST_USAGE when both are given, or neither is there: said in diags.
[[nodiscard]] status cmd_survey(const struct args *args, size_t first, struct live_options at, enum kube_use use,
                                struct survey_options options, struct survey **out, struct diags *diags);
// What --objects names, or with --live the cluster; *out is NULL when it is neither. ST_USAGE as above.
[[nodiscard]] status cmd_survey_objects(const struct args *args, struct objects_options at, struct survey_options options,
                                        struct survey **out, struct diags *diags);
// Whether objects were asked for at all.
[[nodiscard]] bool cmd_wants_objects(const struct args *args, struct objects_options at);
// No answer is no all-clear, and neither is half an answer: what a survey that was run did not see. ST_INPUT, said in diags.
[[nodiscard]] status cmd_survey_whole(const struct survey *survey, struct diags *diags);
// How to reach the cluster, and what for.
[[nodiscard]] struct survey_live cmd_live(const struct args *args, struct live_options at, enum kube_use use);
// The cluster, whatever operands there are.
[[nodiscard]] status cmd_survey_live(const struct args *args, struct live_options at, enum kube_use use, struct survey_options options,
                                     struct survey **out, struct diags *diags);
