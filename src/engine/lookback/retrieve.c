// SPDX-License-Identifier: Apache-2.0
#include "engine/lookback/retrieve.h"

#include "base/status.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct wanted {
    const struct evidence *place;
    uint32_t incident;
    bool found;
};

struct retrieval {
    const struct incident *incidents;
    const struct source_list *inputs;
    VEC(struct wanted) wanted; // by file, line, item, incident; each once
    retrieve_fn *take;
    void *context;
};

// --- what is wanted --------------------------------------------------------------------------------------------------------------

static void want(struct retrieval *r, uint32_t incident, const struct evidence *places, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (places[i].file.ptr)
            *vec_push(&r->wanted) = (struct wanted){.place = &places[i], .incident = incident};
}

// A dump of objects may be evidence, too; it is no record of the log.
static void want_of_log(struct retrieval *r, uint32_t incident, const struct evidence *places, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < r->inputs->n; k++)
            if (str_eq(r->inputs->inputs[k].path, places[i].file)) {
                want(r, incident, &places[i], 1);
                break;
            }
}

static void want_all(struct retrieval *r, uint32_t i)
{
    const struct incident *x = &r->incidents[i];
    for (size_t k = 0; k < x->n_timeline; k++)
        want(r, i, x->timeline[k].evidence, x->timeline[k].n_evidence);
    for (size_t k = 0; k < x->n_pivots; k++)
        want(r, i, &x->pivots[k].evidence, 1);
    for (size_t k = 0; k < x->n_objects; k++)
        want(r, i, &x->objects[k].evidence, 1);
    for (size_t k = 0; k < x->n_leftovers; k++)
        want(r, i, &x->leftovers[k].evidence, 1);
    for (size_t k = 0; k < x->vector.n_hypotheses; k++)
        want_of_log(r, i, x->vector.hypotheses[k].evidence, x->vector.hypotheses[k].n_evidence);
    want(r, i, x->cause.evidence, x->cause.n_evidence);
}

static int compare_place(struct str file, uint64_t line, uint32_t item, const struct evidence *place)
{
    int order = str_cmp(file, place->file);
    if (order)
        return order;
    if (line != place->line)
        return line < place->line ? -1 : 1;
    return item == place->item ? 0 : item < place->item ? -1 : 1;
}

static int in_order(const void *a, const void *b)
{
    const struct wanted *x = a, *y = b;
    int order = compare_place(x->place->file, x->place->line, x->place->item, y->place);
    return order ? order : (int)(x->incident > y->incident) - (int)(x->incident < y->incident);
}

static void sort_once_each(struct retrieval *r)
{
    size_t kept = 0;
    if (r->wanted.n)
        qsort(r->wanted.items, r->wanted.n, sizeof *r->wanted.items, in_order);
    for (size_t i = 0; i < r->wanted.n; i++)
        if (!kept || in_order(&r->wanted.items[kept - 1], &r->wanted.items[i]) != 0)
            r->wanted.items[kept++] = r->wanted.items[i];
    r->wanted.n = kept;
}

// The first that does not lie before this place.
static size_t lower_bound(const struct retrieval *r, struct str file, uint64_t line, uint32_t item)
{
    size_t low = 0, high = r->wanted.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_place(file, line, item, r->wanted.items[middle].place) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

// --- and found -------------------------------------------------------------------------------------------------------------------

static void give(struct retrieval *r, struct wanted *w, struct str record)
{
    w->found = true;
    r->take(r->context, &r->incidents[w->incident], w->place, record);
}

static void search_lines(struct retrieval *r, const struct source_block *block, struct str file, uint64_t line)
{
    const char *at = block->data, *end = block->data + block->len;
    for (size_t i = lower_bound(r, file, line, 0); i < r->wanted.n && str_eq(r->wanted.items[i].place->file, file); i++) {
        const struct wanted *before = i ? &r->wanted.items[i - 1] : NULL;
        struct wanted *w = &r->wanted.items[i];
        while (at < end && line < w->place->line) {
            const char *newline = memchr(at, '\n', (size_t)(end - at));
            at = newline ? newline + 1 : end;
            line++;
        }
        if (at == end)
            return;
        // Several events of one envelope are one line.
        if (before && before->found && before->incident == w->incident && before->place->line == line &&
            str_eq(before->place->file, file)) {
            w->found = true;
            continue;
        }
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        give(r, w, str_make(at, (size_t)((newline ? newline : end) - at)));
    }
}

static void search_spans(struct retrieval *r, const struct source_block *block, struct str file)
{
    for (size_t k = 0; k < block->n_spans; k++) {
        const struct source_span *span = &block->spans[k];
        size_t i = lower_bound(r, file, span->line, span->item);
        for (; i < r->wanted.n && compare_place(file, span->line, span->item, r->wanted.items[i].place) == 0; i++)
            give(r, &r->wanted.items[i], str_make(block->data + span->offset, span->len));
    }
}

static void search(void *context, const struct source_block *block, uint64_t first_line)
{
    struct retrieval *r = context;
    struct str file = r->inputs->inputs[block->input].path;
    if (block->shape == SHAPE_LINES)
        search_lines(r, block, file, first_line);
    else
        search_spans(r, block, file);
}

uint64_t retrieve_run(const struct incident *incidents, size_t n, struct spool *spool, const struct source_list *inputs, retrieve_fn *take,
                      void *context, struct diags *diags)
{
    struct retrieval r = {.incidents = incidents, .inputs = inputs, .take = take, .context = context};
    uint64_t missing = 0;
    for (size_t i = 0; i < n; i++)
        want_all(&r, (uint32_t)i);
    sort_once_each(&r);
    status result = r.wanted.n ? spool_read(spool, search, &r, diags) : ST_OK;
    for (size_t i = 0; i < r.wanted.n; i++)
        missing += !r.wanted.items[i].found;
    vec_fini(&r.wanted);
    return result == ST_OK || missing ? missing : 1; // what could not be read to its end is not said to be complete
}
