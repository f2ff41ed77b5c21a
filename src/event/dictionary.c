// SPDX-License-Identifier: Apache-2.0
// Looking names up in a dictionary.
#include "event/dictionary.h"

#include "base/status.h"

#include <stdlib.h>
#include <string.h>

struct dictionary *dictionary_generic(void)
{
    struct dictionary *d = must_alloc(calloc(1, sizeof *d));
    arena_init(&d->arena, ARENA_UNLIMITED);
    d->stream = STR("generic");
    return d;
}

void dictionary_free(struct dictionary *d)
{
    if (!d)
        return;
    arena_fini(&d->arena);
    free(d);
}

static void use_registry(struct field *fields, size_t n, struct str registry)
{
    for (size_t i = 0; i < n; i++)
        fields[i].registry = registry;
}

void dictionary_use_registry(struct dictionary *d, struct str registry)
{
    d->registry = arena_str(&d->arena, registry);
    use_registry(d->fields, d->n_fields, d->registry);
    for (size_t i = 0; i < d->n_scopes; i++)
        use_registry(d->scopes[i].fields, d->scopes[i].n_fields, d->registry);
}

struct str dictionary_registry(const struct dictionary *d)
{
    return d->registry;
}

struct str dictionary_stream(const struct dictionary *d)
{
    return d->stream;
}

const struct field *dictionary_fields(const struct dictionary *d, size_t *n)
{
    *n = d->n_fields;
    return d->fields;
}

const struct field_path *dictionary_deferred(const struct dictionary *d, size_t *n)
{
    *n = d->n_deferred;
    return d->deferred;
}

// --- fields ------------------------------------------------------------------------------------------------------------------------

static int compare_field(const void *key, const void *item)
{
    return str_cmp(*(const struct str *)key, ((const struct field *)item)->name);
}

static const struct field *find(const struct field *fields, size_t n, struct str name)
{
    return n ? bsearch(&name, fields, n, sizeof *fields, compare_field) : NULL;
}

// From the end: paths differ there.
bool field_path_eq(const struct field_path *a, const struct field_path *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = a->n; i-- > 0;)
        if (!str_eq(a->keys[i], b->keys[i]))
            return false;
    return true;
}

bool dictionary_path_varies(const struct dictionary *d, const struct field_path *path)
{
    for (size_t i = 0; i < d->n_varying; i++)
        if (field_path_eq(&d->varying[i]->paths[0], path))
            return true;
    return false;
}

// A native name means the same values as the dictionary name for its path, so it is as many-valued.
static bool has_many_values(const struct dictionary *d, const struct field *native)
{
    for (size_t k = 0; k < native->n_paths; k++)
        if (dictionary_path_varies(d, &native->paths[k]))
            return true;
    return false;
}

static struct field *native_field(struct str name, const struct schema *schema, struct arena *a)
{
    struct field *f = arena_new(a, struct field);
    f->name = name.ptr ? name : STR("");
    name_cut(f->name, schema, a, &f->paths, &f->n_paths);
    return f;
}

const struct field *dictionary_field(const struct dictionary *d, struct str name, struct arena *a)
{
    const struct field *known = find(d->fields, d->n_fields, name);
    if (known)
        return known;
    struct field *f = native_field(name, d->schema, a);
    f->many_values = has_many_values(d, f);
    return f;
}

const struct field *scope_field(const struct scope *s, struct str name, struct arena *a)
{
    const struct field *known = s ? find(s->fields, s->n_fields, name) : NULL;
    return known ? known : native_field(name, NULL, a);
}

const struct scope *dictionary_scope(const struct dictionary *d, struct str name)
{
    for (size_t i = 0; i < d->n_scopes; i++)
        if (str_eq(d->scopes[i].name, name))
            return &d->scopes[i];
    return NULL;
}

// --- logsources --------------------------------------------------------------------------------------------------------------------

static bool equal_or_absent(struct str asked, struct str offered)
{
    return !asked.ptr || (offered.ptr && str_eq_ci(asked, offered));
}

bool dictionary_takes(const struct dictionary *d, struct str product, struct str category, struct str service)
{
    if (!d->n_logsources) // generic: logsource does not filter
        return true;
    for (size_t i = 0; i < d->n_logsources; i++) {
        const struct logsource *l = &d->logsources[i];
        if (equal_or_absent(product, l->product) && equal_or_absent(category, l->category) && equal_or_absent(service, l->service))
            return true;
    }
    return false;
}
