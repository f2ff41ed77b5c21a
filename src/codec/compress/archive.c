// SPDX-License-Identifier: Apache-2.0
// bzip2 and lz4 over libarchive's filters, without an archive format inside. Filters that run other programs are not used.
//
// When a stream is cut off, libarchive drops what its filter had decoded but not yet handed out: less than 64 KiB.
#include "codec/compress/codec.h"

#include "base/status.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>

struct archive_stream {
    struct archive *archive;
    int opened; // ARCHIVE_OK, ARCHIVE_EOF for an empty stream, or an error to be told at the first read
};

static const struct str magics[] = {
    {"BZh", 3},              // bzip2
    {"\x04\x22\x4d\x18", 4}, // lz4 frame
};

static bool recognises(struct str head)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
        if (str_starts(head, magics[i]))
            return true;
    }
    return false;
}

static la_ssize_t next_piece(struct archive *a, void *context, const void **out)
{
    struct inflate_input *in = context;
    size_t got = inflate_input_next(in);
    *out = in->piece;
    if (in->error) {
        archive_set_error(a, in->error, "read failed");
        return -1;
    }
    return (la_ssize_t)got;
}

static void *archive_stream_open(struct inflate_input *in)
{
    struct archive_stream *s = must_alloc(calloc(1, sizeof *s));
    struct archive *a = s->archive = must_alloc(archive_read_new());
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_lz4(a);
    archive_read_support_format_raw(a);
    archive_read_support_format_empty(a);
    s->opened = archive_read_open(a, in, NULL, next_piece, NULL);
    struct archive_entry *entry; // raw: one nameless entry
    if (s->opened == ARCHIVE_OK)
        s->opened = archive_read_next_header(a, &entry);
    return s;
}

static void archive_stream_close(void *codec)
{
    struct archive_stream *s = codec;
    archive_read_free(s->archive);
    free(s);
}

static const char *what_is_wrong(struct archive_stream *s)
{
    const char *text = archive_error_string(s->archive);
    return text ? text : "unknown error";
}

static size_t archive_stream_read(void *codec, char *buffer, size_t size, const char **damage)
{
    struct archive_stream *s = codec;
    if (s->opened == ARCHIVE_EOF)
        return 0;
    if (s->opened < ARCHIVE_WARN) {
        *damage = what_is_wrong(s);
        return 0;
    }
    size_t got = 0;
    while (got < size) {
        la_ssize_t n = archive_read_data(s->archive, buffer + got, size - got);
        if (n < 0)
            *damage = what_is_wrong(s);
        if (n <= 0)
            break;
        got += (size_t)n;
    }
    return got;
}

const struct inflate_codec inflate_archive = {"compressed", recognises, archive_stream_open, archive_stream_read, archive_stream_close};
