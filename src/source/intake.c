// SPDX-License-Identifier: Apache-2.0
// What filling blocks is made of: bytes from the stream into the block, and those left over from one block to the next.
#include "source/block.h"
#include "source/reader.h"

#include <stdlib.h>
#include <string.h>

struct place reader_place(const struct source_reader *r, uint64_t line)
{
    return (struct place){.file = r->list->inputs[r->input].path, .line = line < UINT32_MAX ? (unsigned)line : 0};
}

void reader_more(struct source_reader *r, struct source_block *block, size_t target, struct diags *diags)
{
    size_t got = 0;
    if (block->len >= target)
        return;
    block_reserve(block, target);
    if (!r->end) {
        status result = stream_read(r->stream, block->data + block->len, target - block->len, &got, diags);
        r->end = got == 0;
        if (result != ST_OK)
            r->counters.damaged_inputs++;
    }
    block->len += got;
    r->plain += got;
    r->counters.bytes += got;
}

void reader_take_tail(struct source_reader *r, struct source_block *block, size_t size)
{
    block_clear(block);
    block_reserve(block, size > r->tail_len ? size : r->tail_len);
    if (r->tail_len)
        memcpy(block->data, r->tail, r->tail_len);
    block->len = r->tail_len;
    r->tail_len = 0;
}

void reader_keep_tail(struct source_reader *r, const struct source_block *block, size_t from)
{
    const size_t len = block->len - from;
    if (len > r->tail_cap || r->tail_cap > 4 * (len + r->limits.block)) {
        free(r->tail);
        r->tail_cap = len > r->limits.block ? len : r->limits.block;
        r->tail = must_alloc(malloc(r->tail_cap + JSON_PADDING));
        memset(r->tail + r->tail_cap, 0, JSON_PADDING);
    }
    if (len)
        memcpy(r->tail, block->data + from, len);
    r->tail_len = len;
}
