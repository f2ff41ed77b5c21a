// SPDX-License-Identifier: Apache-2.0
// An audit policy (audit.k8s.io Policy), and what it does to a request: the first rule that matches decides
// (k8s.io/apiserver/pkg/audit/policy).
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "codec/yaml/yaml.h"
#include "event/event.h"

enum audit_level { AUDIT_NONE, AUDIT_METADATA, AUDIT_REQUEST, AUDIT_REQUEST_RESPONSE };
[[nodiscard]] struct str audit_level_name(enum audit_level level);

struct audit_policy;

// The only Policy of a file. ST_INPUT: there is none, or it is not one that the API server would take; said in diags.
[[nodiscard]] status audit_policy_read(struct audit_policy **out, struct yaml_source source, struct diags *diags);
void audit_policy_free(struct audit_policy *p);
[[nodiscard]] size_t audit_policy_rules(const struct audit_policy *p);

struct audit_verdict {
    enum audit_level level;
    unsigned line;      // of the rule that decides; 0: none matches
    bool stage_omitted; // the stage of the event is left out
};
// What is logged of the request that an event tells of, at the event's stage.
[[nodiscard]] struct audit_verdict audit_policy_judge(const struct audit_policy *p, const struct event *e);
