// SPDX-License-Identifier: Apache-2.0
// NetworkPolicies for namespaces: nothing comes in by default, and what Services choose takes connections at the ports that these lead to.
// Web pages that manage the cluster are left closed. Pure.
//
//   ClusterIP             from pods of the cluster
//   NodePort, LoadBalancer, externalIPs    from anywhere
//   a management page     not at all: kubectl port-forward reaches it through its node
#pragma once

#include "base/buf.h"
#include "codec/json/json.h"

struct network;

[[nodiscard]] struct network *network_new(void);
void network_free(struct network *n);

// Whether a name, or the value of a label, is that of a page that manages the cluster.
typedef bool network_page_fn(void *context, struct str name);
// An object; what is no workload, Service or NetworkPolicy is ignored. has_pod: it is a pod or makes pods.
void network_add(struct network *n, const struct json_value *tree, struct str kind, bool has_pod, network_page_fn *is_page, void *context);

[[nodiscard]] size_t
network_count(struct network *n); // namespaces with pods, without those that are Kubernetes' own (kube-...); sorts them
// The manifests of namespace i, by name; gives its name.
struct str network_write(const struct network *n, size_t i, struct buf *out);
