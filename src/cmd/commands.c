// SPDX-License-Identifier: Apache-2.0
// Which commands there are.
#include "cmd/cmd.h"

static const struct command *const children[] = {
    &command_detect,
    &command_campaign,
    &command_rules,
    &command_access,
    &command_posture,
    &command_coverage,
    &command_policy,
    &command_evidence,
    &command_help,
    &command_version,
    &command_man,
    &command_completion,
    NULL,
};

const struct command command_davy = {
    .name = "davy",
    .about = "a safety lamp for Kubernetes: finds intrusions and crypto-mining in audit logs",
    .details = "Results go to standard output, everything else to standard error. Exit status: 0 nothing found, 1 something found, "
               "2 wrong usage, 3 trouble with input or environment.",
    .children = children,
};
