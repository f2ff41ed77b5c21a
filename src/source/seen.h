// SPDX-License-Identifier: Apache-2.0
// Files that are in a list already, by this or by another name.
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "base/map.h"
#include "os/os.h"

struct seen_files {
    struct map by_inode;
};

// True when it is there already, which is told; else it is from now on. a: lives as long as s.
[[nodiscard]] bool seen_before(struct seen_files *s, struct arena *a, struct str path, const struct os_stat *st, struct diags *diags);
void seen_fini(struct seen_files *s);
