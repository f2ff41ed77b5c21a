// SPDX-License-Identifier: Apache-2.0
// The pods in objects: what a Pod is itself, and what workloads have as templates.
#pragma once

#include "codec/json/json.h"

struct pod {
    const struct json_value *metadata, *spec; // of the pod, or of the template; metadata may be NULL
    bool is_template;
};

// Pod, Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController, PodTemplate, of the groups that Kubernetes
// serves them in. False: no such object, or one without a spec.
[[nodiscard]] bool pod_of(const struct json_value *tree, struct str api_version, struct str kind, struct pod *out);

// containers, initContainers, ephemeralContainers, one after the other: zero it, then until NULL comes.
struct container_walk {
    unsigned list;
    const struct json_value *next;
};
[[nodiscard]] const struct json_value *pod_next_container(const struct pod *p, struct container_walk *walk);

// A member that is there: not NULL and not null.
[[nodiscard]] const struct json_value *present(const struct json_value *parent, struct str key);
[[nodiscard]] bool is_true(const struct json_value *parent, struct str key);
[[nodiscard]] bool is_false(const struct json_value *parent, struct str key);
