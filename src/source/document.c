// SPDX-License-Identifier: Apache-2.0
// Arrays, lists and records over several lines: the cutter finds the records where they lie in the block; what is not finished is
// carried over. Memory is bounded by the longest record allowed, whatever the size of the document.
#include "source/block.h"
#include "source/reader.h"

#include <string.h>

static void note_damage(struct lane *l, uint64_t line, const char *what, struct diags *diags)
{
    const struct place place = reader_place(l, line);
    diags_add(diags, DIAG_WARNING, &place, "%s", what);
    l->reader->counters.skipped_records++;
}

// Cuts what the block holds into spans.
static void cut_records(struct lane *l, struct source_block *block, struct diags *diags)
{
    struct cutter *c = &l->cutter;
    for (;;) {
        switch (cutter_next(c, block->data, block->len)) {
        case CUT_RECORD:
            block_add_span(block, (struct source_span){c->begin, c->end - c->begin, c->begin_line, c->item});
            break;
        case CUT_TOO_LONG: {
            const struct place place = reader_place(l, c->begin_line);
            diags_add(diags, DIAG_WARNING, &place, "the record is longer than %zu bytes and left out", l->reader->limits.record);
            l->reader->counters.oversized_records++;
            break;
        }
        case CUT_BROKEN:
            note_damage(l, c->line, "not JSON; the rest of the line, and what was open, is left out", diags);
            break;
        case CUT_LIST: // not asked for
        case CUT_END:
        case CUT_MORE:
            return;
        }
    }
}

static void finish(struct lane *l, struct diags *diags)
{
    if (!cutter_done(&l->cutter)) {
        note_damage(l, l->cutter.line, "the input ends inside of a value", diags);
        l->cutter.state = CUT_TOP;
    }
}

// Makes place for more: what is not needed any more goes first, then the target grows.
static size_t make_place(struct lane *l, struct source_block *block, size_t target)
{
    const size_t keep = l->cutter.keep;
    if (keep) {
        memmove(block->data, block->data + keep, block->len - keep);
        block->len -= keep;
        cutter_forget(&l->cutter);
    }
    if (block->len < target)
        return target;
    return target < l->reader->limits.record / 2 ? target * 2 : l->reader->limits.record + 1;
}

void reader_fill_document(struct lane *l, struct source_block *block, struct diags *diags)
{
    size_t target = l->reader->limits.block;
    reader_take_tail(l, block, target);
    block->shape = SHAPE_SPANS;
    for (;;) {
        const bool full = block->len >= target;
        if (full || l->end || stream_pauses(l->stream)) {
            cut_records(l, block, diags);
            if (block->n_spans || l->end)
                break;
            if (full)
                target = make_place(l, block, target);
        }
        reader_more(l, block, target, diags);
    }
    if (l->end)
        finish(l, diags);
    const size_t keep = l->cutter.keep;
    reader_keep_tail(l, block, l->end ? block->len : keep);
    cutter_forget(&l->cutter);
    block->len = keep;
    block->first_line = block->n_spans ? block->spans[0].line : 0;
}
