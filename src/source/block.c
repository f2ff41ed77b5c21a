// SPDX-License-Identifier: Apache-2.0
#include "source/block.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

void block_reserve(struct source_block *b, size_t size)
{
    const size_t need = size + JSON_PADDING;
    const bool wasteful = b->cap / 4 > need && b->len <= size;
    if (b->data && b->cap >= need && !wasteful)
        return;
    b->data = must_alloc(realloc(b->data, need));
    b->cap = need;
    // The padding is read by the scanner, whatever it holds; give it a value once, for tools that watch uninitialised memory.
    memset(b->data + size, 0, JSON_PADDING);
}

size_t block_room(const struct source_block *b)
{
    return b->cap > JSON_PADDING ? b->cap - JSON_PADDING : 0;
}

void block_clear(struct source_block *b)
{
    b->len = 0;
    b->n_spans = 0;
    b->shape = SHAPE_LINES;
    b->first_line = b->lines_left_out = b->foreign = 0;
    b->wrapped = false;
    b->begins = TIME_NONE;
}

void block_add_span(struct source_block *b, struct source_span span)
{
    if (b->n_spans == b->spans_cap) {
        b->spans_cap = b->spans_cap ? b->spans_cap * 2 : 256;
        b->spans = must_alloc(realloc(b->spans, b->spans_cap * sizeof *b->spans));
    }
    b->spans[b->n_spans++] = span;
}

void source_block_fini(struct source_block *b)
{
    free(b->data);
    free(b->spans);
    *b = (struct source_block){0};
}

uint64_t source_count_newlines(struct str data)
{
    // Counts of up to 255 fit in a byte, which lets the compiler add 16 to 64 bytes at a time.
    uint64_t n = 0;
    size_t i = 0;
    while (data.len - i >= 128) {
        unsigned char run = 0;
        for (size_t k = 0; k < 128; k++)
            run = (unsigned char)(run + (data.ptr[i + k] == '\n'));
        n += run;
        i += 128;
    }
    for (; i < data.len; i++)
        n += data.ptr[i] == '\n';
    return n;
}

uint64_t source_lines_add(struct source_lines *at, const struct source_block *block, uint64_t newlines)
{
    if (block->shape == SHAPE_SPANS)
        return block->first_line;
    must(block->lane < SOURCE_LANES_MAX);
    if (at->lanes[block->lane].input != block->input || at->lanes[block->lane].next == 0) {
        at->lanes[block->lane].input = block->input;
        at->lanes[block->lane].next = 1;
    }
    const uint64_t first = at->lanes[block->lane].next + block->lines_left_out;
    at->lanes[block->lane].next = first + newlines;
    return first;
}
