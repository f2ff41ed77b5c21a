// SPDX-License-Identifier: Apache-2.0
#include "engine/lookback/spool.h"
#include "engine/lookback/opener.h"

#include "base/status.h"
#include "base/vec.h"
#include "os/os.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

// A block in memory.
struct piece {
    struct source_block block;
    uint64_t first_line;
};

// A block as it lies in the file: this, its spans, its bytes.
struct stored {
    uint64_t len, n_spans, first_line;
    uint32_t input, shape;
};

struct spool {
    const struct source_list *inputs;
    struct source_limits limits;
    struct str cluster;
    VEC(struct piece) memory;
    size_t used;               // bytes of it
    bool overflow;             // memory holds only the beginning
    VEC(uint64_t) first_lines; // of the blocks of lines that passed, for when the files are read again
    bool spans;                // not all blocks were of lines
    bool rereadable;           // all inputs are files
    VEC(bool) mixed;           // of inputs, as far as known
    struct opener *opener;     // NULL: none is
    int file;                  // of what no longer fitted the memory; negative: none
    bool partial;
    int error; // why; 0: not known
    bool told;
};

static bool is_rereadable(const struct source_list *inputs, struct str cluster, uint64_t *size)
{
    struct os_stat stat;
    *size = 0;
    for (size_t i = 0; i < inputs->n; i++) {
        const struct source_input *input = &inputs->inputs[i];
        if (!str_eq(input->cluster, cluster))
            continue;
        if (input->standard_input || os_stat(input->path, &stat) != 0 || stat.kind != OS_FILE)
            return false;
        *size += stat.size;
    }
    return true;
}

struct spool *spool_new(const struct source_list *inputs, struct source_limits limits, struct str cluster)
{
    struct spool *s = must_alloc(calloc(1, sizeof *s));
    *s = (struct spool){.inputs = inputs, .limits = limits, .cluster = cluster, .file = -1};
    s->limits.leave_wrapped = false;
    uint64_t size;
    s->rereadable = is_rereadable(inputs, cluster, &size);
    s->overflow = s->rereadable && size > SPOOL_MEMORY_MAX; // no need to begin
    return s;
}

static void forget_memory(struct spool *s)
{
    for (size_t i = 0; i < s->memory.n; i++) {
        free(s->memory.items[i].block.data);
        free(s->memory.items[i].block.spans);
    }
    vec_fini(&s->memory);
    s->used = 0;
}

void spool_free(struct spool *s)
{
    if (!s)
        return;
    forget_memory(s);
    vec_fini(&s->first_lines);
    vec_fini(&s->mixed);
    opener_free(s->opener);
    os_close(s->file);
    free(s);
}

// --- keeping ---------------------------------------------------------------------------------------------------------------------------

static struct stored describe(const struct source_block *block, uint64_t first_line)
{
    return (struct stored){block->len, block->shape == SHAPE_SPANS ? block->n_spans : 0, first_line, block->input, block->shape};
}

static void *copy(const void *bytes, size_t n, size_t padding)
{
    char *out = must_alloc(malloc(n + padding ? n + padding : 1));
    if (n)
        memcpy(out, bytes, n);
    memset(out + n, 0, padding);
    return out;
}

static void keep_in_memory(struct spool *s, const struct source_block *block, struct stored head)
{
    struct source_block kept = {.data = copy(block->data, block->len, JSON_PADDING),
                                .len = block->len,
                                .n_spans = head.n_spans,
                                .input = head.input,
                                .shape = (enum source_shape)head.shape};
    if (kept.n_spans)
        kept.spans = copy(block->spans, kept.n_spans * sizeof *kept.spans, 0);
    *vec_push(&s->memory) = (struct piece){kept, head.first_line};
}

static bool write_block(int file, const struct source_block *block, const struct stored *head)
{
    return os_write_all(file, head, sizeof *head) && os_write_all(file, block->spans, head->n_spans * sizeof *block->spans) &&
           os_write_all(file, block->data, block->len);
}

static void keep_in_file(struct spool *s, const struct source_block *block, struct stored head)
{
    if (s->file < 0 && !s->partial)
        s->file = os_open_temporary();
    if (s->file >= 0 && write_block(s->file, block, &head))
        return;
    if (!s->partial)
        s->error = s->file < 0 ? -s->file : errno;
    os_close(s->file);
    s->file = -1;
    s->partial = true;
}

void spool_add(struct spool *s, const struct source_block *block, uint64_t first_line)
{
    struct stored head = describe(block, first_line);
    size_t size = sizeof head + head.n_spans * sizeof *block->spans + block->len;
    if (s->rereadable)
        *vec_push(&s->first_lines) = first_line;
    s->spans |= block->shape == SHAPE_SPANS;
    if (!s->overflow && s->used + size <= SPOOL_MEMORY_MAX) {
        keep_in_memory(s, block, head);
        s->used += size;
        return;
    }
    if (!s->overflow && s->rereadable) // the files have it all
        forget_memory(s);
    s->overflow = true;
    if (!s->rereadable)
        keep_in_file(s, block, head);
}

void spool_mixed(struct spool *s, uint32_t input)
{
    while (s->mixed.n <= input)
        *vec_push(&s->mixed) = false;
    s->mixed.items[input] = true;
    if (!s->opener)
        s->opener = opener_new(s->limits);
}

// --- reading again -----------------------------------------------------------------------------------------------------------------------

struct replayed {
    struct source_block block;
    size_t data_cap, spans_cap;
};

static void make_room(struct replayed *r, const struct stored *head)
{
    if (!r->block.data || head->len + JSON_PADDING > r->data_cap) {
        r->data_cap = head->len + JSON_PADDING;
        r->block.data = must_alloc(realloc(r->block.data, r->data_cap));
    }
    if (head->n_spans > r->spans_cap) {
        r->spans_cap = head->n_spans;
        r->block.spans = must_alloc(reallocarray(r->block.spans, r->spans_cap, sizeof *r->block.spans));
    }
    r->block.len = head->len;
    r->block.n_spans = head->n_spans;
    r->block.input = head->input;
    r->block.shape = (enum source_shape)head->shape;
    memset(r->block.data + head->len, 0, JSON_PADDING);
}

static void read_memory(const struct spool *s, spool_block_fn *fn, void *context)
{
    for (size_t i = 0; i < s->memory.n; i++)
        fn(context, &s->memory.items[i].block, s->memory.items[i].first_line);
}

static void read_temporary(const struct spool *s, spool_block_fn *fn, void *context)
{
    struct replayed r = {0};
    struct stored head;
    while (os_read_all(s->file, &head, sizeof head)) {
        make_room(&r, &head);
        if (!os_read_all(s->file, r.block.spans, head.n_spans * sizeof *r.block.spans) || !os_read_all(s->file, r.block.data, head.len))
            break;
        fn(context, &r.block, head.first_line);
    }
    free(r.block.data);
    free(r.block.spans);
}

// Newlines are counted again only where blocks need not be the same again: those of envelopes were opened elsewhere.
struct rereading {
    struct source_lines lines;
    size_t block;
};

static uint64_t first_line_of(const struct spool *s, struct rereading *r, const struct source_block *block)
{
    if (!s->spans)
        return r->block < s->first_lines.n ? s->first_lines.items[r->block++] : 0;
    uint64_t newlines = block->shape == SHAPE_LINES ? source_count_newlines(str_make(block->data, block->len)) : 0;
    return source_lines_add(&r->lines, block, newlines);
}

// The inputs of this cluster from the start. What is wrong with them was said when they were read first.
static status read_files(const struct spool *s, spool_block_fn *fn, void *context, struct diags *diags)
{
    struct source_list list = *s->inputs;
    struct source_reader *reader;
    struct source_block block = {0};
    struct rereading place = {.block = 0};
    struct diags again; // but when it can no longer be read
    size_t first = 0;
    bool end = false;
    while (first < list.n && !str_eq(list.inputs[first].cluster, s->cluster))
        first++;
    list.inputs += first;
    list.n = 0;
    while (first + list.n < s->inputs->n && str_eq(list.inputs[list.n].cluster, s->cluster))
        list.n++;
    diags_init(&again);
    status result = source_reader_new(&reader, &list, s->limits);
    while (result == ST_OK) {
        result = source_next(reader, &block, &end, &again);
        if (end || result != ST_OK)
            break;
        block.input += (uint32_t)first;
        fn(context, &block, first_line_of(s, &place, &block));
        block.input -= (uint32_t)first;
    }
    source_reader_free(reader);
    source_block_fini(&block);
    if (result != ST_OK)
        diags_append(diags, &again);
    diags_fini(&again);
    return result;
}

struct passing {
    const struct spool *spool;
    spool_block_fn *take;
    void *context;
};

static void pass(void *context, const struct source_block *block, uint64_t first_line)
{
    struct passing *p = context;
    const struct spool *s = p->spool;
    if (block->input < s->mixed.n && s->mixed.items[block->input])
        p->take(p->context, opener_open(s->opener, block, first_line), 0);
    else
        p->take(p->context, block, first_line);
}

status spool_read(struct spool *s, spool_block_fn *fn, void *context, struct diags *diags)
{
    if (s->partial && !s->told)
        diags_add(diags, DIAG_WARNING, NULL, "not all of cluster %.*s could be kept to be read a second time: %s", STR_ARG(s->cluster),
                  os_reason(s->error));
    struct passing passing = {s, fn, context};
    s->told = s->partial;
    if (s->overflow && s->rereadable)
        return read_files(s, pass, &passing, diags);
    read_memory(s, pass, &passing);
    if (s->file >= 0 && os_rewind(s->file))
        read_temporary(s, pass, &passing);
    return ST_OK;
}

bool spool_partial(const struct spool *s)
{
    return s->partial;
}
