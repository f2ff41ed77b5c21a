// SPDX-License-Identifier: Apache-2.0
// A kind of which not every object could be read.
#pragma once

#include "base/str.h"

struct unread_kind {
    struct str kind, api_version;
    struct str why;     // a clause
    struct str address; // of what was asked
    bool partly;        // some of them were read
};
