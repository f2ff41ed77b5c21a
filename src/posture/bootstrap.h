// SPDX-License-Identifier: Apache-2.0
// Roles and bindings held against those that Kubernetes makes by itself (its bootstrap policy).
//
//   {"kind":"BuiltIn","object":{kind,namespace,name},"known":BOOL,"same_version":BOOL,"autoupdate":BOOL,"extra":["create pods",...],
//    "powers":["create-pods",...],"subjects":["User system:anonymous",...],"other_role":BOOL}
//
// One record for each role and binding that has a name the policy knows, or one that begins with "system:" (known: false, and nothing but
// powers said). extra: what it gives and the policy does not; powers: the ways to others' permissions among that; subjects: whom it binds
// and the policy does not. autoupdate: the API server repairs it (of bindings this is not looked at).
#pragma once

#include "posture/finding.h"

struct bootstrap_record {
    struct str json;  // with JSON_PADDING bytes behind its end; good until the next one
    struct str title; // "ClusterRole system:node gives create secrets"; len 0: nothing differs
    struct finding_object object;
    struct access_place place;
};
typedef void bootstrap_record_fn(void *context, const struct bootstrap_record *record);

// Both graphs are sealed. policy: what the cluster may have from its version of Kubernetes, and from those before. same_version: that is
// known; otherwise policy is what any version makes.
void bootstrap_compare(const struct access *cluster, const struct access *policy, bool same_version, bootstrap_record_fn *tell,
                       void *context);
