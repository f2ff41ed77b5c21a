// SPDX-License-Identifier: Apache-2.0
// From input to input. Those of one cluster that overlap in time are open together, and the block that begins first is next:
//
//   audit-a.log  |--- --- --- ---|              a block goes out when no lane has an earlier one;
//   audit-b.log      |- --- -- ---- ---|        an input is opened when the time of its first event has come,
//   audit-c.log                     |--- ---|   so rotated files are open one at a time
//
// Within what begins later than a block, events may be earlier than its last: whoever needs them in order waits for block.begins.
#include "source/reader.h"

#include "os/os.h"
#include "source/block.h"

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
    r->noted_late = SIZE_MAX;
    for (size_t i = 0; i < SOURCE_LANES_MAX; i++)
        r->lanes[i].reader = r;
    *out = r;
    return ST_OK;
}

void source_reader_free(struct source_reader *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < SOURCE_LANES_MAX; i++) {
        lane_close(&r->lanes[i]);
        source_block_fini(&r->lanes[i].held);
        free(r->lanes[i].tail);
    }
    source_unwrapper_free(r->unwrapper);
    free(r);
}

// --- which input is next ---------------------------------------------------------------------------------------------------------------

static bool is_busy(const struct lane *l)
{
    return l->stream || l->holds;
}

// The first of the two, by the time of the next block; at the same time the one that comes first in the list.
static struct lane *earlier(struct lane *a, struct lane *b)
{
    if (!a || a->begins == b->begins)
        return !a || b->input < a->input ? b : a;
    return b->begins < a->begins ? b : a;
}

// Whether the next input of the list is to be merged with what is being read in `l`.
static bool may_join(const struct source_reader *r, const struct lane *l)
{
    const struct source_input *inputs = r->list->inputs;
    return r->next_input < r->list->n && inputs[r->next_input].first != TIME_NONE &&
           str_eq(inputs[r->next_input].cluster, inputs[l->input].cluster);
}

static bool is_due(const struct source_reader *r, const struct lane *l, int64_t time)
{
    return may_join(r, l) && r->list->inputs[r->next_input].first <= time;
}

static void hold(struct lane *l, struct source_block *block, int64_t begins)
{
    const struct source_block free = l->held;
    l->held = *block;
    *block = free;
    l->holds = true;
    l->begins = begins;
}

static void give(struct lane *l, struct source_block *block)
{
    const struct source_block taken = *block;
    *block = l->held;
    block->begins = l->begins;
    l->held = taken;
    l->holds = false;
}

// Opens the next input in a free lane; NULL: all are busy.
static struct lane *open_next(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    for (size_t i = 0; i < SOURCE_LANES_MAX; i++)
        if (!is_busy(&r->lanes[i])) {
            (void)lane_open(&r->lanes[i], r->next_input++, block, diags); // else it stays free
            return &r->lanes[i];
        }
    return NULL;
}

static void note_late(struct source_reader *r, struct diags *diags)
{
    if (r->noted_late == r->next_input)
        return;
    r->noted_late = r->next_input;
    r->counters.late_inputs++;
    diags_add(diags, DIAG_WARNING, &(struct place){.file = r->list->inputs[r->next_input].path},
              "overlaps in time with %d other files of its cluster, and is read when one of them ends: its first records come late",
              SOURCE_LANES_MAX);
}

// The lane with the earliest block of all that are open; NULL: none has any left.
static struct lane *earliest(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    struct lane *first = NULL;
    for (size_t i = 0; i < SOURCE_LANES_MAX; i++) {
        struct lane *l = &r->lanes[i];
        if (l->stream && !l->holds && lane_fill(l, block, diags))
            hold(l, block, lane_time(l, block));
        if (l->holds)
            first = earlier(first, l);
    }
    return first;
}

// Several inputs that overlap. False: they have ended.
static bool next_of_many(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    struct lane *first;
    while ((first = earliest(r, block, diags)) && is_due(r, first, first->begins))
        if (!open_next(r, block, diags)) {
            note_late(r, diags);
            break;
        }
    if (first)
        give(first, block);
    return first;
}

// One input alone, which needs no block of its own. False: it has ended, or it is not alone any more.
static bool next_of_one(struct source_reader *r, struct lane *l, struct source_block *block, struct diags *diags)
{
    if (!lane_fill(l, block, diags))
        return false;
    if (!may_join(r, l))
        return true;
    block->begins = lane_time(l, block);
    if (!is_due(r, l, block->begins))
        return true;
    hold(l, block, block->begins);
    return false;
}

// The only lane that is busy, if it is only one; its block is not waiting.
static struct lane *lone_lane(struct source_reader *r, unsigned *busy)
{
    struct lane *lone = NULL;
    *busy = 0;
    for (size_t i = 0; i < SOURCE_LANES_MAX; i++)
        if (is_busy(&r->lanes[i])) {
            lone = &r->lanes[i];
            ++*busy;
        }
    return *busy == 1 && !lone->holds ? lone : NULL;
}

static bool next_block(struct source_reader *r, struct source_block *block, struct diags *diags)
{
    for (;;) {
        unsigned busy;
        struct lane *lone = lone_lane(r, &busy);
        if (lone ? next_of_one(r, lone, block, diags) : busy && next_of_many(r, block, diags))
            return true;
        if (!busy && r->next_input == r->list->n)
            return false;
        if (!busy)
            (void)open_next(r, block, diags);
    }
}

status source_next(struct source_reader *r, struct source_block *block, bool *out_end, struct diags *diags)
{
    *out_end = !next_block(r, block, diags);
    if (*out_end) {
        block_clear(block);
        return ST_OK;
    }
    if (block->wrapped && !r->limits.leave_wrapped) {
        source_block_unwrap(r->unwrapper, block);
        r->counters.foreign_records += block->foreign;
    }
    block->sequence = r->sequence++;
    return ST_OK;
}

struct source_counters source_counters(const struct source_reader *r)
{
    struct source_counters c = r->counters;
    for (size_t i = 0; i < SOURCE_LANES_MAX; i++)
        if (r->lanes[i].stream)
            c.read_bytes += stream_stored(r->lanes[i].stream);
    return c;
}
