// SPDX-License-Identifier: Apache-2.0
#include "engine/lookback/retell.h"

enum {
    DEPTH = 32,          // an incident's line needs seven
    TREE_MAX = 64 << 20, // bytes of one line's tree
    LIST_MAX = 4096,     // elements read of a list; what is beyond them is dropped like what campaigns drop
};

// --- one incident ------------------------------------------------------------------------------------------------------------------

struct reading {
    struct arena *arena;
    const char *why; // the first thing that is wrong; NULL: nothing yet
};

static void refuse(struct reading *r, const char *why)
{
    if (!r->why)
        r->why = why;
}

// null and absent are the same; anything else but a string is wrong.
static struct str read_text(struct reading *r, const struct json_value *object, struct str key, const char *why)
{
    const struct json_value *v = json_get(object, key);
    if (!v || v->kind == JSON_NULL)
        return STR_NONE;
    if (v->kind != JSON_STRING)
        refuse(r, why);
    return json_text(v);
}

static struct str read_needed(struct reading *r, const struct json_value *object, struct str key, const char *why)
{
    struct str s = read_text(r, object, key, why);
    if (!s.len)
        refuse(r, why);
    return s;
}

static int64_t read_time(struct reading *r, const struct json_value *object, struct str key, const char *why)
{
    int64_t time = TIME_NONE;
    struct str s = read_text(r, object, key, why);
    if (s.ptr && !time_parse(s, &time))
        refuse(r, why);
    return time;
}

// The elements of a list, at most LIST_MAX; an absent one has none.
static const struct json_value *read_list(struct reading *r, const struct json_value *object, struct str key, size_t *n, const char *why)
{
    const struct json_value *v = json_get(object, key);
    *n = 0;
    if (!v || v->kind == JSON_NULL)
        return NULL;
    if (v->kind != JSON_ARRAY) {
        refuse(r, why);
        return NULL;
    }
    *n = v->count < LIST_MAX ? v->count : LIST_MAX;
    return v->first;
}

static void read_indicators(struct reading *r, const struct json_value *line, struct incident *x)
{
    size_t n;
    const struct json_value *v = read_list(r, line, STR("indicators"), &n, "`indicators` is no list");
    x->indicators = arena_array(r->arena, struct incident_indicator, n);
    for (size_t i = 0; i < n; i++, v = v->next)
        x->indicators[i] = (struct incident_indicator){
            read_needed(r, v, STR("type"), "an indicator without a type"),
            read_text(r, v, STR("value"), "an indicator whose value is no text"),
        };
    x->n_indicators = n;
}

static void read_cause(struct reading *r, const struct json_value *line, struct incident *x)
{
    const struct json_value *cause = json_get(line, STR("root_cause"));
    size_t n;
    const struct json_value *v = read_list(r, cause, STR("fix"), &n, "`root_cause.fix` is no list");
    x->cause.object = read_text(r, cause, STR("object"), "`root_cause.object` is no text");
    x->cause.fix = arena_array(r->arena, struct str, n);
    for (size_t i = 0; i < n; i++, v = v->next) {
        if (v->kind != JSON_STRING)
            refuse(r, "`root_cause.fix` holds something else than texts");
        x->cause.fix[i] = json_text(v);
    }
    x->cause.n_fix = n;
}

static enum certainty read_certainty(struct reading *r, const struct json_value *object, const char *why)
{
    struct str s = read_text(r, object, STR("certainty"), why);
    if (s.ptr && !str_eq(s, STR("certain")) && !str_eq(s, STR("inferred")))
        refuse(r, why);
    return str_eq(s, STR("certain")) ? CERTAIN : INFERRED; // what does not say so is not certain
}

static void read_leftovers(struct reading *r, const struct json_value *line, struct incident *x)
{
    size_t n;
    const struct json_value *v = read_list(r, line, STR("leftovers"), &n, "`leftovers` is no list");
    x->leftovers = arena_array(r->arena, struct incident_leftover, n);
    for (size_t i = 0; i < n; i++, v = v->next)
        x->leftovers[i] = (struct incident_leftover){
            .object = read_text(r, v, STR("object"), "a leftover whose object is no text"),
            .why = read_text(r, v, STR("why"), "a leftover whose reason is no text"),
            .fix = read_text(r, v, STR("fix"), "a leftover whose fix is no text"),
            .certainty = read_certainty(r, v, "a leftover whose certainty is neither certain nor inferred"),
        };
    x->n_leftovers = n;
}

static void read_cluster(struct reading *r, const struct json_value *line, struct incident *x)
{
    size_t n;
    const struct json_value *v = read_list(r, line, STR("clusters"), &n, "`clusters` is no list");
    if (n != 1 || v->kind != JSON_STRING)
        refuse(r, "`clusters` does not name exactly one cluster");
    else
        x->cluster = json_text(v);
}

const struct incident *retell_incident(const struct json_value *line, struct arena *a, const char **why)
{
    struct reading r = {a, NULL};
    struct incident *x = arena_new(a, struct incident);
    const struct json_value *vector = json_get(line, STR("vector"));
    x->id = read_needed(&r, line, STR("id"), "an incident without an id");
    x->title = read_text(&r, line, STR("title"), "`title` is no text");
    x->first = read_time(&r, line, STR("first"), "`first` is no RFC 3339 time");
    x->last = read_time(&r, line, STR("last"), "`last` is no RFC 3339 time");
    if (!rule_level_parse(read_needed(&r, line, STR("severity"), "an incident without a severity"), &x->severity))
        refuse(&r, "`severity` is no level");
    x->vector.verdict = read_text(&r, vector, STR("verdict"), "`vector.verdict` is no text");
    x->vector.certainty = read_certainty(&r, vector, "`vector.certainty` is neither certain nor inferred");
    read_cluster(&r, line, x);
    read_indicators(&r, line, x);
    read_cause(&r, line, x);
    read_leftovers(&r, line, x);
    *why = r.why;
    return r.why ? NULL : x;
}

// --- all of them -------------------------------------------------------------------------------------------------------------------

struct retold {
    struct campaigns *campaigns;
    struct retelling *out;
    struct arena tree, made; // of a line, and of its incident
    struct diags *diags;
    bool strict;
};

static status bad_line(struct retold *t, struct str file, uint64_t line, const struct json_error *error)
{
    struct place place = {.file = file, .line = (unsigned)line, .column = error->offset ? (unsigned)error->offset + 1 : 0};
    t->out->bad++;
    diags_add(t->diags, t->strict ? DIAG_ERROR : DIAG_WARNING, &place, "line skipped: %s", error->reason);
    return t->strict ? ST_INPUT : ST_OK;
}

static status take_line(struct retold *t, struct str text, struct str file, uint64_t number)
{
    const struct json_limits limits = {.depth = DEPTH, .size = RETELL_LINE_MAX, .strict = true};
    struct json_error error = {0, "not an object"};
    if (!str_trim(text).len)
        return ST_OK;
    if (str_starts(text, STR("{\"kind\":\"alert\""))) { // most lines: not worth a tree
        t->out->others++;
        return ST_OK;
    }
    arena_reset(&t->tree);
    arena_reset(&t->made);
    const struct json_value *line = json_parse(&t->tree, text, limits, &error);
    if (!line || line->kind != JSON_OBJECT)
        return bad_line(t, file, number, &error);
    struct str kind = json_text(json_get(line, STR("kind")));
    if (!kind.ptr) {
        error = (struct json_error){0, "it has no `kind`, as each line of `davy detect --format json` has"};
        return bad_line(t, file, number, &error);
    }
    if (!str_eq(kind, STR("incident"))) {
        t->out->others++;
        return ST_OK;
    }
    const struct incident *incident = retell_incident(line, &t->made, &error.reason);
    error.offset = 0;
    if (!incident)
        return bad_line(t, file, number, &error);
    t->out->incidents++;
    campaigns_add(t->campaigns, incident);
    return ST_OK;
}

static status take_block(struct retold *t, const struct source_block *block, struct str file, struct source_lines *lines)
{
    struct str data = str_make(block->data, block->len);
    uint64_t number = source_lines_add(lines, block, source_count_newlines(data));
    for (size_t i = 0; block->shape == SHAPE_SPANS && i < block->n_spans; i++) {
        const struct source_span *span = &block->spans[i];
        TRY(take_line(t, str_make(block->data + span->offset, span->len), file, span->line));
    }
    for (struct str rest = data; block->shape == SHAPE_LINES && rest.ptr && rest.len; number++)
        TRY(take_line(t, str_split(&rest, '\n'), file, number));
    return ST_OK;
}

status retell(struct campaigns *campaigns, const struct source_list *inputs, bool strict, struct retelling *out, struct diags *diags)
{
    struct retold t = {.campaigns = campaigns, .out = out, .diags = diags, .strict = strict};
    struct source_limits limits = SOURCE_LIMITS_DEFAULT;
    struct source_reader *reader;
    struct source_block block = {0};
    struct source_lines lines = {0};
    limits.lines_only = true;
    limits.record = RETELL_LINE_MAX;
    TRY(source_reader_new(&reader, inputs, limits));
    arena_init(&t.tree, TREE_MAX);
    arena_init(&t.made, ARENA_UNLIMITED); // lists are bounded
    status result = ST_OK;
    for (bool end = false; result == ST_OK;) {
        result = source_next(reader, &block, &end, diags);
        if (result != ST_OK || end)
            break;
        result = take_block(&t, &block, inputs->inputs[block.input].path, &lines);
    }
    out->bad += source_counters(reader).oversized_records;
    arena_fini(&t.tree);
    arena_fini(&t.made);
    source_block_fini(&block);
    source_reader_free(reader);
    if (result == ST_OK && out->bad && !out->incidents && !out->others) {
        diags_add(diags, DIAG_ERROR, NULL, "no line of `davy detect --format json` in what was read");
        return ST_INPUT;
    }
    return result;
}
