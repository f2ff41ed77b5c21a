// SPDX-License-Identifier: Apache-2.0
#include "engine/lookback/opener.h"

#include "base/buf.h"
#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct opener {
    struct source_unwrapper *unwrapper;
    struct buf data;
    VEC(struct source_span) spans;
    struct source_block block;
};

struct opener *opener_new(struct source_limits limits)
{
    struct opener *o = must_alloc(calloc(1, sizeof *o));
    o->unwrapper = source_unwrapper_new(limits);
    buf_init(&o->data, UINT32_MAX); // what a look-back can search at once
    return o;
}

void opener_free(struct opener *o)
{
    if (!o)
        return;
    source_unwrapper_free(o->unwrapper);
    buf_fini(&o->data);
    vec_fini(&o->spans);
    free(o);
}

static void add(struct opener *o, struct str record, uint64_t line, uint32_t item)
{
    size_t offset = o->data.len;
    buf_add(&o->data, record);
    if (!o->data.full)
        *vec_push(&o->spans) = (struct source_span){offset, record.len, line, item};
}

static void open_record(struct opener *o, struct str record, uint64_t line, uint32_t item)
{
    struct source_events events;
    if (!source_unwrap(o->unwrapper, record, &events)) {
        add(o, record, line, item);
        return;
    }
    for (size_t i = 0; i < events.n; i++)
        add(o, events.items[i], line, opener_item(item, i + 1));
}

const struct source_block *opener_open(struct opener *o, const struct source_block *block, uint64_t first_line)
{
    struct str rest = str_make(block->data, block->len);
    buf_clear(&o->data);
    o->spans.n = 0;
    for (size_t i = 0; block->shape == SHAPE_SPANS && i < block->n_spans; i++)
        open_record(o, str_make(block->data + block->spans[i].offset, block->spans[i].len), block->spans[i].line, block->spans[i].item);
    for (uint64_t line = first_line; block->shape == SHAPE_LINES && rest.ptr && rest.len; line++)
        open_record(o, str_split(&rest, '\n'), line, 0);
    size_t len = o->data.len;
    memset(must_alloc(buf_reserve(&o->data, JSON_PADDING)), 0, JSON_PADDING);
    o->block = (struct source_block){
        .data = o->data.ptr, .len = len, .shape = SHAPE_SPANS, .input = block->input, .spans = o->spans.items, .n_spans = o->spans.n};
    return &o->block;
}
