// SPDX-License-Identifier: Apache-2.0
// The plain bytes of one input: a file, a pipe, the standard input or a text in memory, decompressed when it is compressed.
#pragma once

#include "source/source.h"

struct stream;

// Opens and looks whether it is compressed (also twice: log shippers compress what was compressed already). A failure is said in diags.
[[nodiscard]] status stream_open(struct stream **out, struct str path, bool standard_input, struct diags *diags);
// Bytes in memory, borrowed; name is for diagnostics.
[[nodiscard]] status stream_open_text(struct stream **out, struct str text, struct str name, struct diags *diags);
void stream_close(struct stream *s);

// At least one byte, up to size; *got is 0 at the end. ST_INPUT: the rest of a compressed input is damaged; ST_IO: reading failed. Both
// are said in diags, once, and are ends as well.
[[nodiscard]] status stream_read(struct stream *s, char *buffer, size_t size, size_t *got, struct diags *diags);

// Whether to hand on what there is instead of waiting for more: a pipe that has nothing to give at the moment.
[[nodiscard]] bool stream_pauses(const struct stream *s);

[[nodiscard]] uint64_t stream_stored(const struct stream *s); // bytes as stored, consumed so far
[[nodiscard]] uint64_t stream_size(const struct stream *s);   // bytes as stored; 0: unknown
