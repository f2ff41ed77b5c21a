// SPDX-License-Identifier: Apache-2.0
// Walking a directory: sorted, bounded, and safe against links that lead in circles.
#include "os/os.h"

#include "base/map.h"
#include "base/vec.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct walk {
    struct arena *arena;
    struct os_walk_limits limits;
    struct diags *diags;
    VEC(struct os_entry) entries;
    struct map entered; // directories by device and inode, so that none is entered twice
    bool too_many;
};

typedef VEC(struct str) names;

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void complain(struct walk *w, struct str path, const char *what, int error)
{
    diags_add(w->diags, DIAG_WARNING, &(struct place){.file = path}, "%s: %s", what, os_reason(error));
}

// The names in a directory, sorted; 0 or a negative errno.
static int list_names(struct walk *w, struct str directory, names *out)
{
    DIR *dir = opendir(arena_str(w->arena, directory).ptr);
    if (!dir)
        return -errno;
    const size_t most = w->limits.entries + 1; // one more is enough to know that there are too many
    struct dirent *entry;
    while ((errno = 0, entry = readdir(dir))) {
        struct str name = str_from_c(entry->d_name);
        if (str_eq(name, STR(".")) || str_eq(name, STR("..")))
            continue;
        if (out->n == most) {
            w->too_many = true;
            break;
        }
        *vec_push(out) = arena_str(w->arena, name);
    }
    int error = errno;
    closedir(dir);
    if (out->n)
        qsort(out->items, out->n, sizeof *out->items, by_name);
    return -error;
}

static bool enter_once(struct walk *w, const struct os_stat *st)
{
    if (w->entered.n > w->limits.entries) {
        w->too_many = true;
        return false;
    }
    const uint64_t which[2] = {(uint64_t)st->device, (uint64_t)st->inode};
    bool added;
    (void)*map_put(&w->entered, arena_str(w->arena, str_make((const char *)which, sizeof which)), &added);
    return added;
}

static int walk_directory(struct walk *w, struct str directory, unsigned depth);

static void walk_entry(struct walk *w, struct str path, unsigned depth)
{
    struct os_stat st;
    int error = os_stat(path, &st);
    if (error < 0) {
        complain(w, path, "left out", error);
    } else if (st.kind == OS_DIRECTORY) {
        if (depth == w->limits.depth) {
            diags_add(w->diags, DIAG_WARNING, &(struct place){.file = path}, "left out: more than %u directories deep", w->limits.depth);
        } else if (enter_once(w, &st)) {
            error = walk_directory(w, path, depth + 1);
            if (error < 0)
                complain(w, path, "left out", error);
        }
    } else if (w->entries.n == w->limits.entries) {
        w->too_many = true;
    } else {
        *vec_push(&w->entries) = (struct os_entry){.path = path, .stat = st};
    }
}

static int walk_directory(struct walk *w, struct str directory, unsigned depth)
{
    names found = {0};
    int error = list_names(w, directory, &found);
    const char *slash = directory.len && directory.ptr[directory.len - 1] == '/' ? "" : "/";
    for (size_t i = 0; i < found.n; i++)
        walk_entry(w, arena_printf(w->arena, "%.*s%s%.*s", STR_ARG(directory), slash, STR_ARG(found.items[i])), depth);
    vec_fini(&found);
    return error;
}

status os_walk(struct arena *a, struct str directory, struct os_walk_limits limits, struct os_entry **out, size_t *out_n,
               struct diags *diags)
{
    struct walk w = {.arena = a, .limits = limits, .diags = diags};
    struct os_stat st;
    int error = os_stat(directory, &st);
    if (error == 0 && enter_once(&w, &st))
        error = walk_directory(&w, directory, 0);
    if (w.too_many)
        diags_add(diags, DIAG_WARNING, &(struct place){.file = directory}, "holds more than %zu files: the rest is left out",
                  limits.entries);
    *out_n = w.entries.n;
    *out = arena_array(a, struct os_entry, w.entries.n);
    if (w.entries.n)
        memcpy(*out, w.entries.items, w.entries.n * sizeof **out);
    vec_fini(&w.entries);
    map_fini(&w.entered);
    if (error < 0) {
        diags_add(diags, DIAG_ERROR, &(struct place){.file = directory}, "cannot be read: %s", os_reason(error));
        return ST_IO;
    }
    return ST_OK;
}
