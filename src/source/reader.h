// SPDX-License-Identifier: Apache-2.0
// The reader, as its parts see it: reader.c says which input is next, lane.c goes from block to block in one, lines.c and document.c fill
// blocks, intake.c takes the bytes for them.
#pragma once

#include "base/clock.h"
#include "source/cutter.h"
#include "source/source.h"
#include "source/stream.h"

enum reader_mode {
    READ_LINES,    // one record a line
    READ_DOCUMENT, // JSON values of any layout: arrays, lists, records over several lines
};

// One input being read.
struct lane {
    struct source_reader *reader;
    struct stream *stream; // NULL: none, or it has given everything
    size_t input;          // of the list
    enum reader_mode mode;
    bool wrapped;
    bool end;       // its stream has given everything
    uint64_t plain; // bytes taken from its stream
    uint64_t line;  // number of the next line; counted for wrapped lines only
    bool skipping;  // inside a line beyond the limit
    uint64_t lines_left_out;
    struct cutter cutter; // READ_DOCUMENT

    // Bytes taken from the stream that belong to the next block.
    char *tail;
    size_t tail_len, tail_cap;

    // Where several are open: its next block, waiting for its turn.
    struct source_block held;
    bool holds;
    int64_t begins; // of that
    struct clock clock;
};

struct source_reader {
    const struct source_list *list;
    struct source_limits limits;
    struct source_unwrapper *unwrapper;
    struct source_counters counters;
    uint64_t sequence;
    size_t next_input; // of the list
    size_t noted_late; // the last one that was said to come late
    struct lane lanes[SOURCE_LANES_MAX];
};

// Opens an input and looks at its first bytes. False: it cannot be opened, and that was said. `block` is memory to do it in.
[[nodiscard]] bool lane_open(struct lane *l, size_t input, struct source_block *block, struct diags *diags);
// The next records; false: there are none, and the lane is free.
[[nodiscard]] bool lane_fill(struct lane *l, struct source_block *block, struct diags *diags);
// The time at which a block that was just filled begins; that of the one before, if nothing tells. A clock that was set back goes on.
[[nodiscard]] int64_t lane_time(struct lane *l, const struct source_block *block);
void lane_close(struct lane *l);

// More bytes behind block->len, up to `target` in all. Sets l->end at the end of the input, and where it is damaged (then counted).
void reader_more(struct lane *l, struct source_block *block, size_t target, struct diags *diags);
// Moves the tail to the front of the block, which is emptied and has room for `size` bytes at least.
void reader_take_tail(struct lane *l, struct source_block *block, size_t size);
// Keeps what lies behind `from` in the block for the next one.
void reader_keep_tail(struct lane *l, const struct source_block *block, size_t from);
// Where in the current input something is: its file.
[[nodiscard]] struct place reader_place(const struct lane *l, uint64_t line);

// Fill the block with whole records. An empty block: the end of the input.
void reader_fill_lines(struct lane *l, struct source_block *block, struct diags *diags);
void reader_fill_document(struct lane *l, struct source_block *block, struct diags *diags);
