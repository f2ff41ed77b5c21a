// SPDX-License-Identifier: Apache-2.0
// What the graph says, as records that rules can judge: one for each subject of each binding whose role is there.
//
//   {"kind":"Grant","subject":{"kind","namespace","name"},"binding":{"kind","namespace","name"},"role":{"kind","namespace","name"},
//    "scope":"cluster"|"namespace","everything":bool,"public":bool,"powers":["create-pods",...]}
//
// public: nothing but health, version and the like. powers: names of src/posture/powers.c that the role gives there, and "everything".
#pragma once

#include "posture/access.h"

struct grant_record {
    struct str json; // with JSON_PADDING bytes behind its end; good until the next one
    const struct access_binding *binding;
    const struct access_subject *subject;
};
typedef void grant_record_fn(void *context, const struct grant_record *record);

void access_each_grant(const struct access *a, grant_record_fn *tell, void *context);

// Whether a rule gives nothing but the paths of health and version, as system:public-info-viewer does.
[[nodiscard]] bool access_rule_is_public(const struct access_rule *rule);

// Whether a role alone gives a power, in a namespace or (wide) in the whole cluster.
struct power;
[[nodiscard]] bool role_gives(const struct access_role *role, const struct power *p, bool wide);
