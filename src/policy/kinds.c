// SPDX-License-Identifier: Apache-2.0
// The kinds of objects that policies are made for.
#include "policy/policy.h"

#define TEMPLATE                                                                                                                           \
    {                                                                                                                                      \
        STR("spec"), STR("template"), STR("spec")                                                                                          \
    }
#define WORKLOAD(kind, group, resource)                                                                                                    \
    {                                                                                                                                      \
        STR(kind), STR(group), STR("v1"), STR(resource), STR("templates"), STR_NONE, TEMPLATE, STR("spec")                                 \
    }
#define RBAC(kind, resource)                                                                                                               \
    {                                                                                                                                      \
        STR(kind), STR("rbac.authorization.k8s.io"), STR("v1"), STR(resource), STR_NONE, STR_NONE, {STR_NONE}, STR_NONE                    \
    }

static const struct policy_kind kinds[] = {
    {STR("Pod"), STR(""), STR("v1"), STR("pods"), STR_NONE, STR("ephemeralcontainers"), {STR("spec")}, STR("spec")},
    WORKLOAD("Deployment", "apps", "deployments"),
    WORKLOAD("DaemonSet", "apps", "daemonsets"),
    WORKLOAD("StatefulSet", "apps", "statefulsets"),
    WORKLOAD("ReplicaSet", "apps", "replicasets"),
    WORKLOAD("ReplicationController", "", "replicationcontrollers"),
    WORKLOAD("Job", "batch", "jobs"),
    {STR("CronJob"),
     STR("batch"),
     STR("v1"),
     STR("cronjobs"),
     STR_NONE,
     STR_NONE,
     {STR("spec"), STR("jobTemplate"), STR("spec"), STR("template"), STR("spec")},
     STR("spec")},
    {STR("PodTemplate"), STR(""), STR("v1"), STR("podtemplates"), STR_NONE, STR_NONE, {STR("template"), STR("spec")}, STR("template")},
    {STR("Service"), STR(""), STR("v1"), STR("services"), STR_NONE, STR_NONE, {STR_NONE}, STR("spec")},
    {STR("Secret"), STR(""), STR("v1"), STR("secrets"), STR_NONE, STR_NONE, {STR_NONE}, STR_NONE},
    {STR("ConfigMap"), STR(""), STR("v1"), STR("configmaps"), STR_NONE, STR_NONE, {STR_NONE}, STR_NONE},
    {STR("ServiceAccount"), STR(""), STR("v1"), STR("serviceaccounts"), STR_NONE, STR_NONE, {STR_NONE}, STR_NONE},
    RBAC("Role", "roles"),
    RBAC("ClusterRole", "clusterroles"),
    RBAC("RoleBinding", "rolebindings"),
    RBAC("ClusterRoleBinding", "clusterrolebindings"),
    {STR("CertificateSigningRequest"),
     STR("certificates.k8s.io"),
     STR("v1"),
     STR("certificatesigningrequests"),
     STR_NONE,
     STR("approval"),
     {STR_NONE},
     STR_NONE},
};

const struct policy_kind *policy_kinds(size_t *n)
{
    *n = sizeof kinds / sizeof *kinds;
    return kinds;
}

const struct policy_kind *policy_kind_find(struct str kind)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_eq(kinds[i].kind, kind))
            return &kinds[i];
    }
    return NULL;
}

const struct policy_kind *policy_kind_of(struct str group, struct str resource, struct str subresource)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const struct policy_kind *k = &kinds[i];
        if (str_eq(k->group, group) && str_eq(k->resource, resource) && (!subresource.len || str_eq(k->also, subresource)))
            return k;
    }
    return NULL;
}
