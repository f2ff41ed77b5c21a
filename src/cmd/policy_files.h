// SPDX-License-Identifier: Apache-2.0
// Where exported manifests go: one after the other to standard output, or one file each into a folder.
#pragma once

#include "cmd/cmd.h"

struct policy_files {
    struct str folder; // ptr NULL: standard output
    struct buf text;   // of the manifest at hand
    struct diags *diags;
    size_t written;
    bool failed;
};

// ST_IO: the folder cannot be made.
[[nodiscard]] status policy_files_open(struct policy_files *f, struct str folder, struct diags *diags);
// f->text is a manifest of this name (letters, digits, dashes and dots are kept of it); it is empty afterwards. A failure is said at
// policy_files_close.
void policy_files_end(struct policy_files *f, struct str name);
[[nodiscard]] status policy_files_close(struct policy_files *f);
