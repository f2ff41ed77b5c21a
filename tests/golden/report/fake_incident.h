// SPDX-License-Identifier: Apache-2.0
// An incident out of a YAML map, for fake_report.
#pragma once

#include "codec/yaml/yaml.h"
#include "incident/incident.h"

[[nodiscard]] struct incident fake_incident(struct arena *a, const struct yaml_value *map, const struct rule *rules, size_t n_rules);
