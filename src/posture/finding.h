// SPDX-License-Identifier: Apache-2.0
// What posture finds: one control on one object.
#pragma once

#include "posture/access.h"

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
enum finding_status { FINDING_HEALTHY, FINDING_UNHEALTHY, FINDING_NOT_ASSESSABLE, FINDING_EXEMPT };

// A recommendation as a finding tells it.
struct finding_control {
    struct str id, title;
    enum severity severity;
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
