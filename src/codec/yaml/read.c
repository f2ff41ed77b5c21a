// SPDX-License-Identifier: Apache-2.0
// From libfyaml's events to trees. Its own document builder is not used: it recurses, and expands aliases without a limit.
//
// What libfyaml 0.7.12 does on its own and is met here: the text ends, without an error, at a NUL byte and at some malformed UTF-8
// (so both are refused first); a bad directive is an error without a message; marks point behind the opening quote, and at the first
// column of a block scalar's line; columns count characters; anchors, duplicate keys and depth are not checked; fy_token_get_text loses
// memory on quoted scalars of many pieces, and gives an empty block scalar at the end of a file one byte.
#include "codec/yaml/yaml.h"

#include "base/map.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "lines.h"
#include "packed.h"
#include "scalar.h"

#include <libfyaml.h>
#include <stdlib.h>
#include <string.h>

enum { SMALL_MAP = 12 };

// A list or map still being read. In a map, `key` is the key that waits for its value (ptr NULL: the next value is a key).
struct frame {
    struct yaml_value *container, *last;
    struct yaml_value key;
    bool has_key;
};

struct anchored {
    struct yaml_value *value;
};

struct reader {
    struct arena *arena;
    struct yaml_source source;
    struct yaml_limits limits;
    struct diags *diags;
    struct lines lines;
    struct fy_token_iter *pieces; // of a scalar
    struct buf text;              // its pieces, put together
    struct frame *stack;
    size_t depth, nodes;
    struct map anchors; // name -> place in anchored, plus 1
    VEC(struct anchored) anchored;
    struct yaml_value *root;
    struct yaml_value *first, *last; // documents, as siblings
    size_t n_documents;
    bool refused; // the document at hand has an error of its own; the next one may be fine
    bool any_refused;
    bool stop; // a limit: the file is not read further
};

static struct place place_at(const struct reader *r, unsigned line, unsigned column)
{
    return (struct place){r->source.name, line, column, line_excerpt(lines_text(&r->lines, line), column)};
}

#define REFUSE(r, line, column, ...)                                                                                                       \
    do {                                                                                                                                   \
        struct place refuse_place_ = place_at((r), (line), (column));                                                                      \
        diags_add((r)->diags, DIAG_ERROR, &refuse_place_, __VA_ARGS__);                                                                    \
        (r)->refused = (r)->any_refused = true;                                                                                            \
    } while (0)

struct position {
    unsigned line, column;
    size_t offset;
};

static struct yaml_value *new_value(struct reader *r, enum yaml_kind kind, struct position at)
{
    if (r->nodes == r->limits.nodes) {
        REFUSE(r, at.line, at.column, "more than %zu values in one file, aliases expanded", r->limits.nodes);
        r->stop = true;
        return NULL;
    }
    r->nodes++;
    struct yaml_value *v = arena_new(r->arena, struct yaml_value);
    *v = (struct yaml_value){.kind = kind, .line = at.line, .column = at.column, .offset = at.offset};
    return v;
}

// --- places ----------------------------------------------------------------------------------------------------------------------

static struct position locate(const struct reader *r, size_t offset)
{
    struct position at = {.offset = offset};
    lines_locate(&r->lines, offset, &at.line, &at.column);
    return at;
}

// An empty value has no mark: it is said to be where its key is.
static struct position locate_event(const struct reader *r, struct fy_event *e)
{
    const struct fy_mark *mark = fy_event_start_mark(e);
    const struct frame *top = r->depth ? &r->stack[r->depth - 1] : NULL;
    if (!mark)
        return top && top->has_key ? (struct position){top->key.line, top->key.column, top->key.offset} : locate(r, 0);
    size_t back = e->type == FYET_ALIAS, offset = mark->input_pos;
    if (e->type == FYET_SCALAR) {
        enum fy_scalar_style style = fy_token_scalar_style(e->scalar.value);
        back = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
        if (style == FYSS_LITERAL || style == FYSS_FOLDED)
            while (offset < r->source.text.len && r->source.text.ptr[offset] == ' ')
                offset++;
    }
    return locate(r, offset >= back ? offset - back : 0);
}

// --- building --------------------------------------------------------------------------------------------------------------------

static void attach(struct reader *r, struct yaml_value *v)
{
    if (r->depth == 0) {
        r->root = v;
        return;
    }
    struct frame *top = &r->stack[r->depth - 1];
    if (top->container->kind == YAML_MAP && !top->has_key) {
        if (v->kind >= YAML_LIST)
            REFUSE(r, v->line, v->column, "a key must be a scalar");
        top->key = *v;
        top->has_key = true;
        return;
    }
    if (top->container->kind == YAML_MAP) {
        v->key = top->key.text.ptr ? top->key.text : STR("");
        v->key_line = top->key.line;
        v->key_column = top->key.column;
        v->key_offset = top->key.offset;
        top->has_key = false;
    }
    if (top->last)
        top->last->next = v;
    else
        top->container->first = v;
    top->last = v;
    top->container->count++;
}

static void refuse_duplicate(struct reader *r, const struct yaml_value *member, unsigned line)
{
    REFUSE(r, member->key_line, member->key_column, "key '%.*s' is already there, on line %u", STR_ARG(member->key), line);
}

// Most maps are small, and need no table.
static void compare_keys(struct reader *r, const struct yaml_value *map)
{
    for (const struct yaml_value *member = map->first; member; member = member->next) {
        const struct yaml_value *same = map->first;
        while (same != member && !str_eq(same->key, member->key))
            same = same->next;
        if (same != member)
            refuse_duplicate(r, member, same->key_line);
    }
}

static void check_duplicates(struct reader *r, const struct yaml_value *map)
{
    struct map seen = {0};
    if (map->count <= SMALL_MAP) {
        compare_keys(r, map);
        return;
    }
    for (const struct yaml_value *member = map->first; member; member = member->next) {
        bool added;
        uint64_t *line = map_put(&seen, member->key, &added);
        if (added)
            *line = member->key_line;
        else
            refuse_duplicate(r, member, (unsigned)*line);
    }
    map_fini(&seen);
}

static struct str token_text(struct reader *r, struct fy_token *token)
{
    size_t len = 0;
    const char *text = token ? fy_token_get_text(token, &len) : NULL;
    return text ? arena_str(r->arena, str_make(text, len)) : STR("");
}

static struct str scalar_text(struct reader *r, struct fy_token *token, struct position at)
{
    if (!token)
        return STR("");
    const struct fy_iter_chunk *piece = NULL;
    int error = 0;
    buf_clear(&r->text);
    fy_token_iter_start(token, r->pieces);
    while ((piece = fy_token_iter_chunk_next(r->pieces, piece, &error)))
        buf_add(&r->text, str_make(piece->str, piece->len));
    fy_token_iter_finish(r->pieces);
    if (error)
        REFUSE(r, at.line, at.column, "not YAML: malformed scalar");
    return arena_str(r->arena, buf_str(&r->text));
}

static void remember_anchor(struct reader *r, struct fy_token *anchor, struct yaml_value *v)
{
    if (!anchor)
        return;
    vec_push(&r->anchored)->value = v;
    *map_put(&r->anchors, token_text(r, anchor), NULL) = r->anchored.n;
}

static enum yaml_kind kind_of_scalar(struct reader *r, const struct fy_event_scalar_data *scalar, struct str text)
{
    bool plain = fy_token_scalar_style(scalar->value) == FYSS_PLAIN;
    struct str tag = scalar->tag ? token_text(r, scalar->tag) : STR_NONE;
    if (str_eq(tag, STR("!")) || str_eq(tag, STR("tag:yaml.org,2002:str")))
        return YAML_STRING;
    bool typed = str_eq(tag, STR("tag:yaml.org,2002:int")) || str_eq(tag, STR("tag:yaml.org,2002:float")) ||
                 str_eq(tag, STR("tag:yaml.org,2002:bool")) || str_eq(tag, STR("tag:yaml.org,2002:null"));
    return plain || typed ? yaml_resolve(text) : YAML_STRING;
}

static void read_scalar(struct reader *r, struct fy_event *e)
{
    struct position at = locate_event(r, e);
    struct yaml_value *v = new_value(r, YAML_NULL, at);
    if (!v)
        return;
    v->text = scalar_text(r, e->scalar.value, at);
    v->kind = kind_of_scalar(r, &e->scalar, v->text);
    v->boolean = v->kind == YAML_BOOL && yaml_resolve_bool(v->text);
    remember_anchor(r, e->scalar.anchor, v);
    attach(r, v);
}

static void open_container(struct reader *r, struct fy_event *e, enum yaml_kind kind, struct fy_token *anchor)
{
    struct position at = locate_event(r, e);
    if (r->depth == r->limits.depth) {
        REFUSE(r, at.line, at.column, "nested more than %u deep", r->limits.depth);
        r->stop = true;
        return;
    }
    struct yaml_value *v = new_value(r, kind, at);
    if (!v)
        return;
    remember_anchor(r, anchor, v);
    r->stack[r->depth++] = (struct frame){.container = v};
}

static void close_container(struct reader *r)
{
    struct yaml_value *v = r->stack[--r->depth].container;
    if (v->kind == YAML_MAP && v->count > 1)
        check_duplicates(r, v);
    attach(r, v);
}

// --- aliases ---------------------------------------------------------------------------------------------------------------------

// A deep copy: members hold their key and their sibling, so trees cannot share nodes. NULL when a limit is reached.
static struct yaml_value *copy_value(struct reader *r, const struct yaml_value *from, size_t depth)
{
    if (from->kind >= YAML_LIST && depth >= r->limits.depth) {
        REFUSE(r, from->line, from->column, "nested more than %u deep, aliases expanded", r->limits.depth);
        r->stop = true;
        return NULL;
    }
    struct yaml_value *copy = new_value(r, from->kind, (struct position){from->line, from->column, from->offset});
    if (!copy)
        return NULL;
    *copy = *from;
    copy->first = copy->next = NULL;
    struct yaml_value **link = &copy->first;
    for (const struct yaml_value *child = from->first; child; child = child->next) {
        *link = copy_value(r, child, depth + 1);
        if (!*link)
            return NULL;
        link = &(*link)->next;
    }
    return copy;
}

static bool is_open(const struct reader *r, const struct yaml_value *v)
{
    for (size_t i = 0; i < r->depth; i++)
        if (r->stack[i].container == v)
            return true;
    return false;
}

static void read_alias(struct reader *r, struct fy_event *e)
{
    struct position at = locate_event(r, e);
    struct str name = token_text(r, e->alias.anchor);
    const uint64_t *found = map_get(&r->anchors, name);
    const struct yaml_value *anchored = found ? r->anchored.items[*found - 1].value : NULL;
    struct yaml_value *v = NULL;
    if (!anchored)
        REFUSE(r, at.line, at.column, "no anchor &%.*s stands before this alias", STR_ARG(name));
    else if (is_open(r, anchored))
        REFUSE(r, at.line, at.column, "alias *%.*s contains itself", STR_ARG(name));
    else
        v = copy_value(r, anchored, r->depth);
    if (!v && !r->stop)
        v = new_value(r, YAML_NULL, at);
    if (!v)
        return;
    *v = (struct yaml_value){.kind = v->kind,
                             .text = v->text,
                             .boolean = v->boolean,
                             .line = at.line,
                             .column = at.column,
                             .offset = at.offset,
                             .first = v->first,
                             .count = v->count};
    attach(r, v);
}

// --- documents -------------------------------------------------------------------------------------------------------------------

static void end_document(struct reader *r)
{
    bool empty = !r->root || (r->root->kind == YAML_NULL && r->root->text.len == 0);
    if (!empty && !r->refused) {
        if (r->last)
            r->last->next = r->root;
        else
            r->first = r->root;
        r->last = r->root;
        r->n_documents++;
    }
    r->root = NULL;
    r->refused = false;
    map_fini(&r->anchors);
    r->anchored.n = 0;
}

static void read_event(struct reader *r, struct fy_event *e)
{
    switch (e->type) {
    case FYET_SCALAR:
        read_scalar(r, e);
        break;
    case FYET_ALIAS:
        read_alias(r, e);
        break;
    case FYET_SEQUENCE_START:
        open_container(r, e, YAML_LIST, e->sequence_start.anchor);
        break;
    case FYET_MAPPING_START:
        open_container(r, e, YAML_MAP, e->mapping_start.anchor);
        break;
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        close_container(r);
        break;
    case FYET_DOCUMENT_END:
        end_document(r);
        break;
    default:
        break;
    }
}

// libfyaml's own sentences, at the byte column of the character it names.
static void report_syntax(struct reader *r, struct fy_diag *diag)
{
    void *at = NULL;
    bool said = false;
    for (struct fy_diag_error *error; !said && (error = fy_diag_errors_iterate(diag, &at));) {
        if (error->type != FYET_ERROR || !error->msg)
            continue;
        unsigned line = error->line > 0 ? (unsigned)error->line : 1;
        size_t characters = error->column > 0 ? (size_t)error->column - 1 : 0;
        unsigned column = (unsigned)line_bytes(lines_text(&r->lines, line), characters) + 1;
        REFUSE(r, line, column, "not YAML: %s", error->msg);
        said = true;
    }
    if (!said)
        REFUSE(r, 0, 0, "not YAML: a directive (a line that starts with %%) or a document marker is malformed");
}

static void no_output(struct fy_diag *diag, void *user, const char *text, size_t len)
{
    (void)diag, (void)user, (void)text, (void)len;
}

static struct fy_diag *new_diag(void)
{
    struct fy_diag_cfg config;
    fy_diag_cfg_default(&config);
    config.fp = NULL;
    config.output_fn = no_output;
    config.level = FYET_ERROR;
    config.colorize = false;
    struct fy_diag *diag = must_alloc(fy_diag_create(&config));
    fy_diag_set_collect_errors(diag, true);
    return diag;
}

static void read_stream(struct reader *r)
{
    struct fy_diag *diag = new_diag();
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_DISABLE_MMAP_OPT | FYPCF_JSON_NONE | FYPCF_DISABLE_DEPTH_LIMIT,
        .diag = diag,
    };
    struct fy_parser *parser = must_alloc(fy_parser_create(&config));
    r->pieces = must_alloc(fy_token_iter_create(NULL));
    buf_init(&r->text, 2 * r->limits.size); // "\L" is three bytes of text
    bool ended = fy_parser_set_string(parser, r->source.text.ptr, r->source.text.len) != 0;
    while (!ended && !r->stop) {
        struct fy_event *e = fy_parser_parse(parser);
        if (!e)
            break;
        ended = e->type == FYET_STREAM_END;
        if (!ended)
            read_event(r, e);
        fy_parser_event_free(parser, e);
    }
    if (!r->stop && (!ended || fy_parser_get_stream_error(parser)))
        report_syntax(r, diag);
    buf_fini(&r->text);
    fy_token_iter_destroy(r->pieces);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
}

// Whether eight bytes are all between space and tilde.
static bool is_plain_word(const char *p)
{
    const uint64_t ones = 0x0101010101010101u;
    uint64_t word;
    memcpy(&word, p, sizeof word);
    const uint64_t deleted = word ^ ones * 0x7f;
    return ((word | (word - ones * 0x20) | ((deleted - ones) & ~deleted)) & ones << 7) == 0;
}

// Only c-printable characters (YAML 1.2.2, 5.1) and well-formed UTF-8.
static bool check_characters(struct reader *r)
{
    struct str text = r->source.text;
    unsigned line, column;
    for (size_t i = 0; i < text.len;) {
        if (text.len - i >= 8 && is_plain_word(text.ptr + i)) {
            i += 8;
            continue;
        }
        unsigned char byte = (unsigned char)text.ptr[i];
        uint32_t c = byte;
        size_t size = byte < 0x80 ? 1 : utf8_decode(str_slice(text, i, text.len), &c);
        bool control = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f || (c >= 0x80 && c < 0xa0 && c != 0x85) ||
                       c == 0xfffe || c == 0xffff;
        if (size && !control) {
            i += size;
            continue;
        }
        lines_locate(&r->lines, i, &line, &column);
        if (size)
            REFUSE(r, line, column, "character U+%04X is not allowed in YAML", (unsigned)c);
        else
            REFUSE(r, line, column, "byte 0x%02x is not UTF-8", byte);
        return false;
    }
    return true;
}

status yaml_read(struct arena *a, struct yaml_source source, struct yaml_limits limits, struct yaml_value ***out_documents, size_t *out_n,
                 struct diags *diags)
{
    *out_documents = NULL;
    *out_n = 0;
    if (source.packed.ptr) {
        packed_read(a, source, out_documents, out_n);
        return ST_OK;
    }
    struct reader r = {.arena = a, .source = source, .limits = limits, .diags = diags};
    if (source.text.len > limits.size) {
        struct place place = {.file = source.name};
        diags_add(diags, DIAG_ERROR, &place, "larger than %zu bytes", limits.size);
        return ST_INPUT;
    }
    if (source.text.len == 0)
        return ST_OK;
    r.lines = lines_new(source.text);
    r.stack = must_alloc(calloc(limits.depth + 1, sizeof *r.stack));
    if (check_characters(&r))
        read_stream(&r);
    *out_documents = arena_array(a, struct yaml_value *, r.n_documents);
    for (struct yaml_value *root = r.first, *next; root; root = next) {
        next = root->next;
        root->next = NULL;
        (*out_documents)[(*out_n)++] = root;
    }
    vec_fini(&r.anchored);
    map_fini(&r.anchors);
    free(r.stack);
    lines_free(&r.lines);
    return r.any_refused ? ST_INPUT : ST_OK;
}
