// SPDX-License-Identifier: Apache-2.0
// A dictionary from its YAML file. The format is described in docs/fields.md; what it does not know is an error, so that a misspelt
// key cannot silently mean nothing.
#include "codec/yaml/yaml.h"
#include "event/dictionary.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

struct name_list {
    struct str name;
    const struct names *names;
};

struct load {
    struct dictionary *d;
    struct arena *arena; // the dictionary's
    struct yaml_source source;
    struct diags *diags;
    struct path_sets *sets;
    struct name_list *lists;
    size_t n_lists;
};

#define FAIL(load, value, ...)                                                                                                             \
    do {                                                                                                                                   \
        struct place place_ = yaml_place((load)->source, (value));                                                                         \
        diags_add((load)->diags, DIAG_ERROR, &place_, __VA_ARGS__);                                                                        \
        return ST_INPUT;                                                                                                                   \
    } while (0)

static status expect_keys(struct load *l, const struct yaml_value *map, const struct str *allowed, size_t n)
{
    if (map->kind != YAML_MAP)
        FAIL(l, map, "a map is expected here");
    for (const struct yaml_value *m = map->first; m; m = m->next) {
        bool known = false;
        for (size_t i = 0; i < n && !known; i++)
            known = str_eq(allowed[i], m->key);
        if (!known)
            FAIL(l, m, "unknown key '%.*s'", STR_ARG(m->key));
    }
    return ST_OK;
}
#define EXPECT_KEYS(load, map, ...)                                                                                                        \
    TRY(expect_keys((load), (map), (const struct str[]){__VA_ARGS__}, sizeof((const struct str[]){__VA_ARGS__}) / sizeof(struct str)))

static status text_of(struct load *l, const struct yaml_value *map, struct str key, bool needed, struct str *out)
{
    const struct yaml_value *v = yaml_get(map, key);
    *out = v ? arena_str(l->arena, yaml_text(v)) : STR_NONE;
    if (v && !out->ptr)
        FAIL(l, v, "'%.*s' is a text", STR_ARG(key));
    if (needed && (!out->ptr || !out->len))
        FAIL(l, map, "'%.*s' is missing", STR_ARG(key));
    return ST_OK;
}

static status texts_of(struct load *l, const struct yaml_value *list, struct str **out, size_t *n)
{
    *out = NULL;
    *n = 0;
    if (!list)
        return ST_OK;
    if (list->kind != YAML_LIST)
        FAIL(l, list, "a list is expected here");
    *out = arena_array(l->arena, struct str, list->count);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        if (!yaml_text(v).ptr)
            FAIL(l, v, "a text is expected here");
        (*out)[(*n)++] = arena_str(l->arena, v->text);
    }
    return ST_OK;
}

// --- logsources, deferred, sets, names -----------------------------------------------------------------------------------------------

static status load_logsources(struct load *l, const struct yaml_value *list)
{
    if (!list || list->kind != YAML_LIST)
        return ST_OK;
    l->d->logsources = arena_array(l->arena, struct logsource, list->count);
    for (const struct yaml_value *v = list->first; v; v = v->next) {
        struct logsource *s = &l->d->logsources[l->d->n_logsources++];
        EXPECT_KEYS(l, v, STR("product"), STR("category"), STR("service"));
        TRY(text_of(l, v, STR("product"), false, &s->product));
        TRY(text_of(l, v, STR("category"), false, &s->category));
        TRY(text_of(l, v, STR("service"), false, &s->service));
    }
    return ST_OK;
}

// A pattern, or a list of ranks, each a pattern or a list of patterns.
typedef status pattern_fn(struct load *l, void *context, const struct yaml_value *at, struct str pattern, unsigned rank);

static status each_pattern(struct load *l, const struct yaml_value *v, pattern_fn *take, void *context)
{
    if (v->kind != YAML_LIST) {
        if (!yaml_text(v).ptr)
            FAIL(l, v, "a path, or a list of paths, is expected here");
        return take(l, context, v, arena_str(l->arena, v->text), 0);
    }
    unsigned rank = 0;
    for (const struct yaml_value *item = v->first; item; item = item->next, rank++) {
        const struct yaml_value *same = item->kind == YAML_LIST ? item->first : item;
        for (; same; same = item->kind == YAML_LIST ? same->next : NULL) {
            if (!yaml_text(same).ptr)
                FAIL(l, same, "a path is expected here");
            TRY(take(l, context, same, arena_str(l->arena, same->text), rank));
        }
    }
    return ST_OK;
}

static status expand_into(struct load *l, void *context, const struct yaml_value *at, struct str pattern, unsigned rank)
{
    enum expansion e = pattern_expand(l->sets, pattern, rank, l->arena, context);
    if (e != EXPANDED)
        FAIL(l, at, "path '%.*s' cannot be read: %s", STR_ARG(pattern), expansion_text(e));
    return ST_OK;
}

static status paths_of(struct load *l, const struct yaml_value *v, struct field_path **paths, size_t *n)
{
    struct path_list list = {0};
    TRY(each_pattern(l, v, expand_into, &list));
    path_list_finish(&list);
    *paths = list.items;
    *n = list.n;
    return ST_OK;
}

static status add_to_set(struct load *l, void *context, const struct yaml_value *at, struct str pattern, unsigned rank)
{
    const struct str *name = context;
    if (!path_sets_add(l->sets, *name, pattern, rank))
        FAIL(l, at, "too many paths in sets");
    return ST_OK;
}

static status load_sets(struct load *l, const struct yaml_value *map)
{
    l->sets = path_sets_new(l->arena);
    for (const struct yaml_value *v = map ? map->first : NULL; v; v = v->next) {
        struct str name = arena_str(l->arena, v->key);
        TRY(each_pattern(l, v, add_to_set, &name));
    }
    return ST_OK;
}

static status load_names(struct load *l, const struct yaml_value *map)
{
    if (!map)
        return ST_OK;
    l->lists = arena_array(l->arena, struct name_list, map->count);
    for (const struct yaml_value *v = map->first; v; v = v->next) {
        struct names_source s = {0};
        struct str *like, *ordinary, *words;
        EXPECT_KEYS(l, v, STR("like"), STR("ordinary"), STR("words"), STR("generated"));
        TRY(texts_of(l, yaml_get(v, STR("like")), &like, &s.n_like));
        TRY(texts_of(l, yaml_get(v, STR("ordinary")), &ordinary, &s.n_ordinary));
        TRY(texts_of(l, yaml_get(v, STR("words")), &words, &s.n_words));
        s.like = like;
        s.ordinary = ordinary;
        s.words = words;
        const struct yaml_value *generated = yaml_get(v, STR("generated"));
        s.generated = generated && generated->boolean;
        l->lists[l->n_lists++] = (struct name_list){arena_str(l->arena, v->key), names_build(l->arena, &s)};
    }
    return ST_OK;
}

// --- fields and scopes ---------------------------------------------------------------------------------------------------------------

static const struct field *field_before(const struct field *fields, size_t n, struct str name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(fields[i].name, name))
            return &fields[i];
    return NULL;
}

// `of`: the paths, choice and transform of a field that stands above in the file.
static status load_source(struct load *l, const struct yaml_value *v, const struct field *fields, size_t n, struct field *f)
{
    const struct yaml_value *path = yaml_get(v, STR("path")), *of = yaml_get(v, STR("of"));
    if (!path == !of)
        FAIL(l, v, "a field has either 'path' or 'of'");
    if (path)
        return paths_of(l, path, &f->paths, &f->n_paths);
    const struct field *base = field_before(fields, n, yaml_text(of));
    if (!base)
        FAIL(l, of, "'%.*s' is not a field above", STR_ARG(yaml_text(of)));
    struct str name = f->name;
    *f = *base;
    f->name = name;
    return ST_OK;
}

static status load_transform(struct load *l, const struct yaml_value *v, struct field *f)
{
    struct str names;
    const struct yaml_value *text = yaml_get(v, STR("transform"));
    TRY(text_of(l, v, STR("names"), false, &names));
    if (!text)
        return ST_OK;
    const struct transform *t = transform_find(yaml_text(text));
    if (!t)
        FAIL(l, text, "unknown transform '%.*s'", STR_ARG(yaml_text(text)));
    if (f->then)
        FAIL(l, text, "at most two transforms follow each other");
    if (t->wants_names != (names.ptr != NULL))
        FAIL(l, text, "transform '%.*s' %s", STR_ARG(t->name), t->wants_names ? "compares with 'names'" : "has no use for 'names'");
    for (size_t i = 0; i < l->n_lists; i++)
        if (names.ptr && str_eq(l->lists[i].name, names))
            f->names = l->lists[i].names;
    if (t->wants_names && !f->names)
        FAIL(l, text, "'%.*s' is not in `names`", STR_ARG(names));
    *(f->transform ? &f->then : &f->transform) = t;
    return ST_OK;
}

static status load_pick(struct load *l, const struct yaml_value *v, struct field *f)
{
    const struct yaml_value *pick = yaml_get(v, STR("pick"));
    if (!pick)
        return ST_OK;
    if (str_eq(yaml_text(pick), STR("first")))
        f->pick = PICK_FIRST;
    else if (str_eq(yaml_text(pick), STR("last")))
        f->pick = PICK_LAST;
    else
        FAIL(l, pick, "pick is 'first' or 'last'");
    return ST_OK;
}

static status load_field(struct load *l, const struct yaml_value *v, const struct field *above, size_t n_above, struct field *f)
{
    EXPECT_KEYS(l, v, STR("path"), STR("of"), STR("transform"), STR("names"), STR("pick"), STR("many"), STR("about"));
    f->name = arena_str(l->arena, v->key);
    TRY(load_source(l, v, above, n_above, f));
    TRY(load_transform(l, v, f));
    TRY(load_pick(l, v, f));
    TRY(text_of(l, v, STR("about"), true, &f->about));
    const struct yaml_value *many = yaml_get(v, STR("many"));
    f->many_values = many && many->boolean;
    return ST_OK;
}

static int compare_fields(const void *a, const void *b)
{
    return str_cmp(((const struct field *)a)->name, ((const struct field *)b)->name);
}

static status load_fields(struct load *l, const struct yaml_value *map, struct field **out, size_t *out_n)
{
    if (!map)
        return ST_OK;
    if (map->kind != YAML_MAP)
        FAIL(l, map, "a map of fields is expected here");
    struct field *fields = arena_array(l->arena, struct field, map->count);
    size_t n = 0;
    for (const struct yaml_value *v = map->first; v; v = v->next, n++)
        TRY(load_field(l, v, fields, n, &fields[n]));
    if (n)
        qsort(fields, n, sizeof *fields, compare_fields);
    *out = fields;
    *out_n = n;
    return ST_OK;
}

static void note_varying(struct load *l)
{
    struct dictionary *d = l->d;
    d->varying = arena_array(l->arena, const struct field *, d->n_fields);
    for (size_t i = 0; i < d->n_fields; i++)
        if (d->fields[i].many_values && !d->fields[i].transform)
            d->varying[d->n_varying++] = &d->fields[i];
}

static status load_scopes(struct load *l, const struct yaml_value *map)
{
    if (!map)
        return ST_OK;
    l->d->scopes = arena_array(l->arena, struct scope, map->count);
    for (const struct yaml_value *v = map->first; v; v = v->next) {
        struct scope *s = &l->d->scopes[l->d->n_scopes++];
        EXPECT_KEYS(l, v, STR("path"), STR("about"), STR("fields"));
        s->name = arena_str(l->arena, v->key);
        const struct yaml_value *path = yaml_get(v, STR("path"));
        if (!path)
            FAIL(l, v, "'path' is missing");
        TRY(paths_of(l, path, &s->paths, &s->n_paths));
        TRY(text_of(l, v, STR("about"), true, &s->about));
        TRY(load_fields(l, yaml_get(v, STR("fields")), &s->fields, &s->n_fields));
    }
    return ST_OK;
}

// --- the whole -----------------------------------------------------------------------------------------------------------------------

static status load_all(struct load *l, const struct yaml_value *root)
{
    struct dictionary *d = l->d;
    EXPECT_KEYS(l, root, STR("stream"), STR("logsource"), STR("deferred"), STR("sets"), STR("names"), STR("fields"), STR("scopes"),
                STR("schema"), STR("hints"), STR("values"));
    TRY(text_of(l, root, STR("stream"), true, &d->stream));
    TRY(load_logsources(l, yaml_get(root, STR("logsource"))));
    TRY(load_sets(l, yaml_get(root, STR("sets"))));
    TRY(load_names(l, yaml_get(root, STR("names"))));
    const struct yaml_value *deferred = yaml_get(root, STR("deferred"));
    if (deferred)
        TRY(paths_of(l, deferred, &d->deferred, &d->n_deferred));
    TRY(load_fields(l, yaml_get(root, STR("fields")), &d->fields, &d->n_fields));
    note_varying(l);
    TRY(load_scopes(l, yaml_get(root, STR("scopes"))));
    TRY(schema_load(d, l->source, yaml_get(root, STR("schema")), l->diags));
    return hints_load(d, l->source, yaml_get(root, STR("hints")), yaml_get(root, STR("values")), l->diags);
}

status dictionary_load(struct dictionary **out, struct yaml_source source, struct diags *diags)
{
    struct arena reading;
    struct yaml_value **documents;
    size_t n;
    struct load l = {.d = dictionary_generic(), .source = source, .diags = diags};
    l.arena = &l.d->arena;
    arena_init(&reading, ARENA_UNLIMITED);
    status st = yaml_read(&reading, source, YAML_LIMITS_DEFAULT, &documents, &n, diags);
    if (st == ST_OK && n != 1) {
        diags_add(diags, DIAG_ERROR, &(struct place){.file = source.name}, "a dictionary is one document, here are %zu", n);
        st = ST_INPUT;
    }
    if (st == ST_OK)
        st = load_all(&l, documents[0]);
    arena_fini(&reading);
    if (st != ST_OK) {
        dictionary_free(l.d);
        l.d = NULL;
    }
    *out = l.d;
    return st;
}
