// SPDX-License-Identifier: Apache-2.0
// gzip (RFC 1952) over zlib: any number of members, zeros behind the last one.
//
// Not over libarchive: log rotation makes gzip, gzip files are what gets cut off, and libarchive drops up to 64 KiB of plain text before
// the place of damage, which may be the whole of a small log.
#include "codec/compress/codec.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct gzip {
    struct inflate_input *in;
    z_stream z;
    bool in_member;
    unsigned long long members; // finished ones
};

static bool recognises(struct str head)
{
    return head.len >= 3 && memcmp(head.ptr, "\x1f\x8b\x08", 3) == 0; // 8: deflate, the only method there is
}

static void *gzip_open(struct inflate_input *in)
{
    struct gzip *g = must_alloc(calloc(1, sizeof *g));
    g->in = in;
    enum { GZIP_ONLY = 16 };
    return must_alloc(inflateInit2(&g->z, MAX_WBITS + GZIP_ONLY) == Z_OK ? g : NULL);
}

static void gzip_close(void *codec)
{
    struct gzip *g = codec;
    inflateEnd(&g->z);
    free(g);
}

static bool more_input(struct gzip *g)
{
    if (g->z.avail_in == 0) {
        g->z.avail_in = (unsigned)inflate_input_next(g->in);
        g->z.next_in = (unsigned char *)g->in->piece;
    }
    return g->z.avail_in > 0;
}

// Between members: skips zeros (padding of block devices), then expects another member. False: the end.
static bool next_member(struct gzip *g)
{
    while (g->members && more_input(g) && *g->z.next_in == 0) {
        g->z.next_in++;
        g->z.avail_in--;
    }
    if (!more_input(g))
        return false;
    int result = inflateReset(&g->z);
    must(result == Z_OK);
    g->in_member = true;
    return true;
}

static const char *what_is_wrong(const struct gzip *g)
{
    if (g->members && g->z.total_out == 0 && g->z.total_in <= 2)
        return "something else follows";
    return g->z.msg ? g->z.msg : "unknown error";
}

static size_t gzip_read(void *codec, char *buffer, size_t size, const char **damage)
{
    struct gzip *g = codec;
    size_t got = 0;
    while (got < size) {
        if (!g->in_member && !next_member(g))
            break;
        const bool input = more_input(g); // without any, zlib may still hold text that there was no room for
        const size_t room = size - got < UINT32_MAX ? size - got : UINT32_MAX;
        g->z.next_out = (unsigned char *)buffer + got;
        g->z.avail_out = (unsigned)room;
        int result = inflate(&g->z, Z_NO_FLUSH);
        got += room - g->z.avail_out;
        if (result == Z_STREAM_END) {
            g->in_member = false;
            g->members++;
        } else if (result != Z_OK && result != Z_BUF_ERROR) {
            *damage = what_is_wrong(g);
            break;
        } else if (!input && g->z.avail_out == room) {
            *damage = "cut off";
            break;
        }
    }
    return got;
}

const struct inflate_codec inflate_gzip = {"gzip", recognises, gzip_open, gzip_read, gzip_close};
