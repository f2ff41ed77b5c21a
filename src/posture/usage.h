// SPDX-License-Identifier: Apache-2.0
// Who used which permissions, and the smallest roles that cover it. Pure: requests come in, roles go out.
#pragma once

#include "posture/access.h"

struct usage;

[[nodiscard]] struct usage *usage_new(void);
void usage_free(struct usage *u);

// A request of somebody, with the groups that it was made with. refused: RBAC did not allow it. What everybody has (versions, discovery,
// questions about oneself) counts as a request and as no use.
void usage_add(struct usage *u, const struct access_subject *who, const struct str *groups, size_t n_groups,
               const struct access_action *action, bool refused);

// One permission that was used, in one place.
struct use {
    struct access_action action; // name: one of those it was used on; len 0 when it was ever used on none in particular
    uint64_t requests;
};
struct used {
    struct access_subject who;
    const struct str *groups;
    size_t n_groups;
    uint64_t requests, refused;
    const struct use *uses; // by namespace, group, resource, verb
    size_t n_uses;
    uint64_t dropped; // requests for permissions beyond the limit of one subject
    uint32_t index;   // inside the usage
};
// Those who made requests, sorted.
[[nodiscard]] const struct used *usage_all(struct usage *u, size_t *n);

// A role, and where it is bound to the subject.
struct suggested_role {
    const struct access_rule *rules;
    size_t n_rules;
    bool cluster;                 // in the whole cluster: by a ClusterRoleBinding
    const struct str *namespaces; // otherwise in these: a Role in the only one, or a ClusterRole with a RoleBinding in each
    size_t n_namespaces;
};
// What covers all uses of one of usage_all, and nothing else but what cannot be told apart: a permission that is used everywhere is not
// given again in a namespace; objects are named where their names are few and last (ConfigMaps, Secrets, Leases, ...). In the
// usage's memory.
[[nodiscard]] const struct suggested_role *usage_roles(struct usage *u, const struct used *s, size_t *n);
