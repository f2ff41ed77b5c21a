// SPDX-License-Identifier: Apache-2.0
// davy rules: the group.
#include "cmd/rules.h"

static const struct command *const children[] = {&rules_list, &rules_show, &rules_lint, &rules_test, &rules_match, &rules_fields, NULL};

const struct command command_rules = {
    .name = "rules",
    .about = "look at rules, check them, test them, try them on documents",
    .children = children,
};
