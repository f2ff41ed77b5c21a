// SPDX-License-Identifier: Apache-2.0
// The parts of a dictionary that serve `rules lint`: the shape of a record, and what people write for what they mean.
#include "codec/yaml/yaml.h"
#include "event/dictionary.h"

static status refuse(struct yaml_source source, const struct yaml_value *at, struct diags *diags, const char *why)
{
    struct place place = yaml_place(source, at);
    diags_add(diags, DIAG_ERROR, &place, "%s", why);
    return ST_INPUT;
}

static bool leaf_kind(struct str text, enum schema_kind *out)
{
    static const struct {
        struct str name;
        enum schema_kind kind;
    } leaves[] = {{{"text", 4}, SCHEMA_TEXT}, {{"number", 6}, SCHEMA_NUMBER}, {{"time", 4}, SCHEMA_TIME}, {{"open", 4}, SCHEMA_OPEN}};
    for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++)
        if (str_eq(leaves[i].name, text)) {
            *out = leaves[i].kind;
            return true;
        }
    return false;
}

static status load_enum(struct arena *a, struct yaml_source source, const struct yaml_value *v, struct schema *s, struct diags *diags)
{
    s->kind = SCHEMA_ENUM;
    s->values = arena_array(a, struct str, v->count);
    for (const struct yaml_value *item = v->first; item; item = item->next) {
        if (!yaml_text(item).ptr)
            return refuse(source, item, diags, "a list in a schema holds the only values");
        s->values[s->n_values++] = arena_str(a, item->text);
    }
    return ST_OK;
}

static status load_node(struct arena *a, struct yaml_source source, const struct yaml_value *v, struct schema *s, struct diags *diags)
{
    if (v->kind == YAML_LIST)
        return load_enum(a, source, v, s, diags);
    if (v->kind != YAML_MAP)
        return leaf_kind(yaml_text(v), &s->kind)
                   ? ST_OK
                   : refuse(source, v, diags, "a schema knows text, number, time, open, lists of values and maps");
    s->kind = SCHEMA_OBJECT;
    s->members = arena_array(a, struct schema, v->count);
    for (const struct yaml_value *m = v->first; m; m = m->next) { // as deep as the YAML reader lets a file be
        struct schema *node = str_eq(m->key, STR("*")) ? arena_new(a, struct schema) : &s->members[s->n_members++];
        if (str_eq(m->key, STR("*")))
            s->others = node;
        node->key = arena_str(a, m->key);
        TRY(load_node(a, source, m, node, diags));
    }
    return ST_OK;
}

status schema_load(struct dictionary *d, struct yaml_source source, const struct yaml_value *v, struct diags *diags)
{
    if (!v)
        return ST_OK;
    if (v->kind != YAML_MAP)
        return refuse(source, v, diags, "a schema is a map of the keys of a record");
    d->schema = arena_new(&d->arena, struct schema);
    return load_node(&d->arena, source, v, d->schema, diags);
}

static status load_pairs(struct dictionary *d, struct yaml_source source, const struct yaml_value *map, struct str field,
                         struct diags *diags)
{
    if (map->kind != YAML_MAP)
        return refuse(source, map, diags, "a map from what is written to what is meant is expected here");
    for (const struct yaml_value *m = map->first; m; m = m->next) {
        if (!yaml_text(m).ptr)
            return refuse(source, m, diags, "a text is expected here");
        d->hints[d->n_hints++] = (struct hint){field, arena_str(&d->arena, m->key), arena_str(&d->arena, m->text)};
    }
    return ST_OK;
}

status hints_load(struct dictionary *d, struct yaml_source source, const struct yaml_value *fields, const struct yaml_value *values,
                  struct diags *diags)
{
    size_t n = fields ? fields->count : 0;
    for (const struct yaml_value *v = values ? values->first : NULL; v; v = v->next)
        n += v->count;
    d->hints = arena_array(&d->arena, struct hint, n);
    if (fields)
        TRY(load_pairs(d, source, fields, STR_NONE, diags));
    for (const struct yaml_value *v = values ? values->first : NULL; v; v = v->next)
        TRY(load_pairs(d, source, v, arena_str(&d->arena, v->key), diags));
    return ST_OK;
}
