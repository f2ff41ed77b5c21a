// SPDX-License-Identifier: Apache-2.0
// Are the records of any input the same whatever the block size and whoever opens the envelopes, and do they lie inside their blocks?
// The bytes are an input file of any shape, compressed or not.
#include "base/status.h"
#include "source/source.h"

#include <stdio.h>
#include <stdlib.h>
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    struct source_input input = {.path = str_from_c(path), .cluster = STR("c")};
    const struct source_list list = {.inputs = &input, .n = 1};
    const struct outcome large = read_input(&list, (struct source_limits){.record = 4096, .block = 4096});
    const struct outcome small = read_input(&list, (struct source_limits){.record = 4096, .block = 61});
    const struct outcome later = read_input(&list, (struct source_limits){.record = 4096, .block = 700, .leave_wrapped = true});
    must(same(&large, &small));
    must(same(&large, &later));
    close(fd);
    return 0;
}
