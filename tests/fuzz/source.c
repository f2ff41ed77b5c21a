// SPDX-License-Identifier: Apache-2.0
// Are the records of any input the same whatever the block size, wherever its bytes are parted and whoever opens the envelopes, and do they
// lie inside their blocks? The bytes are an input file of any shape, compressed or not.
#include "base/status.h"
#include "source/cutter.h"
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct outcome {
    uint64_t hash, records, foreign, skipped, oversized, damaged;
};

static void note(struct outcome *o, struct str record)
{
    o->hash = hash_mix(o->hash, str_hash(record));
    o->records++;
}

static void note_block(struct outcome *o, const struct source_block *b)
{
    must(b->cap >= b->len + JSON_PADDING);
    if (b->shape == SHAPE_SPANS) {
        for (size_t i = 0; i < b->n_spans; i++) {
            must(b->spans[i].offset + b->spans[i].len <= b->len);
            note(o, str_make(b->data + b->spans[i].offset, b->spans[i].len));
        }
        return;
    }
    struct str rest = str_make(b->data, b->len);
    while (rest.ptr && rest.len)
        note(o, str_split(&rest, '\n'));
}

static struct outcome read_input(const struct source_list *list, struct source_limits limits)
{
    struct outcome o = {0};
    struct source_reader *r;
    struct source_unwrapper *u = source_unwrapper_new(limits);
    struct source_block block = {0};
    struct diags diags;
    bool end = false;
    diags_init(&diags);
    must(source_reader_new(&r, list, limits) == ST_OK);
    while (source_next(r, &block, &end, &diags) == ST_OK && !end) {
        must(!block.wrapped || limits.leave_wrapped);
        if (block.wrapped) {
            source_block_unwrap(u, &block);
            o.foreign += block.foreign;
        }
        note_block(&o, &block);
    }
    const struct source_counters c = source_counters(r);
    o.foreign += c.foreign_records;
    o.skipped = c.skipped_records;
    o.oversized = c.oversized_records;
    o.damaged = c.damaged_inputs;
    source_reader_free(r);
    source_unwrapper_free(u);
    source_block_fini(&block);
    diags_fini(&diags);
    return o;
}

static bool same(const struct outcome *a, const struct outcome *b)
{
    return a->hash == b->hash && a->records == b->records && a->foreign == b->foreign && a->skipped == b->skipped &&
           a->oversized == b->oversized && a->damaged == b->damaged;
}

// The records of a document that comes in pieces.
static struct outcome cut(const char *data, size_t size, size_t piece)
{
    struct outcome o = {0};
    struct cutter c;
    char *held = must_alloc(malloc(size + 1));
    size_t n = 0;
    cutter_init(&c, 300);
    for (size_t from = 0; from < size; from += piece) {
        const size_t more = size - from < piece ? size - from : piece;
        memcpy(held + n, data + from, more);
        n += more;
        enum cut cut;
        while ((cut = cutter_next(&c, held, n)) != CUT_MORE) {
            if (cut == CUT_RECORD)
                note(&o, str_make(held + c.begin, c.end - c.begin));
            o.oversized += cut == CUT_TOO_LONG;
            o.skipped += cut == CUT_BROKEN;
            o.foreign = hash_mix(o.foreign, c.line);
        }
        must(c.at == n && c.keep <= n);
        memmove(held, held + c.keep, n - c.keep);
        n -= c.keep;
        cutter_forget(&c);
    }
    o.damaged = !cutter_done(&c);
    free(held);
    return o;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct outcome whole = cut((const char *)data, size, size + 1), pieces = cut((const char *)data, size, 3);
    must(same(&whole, &pieces));
    int fd = memfd_create("input", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct source_input input = {.path = str_from_c(path), .cluster = STR("c"), .first = TIME_NONE};
    const struct source_list list = {.inputs = &input, .n = 1};
    const struct outcome large = read_input(&list, (struct source_limits){.record = 4096, .block = 4096});
    const struct outcome small = read_input(&list, (struct source_limits){.record = 4096, .block = 61});
    const struct outcome later = read_input(&list, (struct source_limits){.record = 4096, .block = 700, .leave_wrapped = true});
    must(same(&large, &small));
    must(same(&large, &later));
    close(fd);
    return 0;
}
