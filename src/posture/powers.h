// SPDX-License-Identifier: Apache-2.0
// The permissions that give somebody the permissions of somebody else: what Kubernetes' documentation calls privilege escalation risks
// ("Role Based Access Control Good Practices"), as a table.
#pragma once

#include "posture/access.h"

// Whose permissions a power leads to.
enum power_target {
    POWER_EVERYTHING,   // those of cluster-admin
    POWER_USERS,        // any user that is no ServiceAccount
    POWER_GROUPS,       // any group
    POWER_ANYBODY,      // any user, group or ServiceAccount, except system:masters
    POWER_ACCOUNTS,     // any ServiceAccount of the namespace
    POWER_PODS,         // ServiceAccounts that pods of the namespace run as
    POWER_TOKEN_SECRETS // ServiceAccounts whose tokens are in Secrets of the namespace
};

// One of the verbs on the resource.
struct power_need {
    const char *verbs; // parted by spaces
    const char *group, *resource, *subresource;
    const char *name; // in particular; NULL: whatever its name
};

enum { POWER_NEEDS = 3 };

struct power {
    const char *name; // stable: part of the output
    const char *text; // what it comes to, after "may"; %s: where
    enum power_target target;
    bool cluster_only; // only without a namespace
    bool named;        // a rule with resourceNames gives it over those names
    bool needs_role;   // by a Role of the namespace: a rule that can be raised
    struct power_need needs[POWER_NEEDS];
};

extern const struct power powers[];
extern const size_t n_powers;
