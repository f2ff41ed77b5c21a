// SPDX-License-Identifier: Apache-2.0
// What files of this room share.
#pragma once

#include "base/str.h"

// The terminated copy that libc wants, in `room` of PATH_MAX bytes. NULL, with errno set, when that cannot be.
[[nodiscard]] const char *os_terminated(struct str path, char room[static 4096]);
