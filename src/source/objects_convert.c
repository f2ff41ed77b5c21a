// SPDX-License-Identifier: Apache-2.0
// From YAML to JSON as kubectl does it.
#include "source/objects_reader.h"

#include <math.h>

// The words that YAML 1.1 takes for booleans (yaml.org/type/bool.html); codec/yaml reads YAML 1.2, where most of them are strings.
static bool is_boolean_word(struct str s, bool *value)
{
    static const struct {
        struct str lower, capital, upper;
        bool value;
    } words[] = {
        {STR("y"), STR("Y"), STR("Y"), true},     {STR("n"), STR("N"), STR("N"), false},   {STR("yes"), STR("Yes"), STR("YES"), true},
        {STR("no"), STR("No"), STR("NO"), false}, {STR("on"), STR("On"), STR("ON"), true}, {STR("off"), STR("Off"), STR("OFF"), false},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        *value = words[i].value;
        if (str_eq(s, words[i].lower) || str_eq(s, words[i].capital) || str_eq(s, words[i].upper))
            return true;
    }
    return false;
}

static bool is_plain(struct yaml_source source, const struct yaml_value *v)
{
    return v->text.len && v->offset < source.text.len && source.text.ptr[v->offset] == v->text.ptr[0];
}

static void write_string(struct buf *out, struct str s)
{
    static const char hex[] = "0123456789abcdef";
    buf_add_char(out, '"');
    size_t done = 0;
    for (size_t i = 0; i < s.len; i++) {
        const unsigned char c = (unsigned char)s.ptr[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_add(out, str_slice(s, done, i));
        done = i + 1;
        if (c < 0x20)
            buf_add(out, str_make((char[]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]}, 6));
        else
            buf_add(out, str_make((char[]){'\\', (char)c}, 2));
    }
    buf_add(out, str_slice(s, done, s.len));
    buf_add_char(out, '"');
}

// JSON has no .5, 0x1F, +1, .inf; leading zeros are octal for kubectl.
static void write_number(struct buf *out, const struct yaml_value *v)
{
    double number;
    const bool leading_zero = v->text.len > 1 && v->text.ptr[0] == '0' && (unsigned char)(v->text.ptr[1] - '0') < 10;
    if (!leading_zero && str_to_double(v->text, &number))
        buf_add(out, v->text);
    else if (yaml_number(v, &number) && isfinite(number))
        buf_addf(out, "%.17g", number);
    else
        write_string(out, v->text);
}

static void write_scalar(struct yaml_source source, const struct yaml_value *v, struct buf *out)
{
    bool value;
    switch (v->kind) {
    case YAML_NULL:
        buf_add(out, STR("null"));
        break;
    case YAML_BOOL:
        buf_add(out, v->boolean ? STR("true") : STR("false"));
        break;
    case YAML_NUMBER:
        write_number(out, v);
        break;
    default:
        if (is_plain(source, v) && is_boolean_word(v->text, &value))
            buf_add(out, value ? STR("true") : STR("false"));
        else
            write_string(out, v->text);
    }
}

void objects_yaml_to_json(struct yaml_source source, const struct yaml_value *v, struct buf *out)
{
    if (v->kind != YAML_LIST && v->kind != YAML_MAP) {
        write_scalar(source, v, out);
        return;
    }
    buf_add_char(out, v->kind == YAML_LIST ? '[' : '{');
    for (const struct yaml_value *child = v->first; child; child = child->next) {
        if (v->kind == YAML_MAP) {
            write_string(out, child->key);
            buf_add_char(out, ':');
        }
        objects_yaml_to_json(source, child, out);
        if (child->next)
            buf_add_char(out, ',');
    }
    buf_add_char(out, v->kind == YAML_LIST ? ']' : '}');
}
