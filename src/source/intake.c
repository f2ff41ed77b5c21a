// SPDX-License-Identifier: Apache-2.0
// What filling blocks is made of: bytes from the stream into the block, and those left over from one block to the next.
#include "source/block.h"
#include "source/reader.h"

#include <stdlib.h>
#include <string.h>

struct place reader_place(const struct lane *l, uint64_t line)
{
    return (struct place){.file = l->reader->list->inputs[l->input].path, .line = line < UINT32_MAX ? (unsigned)line : 0};
}

void reader_more(struct lane *l, struct source_block *block, size_t target, struct diags *diags)
{
    size_t got = 0;
    if (block->len >= target)
        return;
    block_reserve(block, target);
    if (!l->end) {
        status result = stream_read(l->stream, block->data + block->len, target - block->len, &got, diags);
        l->end = got == 0;
        if (result != ST_OK)
            l->reader->counters.damaged_inputs++;
    }
    block->len += got;
    l->plain += got;
    l->reader->counters.bytes += got;
}

void reader_take_tail(struct lane *l, struct source_block *block, size_t size)
{
    block_clear(block);
    block_reserve(block, size > l->tail_len ? size : l->tail_len);
    if (l->tail_len)
        memcpy(block->data, l->tail, l->tail_len);
    block->len = l->tail_len;
    l->tail_len = 0;
}

void reader_keep_tail(struct lane *l, const struct source_block *block, size_t from)
{
    const size_t len = block->len - from;
    if (len > l->tail_cap || l->tail_cap > 4 * (len + l->reader->limits.block)) {
        free(l->tail);
        l->tail_cap = len > l->reader->limits.block ? len : l->reader->limits.block;
        l->tail = must_alloc(malloc(l->tail_cap + JSON_PADDING));
        memset(l->tail + l->tail_cap, 0, JSON_PADDING);
    }
    if (len)
        memcpy(l->tail, block->data + from, len);
    l->tail_len = len;
}
