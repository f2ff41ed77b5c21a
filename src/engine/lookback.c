// SPDX-License-Identifier: Apache-2.0
#include "engine/lookback.h"

#include "base/status.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

struct lookback {
    struct inquiry *q;
    const struct source_list *inputs;
    hs_database_t *terms;
    hs_scratch_t *scratch;
    // The block being searched.
    const struct source_block *block;
    uint64_t line;  // of the byte at `counted`
    size_t counted; // newlines before it are in `line`
    size_t done;    // what lies before it was looked at
    size_t span;    // the next one to look at
};

// --- terms -------------------------------------------------------------------------------------------------------------------------------

static void compile(struct lookback *l)
{
    size_t n;
    const struct str *terms = inquiry_terms(l->q, &n);
    const char **texts = must_alloc(calloc(n, sizeof *texts));
    size_t *lens = must_alloc(calloc(n, sizeof *lens));
    unsigned *flags = must_alloc(calloc(n, sizeof *flags)), *ids = must_alloc(calloc(n, sizeof *ids));
    hs_compile_error_t *error = NULL;
    for (size_t i = 0; i < n; i++) {
        texts[i] = terms[i].ptr;
        lens[i] = terms[i].len;
    }
    hs_error_t result = hs_compile_lit_multi(texts, flags, ids, lens, (unsigned)n, HS_MODE_BLOCK, NULL, &l->terms, &error);
    must(result == HS_SUCCESS); // literals of bounded number and length always compile
    must(hs_alloc_scratch(l->terms, &l->scratch) == HS_SUCCESS);
    free(texts);
    free(lens);
    free(flags);
    free(ids);
}

// --- lines -------------------------------------------------------------------------------------------------------------------------------

static void give(struct lookback *l, size_t from, size_t to, uint64_t line, uint32_t item)
{
    struct evidence place = {.file = l->inputs->inputs[l->block->input].path, .line = line, .item = item};
    inquiry_event(l->q, &place, str_make(l->block->data + from, to - from));
}

static int on_line(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    struct lookback *l = context;
    const char *data = l->block->data;
    (void)id, (void)from, (void)flags;
    if (to <= l->done)
        return 0; // in the record that was given a moment ago
    const char *before = memrchr(data, '\n', to - 1), *behind = memchr(data + to, '\n', l->block->len - to);
    size_t start = before ? (size_t)(before - data) + 1 : 0, end = behind ? (size_t)(behind - data) : l->block->len;
    l->line += source_count_newlines(str_make(data + l->counted, start - l->counted));
    l->counted = start;
    l->done = end;
    give(l, start, end, l->line, 0);
    return 0;
}

// --- spans -------------------------------------------------------------------------------------------------------------------------------

static int on_span(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context)
{
    struct lookback *l = context;
    (void)id, (void)from, (void)flags;
    while (l->span < l->block->n_spans && l->block->spans[l->span].offset + l->block->spans[l->span].len < to)
        l->span++;
    if (l->span == l->block->n_spans || l->block->spans[l->span].offset >= to)
        return 0;
    const struct source_span *span = &l->block->spans[l->span++];
    give(l, span->offset, span->offset + span->len, span->line, span->item);
    return 0;
}

// --- rounds ------------------------------------------------------------------------------------------------------------------------------

static void search(void *context, const struct source_block *block, uint64_t first_line)
{
    struct lookback *l = context;
    l->block = block;
    l->line = first_line;
    l->counted = l->done = l->span = 0;
    must(block->len <= UINT32_MAX); // the limit of one record, and of a block
    (void)hs_scan(l->terms, block->data, (unsigned)block->len, 0, l->scratch, block->shape == SHAPE_LINES ? on_line : on_span, l);
}

status lookback_run(struct inquiry *q, struct spool *spool, const struct source_list *inputs, struct diags *diags)
{
    struct lookback l = {.q = q, .inputs = inputs};
    status result;
    bool again;
    do {
        compile(&l);
        result = spool_read(spool, search, &l, diags);
        hs_free_database(l.terms);
        again = inquiry_round(q);
    } while (again && result == ST_OK);
    hs_free_scratch(l.scratch);
    return result;
}
