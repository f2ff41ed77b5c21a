// SPDX-License-Identifier: Apache-2.0
// The reader, as its parts see it: reader.c goes from input to input, lines.c and document.c fill blocks, intake.c takes
// the bytes for all three.
#pragma once

#include "source/cutter.h"
#include "source/source.h"
#include "source/stream.h"

enum reader_mode {
    READ_LINES,    // one record a line
    READ_DOCUMENT, // JSON values of any layout: arrays, lists, records over several lines
};

struct source_reader {
    const struct source_list *list;
    struct source_limits limits;
    struct source_unwrapper *unwrapper;
    struct source_counters counters;
    uint64_t sequence;
    size_t next_input; // of the list

    // The input being read.
    struct stream *stream; // NULL: none
    size_t input;
    enum reader_mode mode;
    bool wrapped;
    bool end;               // its stream has given everything
    uint64_t plain;         // bytes taken from its stream
    uint64_t stored_before; // read_bytes of the inputs before it
    uint64_t line;          // number of the next line; counted for wrapped lines only
    bool skipping;          // inside a line beyond the limit
    uint64_t lines_left_out;
    struct cutter cutter; // READ_DOCUMENT

    // Bytes taken from the stream that belong to the next block.
    char *tail;
    size_t tail_len, tail_cap;
};

// More bytes behind block->len, up to `target` in all. Sets r->end at the end of the input, and where it is damaged (then counted).
void reader_more(struct source_reader *r, struct source_block *block, size_t target, struct diags *diags);
// Moves the tail to the front of the block, which is emptied and has room for `size` bytes at least.
void reader_take_tail(struct source_reader *r, struct source_block *block, size_t size);
// Keeps what lies behind `from` in the block for the next one.
void reader_keep_tail(struct source_reader *r, const struct source_block *block, size_t from);
// Where in the current input something is: its file.
[[nodiscard]] struct place reader_place(const struct source_reader *r, uint64_t line);

// Fill the block with whole records. An empty block: the end of the input.
void reader_fill_lines(struct source_reader *r, struct source_block *block, struct diags *diags);
void reader_fill_document(struct source_reader *r, struct source_block *block, struct diags *diags);
