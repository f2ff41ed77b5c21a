// SPDX-License-Identifier: Apache-2.0
// Looking things up in a tree that was read.
#include "codec/yaml/yaml.h"

#include "base/utf8.h"
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

struct place yaml_place(struct yaml_source source, const struct yaml_value *v)
{
    return (struct place){source.name, v->line, v->column, line_find(source.text, v->line)};
}

struct place yaml_key_place(struct yaml_source source, const struct yaml_value *v)
{
    if (!v->key_line)
        return yaml_place(source, v);
    return (struct place){source.name, v->key_line, v->key_column, line_find(source.text, v->key_line)};
}

// The text where it stands in the file: a plain or quoted scalar of one line, or a line of a literal block. Folding and escapes move
// characters; then only the value's start is known.
struct place yaml_place_in(struct yaml_source source, const struct yaml_value *v, size_t offset)
{
    struct place place = yaml_place(source, v);
    struct str text = str_slice(yaml_text(v), 0, offset);
    size_t at, breaks = 0;
    while ((at = str_find_char(text, '\n', 0)) != SIZE_MAX) {
        text = str_slice(text, at + 1, text.len);
        breaks++;
    }
    struct str line = breaks ? line_find(source.text, v->line + (unsigned)breaks) : place.excerpt;
    size_t start = v->column - 1;
    if (!breaks && start < line.len && (line.ptr[start] == '"' || line.ptr[start] == '\''))
        start++;
    if (!str_eq(str_slice(line, start, start + text.len), text))
        return place;
    place.line += (unsigned)breaks;
    place.column = (unsigned)(start + text.len) + 1;
    place.excerpt = line;
    return place;
}

struct place yaml_key_place_in(struct yaml_source source, const struct yaml_value *v, size_t offset)
{
    struct yaml_value key = {.kind = YAML_STRING, .text = v->key, .line = v->key_line, .column = v->key_column};
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
