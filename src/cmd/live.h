// SPDX-License-Identifier: Apache-2.0
// Objects of files or, without any, of a live cluster: what commands that read objects share.
#pragma once

#include "cmd/cmd.h"
#include "engine/survey.h"

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

// Where these stand in the command's table.
struct live_options {
    size_t kubeconfig, context, timeout;
};

// The operands from `first` on; when there are none, the cluster. ST_USAGE when both are given, or neither is there: said in diags.
[[nodiscard]] status cmd_survey(const struct args *args, size_t first, struct live_options at, enum kube_use use,
                                struct survey_options options, struct survey **out, struct diags *diags);
// The cluster, whatever operands there are.
[[nodiscard]] status cmd_survey_live(const struct args *args, struct live_options at, enum kube_use use, struct survey_options options,
                                     struct survey **out, struct diags *diags);
