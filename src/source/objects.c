// SPDX-License-Identifier: Apache-2.0
// From input to input, from document to document, and from a document's text to an object.
#include "source/objects_reader.h"

#include <stdlib.h>
#include <string.h>

// --- between documents -----------------------------------------------------------------------------------------------------------

// Whether what begins at `at` (with a bracket) is JSON and not YAML's flow style: behind its first brackets comes a quote, or nothing.
static bool looks_like_json(struct objects_reader *r, struct diags *diags)
{
    for (size_t i = r->at;; i++) {
        if (i == r->len) {
            i -= r->at;
            if (!objects_more(r, r->at, diags))
                return true;
        }
        const char c = r->data[i];
        if (!memchr(" \t\r\n{[", c, 6))
            return memchr("\"}]", c, 3) || (r->data[r->at] == '[' && memchr("-0123456789", c, 11));
    }
}

// The whole of the line at `at`; at the input's end, what there is.
static struct str whole_line(struct objects_reader *r, struct diags *diags)
{
    for (;;) {
        const char *newline = memchr(r->data + r->at, '\n', r->len - r->at);
        if (newline || r->end || r->len - r->at > OBJECTS_WINDOW)
            return str_make(r->data + r->at, newline ? (size_t)(newline - r->data) - r->at : r->len - r->at);
        (void)objects_more(r, r->at, diags);
    }
}

static void pass_line(struct objects_reader *r, struct str line)
{
    r->at += line.len;
    if (r->at < r->len && r->data[r->at] == '\n') {
        r->at++;
        r->line++;
    }
}

// A line that says nothing itself: blank, a comment, a directive, the mark between documents. Of "--- text" the mark becomes spaces.
static bool is_between(struct objects_reader *r, struct str line)
{
    const struct str bare = str_trim(line);
    if (bare.len == 0 || bare.ptr[0] == '#' || line.ptr[0] == '%')
        return true;
    const bool marker =
        (str_starts(line, STR("---")) || str_starts(line, STR("..."))) && (line.len == 3 || memchr(" \t\r", line.ptr[3], 3));
    if (!marker)
        return r->lost && line.ptr[0] != '{';
    r->lost = false;
    const struct str behind = str_trim(str_slice(line, 3, line.len));
    memset(r->data + r->at, ' ', 3);
    return behind.len == 0 || behind.ptr[0] == '#';
}

static void begin_document(struct objects_reader *r, struct str line, struct diags *diags)
{
    size_t first = r->at;
    while (line.len && (*line.ptr == ' ' || *line.ptr == '\t' || *line.ptr == '\r'))
        line = str_slice(line, 1, line.len), first++;
    arena_reset(&r->list_arena);
    r->list_api = r->list_kind = STR_NONE;
    r->lost = false;
    const bool bracket = r->data[first] == '{' || r->data[first] == '[';
    if (bracket) {
        r->at = first;
        r->mode = looks_like_json(r, diags) ? OBJECTS_JSON : OBJECTS_YAML;
    } else {
        r->mode = OBJECTS_YAML;
    }
    if (r->mode == OBJECTS_YAML) {
        r->yaml = (struct objects_yaml){.start = r->at, .start_line = r->line};
        return;
    }
    cutter_init(&r->cutter, r->limits.object);
    r->cutter.ask = true;
    r->cutter.at = r->cutter.keep = r->at;
    r->cutter.key = SIZE_MAX;
    r->cutter.line = r->line;
}

// To the next document of the input; false: there is none.
static bool next_document(struct objects_reader *r, struct diags *diags)
{
    while (r->stopped == ST_OK) {
        const struct str line = whole_line(r, diags);
        if (line.len == 0 && r->at == r->len && r->end)
            return false;
        if (!is_between(r, line)) {
            begin_document(r, line, diags);
            return true;
        }
        pass_line(r, line);
    }
    return false;
}

// --- from text to object ---------------------------------------------------------------------------------------------------------

static size_t column_of(const struct objects_reader *r, const char *at)
{
    const char *p = at;
    while (p > r->data && p[-1] != '\n')
        p--;
    return p == r->data && r->dropped ? 0 : (size_t)(at - p) + 1;
}

static bool read_json(struct objects_reader *r, struct str text, const struct objects_piece *piece, const struct json_value **out,
                      struct diags *diags)
{
    struct json_error error;
    const struct json_limits limits = {.depth = r->limits.depth, .size = r->limits.object * 2, .strict = r->limits.strict};
    arena_reset(&r->arena);
    *out = json_parse(&r->arena, text, limits, &error);
    if (*out)
        return true;
    uint64_t line = piece->line;
    size_t column = 0;
    for (size_t i = 0; !piece->yaml && i < error.offset && i < text.len; i++)
        line += text.ptr[i] == '\n';
    if (!piece->yaml)
        column = column_of(r, text.ptr + error.offset);
    objects_skip(r, line, column, diags, "%s", error.reason);
    return false;
}

// The first complaint about a piece of YAML, where it is in the file.
static void tell_yaml(struct objects_reader *r, const struct objects_piece *piece, const struct diags *found, struct diags *diags)
{
    const struct diag *d = found->n ? &found->items[0] : NULL;
    if (d)
        objects_skip(r, piece->line + (d->line ? d->line - 1 : 0), d->column, diags, "%.*s", STR_ARG(d->text));
    else
        objects_skip(r, piece->line, 0, diags, "not YAML");
}

// The piece's JSON in r->json. False: it is bad (told), or empty.
static bool read_yaml(struct objects_reader *r, const struct objects_piece *piece, struct diags *diags)
{
    struct yaml_value **documents;
    size_t n;
    struct diags found;
    const struct yaml_source source = {.name = r->list->inputs[r->input].path, .text = piece->text};
    const struct yaml_limits limits = {
        .size = r->limits.object + 1, .nodes = r->limits.memory / (2 * sizeof(struct yaml_value)), .depth = r->limits.depth};
    diags_init(&found);
    arena_reset(&r->yaml_arena);
    buf_clear(&r->json);
    const status result = yaml_read(&r->yaml_arena, source, limits, &documents, &n, &found);
    if (result != ST_OK)
        tell_yaml(r, piece, &found, diags);
    else if (n)
        objects_yaml_to_json(source, documents[0], &r->json);
    diags_fini(&found);
    char *padding = buf_reserve(&r->json, JSON_PADDING);
    if (padding) // read, whatever it holds; a value for tools that watch memory
        memset(padding, 0, JSON_PADDING);
    if (r->json.full)
        objects_skip(r, piece->line, 0, diags, "more than the memory for one object");
    return result == ST_OK && n && !r->json.full;
}

static bool push_items(struct objects_reader *r, const struct json_value *items, bool bare)
{
    if (r->n_pending == OBJECTS_NESTED)
        return false;
    r->pending[r->n_pending].next = items->first;
    r->pending[r->n_pending].bare = bare;
    r->n_pending++;
    return true;
}

// What /version gives, and `kubectl version -o json` in a member.
static bool understand_version(const struct json_value *v, struct object *out)
{
    const struct json_value *server = json_get(v, STR("serverVersion")), *info = server ? server : v;
    if (!json_text(json_get(info, STR("gitVersion"))).len)
        return false;
    out->kind = STR(OBJECT_VERSION);
    out->api_version = STR("version.k8s.io");
    out->tree = info;
    out->json = info->raw;
    return true;
}

// An object, a list that was read whole, or something else. True: an object.
static bool understand(struct objects_reader *r, const struct json_value *v, struct object *out, struct diags *diags)
{
    struct str kind = json_text(json_get(v, STR("kind"))), api = json_text(json_get(v, STR("apiVersion")));
    const struct json_value *items = json_get(v, STR("items"));
    const bool is_array = v->kind == JSON_ARRAY;
    if (is_array || (items && items->kind == JSON_ARRAY && kind.ptr && str_ends(kind, STR("List")))) {
        if (!is_array)
            (void)objects_list_header(r, api, kind);
        if (!push_items(r, is_array ? v : items, is_array))
            objects_skip(r, out->line, 0, diags, "lists in lists, too deep");
        return false;
    }
    out->kind = kind.len ? kind : r->list_kind;
    out->api_version = api.len ? api : r->list_api;
    if (v->kind == JSON_OBJECT && out->kind.len && out->api_version.len) {
        out->tree = v;
        out->json = v->raw;
        return true;
    }
    if (understand_version(v, out))
        return true;
    const struct place place = {.file = r->list->inputs[r->input].path, .line = (unsigned)out->line};
    r->counters.foreign++;
    if (r->limits.strict) {
        diags_add(diags, DIAG_ERROR, &place, "is no Kubernetes object: it has no kind or no apiVersion");
        r->stopped = ST_INPUT;
    } else if (v->kind != JSON_NULL) {
        diags_add(diags, DIAG_NOTE, &place, "left out: it has no kind or no apiVersion");
    }
    return false;
}

static bool read_piece(struct objects_reader *r, const struct objects_piece *piece, struct object *out, struct diags *diags)
{
    const struct json_value *v;
    *out = (struct object){.input = (uint32_t)r->input, .line = piece->line, .item = piece->item};
    struct str text = piece->text;
    if (piece->yaml) {
        if (!read_yaml(r, piece, diags))
            return false;
        text = str_make(r->json.ptr, r->json.len);
    }
    if (!read_json(r, text, piece, &v, diags))
        return false;
    r->template = *out;
    return understand(r, v, out, diags);
}

// The next item of lists that were read whole.
static bool next_pending(struct objects_reader *r, struct object *out, struct diags *diags)
{
    while (r->n_pending && r->stopped == ST_OK) {
        const struct json_value *v = r->pending[r->n_pending - 1].next;
        if (!v) {
            r->n_pending--;
            continue;
        }
        r->pending[r->n_pending - 1].next = v->next;
        r->template.item++;
        *out = r->template;
        if (understand(r, v, out, diags))
            return true;
    }
    return false;
}

// --- inputs ----------------------------------------------------------------------------------------------------------------------

static void open_input(struct objects_reader *r, struct diags *diags)
{
    const struct objects_input *input = &r->list->inputs[r->input];
    r->open = true;
    r->len = r->at = 0;
    r->line = 1;
    r->mode = OBJECTS_BETWEEN;
    r->lost = r->end = r->dropped = false;
    const status result = input->text.ptr ? stream_open_text(&r->stream, input->text, input->path, diags)
                                          : stream_open(&r->stream, input->path, input->standard_input, diags);
    if (result != ST_OK) {
        r->stream = NULL;
        r->end = true;
        r->counters.damaged_inputs++;
        if (r->limits.strict)
            r->stopped = result;
        (void)objects_more(r, 0, diags); // a window there must be
        return;
    }
    while (r->len < 3 && objects_more(r, 0, diags))
        ;
    if (r->len >= 3 && memcmp(r->data, "\xef\xbb\xbf", 3) == 0)
        r->at = 3;
}

static void close_input(struct objects_reader *r)
{
    stream_close(r->stream);
    r->stream = NULL;
    r->open = false;
    r->input++;
}

static bool next_piece(struct objects_reader *r, struct objects_piece *piece, struct diags *diags)
{
    if (r->mode == OBJECTS_JSON)
        return objects_next_json(r, piece, diags);
    return objects_next_yaml(r, piece, diags);
}

status objects_next(struct objects_reader *r, struct object *out, bool *end, struct diags *diags)
{
    struct objects_piece piece;
    *end = false;
    while (r->stopped == ST_OK) {
        if (next_pending(r, out, diags)) {
            r->counters.objects += !object_is_version(out);
            return ST_OK;
        }
        if (!r->open && r->input == r->list->n) {
            *end = true;
            return ST_OK;
        }
        if (!r->open)
            open_input(r, diags);
        else if (r->mode == OBJECTS_BETWEEN && !next_document(r, diags))
            close_input(r);
        else if (r->mode != OBJECTS_BETWEEN && next_piece(r, &piece, diags) && read_piece(r, &piece, out, diags)) {
            r->counters.objects += !object_is_version(out);
            return ST_OK;
        }
    }
    return r->stopped;
}

struct objects_reader *objects_reader_new(const struct objects_list *list, struct objects_limits limits)
{
    struct objects_reader *r = must_alloc(calloc(1, sizeof *r));
    *r = (struct objects_reader){.list = list, .limits = limits};
    arena_init(&r->list_arena, ARENA_UNLIMITED);
    arena_init(&r->yaml_arena, ARENA_UNLIMITED);
    arena_init(&r->arena, limits.memory);
    buf_init(&r->json, limits.object * 2 + JSON_PADDING);
    return r;
}

void objects_reader_free(struct objects_reader *r)
{
    if (!r)
        return;
    stream_close(r->stream);
    arena_fini(&r->list_arena);
    arena_fini(&r->yaml_arena);
    arena_fini(&r->arena);
    buf_fini(&r->json);
    free(r->data);
    free(r);
}

struct objects_counters objects_counters(const struct objects_reader *r)
{
    return r->counters;
}
