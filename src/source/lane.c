// SPDX-License-Identifier: Apache-2.0
// One input, from its first bytes to its last, block by block.
#include "os/os.h"
#include "source/block.h"
#include "source/reader.h"
#include "source/shape.h"
#include "source/unwrap.h"

// Reads until the shape can be told; the bytes become the tail. No more than a record may have: see source_reader_new.
static void look_at_head(struct lane *l, struct source_block *block, struct diags *diags)
{
    const size_t record = l->reader->limits.record, most = record < SHAPE_HEAD_MAX ? record : SHAPE_HEAD_MAX;
    size_t target = most < SHAPE_HEAD ? most : SHAPE_HEAD;
    block_clear(block);
    while (!l->end) {
        const bool enough = shape_enough(str_make(block->data, block->len));
        const bool full = block->len >= target;
        if (full && (enough || target == most))
            break;
        if (block->len && enough && stream_pauses(l->stream))
            break;
        if (full)
            target = target * 2 < most ? target * 2 : most;
        reader_more(l, block, target, diags);
    }
}

static void begin(struct lane *l, struct source_block *block, struct diags *diags)
{
    const struct source_limits *limits = &l->reader->limits;
    l->end = l->skipping = false;
    l->plain = l->lines_left_out = 0;
    l->line = 1;
    l->clock = CLOCK_INIT;
    look_at_head(l, block, diags);
    const struct shape shape = shape_detect(l->reader->unwrapper, str_make(block->data, block->len), l->end);
    l->mode = limits->lines_only ? READ_LINES : shape.mode;
    l->wrapped = !limits->lines_only && shape.wrapped;
    cutter_init(&l->cutter, limits->record);
    if (shape.utf16) {
        const struct place place = reader_place(l, 0);
        diags_add(diags, DIAG_ERROR, &place, "is UTF-16, which is not read: convert it to UTF-8");
        l->reader->counters.damaged_inputs++;
        l->end = true;
        block->len = 0;
    }
    reader_keep_tail(l, block, shape.bom);
}

bool lane_open(struct lane *l, size_t input, struct source_block *block, struct diags *diags)
{
    const struct source_input *from = &l->reader->list->inputs[input];
    l->input = input;
    if (stream_open(&l->stream, from->path, from->standard_input, diags) != ST_OK) {
        l->reader->counters.damaged_inputs++;
        return false;
    }
    begin(l, block, diags);
    return true;
}

void lane_close(struct lane *l)
{
    if (l->stream)
        l->reader->counters.read_bytes += stream_stored(l->stream);
    stream_close(l->stream);
    l->stream = NULL;
}

// Wrapped lines get their line numbers here, because they lose their newlines.
static void number_lines(struct lane *l, struct source_block *block)
{
    if (!l->wrapped || block->shape != SHAPE_LINES)
        return;
    block->first_line = l->line + block->lines_left_out;
    l->line = block->first_line + source_count_newlines(str_make(block->data, block->len));
}

static bool holds_records(const struct source_block *block)
{
    return block->shape == SHAPE_LINES ? block->len > 0 : block->n_spans > 0;
}

bool lane_fill(struct lane *l, struct source_block *block, struct diags *diags)
{
    while (l->stream) {
        if (l->mode == READ_LINES)
            reader_fill_lines(l, block, diags);
        else
            reader_fill_document(l, block, diags);
        number_lines(l, block);
        block->input = (uint32_t)l->input;
        block->lane = (uint32_t)(l - l->reader->lanes);
        block->wrapped = l->wrapped;
        if (l->end && l->tail_len == 0)
            lane_close(l);
        if (holds_records(block))
            return true;
    }
    return false;
}

// The record that begins at or behind *at, which moves on to the next one.
static struct str next_record(const struct source_block *block, size_t *at)
{
    if (block->shape == SHAPE_SPANS) {
        const struct source_span *span = *at < block->n_spans ? &block->spans[(*at)++] : NULL;
        return span ? str_make(block->data + span->offset, span->len) : STR_NONE;
    }
    if (*at >= block->len)
        return STR_NONE;
    const struct str rest = str_make(block->data + *at, block->len - *at);
    const size_t newline = str_find_char(rest, '\n', 0);
    *at += newline == SIZE_MAX ? rest.len : newline + 1;
    return str_slice(rest, 0, newline);
}

int64_t lane_time(struct lane *l, const struct source_block *block)
{
    enum { RECORDS_LOOKED_AT = 16 }; // others may stand among events
    int64_t time = TIME_NONE;
    size_t at = 0;
    struct str record;
    for (unsigned n = 0; n < RECORDS_LOOKED_AT && time == TIME_NONE && (record = next_record(block, &at)).ptr; n++)
        (void)unwrap_classify(l->reader->unwrapper, record, &time);
    return time == TIME_NONE ? l->clock.latest : clock_tell(&l->clock, time);
}
