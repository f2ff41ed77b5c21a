// SPDX-License-Identifier: Apache-2.0
// What every document says about itself: identity, level, tags, logsource. Private to rule.
#pragma once

#include "draft.h"

// ordinal: of the rules that share one id through `action: global`; 1 for all others. False: refused.
[[nodiscard]] bool header_read(struct draft *dr, unsigned ordinal);
