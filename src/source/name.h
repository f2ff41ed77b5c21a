// SPDX-License-Identifier: Apache-2.0
// What the names of files and directories tell: which files are one rotated log, and what a cluster is called.
#pragma once

#include "base/arena.h"

struct log_name {
    struct str stem; // without compression, format, date and number: "audit" of audit-2026-11-22T01-00-00.000.log.gz; may be empty
    bool rotated;    // a date or number was in it
    bool no_log;     // the extension is that of something else, or it is hidden
};

// name: the last part of a path.
[[nodiscard]] struct log_name name_parse(struct str name);
// Every cluster has a file or directory of such a name (audit, kube-apiserver, logs, ...): it names none.
[[nodiscard]] bool name_is_common(struct str name);
[[nodiscard]] struct str name_base(struct str path);   // the last part
[[nodiscard]] struct str name_parent(struct str path); // without the last part; STR_NONE when there is only one
// The first part of a path below the directory, if that is a directory itself; else STR_NONE.
[[nodiscard]] struct str name_below(struct str directory, struct str path);
// The innermost directory of the real path that tells clusters apart, or `otherwise`.
[[nodiscard]] struct str name_of_directory(struct str real, struct str otherwise);
