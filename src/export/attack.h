// SPDX-License-Identifier: Apache-2.0
// The techniques of MITRE ATT&CK that a step of an incident shows.
#pragma once

#include "report/common/step.h"

enum { ATTACK_MAX = 8 }; // techniques of one step

struct attack {
    struct str id;     // T1610, T1053.007; of Microsoft's matrix when ATT&CK has no such act: MS-TA9017
    struct str name;   // the id when the table does not name it
    struct str tactic; // its tag; ptr NULL when ATT&CK does not have the technique under the tactic of this act
    bool microsoft;
};

// Gives their number: 0 when the step has no place in the matrix, or one without a technique.
[[nodiscard]] size_t attack_of(const struct techniques *t, const struct incident_step *step, struct attack out[ATTACK_MAX]);
