// SPDX-License-Identifier: Apache-2.0
#include "reading.h"

#include <stdio.h>
#include <sys/stat.h>

int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    char name[] = "/tmp/davy-source-XXXXXX";
    if (!f || !mkdtemp(name)) {
        free(f);
        return -1;
    }
    arena_init(&f->arena, ARENA_UNLIMITED);
    diags_init(&f->diags);
    buf_init(&f->text, 256 << 20);
    f->directory = arena_str(&f->arena, str_from_c(name));
    *state = f;
    return 0;
}

int tear_down(void **state)
{
    struct fixture *f = *state;
    int result = system(arena_printf(&f->arena, "rm -rf '%.*s'", STR_ARG(f->directory)).ptr);
    source_list_free(f->list);
    diags_fini(&f->diags);
    arena_fini(&f->arena);
    buf_fini(&f->text);
    free(f->records);
    free(f);
    return result;
}

struct str below(struct fixture *f, const char *name)
{
    if (name[0] == 0 || name[0] == '-')
        return name[0] ? str_from_c(name) : f->directory;
    return arena_printf(&f->arena, "%.*s/%s", STR_ARG(f->directory), name);
}

struct buf *text_of(struct fixture *f)
{
    buf_clear(&f->text);
    return &f->text;
}

void put(struct fixture *f, const char *name, struct str text)
{
    FILE *file = fopen(below(f, name).ptr, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    fclose(file);
}

void make_directory(struct fixture *f, const char *name)
{
    assert_int_equal(mkdir(below(f, name).ptr, 0700), 0);
}

status expand(struct fixture *f, const char *cluster, const char *const *names)
{
    struct str paths[16];
    size_t n = 0;
    for (; names[n]; n++)
        paths[n] = below(f, names[n]);
    source_list_free(f->list);
    f->list = NULL;
    return source_expand(&f->list, paths, n, str_from_c(cluster), &f->diags);
}

static void keep(struct fixture *f, const struct source_block *b, struct str text, uint64_t line, uint32_t item)
{
    if (f->n == f->cap) {
        f->cap = f->cap ? f->cap * 2 : 64;
        f->records = realloc(f->records, f->cap * sizeof *f->records);
        assert_non_null(f->records);
    }
    f->records[f->n++] = (struct record){arena_str(&f->arena, text), line, item, b->input};
}

static void keep_block(struct fixture *f, const struct source_block *b, struct source_lines *lines)
{
    assert_true(b->cap >= b->len + JSON_PADDING);
    if (b->shape == SHAPE_SPANS) {
        for (size_t i = 0; i < b->n_spans; i++) {
            assert_true(b->spans[i].offset + b->spans[i].len <= b->len);
            keep(f, b, str_make(b->data + b->spans[i].offset, b->spans[i].len), b->spans[i].line, b->spans[i].item);
        }
        return;
    }
    uint64_t line = source_lines_add(lines, b, source_count_newlines(str_make(b->data, b->len)));
    struct str rest = str_make(b->data, b->len);
    while (rest.ptr && rest.len)
        keep(f, b, str_split(&rest, '\n'), line++, 0);
}

void read_all(struct fixture *f, struct source_limits limits)
{
    struct source_reader *r;
    struct source_block block = {0};
    struct source_lines lines = {0};
    bool end = false;
    f->n = f->blocks = 0;
    assert_int_equal(source_reader_new(&r, f->list, limits), ST_OK);
    for (;;) {
        assert_int_equal(source_next(r, &block, &end, &f->diags), ST_OK);
        if (end)
            break;
        assert_int_equal(block.sequence, f->blocks);
        f->blocks++;
        keep_block(f, &block, &lines);
    }
    assert_int_equal(source_next(r, &block, &end, &f->diags), ST_OK);
    assert_true(end); // and stays it
    f->counters = source_counters(r);
    source_block_fini(&block);
    source_reader_free(r);
}

void forget(struct fixture *f)
{
    f->n = f->blocks = 0;
    diags_fini(&f->diags);
    diags_init(&f->diags);
}

void read_text_with(struct fixture *f, const char *name, struct str text, struct source_limits limits)
{
    forget(f);
    put(f, name, text);
    assert_int_equal(expand(f, NULL, (const char *[]){name, NULL}), ST_OK);
    read_all(f, limits);
}

void read_text(struct fixture *f, const char *name, struct str text)
{
    read_text_with(f, name, text, SOURCE_LIMITS_DEFAULT);
}

bool told(const struct fixture *f, const char *what)
{
    for (size_t i = 0; i < f->diags.n; i++) {
        if (str_find(f->diags.items[i].text, str_from_c(what), 0) != SIZE_MAX)
            return true;
    }
    return false;
}
