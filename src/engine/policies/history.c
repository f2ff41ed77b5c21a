// SPDX-License-Identifier: Apache-2.0
#include "engine/policies/history.h"

#include <string.h>

struct history {
    history_record_fn *tell;
    void *context;
    struct history_counters *counters;
    struct source_unwrapper *unwrapper;
    struct arena arena;
    const struct source_list *inputs;
    struct source_lines lines;
    struct str file; // of the record at hand
    uint64_t line;
};

// Long requests (watch, exec) are logged when they begin and when they end; what was received only is not yet answered.
static bool is_answered(const struct event *e)
{
    return !str_eq(e->stage, STR("RequestReceived"));
}

static bool take_event(struct history *h, struct str record)
{
    struct json_error error;
    struct event e;
    arena_reset(&h->arena);
    const struct json_value *tree = json_parse(&h->arena, record, JSON_LIMITS_DEFAULT, &error);
    if (!tree || !event_decode(&e, tree, &h->arena))
        return false;
    h->counters->events++;
    if (is_answered(&e))
        h->tell(h->context, &(struct history_record){&e, tree, h->file, h->line});
    return true;
}

static void take_record(struct history *h, struct str record)
{
    struct source_events events;
    if (!str_trim(record).len || take_event(h, record))
        return;
    if (!source_unwrap(h->unwrapper, record, &events)) {
        h->counters->foreign++;
        return;
    }
    h->counters->foreign += events.foreign;
    for (size_t i = 0; i < events.n; i++)
        h->counters->bad += !take_event(h, events.items[i]);
}

static void take_lines(struct history *h, const struct source_block *block)
{
    const char *p = block->data, *end = p + block->len;
    h->line = source_lines_add(&h->lines, block, source_count_newlines(str_make(block->data, block->len)));
    for (; p < end; h->line++) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;
        take_record(h, str_make(p, (size_t)(stop - p)));
        p = stop + 1;
    }
}

static void take_block(struct history *h, const struct source_block *block)
{
    h->counters->foreign += block->foreign;
    h->file = h->inputs->inputs[block->input].path;
    if (block->shape == SHAPE_LINES) {
        take_lines(h, block);
        return;
    }
    (void)source_lines_add(&h->lines, block, 0);
    for (size_t i = 0; i < block->n_spans; i++) {
        h->line = block->spans[i].line;
        take_record(h, str_make(block->data + block->spans[i].offset, block->spans[i].len));
    }
}

static status read_all(struct history *h, struct diags *diags)
{
    struct source_reader *reader;
    struct source_block block = {0};
    TRY(source_reader_new(&reader, h->inputs, SOURCE_LIMITS_DEFAULT));
    status result = ST_OK;
    for (bool end = false; result == ST_OK && !end;) {
        result = source_next(reader, &block, &end, diags);
        if (result == ST_OK && !end)
            take_block(h, &block);
    }
    source_block_fini(&block);
    source_reader_free(reader);
    return result;
}

status history_records(const struct source_list *inputs, history_record_fn *tell, void *context, struct history_counters *counters,
                       struct diags *diags)
{
    struct history h = {.tell = tell, .context = context, .counters = counters, .inputs = inputs};
    *counters = (struct history_counters){0};
    arena_init(&h.arena, ARENA_UNLIMITED);
    h.unwrapper = source_unwrapper_new(SOURCE_LIMITS_DEFAULT);
    status result = read_all(&h, diags);
    if (result == ST_OK && !counters->events) {
        diags_add(diags, DIAG_ERROR, NULL, "no audit event was found");
        result = ST_INPUT;
    }
    source_unwrapper_free(h.unwrapper);
    arena_fini(&h.arena);
    return result;
}

// Those who want no more than the event.
struct plain {
    history_fn *tell;
    void *context;
};

static void tell_event(void *context, const struct history_record *record)
{
    const struct plain *p = context;
    p->tell(p->context, record->event);
}

status history_run(const struct str *paths, size_t n, history_fn *tell, void *context, struct history_counters *counters,
                   struct diags *diags)
{
    struct source_list *inputs;
    struct plain p = {tell, context};
    TRY(source_expand(&inputs, paths, n, STR("-"), diags));
    const status result = history_records(inputs, tell_event, &p, counters, diags);
    source_list_free(inputs);
    return result;
}
