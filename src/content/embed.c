// SPDX-License-Identifier: Apache-2.0
// A program of the build: writes the content files below a folder, and what is read of them, as a C table, and a dependency file that
// also names the folders, so that a new file is noticed.
//
//   embed FOLDER OUT.c OUT.d
#include "codec/yaml/yaml.h"

#include <errno.h>
#include <fts.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX = 16 << 20 };

static _Noreturn void die(const char *what)
{
    fprintf(stderr, "embed: %s: %s\n", what, strerror(errno));
    exit(1);
}

static FILE *open_file(const char *path, const char *mode)
{
    FILE *file = fopen(path, mode);
    if (!file)
        die(path);
    return file;
}

static bool ends(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);
    return n >= m && memcmp(s + n - m, end, m) == 0;
}

static bool is_content(const char *name)
{
    return name[0] != '.' && ends(name, ".yml");
}

static struct str read_file(struct arena *a, const char *path)
{
    FILE *in = open_file(path, "rb");
    struct buf text;
    buf_init(&text, FILE_MAX);
    for (int c; (c = getc(in)) != EOF;)
        buf_add_char(&text, (char)c);
    if (ferror(in) || text.full)
        die(path);
    fclose(in);
    struct str kept = arena_str(a, buf_str(&text));
    buf_fini(&text);
    return kept;
}

// What yaml_read will then give without reading. What is no YAML ends the build.
static void pack_file(struct arena *a, struct yaml_source source, struct buf *packed)
{
    struct yaml_value **documents;
    struct diags diags;
    struct buf said;
    size_t n;
    diags_init(&diags);
    if (yaml_read(a, source, YAML_LIMITS_DEFAULT, &documents, &n, &diags) != ST_OK) {
        buf_init(&said, FILE_MAX);
        for (size_t i = 0; i < diags.n; i++)
            diag_write(&said, &diags.items[i]);
        fprintf(stderr, "%.*s", STR_ARG(buf_str(&said)));
        exit(1);
    }
    yaml_pack(source, documents, n, packed);
    diags_fini(&diags);
}

// Bytes as string literals, one source line a text line.
static void write_literals(FILE *out, struct str text)
{
    bool open = false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (!open)
            fputs("    \"", out);
        open = c != '\n';
        if (c == '\n')
            fputs("\\n\"\n", out);
        else if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < ' ' || c > '~' || c == '?') // three octal digits never run into what follows; '?' for trigraphs
            fprintf(out, "\\%03o", c);
        else
            putc(c, out);
    }
    fputs(open ? "\"\n" : "    \"\"\n", out);
}

static void write_file(FILE *out, const char *path, const char *name)
{
    struct arena a;
    struct buf packed;
    arena_init(&a, ARENA_UNLIMITED);
    buf_init(&packed, FILE_MAX);
    struct yaml_source source = {.name = str_from_c(path), .text = read_file(&a, path)};
    pack_file(&a, source, &packed);
    fprintf(out, "{ {\"%s\", %zu}, {\n", name, strlen(name));
    write_literals(out, source.text);
    fprintf(out, "    , %zu}, {\n", source.text.len);
    write_literals(out, buf_str(&packed));
    fprintf(out, "    , %zu} },\n", packed.len);
    buf_fini(&packed);
    arena_fini(&a);
}

// What order content_files promises: by whole paths, a folder's '/' counting as a byte like any other.
static int by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct paths {
    char **items;
    size_t n;
};

static void keep(struct paths *paths, const char *path)
{
    paths->items = realloc(paths->items, (paths->n + 1) * sizeof *paths->items);
    char *copy = strdup(path);
    if (!paths->items || !copy)
        die("memory");
    paths->items[paths->n++] = copy;
}

// Content files are kept; they and all folders go into the dependency file.
static struct paths walk(char *folder, FILE *depends)
{
    struct paths paths = {0};
    char *roots[] = {folder, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
    if (!tree)
        die(folder);
    for (FTSENT *entry; (entry = fts_read(tree));) {
        bool content = entry->fts_info == FTS_F && is_content(entry->fts_name);
        if (content)
            keep(&paths, entry->fts_path);
        if (content || entry->fts_info == FTS_D)
            fprintf(depends, " %s", entry->fts_path);
        if (entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR || entry->fts_info == FTS_DNR) {
            errno = entry->fts_errno;
            die(entry->fts_path);
        }
    }
    fts_close(tree);
    if (paths.n)
        qsort(paths.items, paths.n, sizeof *paths.items, by_path);
    return paths;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: embed FOLDER OUT.c OUT.d\n");
        return 2;
    }
    FILE *out = open_file(argv[2], "wb"), *depends = open_file(argv[3], "wb");
    fprintf(depends, "%s:", argv[2]);
    struct paths paths = walk(argv[1], depends);
    fputs("// Written by embed.c from rules/.\n#include \"content/table.h\"\n\nconst struct content_file content_table[] = {\n", out);
    for (size_t i = 0; i < paths.n; i++) {
        write_file(out, paths.items[i], paths.items[i] + strlen(argv[1]) + 1);
        free(paths.items[i]);
    }
    free(paths.items);
    fprintf(out, "{ {NULL, 0}, {NULL, 0}, {NULL, 0} },\n};\nconst size_t content_table_n = %zu;\n", paths.n);
    putc('\n', depends);
    if (fclose(out) || fclose(depends))
        die(argv[2]);
    return 0;
}
