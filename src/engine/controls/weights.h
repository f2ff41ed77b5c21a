// SPDX-License-Identifier: Apache-2.0
// What clusters weigh in the score of a fleet.
//
//   - cluster: prod-*       # its name; * stands for any text; the first that fits counts
//     criticality: high     # low, medium, high or critical; without: medium
//     weight: 3             # in the place of what was assessed in it
#pragma once

#include "base/diag.h"
#include "base/status.h"
#include "codec/yaml/yaml.h"
#include "posture/fleet.h"

struct weights;

// ST_INPUT: it is no such list.
[[nodiscard]] status weights_read(struct weights **out, struct yaml_source source, struct diags *diags);
void weights_free(struct weights *w);

[[nodiscard]] bool weights_named(const struct weights *w); // some cluster has a weight; w may be NULL
[[nodiscard]] struct fleet_weight weights_of(const struct weights *w, struct str cluster);
