// SPDX-License-Identifier: Apache-2.0
// What the records that controls judge are made of: whoever has not seen all objects of a kind does not know them all.
#pragma once

#include "base/str.h"

// Whether records of one kind (Grant, Exposure, pods, ...) are, or are made of, objects of another.
[[nodiscard]] bool derived_from(struct str record, struct str kind);
