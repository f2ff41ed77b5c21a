// SPDX-License-Identifier: Apache-2.0
// Which resources controllers make for which others.
#pragma once

#include "base/str.h"

struct kinship {
    struct str parent, kind, child; // child: the resource that controllers make for the parent, whose kind is `kind`
};
extern const struct kinship kinship[];
extern const size_t kinships;
