// SPDX-License-Identifier: Apache-2.0
// Which objects davy reads from a cluster, and how: the one table that requests, the ClusterRole in policies/ and its test are made of.
#pragma once

#include "base/str.h"

// What asks for them.
enum kube_use {
    KUBE_FOR_GRANTS = 1,      // who may do what
    KUBE_FOR_PATHS = 2,       // ways from one's permissions to another's
    KUBE_FOR_CREDENTIALS = 4, // the list of credentials
    KUBE_FOR_POSTURE = 8,     // controls
    KUBE_FOR_PODS = 16,       // Pod Security
};

// Where objects of a kind are.
enum kube_scope {
    KUBE_IN_NAMESPACES,
    KUBE_IN_CLUSTER,
    KUBE_NAMESPACES, // they are the namespaces: who may look into one may see it
};

enum { KUBE_VERSIONS = 3 };

struct kube_resource {
    struct str kind, group, name;       // Pod, "" (the core group), pods
    struct str versions[KUBE_VERSIONS]; // that davy understands, the best first; ptr NULL: no more
    unsigned uses;                      // enum kube_use
    enum kube_scope scope;
    struct str ns, only; // only the object of that name in that namespace; ptr NULL: all
    struct str selector; // of fields; ptr NULL: none
    bool metadata;       // no more is asked for: what the object holds stays in the cluster
    struct str type;     // with metadata: what `type` is, known from the selector; ptr NULL: not said
};

extern const struct kube_resource kube_resources[];
extern const size_t kube_n_resources;
