// SPDX-License-Identifier: Apache-2.0
// Compressed bytes in, plain bytes out: gzip over zlib, zstd over libzstd, xz over liblzma; bzip2 and lz4 over libarchive's filters.
// Several members or frames in a row are one stream.
#pragma once

#include "base/diag.h"
#include "base/status.h"

struct inflate;

// Whether the first bytes of a file (6 are enough) announce a compression that is understood.
[[nodiscard]] bool inflate_recognises(struct str head);

// Gives up to `size` more compressed bytes into buffer; 0 at the end, negative errno on failure.
typedef ptrdiff_t inflate_read_fn(void *context, char *buffer, size_t size);

[[nodiscard]] status inflate_open(struct inflate **out, inflate_read_fn *read, void *context, struct str name, struct diags *diags);
// Fills up to size plain bytes; *got is 0 at the end. A damaged or cut-off stream gives ST_INPUT after everything before the damage
// was delivered (of bzip2 and lz4: all but less than the last 64 KiB; a block of zstd or bzip2 is whole or not at all); the diagnostic,
// once, is a warning. A stream that grows without end is its caller's to stop: output comes in pieces.
[[nodiscard]] status inflate_read(struct inflate *f, char *buffer, size_t size, size_t *got, struct diags *diags);
void inflate_close(struct inflate *f);
