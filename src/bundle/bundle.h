// SPDX-License-Identifier: Apache-2.0
// Evidence bundles: a tar archive, compressed with zstd, whose first member MANIFEST gives the SHA-256 of every other, in the format of
// sha256sum(1), sorted by name. What the members say is the business of others. The same members give the same bytes.
#pragma once

#include "base/buf.h"
#include "base/diag.h"
#include "base/status.h"
#include "codec/digest/digest.h"

#define BUNDLE_MANIFEST "MANIFEST"

// Appends s as one part of a member's name, which extracts to a plain file everywhere: letters, digits and "._-" (but no leading dot) as
// they are, everything else as %XX; a long one ends in a hash of the whole.
void bundle_name_part(struct buf *out, struct str s);

// --- making one ------------------------------------------------------------------------------------------------------------------

struct bundle;

// Members grow in a temporary file, side by side.
[[nodiscard]] struct bundle *bundle_new(void);
void bundle_free(struct bundle *b);

// Appends to a member, which begins with its first bytes (there may be none). The name is made of bundle_name_part and '/'.
void bundle_add(struct bundle *b, struct str member, struct str bytes);

typedef status bundle_write_fn(void *context, struct str bytes);
// Once. Gives the digest of the manifest, which whoever keeps the bundle should keep elsewhere.
[[nodiscard]] status bundle_write(struct bundle *b, bundle_write_fn *write, void *context, char manifest[SHA256_HEX], struct diags *diags);

// --- reading one -----------------------------------------------------------------------------------------------------------------

// Nothing is extracted, so names and links can do no harm; what a hostile bundle may claim is bounded.
struct bundle_limits {
    size_t members;
    size_t manifest; // bytes
    uint64_t bytes;  // of all members together, decompressed
};
#define BUNDLE_LIMITS_DEFAULT ((struct bundle_limits){.members = 1u << 20, .manifest = 256u << 20, .bytes = 64ull << 30})

enum bundle_difference { BUNDLE_CHANGED, BUNDLE_MISSING, BUNDLE_ADDED, BUNDLE_TWICE };
[[nodiscard]] const char *bundle_difference_name(enum bundle_difference d);

// Each may be NULL. Names are as the archive has them: hostile.
struct bundle_handler {
    void *context;
    void (*member)(void *context, struct str name, uint64_t size, struct str sha256); // as they come, also the manifest
    void (*differs)(void *context, struct str name, enum bundle_difference what);
};

struct bundle_summary {
    uint64_t members, differences; // members: without the manifest
    char manifest[SHA256_HEX];     // its digest
};

// Gives up to some bytes of the file; 0 at the end, negative on failure.
typedef ptrdiff_t bundle_read_fn(void *context, const void **bytes);
// ST_INPUT when it is no bundle, is damaged, or goes beyond a limit: the sentence is in diags.
[[nodiscard]] status bundle_read(bundle_read_fn *read, void *context, struct bundle_limits limits, const struct bundle_handler *handler,
                                 struct bundle_summary *summary, struct diags *diags);
