// SPDX-License-Identifier: Apache-2.0
// davy access: the group.
#include "cmd/access.h"

static const struct command *const children[] = {
    &ask_who_can, &ask_of, &ask_anonymous, &ask_path, &ask_diff, &ask_suggest, &ask_credentials, NULL,
};

const struct command command_access = {
    .name = "access",
    .about = "who can do what, and which bindings and roles give it",
    .details =
        "Answers come from manifests and dumps (`kubectl get -A -o json` of roles, bindings and what else there is). They are those of the "
        "RBAC authorizer and of the group system:masters, which is allowed everything before it is asked. What the node authorizer and "
        "webhooks allow is not in objects.",
    .children = children,
};
