// SPDX-License-Identifier: Apache-2.0
// What a decompressor is, inside this room: one const descriptor a file. The input side, and telling what is wrong, is common.
#pragma once

#include "codec/compress/compress.h"

enum { INFLATE_PIECE = 64 * 1024 }; // compressed bytes asked for at a time

// The compressed side of a stream.
struct inflate_input {
    inflate_read_fn *read;
    void *context;
    int error;  // errno of a failed read; 0
    bool ended; // nothing more will come
    char piece[INFLATE_PIECE];
};

// The next piece into in->piece; its size, 0 at the end or on failure.
[[nodiscard]] size_t inflate_input_next(struct inflate_input *in);

struct inflate_codec {
    const char *name;
    bool (*recognises)(struct str head);
    void *(*open)(struct inflate_input *in);
    // Up to size plain bytes; fewer only at the end or at damage. *damage: what is wrong (static, or the codec's), or NULL.
    size_t (*read)(void *codec, char *buffer, size_t size, const char **damage);
    void (*close)(void *codec);
};

extern const struct inflate_codec inflate_gzip, inflate_zstd, inflate_xz;
extern const struct inflate_codec inflate_archive; // bzip2, lz4
