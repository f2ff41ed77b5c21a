// SPDX-License-Identifier: Apache-2.0
// What kubectl calls things: the kinds that an API server serves by itself (`kubectl api-resources` of 1.20 to 1.36).
#include "posture/access_private.h"

#define CLUSTER false
#define NS      true

static const struct builtin {
    struct str plural, singular, short_name, group;
    bool namespaced;
} builtins[] = {
#define KIND(plural, singular, short_name, group, namespaced)                                                                              \
    {                                                                                                                                      \
        STR(plural), STR(singular), STR(short_name), STR(group), namespaced                                                                \
    }
    KIND("bindings", "binding", "", "", NS),
    KIND("componentstatuses", "componentstatus", "cs", "", CLUSTER),
    KIND("configmaps", "configmap", "cm", "", NS),
    KIND("endpoints", "endpoints", "ep", "", NS),
    KIND("events", "event", "ev", "", NS),
    KIND("groups", "group", "", "", CLUSTER), // for impersonation
    KIND("limitranges", "limitrange", "limits", "", NS),
    KIND("namespaces", "namespace", "ns", "", CLUSTER),
    KIND("nodes", "node", "no", "", CLUSTER),
    KIND("persistentvolumeclaims", "persistentvolumeclaim", "pvc", "", NS),
    KIND("persistentvolumes", "persistentvolume", "pv", "", CLUSTER),
    KIND("pods", "pod", "po", "", NS),
    KIND("podtemplates", "podtemplate", "", "", NS),
    KIND("replicationcontrollers", "replicationcontroller", "rc", "", NS),
    KIND("resourcequotas", "resourcequota", "quota", "", NS),
    KIND("secrets", "secret", "", "", NS),
    KIND("serviceaccounts", "serviceaccount", "sa", "", NS),
    KIND("services", "service", "svc", "", NS),
    KIND("users", "user", "", "", CLUSTER), // for impersonation
    KIND("mutatingadmissionpolicies", "mutatingadmissionpolicy", "", "admissionregistration.k8s.io", CLUSTER),
    KIND("mutatingadmissionpolicybindings", "mutatingadmissionpolicybinding", "", "admissionregistration.k8s.io", CLUSTER),
    KIND("mutatingwebhookconfigurations", "mutatingwebhookconfiguration", "", "admissionregistration.k8s.io", CLUSTER),
    KIND("validatingadmissionpolicies", "validatingadmissionpolicy", "", "admissionregistration.k8s.io", CLUSTER),
    KIND("validatingadmissionpolicybindings", "validatingadmissionpolicybinding", "", "admissionregistration.k8s.io", CLUSTER),
    KIND("validatingwebhookconfigurations", "validatingwebhookconfiguration", "", "admissionregistration.k8s.io", CLUSTER),
    KIND("customresourcedefinitions", "customresourcedefinition", "crd", "apiextensions.k8s.io", CLUSTER),
    KIND("apiservices", "apiservice", "", "apiregistration.k8s.io", CLUSTER),
    KIND("controllerrevisions", "controllerrevision", "", "apps", NS),
    KIND("daemonsets", "daemonset", "ds", "apps", NS),
    KIND("deployments", "deployment", "deploy", "apps", NS),
    KIND("replicasets", "replicaset", "rs", "apps", NS),
    KIND("statefulsets", "statefulset", "sts", "apps", NS),
    KIND("selfsubjectreviews", "selfsubjectreview", "", "authentication.k8s.io", CLUSTER),
    KIND("tokenreviews", "tokenreview", "", "authentication.k8s.io", CLUSTER),
    KIND("localsubjectaccessreviews", "localsubjectaccessreview", "", "authorization.k8s.io", NS),
    KIND("selfsubjectaccessreviews", "selfsubjectaccessreview", "", "authorization.k8s.io", CLUSTER),
    KIND("selfsubjectrulesreviews", "selfsubjectrulesreview", "", "authorization.k8s.io", CLUSTER),
    KIND("subjectaccessreviews", "subjectaccessreview", "", "authorization.k8s.io", CLUSTER),
    KIND("horizontalpodautoscalers", "horizontalpodautoscaler", "hpa", "autoscaling", NS),
    KIND("cronjobs", "cronjob", "cj", "batch", NS),
    KIND("jobs", "job", "", "batch", NS),
    KIND("certificatesigningrequests", "certificatesigningrequest", "csr", "certificates.k8s.io", CLUSTER),
    KIND("clustertrustbundles", "clustertrustbundle", "", "certificates.k8s.io", CLUSTER),
    KIND("signers", "signer", "", "certificates.k8s.io", CLUSTER), // for approve and sign
    KIND("leases", "lease", "", "coordination.k8s.io", NS),
    KIND("endpointslices", "endpointslice", "", "discovery.k8s.io", NS),
    KIND("flowschemas", "flowschema", "", "flowcontrol.apiserver.k8s.io", CLUSTER),
    KIND("prioritylevelconfigurations", "prioritylevelconfiguration", "", "flowcontrol.apiserver.k8s.io", CLUSTER),
    KIND("ingressclasses", "ingressclass", "", "networking.k8s.io", CLUSTER),
    KIND("ingresses", "ingress", "ing", "networking.k8s.io", NS),
    KIND("networkpolicies", "networkpolicy", "netpol", "networking.k8s.io", NS),
    KIND("runtimeclasses", "runtimeclass", "", "node.k8s.io", CLUSTER),
    KIND("poddisruptionbudgets", "poddisruptionbudget", "pdb", "policy", NS),
    KIND("podsecuritypolicies", "podsecuritypolicy", "psp", "policy", CLUSTER),
    KIND("clusterrolebindings", "clusterrolebinding", "", "rbac.authorization.k8s.io", CLUSTER),
    KIND("clusterroles", "clusterrole", "", "rbac.authorization.k8s.io", CLUSTER),
    KIND("rolebindings", "rolebinding", "", "rbac.authorization.k8s.io", NS),
    KIND("roles", "role", "", "rbac.authorization.k8s.io", NS),
    KIND("priorityclasses", "priorityclass", "pc", "scheduling.k8s.io", CLUSTER),
    KIND("csidrivers", "csidriver", "", "storage.k8s.io", CLUSTER),
    KIND("csinodes", "csinode", "", "storage.k8s.io", CLUSTER),
    KIND("csistoragecapacities", "csistoragecapacity", "", "storage.k8s.io", NS),
    KIND("storageclasses", "storageclass", "sc", "storage.k8s.io", CLUSTER),
    KIND("volumeattachments", "volumeattachment", "", "storage.k8s.io", CLUSTER),
#undef KIND
};

// The group is optional; a group that was given must fit.
static bool fits(struct str given, struct str group)
{
    return !given.ptr || str_eq(given, group);
}

static bool find_builtin(struct str word, struct str group, struct access_action *out)
{
    for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++) {
        const struct builtin *b = &builtins[i];
        if (!fits(group, b->group) ||
            !(str_eq_ci(word, b->plural) || str_eq_ci(word, b->singular) || (b->short_name.len && str_eq_ci(word, b->short_name))))
            continue;
        out->resource = b->plural;
        out->group = b->group;
        out->cluster_scoped = !b->namespaced;
        return true;
    }
    return false;
}

static bool find_custom(const struct access *a, struct str word, struct str group, struct access_action *out)
{
    for (size_t i = 0; i < a->resources.n; i++) {
        const struct custom_resource *c = &a->resources.items[i];
        bool named = str_eq_ci(word, c->plural) || str_eq_ci(word, c->singular);
        for (size_t j = 0; j < c->short_names.n; j++)
            named = named || str_eq_ci(word, c->short_names.items[j]);
        if (!named || !fits(group, c->group))
            continue;
        out->resource = c->plural;
        out->group = c->group;
        out->cluster_scoped = !c->namespaced;
        return true;
    }
    return false;
}

bool access_parse_resource(const struct access *a, struct str text, struct access_action *out)
{
    out->resource = out->subresource = out->group = out->path = STR_NONE;
    out->cluster_scoped = false;
    if (str_starts(text, STR("/"))) {
        out->path = text;
        return true;
    }
    const size_t slash = str_find_char(text, '/', 0);
    if (slash != SIZE_MAX) {
        out->subresource = str_slice(text, slash + 1, text.len);
        text = str_slice(text, 0, slash);
    }
    const size_t dot = str_find_char(text, '.', 0);
    const struct str word = str_slice(text, 0, dot == SIZE_MAX ? text.len : dot);
    const struct str group = dot == SIZE_MAX ? STR_NONE : str_slice(text, dot + 1, text.len);
    if (str_eq(word, STR("*"))) {
        out->resource = word;
        out->group = group.ptr ? group : STR("*");
        return true;
    }
    if (find_builtin(word, group, out) || find_custom(a, word, group, out))
        return true;
    out->resource = word;
    out->group = group.ptr ? group : STR("");
    return group.ptr != NULL;
}
