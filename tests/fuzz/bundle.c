// SPDX-License-Identifier: Apache-2.0
// Is any file read as an evidence bundle within its limits, and to the same verdict however its bytes arrive?
#include "bundle/bundle.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
    struct str left;
    size_t piece;
};

static ptrdiff_t next_piece(void *context, const void **out)
{
    struct bytes *in = context;
    struct str piece = str_slice(in->left, 0, in->piece);
    *out = piece.ptr;
    in->left = str_slice(in->left, piece.len, in->left.len);
    return (ptrdiff_t)piece.len;
}

struct outcome {
    status status;
    uint64_t hash, bytes, members;
};

static void note_member(void *context, struct str name, uint64_t size, struct str sha256)
{
    struct outcome *o = context;
    o->hash = hash_mix(hash_mix(o->hash, str_hash(name)), str_hash(sha256));
    o->bytes += size;
    o->members++;
}

static void note_difference(void *context, struct str name, enum bundle_difference what)
{
    struct outcome *o = context;
    o->hash = hash_mix(hash_mix(o->hash, str_hash(name)), (uint64_t)what);
}

static struct outcome read_in_pieces(struct str data, size_t piece)
{
    const struct bundle_limits limits = {.members = 16, .manifest = 4096, .bytes = 1 << 20};
    struct bytes in = {data, piece};
    struct outcome o = {0};
    struct bundle_handler handler = {&o, note_member, note_difference};
    struct bundle_summary summary;
    struct diags diags;
    diags_init(&diags);
    o.status = bundle_read(next_piece, &in, limits, &handler, &summary, &diags);
    must((o.status == ST_OK) == (diags.errors == 0));
    must(o.bytes <= limits.bytes && o.members <= limits.members + 2);
    diags_fini(&diags);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size);
    struct outcome whole = read_in_pieces(text, size ? size : 1), pieces = read_in_pieces(text, 61);
    must(whole.status == pieces.status);
    must(whole.status != ST_OK || whole.hash == pieces.hash);
    return 0;
}
