// SPDX-License-Identifier: Apache-2.0
// Findings that somebody has accepted: which, why, and until when.
//
//   - control: privileged-container           # its id; * stands for any text, here and below
//     object: DaemonSet kube-system/agent     # as findings tell it; without: every object
//     cluster: blue                           # without: every cluster
//     reason: needs the node's devices        # needed
//     until: 2027-01-31                       # the last day it holds; without: for ever
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "codec/yaml/yaml.h"
#include "posture/finding.h"

struct exemptions;

struct exemption {
    struct str reason, until; // until.len 0: for ever
};

// now: ns. What has run out is said and does not count. ST_INPUT: it is no such list.
[[nodiscard]] status exemptions_read(struct exemptions **out, struct yaml_source source, int64_t now, struct diags *diags);
void exemptions_free(struct exemptions *e);

// The first that is about a finding, or NULL.
[[nodiscard]] const struct exemption *exemptions_find(struct exemptions *e, struct str cluster, struct str control,
                                                      const struct finding_object *object);
// Says which were about nothing.
void exemptions_tell_unused(const struct exemptions *e, struct diags *diags);
