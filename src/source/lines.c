// SPDX-License-Identifier: Apache-2.0
// The fast path: one record a line. Bytes go straight from the stream into the block; the only newline looked for is the last one, and
// only what lies behind it is copied, to the front of the next block.
#include "source/block.h"
#include "source/reader.h"

#include <string.h>

// Drops the rest of a line beyond the limit from the front of the block. True once its newline was found.
static bool skip_line(struct lane *l, struct source_block *block)
{
    const char *newline = memchr(block->data, '\n', block->len);
    if (!newline) {
        block->len = 0;
        return false;
    }
    const size_t from = (size_t)(newline - block->data) + 1;
    memmove(block->data, block->data + from, block->len - from);
    block->len -= from;
    l->skipping = false;
    l->lines_left_out++;
    return true;
}

static void begin_skipping(struct lane *l, struct source_block *block, struct diags *diags)
{
    const struct place place = reader_place(l, 0);
    diags_add(diags, DIAG_WARNING, &place, "the record at byte %llu is longer than %zu bytes and left out",
              (unsigned long long)(l->plain - block->len), l->reader->limits.record);
    l->reader->counters.oversized_records++;
    l->skipping = true;
    block->len = 0;
}

// The end of the last whole line in the part of the block behind `from`, or 0.
static size_t last_line_end(const struct source_block *block, size_t from)
{
    const char *newline = memrchr(block->data + from, '\n', block->len - from);
    return newline ? (size_t)(newline - block->data) + 1 : 0;
}

// How much to read when `target` bytes hold no newline: twice as much, and at most one byte more than a record may have.
static size_t next_target(const struct lane *l, size_t target)
{
    return target < l->reader->limits.record / 2 ? target * 2 : l->reader->limits.record + 1;
}

void reader_fill_lines(struct lane *l, struct source_block *block, struct diags *diags)
{
    size_t target = l->reader->limits.block;
    reader_take_tail(l, block, target);
    size_t looked_at = 0; // no newline before it
    for (;;) {
        if (l->skipping && !skip_line(l, block) && l->end)
            break;
        const bool full = block->len >= target;
        if (!l->skipping && (full || l->end || stream_pauses(l->stream))) {
            const size_t whole = l->end ? block->len : last_line_end(block, looked_at);
            if (whole || l->end) {
                reader_keep_tail(l, block, whole);
                block->len = whole;
                break;
            }
            looked_at = block->len;
            if (block->len > l->reader->limits.record) {
                begin_skipping(l, block, diags);
                looked_at = 0;
                target = l->reader->limits.block;
            } else if (full) {
                target = next_target(l, target);
            }
        }
        reader_more(l, block, target, diags);
    }
    block->lines_left_out = l->lines_left_out;
    l->lines_left_out = 0;
}
