// SPDX-License-Identifier: Apache-2.0
#include "posture/labels.h"

struct texts texts_read(struct keep k, const struct json_value *array)
{
    if (!array || array->kind != JSON_ARRAY)
        return (struct texts){0};
    struct str *items = arena_array(k.arena, struct str, array->count);
    size_t n = 0;
    for (const struct json_value *v = array->first; v; v = v->next) {
        if (v->kind == JSON_STRING)
            items[n++] = intern_str(k.words, v->text);
    }
    return (struct texts){items, n};
}

struct labels labels_read(struct keep k, const struct json_value *map)
{
    if (!map || map->kind != JSON_OBJECT)
        return (struct labels){0};
    struct label *items = arena_array(k.arena, struct label, map->count);
    size_t n = 0;
    for (const struct json_value *m = map->first; m; m = m->next) {
        if (m->kind == JSON_STRING)
            items[n++] = (struct label){intern_str(k.words, m->key), intern_str(k.words, m->text)};
    }
    return (struct labels){items, n};
}

struct str labels_get(struct labels l, struct str key)
{
    for (size_t i = 0; i < l.n; i++) {
        if (str_eq(l.items[i].key, key))
            return l.items[i].value;
    }
    return STR_NONE;
}

// --- selectors -------------------------------------------------------------------------------------------------------------------

static struct requirement equals(struct keep k, const struct json_value *member)
{
    struct str *value = arena_new(k.arena, struct str);
    *value = intern_str(k.words, member->text);
    return (struct requirement){SELECT_IN, intern_str(k.words, member->key), {value, 1}};
}

static const char *read_expression(struct keep k, const struct json_value *v, struct requirement *out)
{
    static const struct str names[] = {
        [SELECT_IN] = STR("In"),
        [SELECT_NOT_IN] = STR("NotIn"),
        [SELECT_EXISTS] = STR("Exists"),
        [SELECT_EXISTS_NOT] = STR("DoesNotExist"),
    };
    const struct json_value *values = json_get(v, STR("values"));
    const struct str key = json_text(json_get(v, STR("key"))), name = json_text(json_get(v, STR("operator")));
    *out = (struct requirement){.key = key.ptr ? intern_str(k.words, key) : STR(""), .values = texts_read(k, values)};
    if (values && values->kind != JSON_NULL && (values->kind != JSON_ARRAY || out->values.n != values->count))
        return "values is no list of texts";
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        out->operator=(enum selector_operator) i;
        if (str_eq(name, names[i]))
            return NULL;
    }
    return "a selector has an operator that does not exist";
}

const char *selector_read(struct keep k, const struct json_value *v, struct selector *out)
{
    const struct json_value *labels = json_get(v, STR("matchLabels")), *expressions = json_get(v, STR("matchExpressions"));
    struct requirement *items =
        arena_array(k.arena, struct requirement, (labels ? labels->count : 0) + (expressions ? expressions->count : 0));
    const char *bad = NULL;
    *out = (struct selector){.items = items};
    for (const struct json_value *m = labels ? labels->first : NULL; m; m = m->next) {
        if (m->kind == JSON_STRING && m->key.ptr)
            items[out->n++] = equals(k, m);
        else
            bad = "matchLabels is no map of texts";
    }
    for (const struct json_value *m = expressions ? expressions->first : NULL; m; m = m->next) {
        const char *wrong = read_expression(k, m, &items[out->n++]);
        bad = wrong ? wrong : bad;
    }
    return bad;
}

struct selector selector_of_labels(struct keep k, const struct json_value *map)
{
    if (!map || map->kind != JSON_OBJECT)
        return (struct selector){0};
    struct requirement *items = arena_array(k.arena, struct requirement, map->count);
    size_t n = 0;
    for (const struct json_value *m = map->first; m; m = m->next) {
        if (m->kind == JSON_STRING)
            items[n++] = equals(k, m);
    }
    return (struct selector){items, n};
}

static bool holds(const struct requirement *q, struct labels l)
{
    const struct str value = labels_get(l, q->key);
    bool found = false;
    if (q->operator== SELECT_EXISTS || q->operator== SELECT_EXISTS_NOT)
        return (value.ptr != NULL) == (q->operator== SELECT_EXISTS);
    for (size_t i = 0; value.ptr && i < q->values.n; i++)
        found = found || str_eq(q->values.items[i], value);
    return found == (q->operator== SELECT_IN); // NotIn holds for what has no such label
}

bool selector_chooses(const struct selector *s, struct labels l)
{
    for (size_t i = 0; i < s->n; i++) {
        if (!holds(&s->items[i], l))
            return false;
    }
    return true;
}
