// SPDX-License-Identifier: Apache-2.0
#include "engine/pack/pack.h"

#include "base/vec.h"
#include "content/content.h"
#include "engine/pack/pages.h"
#include "os/os.h"

#include <stdlib.h>

enum {
    FILE_MAX = 16 << 20, // bytes of one rule file
    DEPTH_MAX = 32,      // directories below one given
    FILES_MAX = 100000,  // rule files
};

typedef VEC(struct yaml_source) sources;

// What was found in the places looked at.
struct found {
    struct arena *arena;
    sources rules, lists, pages;
    struct yaml_source dictionary, hosts; // text.ptr NULL: none
    struct str stream;
    bool with_hosts;
};

static bool is_in_folder(struct str path, struct str folder)
{
    size_t at = str_find(path, folder, 0);
    return at != SIZE_MAX && (at == 0 || path.ptr[at - 1] == '/');
}

static bool is_yaml(struct str path)
{
    return (str_ends(path, STR(".yml")) || str_ends(path, STR(".yaml"))) && !str_ends(path, STR(".test.yml"));
}

static struct str file_name(struct str path)
{
    for (size_t i = path.len; i > 0; i--)
        if (path.ptr[i - 1] == '/')
            return str_slice(path, i, path.len);
    return path;
}

bool pack_is_of_others(struct str stream, struct str below)
{
    static const struct {
        struct str folder, stream;
    } folders[] = {{STR("audit/"), STR("audit")}, {STR("host/"), STR("host")}, {STR("controls/"), STR("posture")}};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (is_in_folder(below, folders[i].folder) && !str_eq(stream, folders[i].stream))
            return !str_eq(stream, STR("generic")) || str_eq(folders[i].stream, STR("posture"));
    return false;
}

static bool is_wanted(const struct found *f, struct str below)
{
    return !pack_is_of_others(f->stream, below) || (f->with_hosts && !pack_is_of_others(STR("host"), below));
}

// Where a file of a rules folder belongs. Its path is the one below that folder.
static void sort_in(struct found *f, struct str below, struct yaml_source source)
{
    if (is_in_folder(below, STR("fields/"))) {
        if (str_eq(file_name(below), arena_printf(f->arena, "%.*s.yml", STR_ARG(f->stream))))
            f->dictionary = source;
        if (f->with_hosts && str_eq(file_name(below), STR("host.yml")))
            f->hosts = source;
    } else if (is_in_folder(below, STR("intelligence/"))) {
        *vec_push(&f->lists) = source;
    } else if (is_in_folder(below, STR("pages/"))) {
        *vec_push(&f->pages) = source;
    } else if (!is_in_folder(below, STR("events/")) && !is_in_folder(below, STR("bootstrap/")) && !str_eq(below, STR("techniques.yml")) &&
               is_wanted(f, below)) {
        *vec_push(&f->rules) = source;
    }
}

static bool is_asked_for(const struct pack_options *options, struct str name)
{
    for (size_t i = 0; i < options->n_only; i++)
        if (str_eq(options->only[i], name))
            return true;
    return options->n_only == 0 && options->n_paths == 0;
}

static void take_built_in(struct found *f, const struct pack_options *options)
{
    size_t n;
    const struct content_file *files = content_files(&n);
    for (size_t i = 0; i < n; i++) {
        bool aside = is_in_folder(files[i].name, STR("fields/")) || is_in_folder(files[i].name, STR("intelligence/")) ||
                     is_in_folder(files[i].name, STR("pages/"));
        if ((!aside && !is_asked_for(options, files[i].name)) || !is_yaml(files[i].name))
            continue;
        struct yaml_source source = content_source(&files[i]);
        source.name = arena_printf(f->arena, "rules/%.*s", STR_ARG(files[i].name));
        sort_in(f, files[i].name, source);
    }
}

static status read_source(struct arena *a, struct str path, struct yaml_source *out, struct diags *diags)
{
    struct buf text;
    buf_init(&text, FILE_MAX);
    status result = os_read_file(path, FILE_MAX, &text, diags);
    *out = (struct yaml_source){.name = arena_str(a, path), .text = arena_str(a, buf_str(&text))};
    buf_fini(&text);
    return result;
}

static status take_directory(struct found *f, struct str path, struct diags *diags)
{
    struct os_entry *entries;
    size_t n, taken = 0;
    TRY(os_walk(f->arena, path, (struct os_walk_limits){.depth = DEPTH_MAX, .entries = FILES_MAX}, &entries, &n, diags));
    for (size_t i = 0; i < n; i++) {
        struct yaml_source source;
        if (!is_yaml(entries[i].path))
            continue;
        TRY(read_source(f->arena, entries[i].path, &source, diags));
        sort_in(f, str_slice(entries[i].path, path.len + 1, entries[i].path.len), source);
        taken++;
    }
    if (taken)
        return ST_OK;
    struct place place = {.file = path};
    diags_add(diags, DIAG_ERROR, &place, "no rules in this directory: no file ends in .yml or .yaml");
    return ST_INPUT;
}

static status take_path(struct found *f, struct str path, struct diags *diags)
{
    struct os_stat stat;
    struct yaml_source source;
    if (os_stat(path, &stat) == 0 && stat.kind == OS_DIRECTORY) {
        while (path.len > 1 && path.ptr[path.len - 1] == '/')
            path.len--;
        return take_directory(f, path, diags);
    }
    TRY(read_source(f->arena, path, &source, diags));
    *vec_push(&f->rules) = source;
    return ST_OK;
}

// Lists of the same name are joined: what users add stands beside what is built in.
static status load_lists(struct pack *p, const struct found *f, struct diags *diags)
{
    for (size_t i = 0; i < f->lists.n; i++)
        TRY(placeholders_load(&p->placeholders, &p->arena, f->lists.items[i], diags));
    for (size_t i = 0; i < f->pages.n; i++)
        TRY(pages_load(p, f->pages.items[i], diags));
    return ST_OK;
}

static void keep_lists(struct pack *p, const struct found *f)
{
    p->lists = arena_array(&p->arena, struct yaml_source, f->lists.n + f->pages.n);
    for (size_t i = 0; i < f->lists.n; i++)
        p->lists[p->n_lists++] = f->lists.items[i];
    for (size_t i = 0; i < f->pages.n; i++)
        p->lists[p->n_lists++] = f->pages.items[i];
}

static void replace_lists(struct pack *p, const struct pack_options *options)
{
    for (size_t i = 0; i < options->n_lists; i++) {
        const struct pack_list *list = &options->lists[i];
        struct str *values = arena_array(&p->arena, struct str, list->n + 1);
        for (size_t k = 0; k < list->n; k++)
            values[k] = list->values[k];
        for (size_t k = 0; k < p->placeholders.n; k++) {
            if (!str_eq(p->placeholders.items[k].name, list->name))
                continue;
            p->placeholders.items[k].values = values;
            p->placeholders.items[k].n = list->n;
        }
    }
}

static status load_dictionary(struct pack *p, const struct found *f, struct diags *diags)
{
    if (str_eq(f->stream, STR("generic"))) {
        p->dictionary = dictionary_generic();
        return ST_OK;
    }
    if (f->hosts.text.ptr)
        TRY(dictionary_load(&p->hosts, f->hosts, diags));
    if (f->dictionary.text.ptr)
        return dictionary_load(&p->dictionary, f->dictionary, diags);
    diags_add(diags, DIAG_ERROR, NULL, "there is no stream '%.*s'; known are audit, host, posture and generic", STR_ARG(f->stream));
    return ST_USAGE;
}

static status use_registry(struct pack *p, struct str registry, struct diags *diags)
{
    if (!registry.ptr)
        return ST_OK;
    if (!image_is_registry(registry)) {
        diags_add(diags, DIAG_ERROR, NULL, "'%.*s' is no registry: a host, and perhaps a port", STR_ARG(registry));
        return ST_USAGE;
    }
    dictionary_use_registry(p->dictionary, registry);
    if (p->hosts)
        dictionary_use_registry(p->hosts, registry);
    return ST_OK;
}

static status gather(struct found *f, const struct pack_options *options, struct diags *diags)
{
    take_built_in(f, options);
    for (size_t i = 0; i < options->n_paths; i++)
        TRY(take_path(f, options->paths[i], diags));
    if (!options->placeholders.ptr)
        return ST_OK;
    TRY(read_source(f->arena, options->placeholders, vec_push(&f->lists), diags));
    return ST_OK;
}

static void share_lists(struct pack *p, const struct pack *other)
{
    p->placeholders = other->placeholders;
    p->pages = other->pages;
    p->n_pages = other->n_pages;
}

static status load(struct pack *p, const struct pack_options *options, struct diags *diags)
{
    struct found f = {.arena = &p->arena, .stream = options->stream, .with_hosts = options->hosts};
    status result = gather(&f, options, diags);
    if (options->lists_of)
        share_lists(p, options->lists_of);
    else if (result == ST_OK)
        result = load_lists(p, &f, diags);
    replace_lists(p, options);
    if (result == ST_OK)
        result = load_dictionary(p, &f, diags);
    if (result == ST_OK)
        result = use_registry(p, options->registry, diags);
    p->n_sources = f.rules.n;
    p->sources = arena_array(&p->arena, struct yaml_source, f.rules.n);
    for (size_t i = 0; i < f.rules.n; i++)
        p->sources[i] = f.rules.items[i];
    keep_lists(p, &f);
    vec_fini(&f.rules);
    vec_fini(&f.lists);
    vec_fini(&f.pages);
    TRY(result);
    struct rule_options rule_options = {.placeholders = &p->placeholders, .dictionary = p->dictionary, .lint = options->lint};
    return ruleset_load(&p->rules, p->sources, p->n_sources, &rule_options, diags);
}

status pack_load(struct pack **out, const struct pack_options *options, struct diags *diags)
{
    struct pack *p = must_alloc(calloc(1, sizeof *p));
    arena_init(&p->arena, ARENA_UNLIMITED);
    status result = load(p, options, diags);
    *out = p;
    if (p->rules)
        return result;
    pack_free(p);
    *out = NULL;
    return result;
}

void pack_free(struct pack *p)
{
    if (!p)
        return;
    ruleset_free(p->rules);
    dictionary_free(p->dictionary);
    dictionary_free(p->hosts);
    arena_fini(&p->arena);
    free(p);
}
