// SPDX-License-Identifier: Apache-2.0
// What posture finds: one control on one object.
#pragma once

#include "posture/access.h"

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
enum finding_status { FINDING_HEALTHY, FINDING_UNHEALTHY, FINDING_NOT_ASSESSABLE, FINDING_EXEMPT };

// What else is published of a recommendation. It outlives the findings.
struct control_about {
    struct str why; // what is wrong where it is not kept
    const struct str *references;
    size_t n_references;
    const struct str *tags; // as the rule has them: cis.5.2.6
    size_t n_tags;
};

// A recommendation as a finding tells it.
struct finding_control {
    struct str id, title;
    enum severity severity;
    const struct control_about *about; // NULL: nothing
};

struct finding_object {
    struct str api_version, kind;
    struct str ns, name; // ptr NULL: it has none
};

struct finding {
    struct str cluster;
    struct finding_control control;
    struct finding_object object;
    enum finding_status status;
    struct str why, fix; // sentences without full stop; len 0 when healthy
    struct access_place place;
};
