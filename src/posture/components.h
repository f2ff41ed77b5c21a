// SPDX-License-Identifier: Apache-2.0
// The flags that parts of the control plane run with, as far as their pods show them: static pods of kubeadm and the like.
//
//   {"kind":"Component","component":"kube-apiserver","minor":20,"flag":{"anonymous-auth":"false","audit-log-path":"/var/log/a",...}}
//
// A flag without a value is "true", of a flag given twice the later counts, as Go's pflag has it. minor (of Kubernetes 1.x) comes from the
// image's tag; null when that does not say.
#pragma once

#include "base/buf.h"
#include "pod/pod.h"

// A container that runs such a program.
struct component {
    struct str name;
    uint64_t minor;  // 0: unknown
    struct str json; // the record, with JSON_PADDING bytes behind its end; good until the call ends
};
typedef void component_fn(void *context, const struct component *component);
void components_of(const struct pod *pod, component_fn *tell, void *context);
