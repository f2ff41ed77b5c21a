// SPDX-License-Identifier: Apache-2.0
// xz over liblzma: any number of streams, zeros between and behind them. Not over libarchive, for the reason told in zstd.c.
#include "codec/compress/codec.h"

#include "base/status.h"

#include <lzma.h>
#include <stdlib.h>

enum { MEMORY_MAX = 256 << 20 }; // bytes; xz -9 takes 65 MiB

struct xz {
    struct inflate_input *in;
    lzma_stream stream;
    bool end;
};

static bool recognises(struct str head)
{
    return str_starts(head, str_make("\xfd"
                                     "7zXZ\0",
                                     6));
}

static void *xz_open(struct inflate_input *in)
{
    struct xz *x = must_alloc(calloc(1, sizeof *x));
    x->in = in;
    return must_alloc(lzma_stream_decoder(&x->stream, MEMORY_MAX, LZMA_CONCATENATED) == LZMA_OK ? x : NULL);
}

static void xz_close(void *codec)
{
    struct xz *x = codec;
    lzma_end(&x->stream);
    free(x);
}

static const char *what_is_wrong(lzma_ret result)
{
    switch (result) {
    case LZMA_BUF_ERROR:
        return "cut off";
    case LZMA_MEMLIMIT_ERROR:
        return "its dictionary takes more than 256 MiB of memory";
    case LZMA_OPTIONS_ERROR:
        return "it uses a filter that is not known";
    default:
        return "it is corrupt, or something else follows";
    }
}

static size_t xz_read(void *codec, char *buffer, size_t size, const char **damage)
{
    struct xz *x = codec;
    x->stream.next_out = (uint8_t *)buffer;
    x->stream.avail_out = size;
    while (x->stream.avail_out && !x->end) {
        if (x->stream.avail_in == 0) {
            x->stream.avail_in = inflate_input_next(x->in);
            x->stream.next_in = (const uint8_t *)x->in->piece;
        }
        const lzma_ret result = lzma_code(&x->stream, x->stream.avail_in ? LZMA_RUN : LZMA_FINISH);
        x->end = result == LZMA_STREAM_END;
        if (result != LZMA_OK && !x->end) {
            *damage = what_is_wrong(result);
            break;
        }
    }
    return size - x->stream.avail_out;
}

const struct inflate_codec inflate_xz = {"xz", recognises, xz_open, xz_read, xz_close};
