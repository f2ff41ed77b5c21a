// SPDX-License-Identifier: Apache-2.0
// The graph's memory, inside this room.
#pragma once

#include "base/map.h"
#include "base/vec.h"
#include "posture/access.h"
#include "posture/labels.h"

// What is known of a role beyond what is told.
struct role_source {
    struct labels labels;
    const struct selector *selectors; // of an aggregated role
    size_t n_selectors;
    bool live; // from a running cluster: its controller has aggregated already
    bool kept; // rbac.authorization.kubernetes.io/autoupdate is false: the API server does not repair it
};

// A ServiceAccount, and how one may come to its token.
struct account {
    struct str ns, name;
    bool has_pods;         // a pod, or a template of pods, runs as it
    bool has_token_secret; // a Secret holds its token
};

struct custom_resource {
    struct str group, plural, singular;
    struct access_words short_names;
    bool namespaced;
};

struct access {
    struct arena arena;
    struct intern words; // every string once
    VEC(struct access_role) roles;
    VEC(struct role_source) sources; // of the roles, by index
    VEC(struct access_binding) bindings;
    VEC(struct account) accounts;
    VEC(struct str) namespaces;
    VEC(struct custom_resource) resources;
    struct map index; // "KIND\0NS\0NAME" -> place in its list, plus 1
    bool any_secret;  // Secrets are among the objects
    bool roles_unread, cluster_roles_unread;
    struct str superuser_group;
};

[[nodiscard]] struct str access_intern(struct access *a, struct str s);
// The place (plus 1) of an object by kind, namespace and name; 0 when new. Made by access_index.
[[nodiscard]] uint64_t *access_index(struct access *a, char kind, struct str ns, struct str name);
[[nodiscard]] uint64_t access_find(const struct access *a, char kind, struct str ns, struct str name);
enum {
    INDEX_CLUSTER_ROLE = 'C',
    INDEX_ROLE = 'R',
    INDEX_CLUSTER_BINDING = 'c',
    INDEX_BINDING = 'b',
    INDEX_ACCOUNT = 'a',
    INDEX_NAMESPACE = 'n'
};

struct account *access_account(struct access *a, struct str ns, struct str name);
void access_namespace(struct access *a, struct str name);

// An object being read; `bad` once a member is not of its type.
struct reading {
    struct access *access;
    const struct json_value *tree;
    struct str kind, ns, name;
    struct access_place place;
    const char *bad;
};
[[nodiscard]] struct access_words read_words(struct reading *r, const struct json_value *list, const char *what);
[[nodiscard]] struct str read_text(struct reading *r, const struct json_value *parent, struct str key); // "" when absent
[[nodiscard]] bool read_role(struct reading *r, struct access_role *out, struct role_source *source);
[[nodiscard]] bool read_binding(struct reading *r, struct str api_version, struct access_binding *out);

void access_aggregate(struct access *a, struct diags *diags);
