// SPDX-License-Identifier: Apache-2.0
// Making a bundle: what is added goes to one temporary file, and a member is a list of pieces of it. The manifest is made by reading all
// once, the archive by reading it again.
#include "base/map.h"
#include "base/vec.h"
#include "bundle/bundle.h"
#include "os/os.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { PENDING_MAX = 1 << 20, COPY = 64 << 10 };

struct piece {
    uint64_t offset, len;
};

struct member {
    struct str name;
    VEC(struct piece) pieces;
    uint64_t size;
};

struct bundle {
    struct arena arena;
    VEC(struct member) members;
    struct map names; // -> index
    int file;         // negative: a negative errno
    uint64_t stored;  // bytes in the file
    struct buf pending;
    bool failed;
};

struct bundle *bundle_new(void)
{
    struct bundle *b = must_alloc(calloc(1, sizeof *b));
    arena_init(&b->arena, ARENA_UNLIMITED);
    buf_init(&b->pending, SIZE_MAX);
    b->file = os_open_temporary();
    b->failed = b->file < 0;
    return b;
}

void bundle_free(struct bundle *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->members.n; i++)
        vec_fini(&b->members.items[i].pieces);
    vec_fini(&b->members);
    map_fini(&b->names);
    buf_fini(&b->pending);
    os_close(b->file);
    arena_fini(&b->arena);
    free(b);
}

// --- members grow ----------------------------------------------------------------------------------------------------------------

static struct member *member_of(struct bundle *b, struct str name)
{
    const uint64_t *at = map_get(&b->names, name);
    if (at)
        return &b->members.items[*at];
    struct member *m = vec_push(&b->members);
    m->name = arena_str(&b->arena, name);
    *map_put(&b->names, m->name, NULL) = b->members.n - 1;
    return m;
}

static void store_pending(struct bundle *b)
{
    if (!b->failed && b->pending.len)
        b->failed = !os_write_all(b->file, b->pending.ptr, b->pending.len);
    b->stored += b->pending.len;
    buf_clear(&b->pending);
}

void bundle_add(struct bundle *b, struct str member, struct str bytes)
{
    struct member *m = member_of(b, member);
    uint64_t offset = b->stored + b->pending.len;
    if (!bytes.len)
        return;
    struct piece *last = m->pieces.n ? &m->pieces.items[m->pieces.n - 1] : NULL;
    if (last && last->offset + last->len == offset)
        last->len += bytes.len;
    else
        *vec_push(&m->pieces) = (struct piece){offset, bytes.len};
    m->size += bytes.len;
    buf_add(&b->pending, bytes);
    if (b->pending.len >= PENDING_MAX)
        store_pending(b);
}

// --- and are read again ----------------------------------------------------------------------------------------------------------

typedef bool piece_fn(void *context, struct str bytes);

static bool read_member(const struct bundle *b, const struct member *m, piece_fn *take, void *context)
{
    char bytes[COPY];
    for (size_t i = 0; i < m->pieces.n; i++)
        for (uint64_t at = 0; at < m->pieces.items[i].len;) {
            uint64_t left = m->pieces.items[i].len - at;
            size_t n = left < COPY ? (size_t)left : COPY;
            if (!os_read_at(b->file, m->pieces.items[i].offset + at, bytes, n) || !take(context, str_make(bytes, n)))
                return false;
            at += n;
        }
    return true;
}

static bool hash_piece(void *context, struct str bytes)
{
    sha256_add(context, bytes);
    return true;
}

static int by_name(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return str_cmp(x->name, y->name);
}

static bool make_manifest(struct bundle *b, struct buf *out)
{
    struct sha256 *hash = sha256_new();
    char hex[SHA256_HEX];
    bool good = true;
    if (b->members.n)
        qsort(b->members.items, b->members.n, sizeof *b->members.items, by_name);
    for (size_t i = 0; i < b->members.n && good; i++) {
        good = read_member(b, &b->members.items[i], hash_piece, hash);
        sha256_end(hash, hex);
        buf_add(out, str_make(hex, sizeof hex));
        buf_addf(out, "  %.*s\n", STR_ARG(b->members.items[i].name));
    }
    sha256_free(hash);
    return good;
}

// --- the archive -----------------------------------------------------------------------------------------------------------------

struct sink {
    bundle_write_fn *write;
    void *context;
};

static la_ssize_t give(struct archive *a, void *context, const void *bytes, size_t n)
{
    struct sink *sink = context;
    if (sink->write(sink->context, str_make(bytes, n)) == ST_OK)
        return (la_ssize_t)n;
    archive_set_error(a, errno ? errno : EIO, "write failed");
    return -1;
}

static bool archive_piece(void *context, struct str bytes)
{
    return archive_write_data(context, bytes.ptr, bytes.len) == (la_ssize_t)bytes.len;
}

// Owner, group and time are 0: nothing of the machine that made it.
static bool begin_member(struct archive *a, struct str name, uint64_t size)
{
    struct archive_entry *entry = must_alloc(archive_entry_new());
    char path[4096];
    must(name.len < sizeof path);
    memcpy(path, name.ptr, name.len);
    path[name.len] = '\0';
    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_mtime(entry, 0, 0);
    archive_entry_set_size(entry, (la_int64_t)size);
    bool good = archive_write_header(a, entry) == ARCHIVE_OK;
    archive_entry_free(entry);
    return good;
}

static bool write_members(const struct bundle *b, struct archive *a, struct str manifest)
{
    if (!begin_member(a, STR(BUNDLE_MANIFEST), manifest.len) || !archive_piece(a, manifest))
        return false;
    for (size_t i = 0; i < b->members.n; i++)
        if (!begin_member(a, b->members.items[i].name, b->members.items[i].size) || !read_member(b, &b->members.items[i], archive_piece, a))
            return false;
    return true;
}

static bool write_archive(const struct bundle *b, struct str manifest, struct sink *sink)
{
    struct archive *a = must_alloc(archive_write_new());
    bool good = archive_write_set_format_pax_restricted(a) == ARCHIVE_OK && archive_write_add_filter_zstd(a) == ARCHIVE_OK &&
                archive_write_set_bytes_in_last_block(a, 1) == ARCHIVE_OK && archive_write_open(a, sink, NULL, give, NULL) == ARCHIVE_OK &&
                write_members(b, a, manifest);
    good = archive_write_close(a) == ARCHIVE_OK && good;
    archive_write_free(a);
    return good;
}

status bundle_write(struct bundle *b, bundle_write_fn *write, void *context, char manifest[SHA256_HEX], struct diags *diags)
{
    struct sink sink = {write, context};
    struct buf text;
    struct sha256 *hash = sha256_new();
    buf_init(&text, SIZE_MAX);
    store_pending(b);
    errno = 0;
    bool kept = !b->failed && make_manifest(b, &text);
    if (!kept)
        diags_add(diags, DIAG_ERROR, NULL, "the evidence could not be kept in a temporary file: %s",
                  os_reason(b->file < 0 ? -b->file : errno));
    bool good = kept && write_archive(b, buf_str(&text), &sink);
    if (kept && !good)
        diags_add(diags, DIAG_ERROR, NULL, "the evidence bundle could not be written: %s", os_reason(errno));
    sha256_add(hash, buf_str(&text));
    sha256_end(hash, manifest);
    sha256_free(hash);
    buf_fini(&text);
    return good ? ST_OK : ST_IO;
}
