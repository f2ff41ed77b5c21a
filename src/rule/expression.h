// SPDX-License-Identifier: Apache-2.0
// References to other rules, and boolean expressions over them (temporal correlations). Private to rule.
#pragma once

#include "draft.h"

// The names in a list, or one name, into dr->refs. False: refused.
[[nodiscard]] bool references_read(struct draft *dr, const struct yaml_value *v);

// The expression in a temporal correlation's condition; without `rules` it also names the rules.
[[nodiscard]] bool expression_read(struct draft *dr, const struct yaml_value *condition);
[[nodiscard]] bool expression_link(const struct drafts *list, struct draft *dr);
