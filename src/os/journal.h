// SPDX-License-Identifier: Apache-2.0
// A journal: a file of lines that several processes append to at the same time. Lines go in under a lock (flock), all of a call or none;
// what a crash tore off stays a line of its own, and is the reader's to pass over.
#pragma once

#include "os/os.h"

// The newest lines, `max` bytes at most, appended to out; *left_out: bytes of older ones. A file that is not there has none.
[[nodiscard]] status journal_read(struct str path, size_t max, struct buf *out, uint64_t *left_out, struct diags *diags);
// lines: whole ones, each with its newline. Makes the file (readable for others as the umask says). ST_IO when it cannot be written, or
// stays locked.
[[nodiscard]] status journal_append(struct str path, struct str lines, struct diags *diags);
