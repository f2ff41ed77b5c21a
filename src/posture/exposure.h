// SPDX-License-Identifier: Apache-2.0
// Every way into the workloads of a cluster from outside, as far as its objects show. Pure: objects come in as trees, records that rules
// judge go out.
//
//   objects --exposure_add--> workloads, Services, routes, Gateways, NetworkPolicies --exposure_each--> records
//
// One record for each workload (a pod, or what makes pods; not what another workload of the dump owns) and each way to it; one with way
// "none" for a workload that no way leads to; one without a workload for a Service or route that leads to nothing seen:
//
//   {"kind":"Exposure","way":"LoadBalancer"|"NodePort"|"externalIPs"|"hostPort"|"hostNetwork"|"Ingress"|"Gateway"|"Route"|"none",
//    "verdict":"open"|"limited"|"closed"|"unknown","because":TEXT, "via":{kind,namespace,name},"workload":{kind,namespace,name},
//    "service":{namespace,name},"names":[...],"labels":[VALUE...],"images":[...],"account":NAME,"arguments":[...],
//    "listens":[NUMBER...],"ports":[NUMBER...],
//    "annotations":["KEY=VALUE"...],"addresses":[...],"sources":[CIDR...],"hosts":[...],"tls":BOOL,
//    "policy":"absent"|"anywhere"|"limited"|"cluster"|"some-pods"|"nobody"|"bypassed"|"unknown","missing":[KIND...]}
//
// ports: those of the pods that the way ends at; listens: all that they declare.
// open: from anywhere the network lets it come. limited: from given networks only. closed: no NetworkPolicy lets anything from outside in.
// unknown: what decides is not among the objects; `missing` names the kinds.
#pragma once

#include "posture/finding.h"

struct exposure;

[[nodiscard]] struct exposure *exposure_new(void);
void exposure_free(struct exposure *e);

// An object as it was read; what does not concern exposure is ignored. Everything is copied but the file name of the place.
void exposure_add(struct exposure *e, const struct json_value *tree, struct str api_version, struct str kind, struct access_place place);

// NetworkPolicies there may be could not be read: whom they let in is unknown.
void exposure_policies_unread(struct exposure *e);

struct exposure_record {
    struct str json;         // with JSON_PADDING bytes behind its end; good until the next one
    struct str title;        // "Deployment web/ui through Service web/ui (NodePort), open: ..."
    struct str way, verdict; // as the record has them
    struct finding_object object;
    struct access_place place; // of what opens the way, else of the workload
};
typedef void exposure_record_fn(void *context, const struct exposure_record *record);

// No more objects: joins them and tells all records, in the order of the objects.
void exposure_each(struct exposure *e, exposure_record_fn *tell, void *context);

// Behind exposure_each. Whether an open way leads to a workload, or to one that it is told by (a pod's Deployment).
[[nodiscard]] bool exposure_is_open(const struct exposure *e, struct str kind, struct str ns, struct str name);
// Whether an open way leads to a workload that runs as this ServiceAccount.
[[nodiscard]] bool exposure_opens_account(const struct exposure *e, struct str ns, struct str name);
