// SPDX-License-Identifier: Apache-2.0
// The fast path: one record a line. Bytes go straight from the stream into the block; the only newline looked for is the last one, and
// only what lies behind it is copied, to the front of the next block.
#include "source/block.h"
#include "source/reader.h"

#include <string.h>

// Drops the rest of a line beyond the limit from the front of the block. True once its newline was found.
static bool skip_line(struct source_reader *r, struct source_block *block)
{
    const char *newline = memchr(block->data, '\n', block->len);
    if (!newline) {
        block->len = 0;
        return false;
    }
    const size_t from = (size_t)(newline - block->data) + 1;
    memmove(block->data, block->data + from, block->len - from);
    block->len -= from;
    r->skipping = false;
    r->lines_left_out++;
    return true;
}

static void begin_skipping(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    const struct place place = reader_place(r, 0);
    diags_add(diags, DIAG_WARNING, &place, "the record at byte %llu is longer than %zu bytes and left out",
              (unsigned long long)(r->plain - block->len), r->limits.record);
    r->counters.oversized_records++;
    r->skipping = true;
    block->len = 0;
}

// The end of the last whole line in the part of the block behind `from`, or 0.
static size_t last_line_end(const struct source_block *block, size_t from)
{
    const char *newline = memrchr(block->data + from, '\n', block->len - from);
    return newline ? (size_t)(newline - block->data) + 1 : 0;
}

// How much to read when `target` bytes hold no newline: twice as much, and at most one byte more than a record may have.
static size_t next_target(const struct source_reader *r, size_t target)
{
    return target < r->limits.record / 2 ? target * 2 : r->limits.record + 1;
}

void reader_fill_lines(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    size_t target = r->limits.block;
    reader_take_tail(r, block, target);
    size_t looked_at = 0; // no newline before it
    for (;;) {
        if (r->skipping && !skip_line(r, block) && r->end)
            break;
        const bool full = block->len >= target;
        if (!r->skipping && (full || r->end || stream_pauses(r->stream))) {
            const size_t whole = r->end ? block->len : last_line_end(block, looked_at);
            if (whole || r->end) {
                reader_keep_tail(r, block, whole);
                block->len = whole;
                break;
            }
            looked_at = block->len;
            if (block->len > r->limits.record) {
                begin_skipping(r, block, diags);
                looked_at = 0;
                target = r->limits.block;
            } else if (full) {
                target = next_target(r, target);
            }
        }
        reader_more(r, block, target, diags);
    }
    block->lines_left_out = r->lines_left_out;
    r->lines_left_out = 0;
}
