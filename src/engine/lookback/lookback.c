// SPDX-License-Identifier: Apache-2.0
#include "engine/lookback/lookback.h"

#include "base/status.h"
#include "base/vec.h"

#include <hs/hs.h>
#include <stdlib.h>
#include <string.h>

// A record that held a term, by where it lies: blocks are cut alike whenever the input is read.
struct candidate {
    uint64_t block;
    size_t start, end;
    uint64_t line;
    uint32_t item;
};
enum { CANDIDATES_MAX = 1 << 20 }; // remembered; with more, each round looks for all terms again

typedef VEC(struct candidate) candidate_list;

struct lookback {
    struct inquiry *q;
    const struct source_list *inputs;
    hs_database_t *terms;
    hs_scratch_t *scratch;
    size_t n_terms;              // that were looked for in the rounds before
    candidate_list known, found; // of the rounds before; of this one
    size_t next_known;
    uint64_t block_number;
    // The block being searched.
    const struct source_block *block;
    candidate_list hits;
    uint64_t line;  // of the byte at `counted`
    size_t counted; // newlines before it are in `line`
    size_t done;    // what lies before it was looked at
    size_t span;    // the next one to look at
};

// --- terms -------------------------------------------------------------------------------------------------------------------------------

// The terms that are new since the round before: what holds the others is known.
static void compile(struct lookback *l)
{
    size_t n;
    const struct str *terms = inquiry_terms(l->q, &n);
    size_t old = l->known.n < CANDIDATES_MAX ? l->n_terms : 0;
    l->n_terms = n;
    terms += old;
    n -= old;
    l->terms = NULL;
    if (!n)
        return;
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

static void note(struct lookback *l, size_t start, size_t end, uint64_t line, uint32_t item)
{
    *vec_push(&l->hits) = (struct candidate){l->block_number, start, end, line, item};
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
    note(l, start, end, l->line, 0);
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
    note(l, span->offset, span->offset + span->len, span->line, span->item);
    return 0;
}

// --- rounds ------------------------------------------------------------------------------------------------------------------------------

static void give(struct lookback *l, struct candidate c)
{
    struct evidence place = {.file = l->inputs->inputs[l->block->input].path, .line = c.line, .item = c.item};
    inquiry_event(l->q, &place, str_make(l->block->data + c.start, c.end - c.start));
    if (l->found.n < CANDIDATES_MAX)
        *vec_push(&l->found) = c;
}

static bool known_comes_first(const struct lookback *l, size_t hit)
{
    if (l->next_known == l->known.n || l->known.items[l->next_known].block != l->block_number)
        return false;
    return hit == l->hits.n || l->known.items[l->next_known].start <= l->hits.items[hit].start;
}

// What is known from before and what is new, in the order of the input, each once.
static void give_all(struct lookback *l)
{
    size_t last = SIZE_MAX;
    for (size_t hit = 0;;) {
        struct candidate c;
        if (known_comes_first(l, hit))
            c = l->known.items[l->next_known++];
        else if (hit < l->hits.n)
            c = l->hits.items[hit++];
        else
            break;
        if (c.start != last)
            give(l, c);
        last = c.start;
    }
}

static void search(void *context, const struct source_block *block, uint64_t first_line)
{
    struct lookback *l = context;
    l->block = block;
    l->line = first_line;
    l->counted = l->done = l->span = l->hits.n = 0;
    must(block->len <= UINT32_MAX); // the limit of one record, and of a block
    if (l->terms)
        (void)hs_scan(l->terms, block->data, (unsigned)block->len, 0, l->scratch, block->shape == SHAPE_LINES ? on_line : on_span, l);
    give_all(l);
    l->block_number++;
}

static void next_round(struct lookback *l)
{
    candidate_list swap = l->known;
    l->known = l->found;
    l->found = swap;
    l->found.n = l->next_known = 0;
    l->block_number = 0;
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
        next_round(&l);
        again = inquiry_round(q);
    } while (again && result == ST_OK);
    hs_free_scratch(l.scratch);
    vec_fini(&l.known);
    vec_fini(&l.found);
    vec_fini(&l.hits);
    return result;
}
