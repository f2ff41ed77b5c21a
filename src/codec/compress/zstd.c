// SPDX-License-Identifier: Apache-2.0
// zstd (RFC 8878) over libzstd: any number of frames, skippable ones among them.
//
// Not over libarchive: its filter hands out text in pieces of 128 KiB and drops the piece at hand when the stream is cut off, which may
// be all of a log that was still being written.
#include "codec/compress/codec.h"

#include "base/status.h"

#include <stdlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { BLOCK_HEADER = 3 }; // bytes (RFC 8878, 3.1.1.2)

struct zstd {
    struct inflate_input *in;
    ZSTD_DStream *stream;
    size_t at, n;  // of in->piece
    size_t wanted; // bytes that the decoder would like next, the header of the next block included
    bool in_frame;
    unsigned long long frames; // finished ones
};

static bool recognises(struct str head)
{
    static const struct str magic = {"\x28\xb5\x2f\xfd", 4}, skippable = {"\x2a\x4d\x18", 3}; // behind a byte 0x50 to 0x5f (3.1.2)
    return str_starts(head, magic) ||
           (head.len >= 4 && ((unsigned char)head.ptr[0] & 0xf0) == 0x50 && str_starts(str_slice(head, 1, head.len), skippable));
}

static void *zstd_open(struct inflate_input *in)
{
    struct zstd *z = must_alloc(calloc(1, sizeof *z));
    z->in = in;
    z->stream = must_alloc(ZSTD_createDStream());
    z->wanted = ZSTD_initDStream(z->stream);
    return z;
}

static void zstd_close(void *codec)
{
    struct zstd *z = codec;
    ZSTD_freeDStream(z->stream);
    free(z);
}

static bool more_input(struct zstd *z)
{
    if (z->at == z->n) {
        z->n = inflate_input_next(z->in);
        z->at = 0;
    }
    return z->at < z->n;
}

static const char *what_is_wrong(const struct zstd *z, size_t result)
{
    if (z->frames && ZSTD_getErrorCode(result) == ZSTD_error_prefix_unknown)
        return "something else follows";
    return ZSTD_getErrorName(result);
}

// One block at a time, without the header of the next one: what a call has decoded before it meets damage, it does not tell.
static size_t step(struct zstd *z, ZSTD_outBuffer *out)
{
    const size_t block = z->wanted > BLOCK_HEADER ? z->wanted - BLOCK_HEADER : z->wanted, left = z->n - z->at;
    ZSTD_inBuffer piece = {.src = z->in->piece + z->at, .size = block < left ? block : left};
    const size_t result = ZSTD_decompressStream(z->stream, out, &piece);
    z->at += piece.pos;
    return result;
}

static size_t zstd_read(void *codec, char *buffer, size_t size, const char **damage)
{
    struct zstd *z = codec;
    ZSTD_outBuffer out = {.size = size};
    out.dst = buffer;
    while (out.pos < size) {
        const bool input = more_input(z); // without any, text may still be held that there was no room for
        if (!input && !z->in_frame)
            break;
        const size_t before = out.pos, result = step(z, &out);
        if (ZSTD_isError(result)) {
            *damage = what_is_wrong(z, result);
            break;
        }
        if (!input && out.pos == before) {
            *damage = "cut off";
            break;
        }
        z->in_frame = result != 0;
        z->frames += result == 0;
        z->wanted = result ? result : ZSTD_initDStream(z->stream);
    }
    return out.pos;
}

const struct inflate_codec inflate_zstd = {"zstd", recognises, zstd_open, zstd_read, zstd_close};
