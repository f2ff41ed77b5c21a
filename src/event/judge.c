// SPDX-License-Identifier: Apache-2.0
// Whether a field can exist in a record of the stream, and hold what it is compared with: so that `rules lint` can say "can never
// match" before anyone waits for it.
#include "event/dictionary.h"

// --- what was meant ----------------------------------------------------------------------------------------------------------------

static struct str hint_for(const struct dictionary *d, struct str field, struct str wrong)
{
    for (size_t i = 0; i < d->n_hints; i++)
        if (str_eq(d->hints[i].field, field) && str_eq_ci(d->hints[i].wrong, wrong))
            return d->hints[i].right;
    return STR_NONE;
}

enum { DISTANCE_MAX = 64 };

// Levenshtein; names longer than DISTANCE_MAX are far from everything.
static size_t distance(struct str a, struct str b)
{
    size_t row[DISTANCE_MAX + 1];
    if (a.len > DISTANCE_MAX || b.len > DISTANCE_MAX)
        return DISTANCE_MAX;
    for (size_t j = 0; j <= b.len; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t change = diagonal + (char_lower(a.ptr[i - 1]) != char_lower(b.ptr[j - 1]));
            size_t shift = (row[j - 1] < row[j] ? row[j - 1] : row[j]) + 1;
            diagonal = row[j];
            row[j] = change < shift ? change : shift;
        }
    }
    return row[b.len];
}

struct nearest {
    struct str text;
    size_t distance;
};

static void consider(struct nearest *best, struct str wanted, struct str candidate)
{
    size_t d = distance(wanted, candidate);
    if (d < best->distance && d <= wanted.len / 3 + 1)
        *best = (struct nearest){candidate, d};
}

static void consider_schema(struct nearest *best, struct str wanted, const struct schema *s, struct str prefix, struct arena *a)
{
    for (size_t i = 0; i < s->n_members; i++) {
        const struct schema *m = &s->members[i];
        struct str path = prefix.len ? arena_printf(a, "%.*s.%.*s", STR_ARG(prefix), STR_ARG(m->key)) : m->key;
        consider(best, wanted, path);
        struct nearest last = {.distance = best->distance};
        consider(&last, wanted, m->key); // the last key alone was written
        if (last.text.ptr)
            *best = (struct nearest){path, last.distance};
        if (m->kind == SCHEMA_OBJECT)
            consider_schema(best, wanted, m, path, a); // schemas come from a dictionary, whose nesting its reader bounds
    }
}

static struct str nearest_field(const struct dictionary *d, struct str field, struct arena *a)
{
    struct str hint = hint_for(d, STR_NONE, field);
    if (hint.ptr)
        return hint;
    struct nearest best = {.distance = SIZE_MAX};
    for (size_t i = 0; i < d->n_fields; i++)
        consider(&best, field, d->fields[i].name);
    consider_schema(&best, field, d->schema, STR_NONE, a);
    return best.text;
}

static struct str nearest_value(const struct dictionary *d, struct str field, const struct schema *s, struct str text)
{
    struct str hint = hint_for(d, field, text);
    struct nearest best = {.distance = SIZE_MAX};
    for (size_t i = 0; !hint.ptr && i < s->n_values; i++)
        consider(&best, text, s->values[i]);
    return hint.ptr ? hint : best.text;
}

// --- judging -----------------------------------------------------------------------------------------------------------------------

static bool is_time(struct str text)
{
    int64_t ns;
    return time_parse(text, &ns);
}

static bool in_enum(const struct schema *s, struct str text)
{
    for (size_t i = 0; i < s->n_values; i++)
        if (str_eq_ci(s->values[i], text))
            return true;
    return false;
}

static enum schema_answer judge_at(const struct schema *s, struct str text, bool number)
{
    double value;
    switch (s->kind) {
    case SCHEMA_NUMBER:
        return text.ptr && !number && !str_to_double(text, &value) ? SCHEMA_WRONG_TYPE : SCHEMA_YES;
    case SCHEMA_TIME:
        return number || (text.ptr && !is_time(text)) ? SCHEMA_WRONG_TYPE : SCHEMA_YES;
    case SCHEMA_ENUM:
        if (text.ptr)
            return in_enum(s, text) ? SCHEMA_YES : SCHEMA_NOT_IN_ENUM;
        return number ? SCHEMA_WRONG_TYPE : SCHEMA_YES;
    case SCHEMA_OBJECT:
        return text.ptr || number ? SCHEMA_WRONG_TYPE : SCHEMA_YES;
    case SCHEMA_TEXT:
    case SCHEMA_OPEN:
        break;
    }
    return SCHEMA_YES;
}

enum schema_answer dictionary_judge(const struct dictionary *d, struct str field, struct str text, bool number, struct arena *a,
                                    struct str *hint)
{
    *hint = STR_NONE;
    if (!d->schema)
        return SCHEMA_YES;
    const struct field *f = dictionary_field(d, field, a);
    if (f->transform)
        return SCHEMA_YES;
    enum schema_answer answer = SCHEMA_UNKNOWN_FIELD;
    const struct schema *at = NULL;
    for (size_t i = 0; i < f->n_paths && answer != SCHEMA_YES; i++) { // one path on which it can be is enough
        const struct schema *s = schema_at(d->schema, &f->paths[i]);
        if (s) {
            at = s;
            answer = judge_at(s, text, number);
        }
    }
    if (answer == SCHEMA_UNKNOWN_FIELD)
        *hint = nearest_field(d, field, a);
    else if (answer != SCHEMA_YES && text.ptr)
        *hint = nearest_value(d, field, at, text);
    return answer;
}
