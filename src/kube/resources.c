// SPDX-License-Identifier: Apache-2.0
#include "kube/resources.h"

#define TOKEN "kubernetes.io/service-account-token"
#define JOIN  "bootstrap.kubernetes.io/token"

enum {
    POSTURE = KUBE_FOR_POSTURE,
    CREDENTIALS = KUBE_FOR_CREDENTIALS | KUBE_FOR_POSTURE,
    PATHS = KUBE_FOR_PATHS | CREDENTIALS,
    GRANTS = KUBE_FOR_GRANTS | PATHS,
    PODS = KUBE_FOR_PODS | PATHS,
};

#define CORE       STR("")
#define RBAC       STR("rbac.authorization.k8s.io")
#define GATEWAY    STR("gateway.networking.k8s.io")
#define EXTENSIONS STR("apiextensions.k8s.io")
#define CSR        STR("certificates.k8s.io")
#define NETWORK    STR("networking.k8s.io")
#define OPENSHIFT  STR("route.openshift.io")
#define ISTIO      STR("networking.istio.io")
#define V1         STR("v1")
#define V1B1       STR("v1beta1")
#define V1A2       STR("v1alpha2")
#define V1A3       STR("v1alpha3")

#define READ(kind_, group_, name_, uses_, ...)                                                                                             \
    .kind = STR(kind_), .group = group_, .name = STR(name_), .uses = uses_, .versions = {__VA_ARGS__}

const struct kube_resource kube_resources[] = {
    // Who may do what
    {READ("ClusterRole", RBAC, "clusterroles", GRANTS, V1, V1B1), .scope = KUBE_IN_CLUSTER},
    {READ("ClusterRoleBinding", RBAC, "clusterrolebindings", GRANTS, V1, V1B1), .scope = KUBE_IN_CLUSTER},
    {READ("Role", RBAC, "roles", GRANTS, V1, V1B1)},
    {READ("RoleBinding", RBAC, "rolebindings", GRANTS, V1, V1B1)},
    {READ("ServiceAccount", CORE, "serviceaccounts", PATHS, V1)},
    {READ("Namespace", CORE, "namespaces", PATHS, V1), .scope = KUBE_NAMESPACES},
    {READ("CustomResourceDefinition", EXTENSIONS, "customresourcedefinitions", KUBE_FOR_GRANTS | KUBE_FOR_PATHS, V1, V1B1),
     .scope = KUBE_IN_CLUSTER},
    // Credentials. Of Secrets what they hold is never asked for, but for tokens that join nodes: when those end stands among it.
    {READ("Secret", CORE, "secrets", PATHS, V1), .selector = STR("type=" TOKEN), .metadata = true, .type = STR(TOKEN)},
    {READ("Secret", CORE, "secrets", CREDENTIALS, V1), .selector = STR("type=" JOIN)},
    {READ("Secret", CORE, "secrets", POSTURE, V1), .selector = STR("type!=" TOKEN ",type!=" JOIN), .metadata = true},
    {READ("CertificateSigningRequest", CSR, "certificatesigningrequests", CREDENTIALS, V1, V1B1), .scope = KUBE_IN_CLUSTER},
    {READ("ConfigMap", CORE, "configmaps", POSTURE, V1)},
    // What runs
    {READ("Node", CORE, "nodes", POSTURE, V1), .scope = KUBE_IN_CLUSTER},
    {READ("Pod", CORE, "pods", PODS, V1)},
    {READ("PodTemplate", CORE, "podtemplates", PODS, V1)},
    {READ("ReplicationController", CORE, "replicationcontrollers", PODS, V1)},
    {READ("DaemonSet", STR("apps"), "daemonsets", PODS, V1)},
    {READ("Deployment", STR("apps"), "deployments", PODS, V1)},
    {READ("ReplicaSet", STR("apps"), "replicasets", PODS, V1)},
    {READ("StatefulSet", STR("apps"), "statefulsets", PODS, V1)},
    {READ("CronJob", STR("batch"), "cronjobs", PODS, V1, V1B1)},
    {READ("Job", STR("batch"), "jobs", PODS, V1)},
    // Ways in from outside
    {READ("Service", CORE, "services", POSTURE, V1)},
    {READ("Endpoints", CORE, "endpoints", POSTURE, V1), .ns = STR("default"), .only = STR("kubernetes")},
    {READ("EndpointSlice", STR("discovery.k8s.io"), "endpointslices", POSTURE, V1, V1B1), .ns = STR("default"), .only = STR("kubernetes")},
    {READ("Ingress", NETWORK, "ingresses", POSTURE, V1, V1B1)},
    {READ("NetworkPolicy", NETWORK, "networkpolicies", POSTURE, V1)},
    {READ("Gateway", GATEWAY, "gateways", POSTURE, V1, V1B1, V1A2)},
    {READ("GRPCRoute", GATEWAY, "grpcroutes", POSTURE, V1, V1A2)},
    {READ("HTTPRoute", GATEWAY, "httproutes", POSTURE, V1, V1B1, V1A2)},
    {READ("TCPRoute", GATEWAY, "tcproutes", POSTURE, V1, V1A2)},
    {READ("TLSRoute", GATEWAY, "tlsroutes", POSTURE, V1, V1A3, V1A2)},
    {READ("UDPRoute", GATEWAY, "udproutes", POSTURE, V1, V1A2)},
    {READ("ReferenceGrant", GATEWAY, "referencegrants", POSTURE, V1, V1B1, V1A2)},
    {READ("Route", OPENSHIFT, "routes", POSTURE, V1)},
    {READ("VirtualService", ISTIO, "virtualservices", POSTURE, V1, V1B1, V1A3)},
    {READ("Gateway", ISTIO, "gateways", POSTURE, V1, V1B1, V1A3)},
};
const size_t kube_n_resources = sizeof kube_resources / sizeof *kube_resources;
