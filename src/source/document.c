// SPDX-License-Identifier: Apache-2.0
// Arrays, lists and records over several lines: the cutter finds the records where they lie in the block; what is not finished is
// carried over. Memory is bounded by the longest record allowed, whatever the size of the document.
#include "source/block.h"
#include "source/reader.h"

#include <string.h>

static void note_damage(struct source_reader *r, uint64_t line, const char *what, struct diags *diags)
{
    const struct place place = reader_place(r, line);
    diags_add(diags, DIAG_WARNING, &place, "%s", what);
    r->counters.skipped_records++;
}

// Cuts what the block holds into spans.
static void cut_records(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    struct cutter *c = &r->cutter;
    for (;;) {
        switch (cutter_next(c, block->data, block->len)) {
        case CUT_RECORD:
            block_add_span(block, (struct source_span){c->begin, c->end - c->begin, c->begin_line, c->item});
            break;
        case CUT_TOO_LONG: {
            const struct place place = reader_place(r, c->begin_line);
            diags_add(diags, DIAG_WARNING, &place, "the record is longer than %zu bytes and left out", r->limits.record);
            r->counters.oversized_records++;
            break;
        }
        case CUT_BROKEN:
            note_damage(r, c->line, "not JSON; the rest of the line, and what was open, is left out", diags);
            break;
        case CUT_LIST: // not asked for
        case CUT_END:
        case CUT_MORE:
            return;
        }
    }
}

static void finish(struct source_reader *r, struct diags *diags)
{
    if (!cutter_done(&r->cutter)) {
        note_damage(r, r->cutter.line, "the input ends inside of a value", diags);
        r->cutter.state = CUT_TOP;
    }
}

// Makes place for more: what is not needed any more goes first, then the target grows.
static size_t make_place(struct source_reader *r, struct source_block *block, size_t target)
{
    const size_t keep = r->cutter.keep;
    if (keep) {
        memmove(block->data, block->data + keep, block->len - keep);
        block->len -= keep;
        cutter_forget(&r->cutter);
    }
    if (block->len < target)
        return target;
    return target < r->limits.record / 2 ? target * 2 : r->limits.record + 1;
}

void reader_fill_document(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    size_t target = r->limits.block;
    reader_take_tail(r, block, target);
    block->shape = SHAPE_SPANS;
    for (;;) {
        const bool full = block->len >= target;
        if (full || r->end || stream_pauses(r->stream)) {
            cut_records(r, block, diags);
            if (block->n_spans || r->end)
                break;
            if (full)
                target = make_place(r, block, target);
        }
        reader_more(r, block, target, diags);
    }
    if (r->end)
        finish(r, diags);
    const size_t keep = r->cutter.keep;
    reader_keep_tail(r, block, r->end ? block->len : keep);
    cutter_forget(&r->cutter);
    block->len = keep;
    block->first_line = block->n_spans ? block->spans[0].line : 0;
}
