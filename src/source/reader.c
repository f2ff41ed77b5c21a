// SPDX-License-Identifier: Apache-2.0
// From input to input, and from block to block.
#include "source/reader.h"

#include "os/os.h"
#include "source/block.h"
#include "source/shape.h"

#include <stdlib.h>

// The size of all inputs; 0 when one of them has none.
static uint64_t stored_bytes(const struct source_list *list)
{
    uint64_t total = 0;
    for (size_t i = 0; i < list->n; i++) {
        struct os_stat st;
        if (list->inputs[i].standard_input || os_stat(list->inputs[i].path, &st) < 0 || st.kind != OS_FILE)
            return 0;
        total += st.size;
    }
    return total;
}

status source_reader_new(struct source_reader **out, const struct source_list *list, struct source_limits limits)
{
    struct source_reader *r = must_alloc(calloc(1, sizeof *r));
    // A block never holds a whole line longer than a record may be: nobody looks at the single lines here.
    if (limits.block > limits.record)
        limits.block = limits.record;
    must(limits.block > 0);
    *r = (struct source_reader){.list = list, .limits = limits, .unwrapper = source_unwrapper_new(limits)};
    r->counters.total_bytes = stored_bytes(list);
    *out = r;
    return ST_OK;
}

void source_reader_free(struct source_reader *r)
{
    if (!r)
        return;
    stream_close(r->stream);
    source_unwrapper_free(r->unwrapper);
    free(r->tail);
    free(r);
}

// Reads until the shape can be told; the bytes become the tail. No more than a record may have: see source_reader_new.
static void look_at_head(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    const size_t most = r->limits.record < SHAPE_HEAD_MAX ? r->limits.record : SHAPE_HEAD_MAX;
    size_t target = most < SHAPE_HEAD ? most : SHAPE_HEAD;
    block_clear(block);
    while (!r->end) {
        const bool enough = shape_enough(str_make(block->data, block->len));
        const bool full = block->len >= target;
        if (full && (enough || target == most))
            break;
        if (block->len && enough && stream_pauses(r->stream))
            break;
        if (full)
            target = target * 2 < most ? target * 2 : most;
        reader_more(r, block, target, diags);
    }
}

static void begin_input(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    r->end = r->skipping = false;
    r->plain = r->lines_left_out = 0;
    r->line = 1;
    look_at_head(r, block, diags);
    const struct shape shape = shape_detect(r->unwrapper, str_make(block->data, block->len), r->end);
    r->mode = r->limits.lines_only ? READ_LINES : shape.mode;
    r->wrapped = !r->limits.lines_only && shape.wrapped;
    cutter_init(&r->cutter, r->limits.record);
    if (shape.utf16) {
        const struct place place = reader_place(r, 0);
        diags_add(diags, DIAG_ERROR, &place, "is UTF-16, which is not read: convert it to UTF-8");
        r->counters.damaged_inputs++;
        r->end = true;
        block->len = 0;
    }
    reader_keep_tail(r, block, shape.bom);
}

// False at the end of the list.
static bool next_input(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    while (r->next_input < r->list->n) {
        r->input = r->next_input++;
        const struct source_input *input = &r->list->inputs[r->input];
        if (stream_open(&r->stream, input->path, input->standard_input, diags) == ST_OK) {
            begin_input(r, block, diags);
            return true;
        }
        r->counters.damaged_inputs++;
    }
    return false;
}

static void end_input(struct source_reader *r)
{
    r->counters.read_bytes += stream_stored(r->stream);
    stream_close(r->stream);
    r->stream = NULL;
}

// Wrapped lines get their line numbers here, because they lose their newlines.
static void number_lines(struct source_reader *r, struct source_block *block)
{
    if (!r->wrapped || block->shape != SHAPE_LINES)
        return;
    block->first_line = r->line + block->lines_left_out;
    r->line = block->first_line + source_count_newlines(str_make(block->data, block->len));
}

static bool holds_records(const struct source_block *block)
{
    return block->shape == SHAPE_LINES ? block->len > 0 : block->n_spans > 0;
}

// The next records of the current input, if any are left in it.
static void fill(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    if (r->mode == READ_LINES)
        reader_fill_lines(r, block, diags);
    else
        reader_fill_document(r, block, diags);
    number_lines(r, block);
    block->input = (uint32_t)r->input;
    block->wrapped = r->wrapped;
    if (r->end && r->tail_len == 0)
        end_input(r);
    if (block->wrapped && !r->limits.leave_wrapped) {
        source_block_unwrap(r->unwrapper, block);
        r->counters.foreign_records += block->foreign;
    }
}

status source_next(struct source_reader *r, struct source_block *block, bool *out_end, struct diags *diags)
{
    *out_end = false;
    do {
        if (!r->stream && !next_input(r, block, diags)) {
            block_clear(block);
            *out_end = true;
            return ST_OK;
        }
        fill(r, block, diags);
    } while (!holds_records(block));
    block->sequence = r->sequence++;
    return ST_OK;
}

struct source_counters source_counters(const struct source_reader *r)
{
    struct source_counters c = r->counters;
    if (r->stream)
        c.read_bytes += stream_stored(r->stream);
    return c;
}
