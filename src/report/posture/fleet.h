// SPDX-License-Identifier: Apache-2.0
// The score over several clusters.
#pragma once

#include "posture/fleet.h"
#include "report/posture/posture.h"

[[nodiscard]] struct str posture_criticality_word(enum criticality c);
// A `fleet` line: docs/schema/fleet.schema.json.
void posture_json_fleet(struct buf *out, const struct fleet_sheet *sheet);
void posture_text_fleet(struct buf *out, const struct fleet_sheet *sheet);
void posture_prometheus_fleet(struct buf *out, const struct fleet_sheet *sheet);
