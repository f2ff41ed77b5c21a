// SPDX-License-Identifier: Apache-2.0
// Correlation documents (Sigma Correlation Rules Specification 2.1). Private to rule.
#pragma once

#include "draft.h"

// Everything but the references. False: refused.
[[nodiscard]] bool correlation_read(struct draft *dr);
// Once all references have their target: inputs, expression, captures. False: refused.
[[nodiscard]] bool correlation_link(struct drafts *list, struct draft *dr);
