// SPDX-License-Identifier: Apache-2.0
#include "engine/objects/survey.h"

#include "engine/objects/live.h"

#include <stdlib.h>

struct survey {
    struct objects_list *inputs;
    struct objects_reader *reader;
    struct whole whole;
    struct live *live; // NULL: files
};

status survey_open(struct survey **out, const struct str *paths, size_t n, struct survey_options options, struct diags *diags)
{
    struct objects_list *inputs;
    struct objects_limits limits = OBJECTS_LIMITS_DEFAULT;
    limits.strict = options.strict;
    *out = NULL;
    TRY(objects_expand(&inputs, paths, n, options.cluster, diags));
    struct survey *s = must_alloc(calloc(1, sizeof *s));
    *s = (struct survey){.inputs = inputs, .reader = objects_reader_new(inputs, limits)};
    whole_init(&s->whole);
    *out = s;
    return ST_OK;
}

status survey_open_live(struct survey **out, const struct survey_live *wanted, struct survey_options options, struct diags *diags)
{
    struct live *live;
    *out = NULL;
    TRY(live_open(&live, wanted, options, diags));
    *out = must_alloc(calloc(1, sizeof **out));
    **out = (struct survey){.live = live};
    whole_init(&(*out)->whole);
    return ST_OK;
}

static struct str cluster_of(const struct survey *s, size_t input)
{
    return s->inputs->inputs[input].cluster;
}

// The inputs up to `until` have been read: ends and begins the clusters on the way. *at is the input at hand.
static status advance(struct survey *s, size_t *at, size_t until, const struct survey_sink *sink, struct diags *diags)
{
    for (; *at < until; ++*at) {
        const bool last = *at + 1 == s->inputs->n;
        if (!last && str_eq(cluster_of(s, *at), cluster_of(s, *at + 1)))
            continue;
        TRY(sink->end(sink->context, diags));
        if (!last)
            sink->begin(sink->context, cluster_of(s, *at + 1));
    }
    return ST_OK;
}

status survey_run(struct survey *s, struct survey_sink sink, struct diags *diags)
{
    struct object o;
    size_t at = 0;
    if (s->live)
        return live_run(s->live, &sink, diags);
    if (s->inputs->n)
        sink.begin(sink.context, cluster_of(s, 0));
    for (bool end = false;;) {
        TRY(objects_next(s->reader, &o, &end, diags));
        if (end)
            break;
        TRY(advance(s, &at, o.input, &sink, diags));
        whole_object(&s->whole, &o);
        sink.object(sink.context, &o, (struct access_place){s->inputs->inputs[o.input].path, o.line}, diags);
    }
    return advance(s, &at, s->inputs->n, &sink, diags);
}

size_t survey_clusters(const struct survey *s)
{
    size_t n = 0;
    if (s->live)
        return 1;
    for (size_t i = 0; i < s->inputs->n; i++)
        n += i == 0 || !str_eq(cluster_of(s, i - 1), cluster_of(s, i));
    return n;
}

struct objects_counters survey_counters(const struct survey *s)
{
    return s->live ? live_counters(s->live) : objects_counters(s->reader);
}

size_t survey_unread(const struct survey *s)
{
    return s->live ? live_unread(s->live) : 0;
}

void survey_close(struct survey *s)
{
    if (!s)
        return;
    live_close(s->live);
    whole_fini(&s->whole);
    objects_reader_free(s->reader);
    objects_list_free(s->inputs);
    free(s);
}
