// SPDX-License-Identifier: Apache-2.0
#include "cmd/options.h"

const char *const option_fail_levels[] = {"informational", "low", "medium", "high", "critical", "never", NULL};
const char *const option_severities[] = {"low", "medium", "high", "critical", NULL};
