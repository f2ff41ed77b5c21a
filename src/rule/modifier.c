// SPDX-License-Identifier: Apache-2.0
#include "modifier.h"

enum {
    TEXT = MOD_ALL | MOD_NEQ | MOD_CASED | MOD_EXPAND | MOD_PLACE | MOD_ENCODE | MOD_DASH,
    REGEX = MOD_ALL | MOD_NEQ | MOD_EXPAND | MOD_RE | MOD_RE_FLAG,
    ANYWHERE = ~MOD_EXISTS,
    FIELD = MOD_ALL | MOD_NEQ | MOD_CASED | MOD_PLACE,
};

static const struct modifier table[] = {
    {STR("all"), MOD_ALL, ANYWHERE, 0, NULL},
    {STR("neq"), MOD_NEQ, ANYWHERE & ~MOD_COMPARE & ~MOD_SAME, 0, NULL},
    {STR("cased"), MOD_CASED, TEXT | MOD_FIELD, 0, NULL},
    {STR("expand"), MOD_EXPAND, TEXT | REGEX | MOD_CIDR, 0, NULL},

    {STR("contains"), MOD_PLACE, TEXT | MOD_FIELD, PATTERN_CONTAINS, transform_contains},
    {STR("startswith"), MOD_PLACE, TEXT | MOD_FIELD, PATTERN_PREFIX, transform_startswith},
    {STR("endswith"), MOD_PLACE, TEXT | MOD_FIELD, PATTERN_SUFFIX, transform_endswith},

    {STR("base64"), MOD_ENCODE, TEXT, 0, transform_base64},
    {STR("base64offset"), MOD_ENCODE, TEXT, 0, transform_base64offset},
    {STR("utf16le"), MOD_ENCODE, TEXT, 0, transform_utf16le},
    {STR("wide"), MOD_ENCODE, TEXT, 0, transform_utf16le},
    {STR("utf16be"), MOD_ENCODE, TEXT, 0, transform_utf16be},
    {STR("utf16"), MOD_ENCODE, TEXT, 0, transform_utf16},
    {STR("windash"), MOD_DASH, TEXT, 0, transform_windash},

    {STR("re"), MOD_RE, REGEX, 0, NULL},
    {STR("i"), MOD_RE_FLAG, REGEX, REGEX_I, NULL},
    {STR("m"), MOD_RE_FLAG, REGEX, REGEX_M, NULL},
    {STR("s"), MOD_RE_FLAG, REGEX, REGEX_S, NULL},
    {STR("ignorecase"), MOD_RE_FLAG, REGEX, REGEX_I, NULL}, // pySigma's long names
    {STR("multiline"), MOD_RE_FLAG, REGEX, REGEX_M, NULL},
    {STR("dotall"), MOD_RE_FLAG, REGEX, REGEX_S, NULL},

    {STR("cidr"), MOD_CIDR, MOD_ALL | MOD_NEQ | MOD_EXPAND, 0, NULL},
    {STR("exists"), MOD_EXISTS, 0, 0, NULL},
    {STR("fieldref"), MOD_FIELD, FIELD, 0, NULL},

    {STR("lt"), MOD_COMPARE, MOD_ALL | MOD_DATE, COMPARE_LT, NULL},
    {STR("lte"), MOD_COMPARE, MOD_ALL | MOD_DATE, COMPARE_LTE, NULL},
    {STR("gt"), MOD_COMPARE, MOD_ALL | MOD_DATE, COMPARE_GT, NULL},
    {STR("gte"), MOD_COMPARE, MOD_ALL | MOD_DATE, COMPARE_GTE, NULL},

    {STR("minute"), MOD_DATE, MOD_ALL | MOD_NEQ | MOD_COMPARE, DATE_MINUTE, NULL},
    {STR("hour"), MOD_DATE, MOD_ALL | MOD_NEQ | MOD_COMPARE, DATE_HOUR, NULL},
    {STR("day"), MOD_DATE, MOD_ALL | MOD_NEQ | MOD_COMPARE, DATE_DAY, NULL},
    {STR("week"), MOD_DATE, MOD_ALL | MOD_NEQ | MOD_COMPARE, DATE_WEEK, NULL},
    {STR("month"), MOD_DATE, MOD_ALL | MOD_NEQ | MOD_COMPARE, DATE_MONTH, NULL},
    {STR("year"), MOD_DATE, MOD_ALL | MOD_NEQ | MOD_COMPARE, DATE_YEAR, NULL},

    {STR("same"), MOD_SAME, MOD_ALL, 0, NULL},
};
enum { MODIFIERS = sizeof table / sizeof table[0] };

static const struct modifier *find(struct str name)
{
    for (size_t i = 0; i < MODIFIERS; i++)
        if (str_eq(table[i].name, name))
            return &table[i];
    return NULL;
}

static struct str suggestion(struct document *d, struct str name)
{
    struct str names[MODIFIERS];
    for (size_t i = 0; i < MODIFIERS; i++)
        names[i] = table[i].name;
    return did_you_mean(d->c->scratch, name, names, MODIFIERS);
}

// Of a family that may stand only once in a key, two were written.
static bool is_repeated(const struct key *k, const struct modifier *m)
{
    unsigned once = MOD_ALL | MOD_NEQ | MOD_RE | MOD_CIDR | MOD_EXISTS | MOD_COMPARE | MOD_DATE | MOD_FIELD | MOD_SAME | MOD_DASH;
    return k->families & m->family & once;
}

static const struct modifier *conflict(const struct key *k, const struct modifier *m)
{
    for (size_t i = 0; i < k->n; i++) {
        const struct modifier *other = k->items[i].modifier;
        bool allowed = (m->with & other->family) && (other->with & m->family);
        if ((m->family != other->family && !allowed) || (m == other && is_repeated(k, m)))
            return other;
        if (m->family == other->family && is_repeated(k, m))
            return other;
    }
    return NULL;
}

static void set_argument(struct key *k, const struct modifier *m)
{
    if (m->family == MOD_RE_FLAG)
        k->regex_flags |= m->argument;
    else if (m->family == MOD_COMPARE)
        k->compare = (enum compare)m->argument;
    else if (m->family == MOD_DATE)
        k->date = (enum date_part)m->argument;
    else if (m->family == MOD_PLACE)
        k->how = (enum pattern_op)m->argument;
}

static bool add_modifier(struct document *d, const struct yaml_value *item, struct key *k, struct str name, size_t offset)
{
    struct place at = yaml_key_place_in(d->source, item, offset);
    const struct modifier *m = find(name);
    if (!m) {
        refuse(d, at, "unknown modifier '%.*s'%.*s", STR_ARG(name), STR_ARG(suggestion(d, name)));
        return false;
    }
    const struct modifier *other = conflict(k, m);
    if (other) {
        refuse(d, at, "modifier '%.*s' cannot be combined with '%.*s'", STR_ARG(name), STR_ARG(other->name));
        return false;
    }
    if (m->family == MOD_RE_FLAG && !(k->families & MOD_RE)) {
        refuse(d, at, "modifier '%.*s' is a flag of regular expressions: write it behind re", STR_ARG(name));
        return false;
    }
    if (k->n == KEY_MODIFIERS_MAX) {
        refuse(d, at, "more than %d modifiers", KEY_MODIFIERS_MAX);
        return false;
    }
    set_argument(k, m);
    k->items[k->n].modifier = m;
    k->items[k->n++].offset = offset;
    k->families |= m->family;
    return true;
}

// Modifiers that say something about a field make no sense on the whole event.
static bool check_field(struct document *d, const struct yaml_value *item, const struct key *k)
{
    unsigned fields_only = MOD_EXISTS | MOD_CIDR | MOD_COMPARE | MOD_DATE | MOD_FIELD | MOD_SAME;
    if (k->field.len == 0 && k->families & fields_only) {
        refuse(d, key_place(d, item), "modifier '%.*s' needs a field before it", STR_ARG(k->items[0].modifier->name));
        return false;
    }
    return true;
}

bool key_read(struct document *d, const struct yaml_value *item, struct key *out)
{
    *out = (struct key){.how = PATTERN_EQUALS};
    struct str rest = item->key;
    out->field = str_split(&rest, '|');
    while (rest.ptr) {
        size_t offset = (size_t)(rest.ptr - item->key.ptr);
        struct str name = str_split(&rest, '|');
        if (!add_modifier(d, item, out, name, offset))
            return false;
    }
    return check_field(d, item, out);
}
