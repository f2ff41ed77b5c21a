// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/derived.h"

#define PERMISSIONS STR("Role"), STR("RoleBinding"), STR("ClusterRole"), STR("ClusterRoleBinding")
#define PODS                                                                                                                               \
    STR("Pod"), STR("PodTemplate"), STR("ReplicationController"), STR("DaemonSet"), STR("Deployment"), STR("ReplicaSet"),                  \
        STR("StatefulSet"), STR("CronJob"), STR("Job")
#define ROUTES                                                                                                                             \
    STR("Ingress"), STR("Route"), STR("Gateway"), STR("HTTPRoute"), STR("GRPCRoute"), STR("TLSRoute"), STR("TCPRoute"), STR("UDPRoute"),   \
        STR("ReferenceGrant")

enum { KINDS_MAX = 24 };

// Records that are made of objects, and the kinds those are of.
static const struct {
    struct str record;
    struct str kinds[KINDS_MAX];
} sources[] = {
    {STR("pods"), {PODS}},
    {STR("Grant"), {PERMISSIONS}},
    {STR("BuiltIn"), {PERMISSIONS}},
    {STR("Exposure"), {PODS, ROUTES, STR("Service"), STR("NetworkPolicy"), STR("Namespace")}},
    {STR("PodSecurity"), {PODS, STR("Namespace")}},
    {STR("KubeletConfiguration"), {STR("ConfigMap")}},
    {STR("kube-apiserver"), {STR("Pod")}},
    {STR("kube-controller-manager"), {STR("Pod")}},
    {STR("kube-scheduler"), {STR("Pod")}},
    {STR("etcd"), {STR("Pod")}},
    {STR("kubelet"), {STR("Pod")}},
};

bool derived_from(struct str record, struct str kind)
{
    if (str_eq(record, kind))
        return true;
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++) {
        for (size_t k = 0; k < KINDS_MAX && str_eq(record, sources[i].record) && sources[i].kinds[k].ptr; k++) {
            if (str_eq(kind, sources[i].kinds[k]))
                return true;
        }
    }
    return false;
}
