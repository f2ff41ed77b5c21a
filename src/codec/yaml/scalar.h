// SPDX-License-Identifier: Apache-2.0
// The core schema (YAML 1.2.2, section 10.3.2): what a plain scalar's text means. Private to codec/yaml.
#pragma once

#include "codec/yaml/yaml.h"

[[nodiscard]] enum yaml_kind yaml_resolve(struct str plain);
[[nodiscard]] bool yaml_resolve_bool(struct str s);
[[nodiscard]] bool yaml_resolve_number(struct str s, double *out);
