// SPDX-License-Identifier: Apache-2.0
// From the paths a user gives to files of objects, and whose cluster they are.
#include "base/status.h"
#include "base/vec.h"
#include "os/os.h"
#include "source/name.h"
#include "source/objects.h"
#include "source/seen.h"
#include "source/stream.h"

#include <stdlib.h>
#include <string.h>

enum { WALK_DEPTH = 32, WALK_ENTRIES = 100000, HEAD = 16 << 10 };

struct expansion {
    struct objects_list *list;
    struct str cluster; // the user's; ptr NULL: none
    struct diags *diags;
    VEC(struct objects_input) found;
    struct seen_files seen;
    status result;
};

// --- names -----------------------------------------------------------------------------------------------------------------------

static const struct str compressions[] = {STR(".gz"), STR(".zst"), STR(".zstd"), STR(".xz"), STR(".bz2"), STR(".lz4")};
static const struct str formats[] = {STR(".yaml"), STR(".yml"), STR(".json"), STR(".jsonl"), STR(".ndjson")};

static bool strip(struct str *name, const struct str *suffixes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (name->len > suffixes[i].len && str_ends_ci(*name, suffixes[i])) {
            name->len -= suffixes[i].len;
            return true;
        }
    }
    return false;
}

// The name without its endings. *known: they are those of objects.
static struct str stem_of(struct str path, bool *known)
{
    struct str name = name_base(path);
    (void)strip(&name, compressions, sizeof compressions / sizeof *compressions);
    *known = strip(&name, formats, sizeof formats / sizeof *formats) && name.ptr[0] != '.';
    return name;
}

// --- files -----------------------------------------------------------------------------------------------------------------------

// Whether the first bytes are those of a list: what kubectl get prints of more than one object.
static bool begins_list(struct str head)
{
    static const struct str signs[] = {STR("\nitems:"), STR("\"items\""), STR("List\"")};
    const size_t document = str_find(head, STR("\n---"), 1);
    head = str_slice(head, 0, document == SIZE_MAX ? head.len : document);
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (str_find(head, signs[i], 0) != SIZE_MAX)
            return true;
    }
    return false;
}

static bool is_dump(struct expansion *x, struct str path)
{
    char head[HEAD];
    size_t len = 0, got = 1;
    struct stream *stream;
    struct diags quiet; // damage is told when the file is read
    bool is_list = false;
    diags_init(&quiet);
    if (stream_open(&stream, path, false, &quiet) == ST_OK) {
        while (len < sizeof head && got) {
            if (stream_read(stream, head + len, sizeof head - len, &got, &quiet) != ST_OK)
                break;
            len += got;
        }
        stream_close(stream);
        is_list = begins_list(str_make(head, len));
    } else {
        diags_append(x->diags, &quiet);
        x->result = ST_IO;
    }
    diags_fini(&quiet);
    return is_list;
}

static void add(struct expansion *x, struct str path, struct str cluster)
{
    *vec_push(&x->found) = (struct objects_input){.path = path, .cluster = x->cluster.ptr ? x->cluster : cluster};
}

static void add_named(struct expansion *x, struct str path, const struct os_stat *st)
{
    bool known;
    if (st->kind == OS_FILE && seen_before(&x->seen, &x->list->arena, path, st, x->diags))
        return;
    const bool dump = st->kind == OS_FILE && is_dump(x, path);
    add(x, path, dump ? stem_of(path, &known) : STR("manifests"));
}

// --- directories -----------------------------------------------------------------------------------------------------------------

static void add_directory(struct expansion *x, struct str directory)
{
    struct arena *a = &x->list->arena;
    struct os_entry *entries;
    size_t n;
    if (os_walk(a, directory, (struct os_walk_limits){WALK_DEPTH, WALK_ENTRIES}, &entries, &n, x->diags) != ST_OK) {
        x->result = ST_IO;
        return;
    }
    const struct str name = name_of_directory(os_real_path(a, directory), name_base(directory));
    const size_t before = x->found.n;
    for (size_t i = 0; i < n; i++) {
        const struct os_entry *e = &entries[i];
        bool known;
        (void)stem_of(e->path, &known);
        if (!known || e->stat.kind != OS_FILE) {
            diags_add(x->diags, DIAG_NOTE, &(struct place){.file = e->path}, "left out: %s",
                      known ? "not a file" : "its name is not that of YAML or JSON");
            continue;
        }
        const struct str cluster = name_below(directory, e->path);
        if (!seen_before(&x->seen, &x->list->arena, e->path, &e->stat, x->diags))
            add(x, e->path, cluster.ptr ? cluster : name);
    }
    if (x->found.n > before)
        return;
    diags_add(x->diags, DIAG_ERROR, &(struct place){.file = directory}, "holds no YAML or JSON");
    x->result = x->result == ST_OK ? ST_INPUT : x->result;
}

// --- all paths -------------------------------------------------------------------------------------------------------------------

static void add_path(struct expansion *x, struct str path)
{
    if (str_eq(path, STR("-"))) {
        add(x, STR("-"), STR("stdin"));
        x->found.items[x->found.n - 1].standard_input = true;
        return;
    }
    path = arena_str(&x->list->arena, path);
    struct os_stat st;
    const int error = os_stat(path, &st);
    if (error < 0) {
        diags_add(x->diags, DIAG_ERROR, &(struct place){.file = path}, "cannot be opened: %s", os_reason(error));
        x->result = ST_IO;
    } else if (st.kind == OS_DIRECTORY) {
        add_directory(x, path);
    } else {
        add_named(x, path, &st);
    }
}

static int in_order(const void *va, const void *vb)
{
    const struct objects_input *a = va, *b = vb;
    const int by_cluster = str_cmp(a->cluster, b->cluster);
    return by_cluster ? by_cluster : str_cmp(a->path, b->path);
}

status objects_expand(struct objects_list **out, const struct str *paths, size_t n, struct str cluster, struct diags *diags)
{
    struct objects_list *l = must_alloc(calloc(1, sizeof *l));
    arena_init(&l->arena, ARENA_UNLIMITED);
    struct expansion x = {.list = l, .diags = diags};
    x.cluster = arena_str(&l->arena, cluster);
    for (size_t i = 0; i < n; i++)
        add_path(&x, paths[i]);
    if (x.found.n)
        qsort(x.found.items, x.found.n, sizeof *x.found.items, in_order);
    l->n = x.found.n;
    l->inputs = arena_array(&l->arena, struct objects_input, l->n);
    if (x.found.items)
        memcpy(l->inputs, x.found.items, l->n * sizeof *l->inputs);
    vec_fini(&x.found);
    seen_fini(&x.seen);
    *out = l;
    if (x.result != ST_OK) {
        objects_list_free(l);
        *out = NULL;
    }
    return x.result;
}

void objects_list_free(struct objects_list *l)
{
    if (!l)
        return;
    arena_fini(&l->arena);
    free(l);
}
