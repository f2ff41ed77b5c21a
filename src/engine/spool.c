// SPDX-License-Identifier: Apache-2.0
#include "engine/spool.h"

#include "base/status.h"
#include "base/vec.h"
#include "os/os.h"

#include <stdlib.h>
#include <string.h>

// A block as it lies in memory or in the file: this, its spans, its bytes.
struct stored {
    uint64_t len, n_spans, first_line;
    uint32_t input, shape;
};

struct spool {
    const struct source_list *inputs;
    struct source_limits limits;
    struct str cluster;
    VEC(char) memory;
    size_t used;
    bool overflow;   // memory holds only the beginning
    bool rereadable; // all inputs are files
    int file;        // of what no longer fitted the memory; negative: none
    bool partial;
};

static bool is_rereadable(const struct source_list *inputs, struct str cluster)
{
    struct os_stat stat;
    for (size_t i = 0; i < inputs->n; i++) {
        const struct source_input *input = &inputs->inputs[i];
        if (!str_eq(input->cluster, cluster))
            continue;
        if (input->standard_input || os_stat(input->path, &stat) != 0 || stat.kind != OS_FILE)
            return false;
    }
    return true;
}

struct spool *spool_new(const struct source_list *inputs, struct source_limits limits, struct str cluster)
{
    struct spool *s = must_alloc(calloc(1, sizeof *s));
    *s = (struct spool){.inputs = inputs, .limits = limits, .cluster = cluster, .file = -1};
    s->limits.leave_wrapped = false;
    s->rereadable = is_rereadable(inputs, cluster);
    return s;
}

void spool_free(struct spool *s)
{
    if (!s)
        return;
    free(s->memory.items);
    os_close(s->file);
    free(s);
}

// --- keeping ---------------------------------------------------------------------------------------------------------------------------

static void append(struct spool *s, const void *bytes, size_t n)
{
    if (n)
        memcpy(s->memory.items + s->memory.n, bytes, n);
    s->memory.n += n;
}

static void reserve(struct spool *s, size_t n)
{
    if (s->memory.n + n <= s->memory.cap)
        return;
    s->memory.cap = s->memory.cap * 2 > s->memory.n + n ? s->memory.cap * 2 : s->memory.n + n;
    s->memory.items = must_alloc(realloc(s->memory.items, s->memory.cap));
}

static struct stored describe(const struct source_block *block, uint64_t first_line)
{
    return (struct stored){block->len, block->shape == SHAPE_SPANS ? block->n_spans : 0, first_line, block->input, block->shape};
}

static void keep_in_memory(struct spool *s, const struct source_block *block, struct stored head)
{
    reserve(s, sizeof head + head.n_spans * sizeof *block->spans + block->len);
    append(s, &head, sizeof head);
    append(s, block->spans, head.n_spans * sizeof *block->spans);
    append(s, block->data, block->len);
}

static void keep_in_file(struct spool *s, const struct source_block *block, struct stored head)
{
    if (s->file < 0 && !s->partial)
        s->file = os_open_temporary();
    if (s->file < 0 || !os_write_all(s->file, &head, sizeof head) ||
        !os_write_all(s->file, block->spans, head.n_spans * sizeof *block->spans) || !os_write_all(s->file, block->data, block->len)) {
        os_close(s->file);
        s->file = -1;
        s->partial = true;
    }
}

void spool_add(struct spool *s, const struct source_block *block, uint64_t first_line)
{
    struct stored head = describe(block, first_line);
    size_t size = sizeof head + head.n_spans * sizeof *block->spans + block->len;
    if (!s->overflow && s->memory.n + size <= SPOOL_MEMORY_MAX) {
        keep_in_memory(s, block, head);
        return;
    }
    if (!s->overflow && s->rereadable) { // the files have it all
        free(s->memory.items);
        s->memory.items = NULL;
        s->memory.n = s->memory.cap = 0;
    }
    s->overflow = true;
    if (!s->rereadable)
        keep_in_file(s, block, head);
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

// The next bytes, from memory or from the file. False: the end.
struct cursor {
    const struct spool *s;
    size_t at;
    bool in_file;
};

static bool take(struct cursor *c, void *out, size_t n)
{
    if (c->in_file)
        return os_read_all(c->s->file, out, n);
    if (c->s->memory.n - c->at < n)
        return false;
    if (n)
        memcpy(out, c->s->memory.items + c->at, n);
    c->at += n;
    return true;
}

static void read_kept(struct cursor *c, spool_block_fn *fn, void *context)
{
    struct replayed r = {0};
    struct stored head;
    while (take(c, &head, sizeof head)) {
        make_room(&r, &head);
        if (!take(c, r.block.spans, head.n_spans * sizeof *r.block.spans) || !take(c, r.block.data, head.len))
            break;
        fn(context, &r.block, head.first_line);
    }
    free(r.block.data);
    free(r.block.spans);
}

static void read_block(struct source_lines *lines, const struct source_block *block, spool_block_fn *fn, void *context)
{
    uint64_t newlines = block->shape == SHAPE_LINES ? source_count_newlines(str_make(block->data, block->len)) : 0;
    fn(context, block, source_lines_add(lines, block, newlines));
}

// The inputs of this cluster from the start. What is wrong with them was said when they were read first.
static status read_files(const struct spool *s, spool_block_fn *fn, void *context)
{
    struct source_list list = *s->inputs;
    struct source_reader *reader;
    struct source_block block = {0};
    struct source_lines lines = {0};
    struct diags ignored;
    size_t first = 0;
    bool end = false;
    while (first < list.n && !str_eq(list.inputs[first].cluster, s->cluster))
        first++;
    list.inputs += first;
    list.n = 0;
    while (first + list.n < s->inputs->n && str_eq(list.inputs[list.n].cluster, s->cluster))
        list.n++;
    diags_init(&ignored);
    status result = source_reader_new(&reader, &list, s->limits);
    while (result == ST_OK) {
        result = source_next(reader, &block, &end, &ignored);
        if (end || result != ST_OK)
            break;
        block.input += (uint32_t)first;
        read_block(&lines, &block, fn, context);
        block.input -= (uint32_t)first;
    }
    source_reader_free(reader);
    source_block_fini(&block);
    diags_fini(&ignored);
    return result;
}

status spool_read(struct spool *s, spool_block_fn *fn, void *context, struct diags *diags)
{
    struct cursor memory = {.s = s}, file = {.s = s, .in_file = true};
    (void)diags;
    if (s->overflow && s->rereadable)
        return read_files(s, fn, context);
    read_kept(&memory, fn, context);
    if (s->file >= 0 && os_rewind(s->file))
        read_kept(&file, fn, context);
    return ST_OK;
}

bool spool_partial(const struct spool *s)
{
    return s->partial;
}
