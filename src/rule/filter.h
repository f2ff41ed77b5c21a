// SPDX-License-Identifier: Apache-2.0
// Filter documents (Sigma Filters Specification): conditions that are joined by and to the rules they name. Private to rule.
#pragma once

#include "draft.h"

[[nodiscard]] bool filter_read(struct draft *dr, const struct yaml_value *map);
// Notes at each detection which filters apply to it. Says which references lead nowhere.
void filters_assign(struct drafts *list, uint32_t filter);
// Joins them. False: refused.
[[nodiscard]] bool filters_join(const struct drafts *list, struct draft *dr);
