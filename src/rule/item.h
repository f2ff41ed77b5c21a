// SPDX-License-Identifier: Apache-2.0
// One key of a detection map and its values, to a condition. Private to rule.
#pragma once

#include "modifier.h"

// The value is a scalar or a list of scalars (`item` itself carries key and value). NULL: refused.
[[nodiscard]] struct node *item_compile(struct document *d, const struct yaml_value *item, const struct key *key);
// A bare value, or a list of them: keywords. `item` has no key.
[[nodiscard]] struct node *keyword_compile(struct document *d, const struct yaml_value *value);
