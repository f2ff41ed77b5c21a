// SPDX-License-Identifier: Apache-2.0
// Looking things up in a tree that was read.
#include "codec/yaml/yaml.h"

#include "lines.h"
#include "scalar.h"

#include <math.h>

const struct yaml_value *yaml_get(const struct yaml_value *map, struct str key)
{
    if (!map || map->kind != YAML_MAP)
        return NULL;
    for (const struct yaml_value *member = map->first; member; member = member->next)
        if (str_eq(member->key, key))
            return member;
    return NULL;
}

struct str yaml_text(const struct yaml_value *v)
{
    return v && v->kind < YAML_LIST ? v->text : STR_NONE;
}

bool yaml_number(const struct yaml_value *v, double *out)
{
    return v && v->kind == YAML_NUMBER && yaml_resolve_number(v->text, out);
}

static struct place place_at(struct yaml_source source, unsigned line, unsigned column, size_t offset)
{
    return (struct place){source.name, line, column, line_excerpt(line_around(source.text, offset), column)};
}

struct place yaml_place(struct yaml_source source, const struct yaml_value *v)
{
    return place_at(source, v->line, v->column, v->offset);
}

struct place yaml_key_place(struct yaml_source source, const struct yaml_value *v)
{
    return v->key_line ? place_at(source, v->key_line, v->key_column, v->key_offset) : yaml_place(source, v);
}

// The text where it stands in the file: a plain or quoted scalar of one line, or a line of a literal block. Folding and escapes move
// characters; then only the value's start is known.
struct place yaml_place_in(struct yaml_source source, const struct yaml_value *v, size_t offset)
{
    struct str text = str_slice(yaml_text(v), 0, offset);
    size_t at = v->offset, newline, breaks = 0, start = v->column - 1;
    for (; (newline = str_find_char(text, '\n', 0)) != SIZE_MAX && at != SIZE_MAX; breaks++) {
        text = str_slice(text, newline + 1, text.len);
        at = line_next(source.text, at);
    }
    if (at == SIZE_MAX)
        return yaml_place(source, v);
    struct str line = line_around(source.text, at);
    if (!breaks && start < line.len && (line.ptr[start] == '"' || line.ptr[start] == '\''))
        start++;
    if (!str_eq(str_slice(line, start, start + text.len), text))
        return yaml_place(source, v);
    return place_at(source, v->line + (unsigned)breaks, (unsigned)(start + text.len) + 1, at);
}

struct place yaml_key_place_in(struct yaml_source source, const struct yaml_value *v, size_t offset)
{
    struct yaml_value key = {.kind = YAML_STRING, .text = v->key, .line = v->key_line, .column = v->key_column, .offset = v->key_offset};
    return v->key_line ? yaml_place_in(source, &key, offset) : yaml_place(source, v);
}

static void json_quote(struct buf *out, struct str s)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            buf_add_char(out, '\\');
        if (c < 0x20)
            buf_addf(out, "\\u%04x", c);
        else
            buf_add_char(out, (char)c);
    }
    buf_add_char(out, '"');
}

// YAML writes some numbers as JSON does not: +1, .5, 0x1F, 1.; their value is written then.
static void json_write_number(const struct yaml_value *v, struct buf *out)
{
    double number;
    if (str_to_double(v->text, &number) && (v->text.len < 2 || v->text.ptr[0] != '0' || v->text.ptr[1] == '.'))
        buf_add(out, v->text);
    else if (yaml_resolve_number(v->text, &number) && isfinite(number))
        buf_addf(out, "%.17g", number);
    else
        buf_add(out, STR("null"));
}

void yaml_to_json(const struct yaml_value *v, struct buf *out)
{
    switch (v->kind) {
    case YAML_NULL:
        buf_add(out, STR("null"));
        return;
    case YAML_BOOL:
        buf_add(out, v->boolean ? STR("true") : STR("false"));
        return;
    case YAML_NUMBER:
        json_write_number(v, out);
        return;
    case YAML_STRING:
        json_quote(out, v->text);
        return;
    case YAML_LIST:
    case YAML_MAP:
        break;
    }
    buf_add_char(out, v->kind == YAML_LIST ? '[' : '{');
    for (const struct yaml_value *child = v->first; child; child = child->next) {
        if (v->kind == YAML_MAP) {
            json_quote(out, child->key);
            buf_add_char(out, ':');
        }
        yaml_to_json(child, out);
        if (child->next)
            buf_add_char(out, ',');
    }
    buf_add_char(out, v->kind == YAML_LIST ? ']' : '}');
}
