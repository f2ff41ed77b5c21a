// SPDX-License-Identifier: Apache-2.0
// davy policy: the group.
#include "cmd/policy.h"

static const struct command *const children[] = {&policy_export, &policy_replay, NULL};

const struct command command_policy = {
    .name = "policy",
    .about = "prevention as manifests for Kubernetes' own admission, tried on what was recorded",
    .details = "Nothing is sent to a cluster: what comes out is to be reviewed, and applied by whoever may.",
    .children = children,
};
