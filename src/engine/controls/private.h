// SPDX-License-Identifier: Apache-2.0
// A control, inside the files that read and judge them.
#pragma once

#include "base/vec.h"
#include "detect/detect.h"
#include "engine/controls/controls.h"
#include "posture/pod_security.h"

enum { NO_RULE = UINT32_MAX };

struct control {
    struct control_score score;
    uint32_t rule;          // tells what is unhealthy: its index in the ruleset
    uint32_t unassessed;    // tells where the objects do not decide; NO_RULE: none
    bool over_pods;         // what has a pod specification
    bool per_cluster;       // one of them is as bad as many
    const struct str *over; // otherwise these kinds
    size_t n_over;
    struct str ns, name; // only the object of this name; ptr NULL: any
};

// What would make unhealthy things worse if it were exposed: a workload or a ServiceAccount, and the controls, `n` from `first` in
// at_stake.
struct stake {
    struct str kind, ns, name;
    size_t first, n;
};

// Minor versions of Kubernetes 1.x; 0: unknown.
struct cluster_version {
    uint64_t server, nodes; // nodes: of the newest kubelet, which is never newer than the API server
};

struct controls {
    struct pack *pack;
    struct plan *plan;
    struct matcher *matcher;
    struct arena arena;
    struct exemptions *exemptions;  // NULL: none
    struct bootstrap *bootstrap;    // made when it is first asked for
    bool compares;                  // with it
    struct cluster_version version; // of the cluster at hand
    struct arena scratch;           // of the cluster at hand
    struct pod_security *levels;    // likewise
    VEC(struct stake) stakes;
    VEC(struct control *) at_stake;
    // The controls over the kind that was judged last: objects come kind by kind.
    VEC(struct control *) over;
    struct buf over_kind;
    bool over_has_pod;
    struct control *items;
    struct control_score *scores;
    size_t n;
    struct control *admissions; // what can be said of a single request, for admission alone: no part of the score
    size_t n_admissions;
};

[[nodiscard]] status controls_read(struct controls *c, struct diags *diags); // items out of the pack's sources

// What Kubernetes makes by itself, version by version, out of the content (rules/bootstrap).
struct bootstrap;
struct bootstrap_policy {
    const struct access *graph; // all that a cluster of this version may have from Kubernetes, older versions' rules among it
    bool same_version;          // false: of a version that is not known, where it may be more
};
[[nodiscard]] struct bootstrap *bootstrap_new(void);
void bootstrap_free(struct bootstrap *b);
// Good until the next call.
[[nodiscard]] struct bootstrap_policy bootstrap_of(struct bootstrap *b, struct cluster_version version);

// What a finding is about: kind is that of the record, object what is told.
struct judged {
    struct str cluster, kind, json, prefix;
    const struct json_value *tree; // of the same text; NULL: it has not been parsed
    bool has_pod;
    struct finding_object object;
    struct access_place place;
    struct finding_object stake; // a workload or ServiceAccount; kind.len 0: none
    bool exposed;                // it is a way from outside that is open
};
void controls_judge(struct controls *c, const struct controls_run *run, const struct judged *j);
// Counts what is at stake and exposed, behind exposure_each.
void controls_settle(struct controls *c, const struct exposure *exposure);
