// SPDX-License-Identifier: Apache-2.0
// From the paths a user gives to inputs: which files are logs, whose cluster they are, and in which order they were written.
#include "base/status.h"
#include "base/vec.h"
#include "os/os.h"
#include "source/block.h"
#include "source/name.h"
#include "source/seen.h"
#include "source/shape.h"
#include "source/stream.h"
#include "source/unwrap.h"

#include <stdlib.h>
#include <string.h>

enum { WALK_DEPTH = 32, WALK_ENTRIES = 100000 };

struct candidate {
    struct source_input input;
    bool hosts; // it holds records of processes, and no audit event was seen in it
};

struct expansion {
    struct source_list *list;
    struct str cluster; // the user's; ptr NULL: none
    struct diags *diags;
    struct source_unwrapper *unwrapper;
    struct source_block head; // memory for first bytes
    VEC(struct candidate) found;
    struct seen_files seen;
    status result;
};

// --- one file --------------------------------------------------------------------------------------------------------------------

static struct shape probe(struct expansion *x, struct stream *stream)
{
    struct source_block *head = &x->head;
    struct diags quiet; // damage is told when the file is read
    diags_init(&quiet);
    block_clear(head);
    size_t target = SHAPE_HEAD, got = 1;
    while (got && (head->len < target || (target < SHAPE_HEAD_MAX && !shape_enough(str_make(head->data, head->len))))) {
        if (head->len == target)
            target *= 2;
        block_reserve(head, target);
        if (stream_read(stream, head->data + head->len, target - head->len, &got, &quiet) != ST_OK)
            got = 0;
        head->len += got;
    }
    diags_fini(&quiet);
    return shape_detect(x->unwrapper, str_make(head->data, head->len), got == 0);
}

// Why this is not a log to be read, or NULL.
static const char *objection(const struct shape *shape, size_t len, bool named)
{
    if (shape->utf16)
        return "is UTF-16, which is not read: convert it to UTF-8";
    if (shape->binary)
        return "is not text";
    if (named)
        return NULL;
    if (len == 0)
        return "is empty";
    return shape->looked && !shape->known ? "begins with no audit event and no record of a process" : NULL;
}

static void refuse(struct expansion *x, struct str path, bool named, const char *why)
{
    const struct place place = {.file = path};
    if (!named) {
        diags_add(x->diags, name_parse(name_base(path)).no_log ? DIAG_NOTE : DIAG_WARNING, &place, "left out: %s", why);
        return;
    }
    diags_add(x->diags, DIAG_ERROR, &place, "%s", why);
    if (x->result == ST_OK)
        x->result = ST_INPUT;
}

static void add_file(struct expansion *x, struct str path, const struct os_stat *st, struct str cluster, bool named)
{
    if (st->kind == OS_FILE && seen_before(&x->seen, &x->list->arena, path, st, x->diags))
        return;
    struct candidate c = {.input = {.path = path, .cluster = x->cluster.ptr ? x->cluster : cluster, .first = TIME_NONE}};
    if (st->kind == OS_FILE) { // what is read from a pipe to look at it would be lost
        struct stream *stream;
        if (stream_open(&stream, path, false, x->diags) != ST_OK) { // told there; in a directory the others are read all the same
            x->result = named ? ST_IO : x->result;
            return;
        }
        const struct shape shape = probe(x, stream);
        stream_close(stream);
        const char *why = objection(&shape, x->head.len, named);
        if (why) {
            refuse(x, path, named, why);
            return;
        }
        c.input.first = shape.first;
        c.hosts = shape.hosts && !shape.events;
    }
    *vec_push(&x->found) = c;
}

// --- a directory -----------------------------------------------------------------------------------------------------------------

static bool may_be_log(struct expansion *x, const struct os_entry *e)
{
    if (e->stat.kind == OS_FILE && !name_parse(name_base(e->path)).no_log)
        return true;
    diags_add(x->diags, DIAG_NOTE, &(struct place){.file = e->path}, "left out: %s",
              e->stat.kind == OS_FILE ? "its name is not that of a log" : "not a file");
    return false;
}

// Whether the logs at the top of the directory are all parts of one rotated log, and there are no others.
static bool is_one_rotated_log(struct str directory, const struct os_entry *entries, size_t n)
{
    bool rotated = false;
    struct str stem = STR_NONE;
    for (size_t i = 0; i < n; i++) {
        const struct log_name name = name_parse(name_base(entries[i].path));
        if (entries[i].stat.kind != OS_FILE || name.no_log)
            continue;
        if (name_below(directory, entries[i].path).ptr || (stem.ptr && !str_eq(stem, name.stem)))
            return false;
        stem = name.stem;
        rotated = rotated || name.rotated;
    }
    return rotated;
}

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
    const bool one_log = is_one_rotated_log(directory, entries, n);
    const size_t before = x->found.n;
    for (size_t i = 0; i < n; i++) {
        if (!may_be_log(x, &entries[i]))
            continue;
        struct str cluster = name_below(directory, entries[i].path);
        const struct str stem = name_parse(name_base(entries[i].path)).stem;
        if (!cluster.ptr)
            cluster = one_log ? name : stem;
        if (name_is_common(cluster))
            cluster = name;
        add_file(x, entries[i].path, &entries[i].stat, cluster, false);
    }
    if (x->found.n == before)
        refuse(x, directory, true, "holds no audit log");
}

// --- all paths -------------------------------------------------------------------------------------------------------------------

static void add_path(struct expansion *x, struct str path)
{
    struct arena *a = &x->list->arena;
    if (str_eq(path, STR("-"))) {
        const struct source_input input = {
            .path = STR("-"), .cluster = x->cluster.ptr ? x->cluster : STR("stdin"), .first = TIME_NONE, .standard_input = true};
        *vec_push(&x->found) = (struct candidate){.input = input};
        return;
    }
    path = arena_str(a, path);
    struct os_stat st;
    const int error = os_stat(path, &st);
    if (error < 0) {
        diags_add(x->diags, DIAG_ERROR, &(struct place){.file = path}, "cannot be opened: %s", os_reason(error));
        x->result = ST_IO;
    } else if (st.kind == OS_DIRECTORY) {
        add_directory(x, path);
    } else {
        const struct log_name name = name_parse(name_base(path));
        struct str cluster = name.stem;
        if (name_is_common(cluster))
            cluster = name_of_directory(name_parent(os_real_path(a, path)), name.stem.len ? name.stem : STR("cluster"));
        add_file(x, path, &st, cluster, true);
    }
}

static bool has_log(const struct expansion *x, struct str cluster)
{
    for (size_t i = 0; i < x->found.n; i++)
        if (!x->found.items[i].hosts && str_eq(x->found.items[i].input.cluster, cluster))
            return true;
    return false;
}

// The one cluster that there are audit logs of; STR_NONE: none, or several.
static struct str only_cluster(const struct expansion *x)
{
    struct str only = STR_NONE;
    for (size_t i = 0; i < x->found.n; i++) {
        const struct candidate *c = &x->found.items[i];
        if (!c->hosts && only.ptr && !str_eq(only, c->input.cluster))
            return STR_NONE;
        only = c->hosts ? only : c->input.cluster;
    }
    return only;
}

// Files with nothing but records of processes are named after nodes and sensors. Of an only cluster they are that cluster's.
static void place_hosts(struct expansion *x)
{
    const struct str only = only_cluster(x);
    for (size_t i = 0; i < x->found.n; i++) {
        struct candidate *c = &x->found.items[i];
        if (!c->hosts || has_log(x, c->input.cluster))
            continue;
        if (only.ptr)
            c->input.cluster = only;
        else
            diags_add(x->diags, DIAG_NOTE, &(struct place){.file = c->input.path},
                      "its cluster, %.*s, has no audit log here; a folder for each cluster, or --cluster, says whose nodes these are",
                      STR_ARG(c->input.cluster));
    }
}

static int in_order(const void *va, const void *vb)
{
    const struct candidate *a = va, *b = vb;
    const int by_cluster = str_cmp(a->input.cluster, b->input.cluster);
    if (by_cluster)
        return by_cluster;
    if (a->input.first != b->input.first) { // what has no time comes last
        const uint64_t before = (uint64_t)TIME_NONE + 1;
        return (uint64_t)a->input.first - before < (uint64_t)b->input.first - before ? -1 : 1;
    }
    return str_cmp(a->input.path, b->input.path);
}

static void fill_list(struct expansion *x)
{
    struct source_list *l = x->list;
    if (x->found.n)
        qsort(x->found.items, x->found.n, sizeof *x->found.items, in_order);
    l->n = x->found.n;
    l->inputs = arena_array(&l->arena, struct source_input, l->n);
    const struct candidate *found = x->found.items;
    for (size_t i = 0; found && i < l->n; i++)
        l->inputs[i] = found[i].input;
}

status source_expand(struct source_list **out, const struct str *paths, size_t n, struct str cluster, struct diags *diags)
{
    struct source_list *l = must_alloc(calloc(1, sizeof *l));
    arena_init(&l->arena, ARENA_UNLIMITED);
    struct expansion x = {.list = l, .diags = diags, .unwrapper = source_unwrapper_new(SOURCE_LIMITS_DEFAULT)};
    x.cluster = arena_str(&l->arena, cluster);
    for (size_t i = 0; i < n; i++)
        add_path(&x, paths[i]);
    place_hosts(&x);
    fill_list(&x);
    source_unwrapper_free(x.unwrapper);
    source_block_fini(&x.head);
    vec_fini(&x.found);
    seen_fini(&x.seen);
    *out = l;
    if (x.result != ST_OK) {
        source_list_free(l);
        *out = NULL;
    }
    return x.result;
}

void source_list_free(struct source_list *l)
{
    if (!l)
        return;
    arena_fini(&l->arena);
    free(l);
}
