// SPDX-License-Identifier: Apache-2.0
// Reading a bundle in one pass: the manifest comes first, and each member is hashed as it goes by.
#include "base/vec.h"
#include "bundle/bundle.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

enum { COPY = 64 << 10 };

struct promised {
    struct str name, digest;
    bool seen;
};

struct reading {
    struct archive *archive;
    struct bundle_limits limits;
    const struct bundle_handler *handler;
    struct bundle_summary *summary;
    struct diags *diags;
    bundle_read_fn *read;
    void *context;
    struct buf manifest;
    VEC(struct promised) promised; // sorted by name
    struct sha256 *hash;
    uint64_t bytes; // of members so far
};

const char *bundle_difference_name(enum bundle_difference d)
{
    static const char *const names[] = {
        [BUNDLE_CHANGED] = "changed", [BUNDLE_MISSING] = "missing", [BUNDLE_ADDED] = "added", [BUNDLE_TWICE] = "there twice"};
    return names[d];
}

static la_ssize_t take(struct archive *a, void *context, const void **out)
{
    struct reading *r = context;
    ptrdiff_t n = r->read(r->context, out);
    if (n < 0)
        archive_set_error(a, EIO, "read failed");
    return n;
}

static status refuse(struct reading *r, const char *why)
{
    diags_add(r->diags, DIAG_ERROR, NULL, "not readable as an evidence bundle: %s", why);
    return ST_INPUT;
}

static status refuse_archive(struct reading *r)
{
    const char *why = archive_error_string(r->archive);
    return refuse(r, why ? why : "the archive is damaged");
}

static void differ(struct reading *r, struct str name, enum bundle_difference what)
{
    r->summary->differences++;
    if (r->handler->differs)
        r->handler->differs(r->handler->context, name, what);
}

// --- the manifest ----------------------------------------------------------------------------------------------------------------

static bool is_digest(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)(s.ptr[i] - '0') > 9 && (unsigned char)(s.ptr[i] - 'a') > 5)
            return false;
    return s.len == SHA256_HEX;
}

// "DIGEST  NAME", in ascending order of names, so that none can stand there twice.
static bool parse_manifest(struct reading *r)
{
    struct str rest = buf_str(&r->manifest), last = STR("");
    while (rest.len) {
        struct str line = str_split(&rest, '\n');
        struct promised p = {.digest = str_slice(line, 0, SHA256_HEX), .name = str_slice(line, SHA256_HEX + 2, line.len)};
        if (!rest.ptr || !is_digest(p.digest) || !str_eq(str_slice(line, SHA256_HEX, SHA256_HEX + 2), STR("  ")) ||
            str_cmp(last, p.name) >= 0 || r->promised.n == r->limits.members)
            return false;
        last = p.name;
        *vec_push(&r->promised) = p;
    }
    return true;
}

static struct promised *find(struct reading *r, struct str name)
{
    size_t low = 0, high = r->promised.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_cmp(r->promised.items[middle].name, name);
        if (order == 0)
            return &r->promised.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// --- members ---------------------------------------------------------------------------------------------------------------------

// Hashes what a member holds, and keeps it when `out` is given.
static status read_data(struct reading *r, struct buf *out, uint64_t *size, char hex[SHA256_HEX])
{
    char bytes[COPY];
    la_ssize_t n;
    *size = 0;
    while ((n = archive_read_data(r->archive, bytes, sizeof bytes)) > 0) {
        *size += (uint64_t)n;
        if (r->limits.bytes - r->bytes < (uint64_t)n)
            return refuse(r, "it is larger than davy reads");
        r->bytes += (uint64_t)n;
        sha256_add(r->hash, str_make(bytes, (size_t)n));
        if (out)
            buf_add(out, str_make(bytes, (size_t)n));
        if (out && out->full)
            return refuse(r, "its manifest is larger than davy reads");
    }
    sha256_end(r->hash, hex);
    return n < 0 ? refuse_archive(r) : ST_OK;
}

static struct str name_of(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    return name ? str_from_c(name) : STR("");
}

// A link or a device has no content of its own, whatever its name.
static bool is_file(struct archive_entry *entry)
{
    return archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry);
}

static void tell(struct reading *r, struct str name, uint64_t size, const char hex[SHA256_HEX])
{
    if (r->handler->member)
        r->handler->member(r->handler->context, name, size, str_make(hex, SHA256_HEX));
}

static status read_member(struct reading *r, struct archive_entry *entry)
{
    char hex[SHA256_HEX];
    uint64_t size;
    struct promised *p = find(r, name_of(entry));
    TRY(read_data(r, NULL, &size, hex));
    tell(r, name_of(entry), size, hex);
    if (++r->summary->members > r->limits.members)
        return refuse(r, "it has more members than davy reads");
    if (!p)
        differ(r, name_of(entry), BUNDLE_ADDED);
    else if (p->seen)
        differ(r, p->name, BUNDLE_TWICE);
    else if (!is_file(entry) || !str_eq(p->digest, str_make(hex, sizeof hex)))
        differ(r, p->name, BUNDLE_CHANGED);
    if (p)
        p->seen = true;
    return ST_OK;
}

static status read_manifest(struct reading *r)
{
    struct archive_entry *entry;
    uint64_t size;
    int got = archive_read_next_header(r->archive, &entry);
    if (got != ARCHIVE_OK)
        return got == ARCHIVE_EOF ? refuse(r, "it is empty") : refuse_archive(r);
    if (!str_eq(name_of(entry), STR(BUNDLE_MANIFEST)) || !is_file(entry))
        return refuse(r, "its first member is not " BUNDLE_MANIFEST);
    TRY(read_data(r, &r->manifest, &size, r->summary->manifest));
    if (!parse_manifest(r))
        return refuse(r, "its " BUNDLE_MANIFEST " is malformed");
    tell(r, STR(BUNDLE_MANIFEST), size, r->summary->manifest);
    return ST_OK;
}

static status read_all(struct reading *r)
{
    struct archive_entry *entry;
    int got;
    if (archive_read_open(r->archive, r, NULL, take, NULL) != ARCHIVE_OK)
        return refuse_archive(r);
    TRY(read_manifest(r));
    while ((got = archive_read_next_header(r->archive, &entry)) == ARCHIVE_OK)
        TRY(read_member(r, entry));
    if (got != ARCHIVE_EOF)
        return refuse_archive(r);
    for (size_t i = 0; i < r->promised.n; i++)
        if (!r->promised.items[i].seen)
            differ(r, r->promised.items[i].name, BUNDLE_MISSING);
    return ST_OK;
}

status bundle_read(bundle_read_fn *read, void *context, struct bundle_limits limits, const struct bundle_handler *handler,
                   struct bundle_summary *summary, struct diags *diags)
{
    struct reading r = {.limits = limits, .handler = handler, .summary = summary, .diags = diags, .read = read, .context = context};
    *summary = (struct bundle_summary){0};
    r.archive = must_alloc(archive_read_new());
    r.hash = sha256_new();
    buf_init(&r.manifest, limits.manifest);
    archive_read_support_filter_zstd(r.archive);
    archive_read_support_format_tar(r.archive);
    // Names are bytes: no locale has a say in them.
    (void)archive_read_set_option(r.archive, "tar", "hdrcharset", "BINARY");
    status result = read_all(&r);
    archive_read_free(r.archive);
    sha256_free(r.hash);
    buf_fini(&r.manifest);
    vec_fini(&r.promised);
    return result;
}
