// SPDX-License-Identifier: Apache-2.0
// Who can do what in one cluster, and which bindings and roles give it. Pure: objects come in as trees, answers go out through callbacks.
//
//   objects --access_add--> roles, bindings, accounts --access_seal--> graph (immutable) --> who can, of, paths, differences
//
// What is allowed is what Kubernetes' RBAC authorizer allows (rbac.authorization.k8s.io/v1; plugin/pkg/auth/authorizer/rbac), and what the
// API server allows before it asks: everything, to the group system:masters. Not seen in objects, and so not answered: the node
// authorizer, webhook authorizers, attribute-based access.
#pragma once

#include "base/diag.h"
#include "codec/json/json.h"

enum subject_kind { SUBJECT_USER, SUBJECT_GROUP, SUBJECT_ACCOUNT };

struct access_subject {
    enum subject_kind kind;
    struct str ns; // of a ServiceAccount
    struct str name;
};

// Where an object was read.
struct access_place {
    struct str file; // outlives the graph
    uint64_t line;
};

struct access_words {
    const struct str *items;
    size_t n;
};

// A PolicyRule.
struct access_rule {
    struct access_words verbs, groups, resources, names, urls;
};

struct access_role {
    struct str ns; // of a Role; a ClusterRole's ptr is NULL
    struct str name;
    const struct access_rule *rules;
    size_t n_rules;
    bool aggregated; // its rules come from the roles that its selectors choose
    struct access_place place;
};

struct access_binding {
    struct str ns; // of a RoleBinding; a ClusterRoleBinding's ptr is NULL
    struct str name;
    bool refers_cluster_role; // otherwise to a Role
    struct str role_name;
    const struct access_role *role; // NULL: there is none of that name, and so the binding gives nothing
    const struct access_subject *subjects;
    size_t n_subjects;
    struct access_place place;
};

// --- building --------------------------------------------------------------------------------------------------------------------

struct access;

[[nodiscard]] struct access *access_new(void);
void access_free(struct access *a);

// An object as it was read; what does not concern access is ignored. Everything is copied. An object that the API server would not accept,
// and one that replaces an earlier one of the same name, is said in diags.
void access_add(struct access *a, const struct json_value *tree, struct str api_version, struct str kind, struct access_place place,
                struct diags *diags);
// Not all objects of the kind could be read: what is missing of it may be there.
void access_unread(struct access *a, struct str kind);
// No more objects: aggregates roles and follows references. Immutable from here on.
void access_seal(struct access *a, struct diags *diags);

[[nodiscard]] const struct access_role *access_roles(const struct access *a, size_t *n);
[[nodiscard]] const struct access_binding *access_bindings(const struct access *a, size_t *n);

// --- questions -------------------------------------------------------------------------------------------------------------------

// A request, as a SubjectAccessReview describes it.
struct access_action {
    struct str verb;
    struct str group, resource, subresource; // resource ptr NULL: path counts
    struct str ns;                           // len 0: no namespace, which is all of them, or a resource that has none
    struct str name;                         // len 0: none in particular
    struct str path;                         // a non-resource URL
    bool cluster_scoped;                     // the resource is in no namespace, whatever `ns` says
};

// "pods", "deployments.apps", "pods/exec", "nodes", "*", "/metrics". Singular and short names of built-in kinds are understood, and their
// groups known; so are those of CustomResourceDefinitions that were added. False: a group had to be guessed as "" (action is filled all
// the same). Views point into text or are static.
[[nodiscard]] bool access_parse_resource(const struct access *a, struct str text, struct access_action *out);

// "user:alice", "group:dev", "serviceaccount:ns/name", "system:serviceaccount:ns:name", "ns/name" (a ServiceAccount); otherwise a group if
// it is a system group (system:masters, system:authenticated, ...), otherwise a user. False: empty, or a ServiceAccount without a name.
[[nodiscard]] bool access_parse_subject(struct str text, struct access_subject *out);

// Whoever makes requests.
struct access_identity {
    struct str user; // ptr NULL: nobody in particular, only the groups
    const struct str *groups;
    size_t n_groups;
};
// With the groups that Kubernetes adds by itself: system:authenticated (or unauthenticated, for system:anonymous), system:serviceaccounts,
// system:serviceaccounts:NS.
[[nodiscard]] struct access_identity access_identity_of(struct arena *a, const struct access_subject *s, const struct str *groups,
                                                        size_t n);

// Whether a subject of a binding is this identity or a group of it; the first such subject of a binding, or NULL.
[[nodiscard]] bool access_subject_is(const struct access_subject *s, const struct access_identity *who);
[[nodiscard]] const struct access_subject *access_binding_names(const struct access_binding *b, const struct access_identity *who);

struct access_grant {
    struct access_subject subject;        // as it stands in the binding
    const struct access_binding *binding; // NULL: built into the API server
    const struct access_role *role;
    const struct access_rule *rule; // of the role; NULL with binding NULL
};
typedef void access_tell_fn(void *context, const struct access_grant *grant);

// All that lets somebody do it, in the order in which the authorizer looks. any_namespace: also what allows it in one namespace only.
void access_who_can(const struct access *a, const struct access_action *action, bool any_namespace, access_tell_fn *tell, void *context);
// All that an identity may do, rule by rule. One grant for each rule of each binding that names it or a group of it.
void access_of(const struct access *a, const struct access_identity *who, access_tell_fn *tell, void *context);
// Whether it may do this, and the first thing that lets it (by may be NULL).
[[nodiscard]] bool access_allows(const struct access *a, const struct access_identity *who, const struct access_action *action,
                                 struct access_grant *by);

// Whether a rule allows an action, wherever the rule holds.
[[nodiscard]] bool access_rule_allows(const struct access_rule *rule, const struct access_action *action);
[[nodiscard]] bool access_rule_is_everything(const struct access_rule *rule); // all verbs on all resources
