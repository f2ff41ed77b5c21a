// SPDX-License-Identifier: Apache-2.0
// What the commands of `davy policy` share.
#pragma once

#include "cmd/cmd.h"

extern const struct command policy_export;
