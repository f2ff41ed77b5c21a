// SPDX-License-Identifier: Apache-2.0
#include "engine/history.h"

#include <string.h>

struct history {
    history_fn *tell;
    void *context;
    struct history_counters *counters;
    struct source_unwrapper *unwrapper;
    struct arena arena;
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
        h->tell(h->context, &e);
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

static void take_block(struct history *h, const struct source_block *block)
{
    h->counters->foreign += block->foreign;
    for (size_t i = 0; i < block->n_spans && block->shape == SHAPE_SPANS; i++)
        take_record(h, str_make(block->data + block->spans[i].offset, block->spans[i].len));
    const char *p = block->data, *end = p + (block->shape == SHAPE_LINES ? block->len : 0);
    while (p < end) {
        const char *newline = memchr(p, '\n', (size_t)(end - p));
        const char *stop = newline ? newline : end;
        take_record(h, str_make(p, (size_t)(stop - p)));
        p = stop + 1;
    }
}

static status read_all(struct history *h, const struct source_list *inputs, struct diags *diags)
{
    struct source_reader *reader;
    struct source_block block = {0};
    TRY(source_reader_new(&reader, inputs, SOURCE_LIMITS_DEFAULT));
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

status history_run(const struct str *paths, size_t n, history_fn *tell, void *context, struct history_counters *counters,
                   struct diags *diags)
{
    struct source_list *inputs;
    struct history h = {.tell = tell, .context = context, .counters = counters};
    *counters = (struct history_counters){0};
    TRY(source_expand(&inputs, paths, n, STR("-"), diags));
    arena_init(&h.arena, ARENA_UNLIMITED);
    h.unwrapper = source_unwrapper_new(SOURCE_LIMITS_DEFAULT);
    status result = read_all(&h, inputs, diags);
    if (result == ST_OK && !counters->events) {
        diags_add(diags, DIAG_ERROR, NULL, "no audit event was found");
        result = ST_INPUT;
    }
    source_unwrapper_free(h.unwrapper);
    source_list_free(inputs);
    arena_fini(&h.arena);
    return result;
}
