// SPDX-License-Identifier: Apache-2.0
// The place of a step in the attack matrix: what the rules on it say of such an act, or what its kind of act means.
#pragma once

#include "incident/incident.h"
#include "report/common/techniques.h"

// False: none (a door, a consequence, or no table).
[[nodiscard]] bool step_place(const struct techniques *t, const struct incident_step *step, struct hit *out);
