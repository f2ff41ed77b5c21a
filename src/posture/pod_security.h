// SPDX-License-Identifier: Apache-2.0
// Which Pod Security level the API server enforces in which namespace: labels of Namespaces, else the defaults of its configuration
// (AdmissionConfiguration, plugin PodSecurity). Pure: objects come in as trees, records that rules judge go out.
//
//   {"kind":"PodSecurity","enforce":"baseline","said_by":"label"|"default"|"exemption"|"nobody","minor":20}
//
// One for each Namespace that something with a pod specification is in, but for those of Kubernetes itself (kube-...), whose pods need the
// node. What the admission does not understand it takes for restricted; what nobody says is privileged, and so is what is exempt.
#pragma once

#include "posture/finding.h"

struct pod_security;

[[nodiscard]] struct pod_security *pod_security_new(void);
void pod_security_free(struct pod_security *p);

// An object as it was read; what does not concern it is ignored. The file name of the place is borrowed. has_pod: a pod or what makes pods.
void pod_security_add(struct pod_security *p, const struct json_value *tree, struct finding_object object, bool has_pod,
                      struct access_place place);

struct pod_security_record {
    struct str json; // with JSON_PADDING bytes behind its end; good until the next one
    struct finding_object object;
    struct access_place place;
};
typedef void pod_security_record_fn(void *context, const struct pod_security_record *record);
// minor: of the cluster's version; 0: unknown. In the order of the Namespaces.
void pod_security_each(const struct pod_security *p, uint64_t minor, pod_security_record_fn *tell, void *context);
