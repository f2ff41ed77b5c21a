// SPDX-License-Identifier: Apache-2.0
// The condition of a detection or filter: names of selections, `N of pattern`, and the boolean grammar. Private to rule.
#pragma once

#include "detection.h"

// One condition text; marks the selections it uses. NULL: refused.
[[nodiscard]] struct node *condition_compile(struct document *d, const struct yaml_value *text, struct selections *s);
