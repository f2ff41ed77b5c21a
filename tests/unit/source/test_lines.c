// SPDX-License-Identifier: Apache-2.0
// Does every line come out once, whole and with its number, whatever the block size and the way the bytes arrive?
#include "reading.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/stat.h>

static struct source_limits blocks_of(size_t block, size_t record)
{
    return (struct source_limits){.record = record, .block = block};
}

static void lines_of_every_length_survive_every_block_size(void **state)
{
    struct fixture *f = *state;
    struct buf *text = text_of(f);
    enum { LINES = 300 };
    for (unsigned i = 0; i < LINES; i++)
        buf_addf(text, "{\"n\":%u,\"pad\":\"%0*u\"}\n", i, (int)(i * 7 % 400), i);
    for (size_t block = 1; block < 40000; block = block * 3 + 5) {
        read_text_with(f, "a.log", buf_str(text), blocks_of(block, 1000));
        assert_int_equal(f->n, LINES);
        for (unsigned i = 0; i < LINES; i++) {
            assert_true(str_starts(f->records[i].text, arena_printf(&f->arena, "{\"n\":%u,", i)));
            assert_true(str_ends(f->records[i].text, STR("\"}")));
            assert_int_equal(f->records[i].line, i + 1);
        }
        assert_int_equal(f->counters.bytes, text->len);
        assert_int_equal(f->counters.read_bytes, text->len);
        assert_int_equal(f->counters.total_bytes, text->len);
        assert_int_equal(f->diags.n, 0);
    }
}

static void ends_of_lines_are_as_people_write_them(void **state)
{
    struct fixture *f = *state;
    read_text(f, "a.log", STR("\xef\xbb\xbf" EVENT("1") "\r\n\n" EVENT("2"))); // a mark, CR LF, an empty line, no newline at the end
    assert_int_equal(f->n, 3);
    assert_record(f, 0, STR(EVENT("1") "\r"));
    assert_record(f, 1, STR(""));
    assert_record(f, 2, STR(EVENT("2")));
    assert_int_equal(f->records[2].line, 3);
    read_text(f, "a.log", STR("{}\n"));
    assert_int_equal(f->n, 1);
    read_text(f, "a.log", STR("\n\n"));
    assert_int_equal(f->n, 2);
    read_text(f, "a.log", STR(""));
    assert_int_equal(f->n, 0);
    assert_int_equal(f->diags.n, 0);
}

static void lines_beyond_the_limit_are_counted_and_left_out(void **state)
{
    struct fixture *f = *state;
    struct buf *text = text_of(f);
    for (int len = 90; len <= 110; len++)
        buf_addf(text, "%0*d\n", len, 7);
    buf_addf(text, "%05000d\nlast\n%0101d", 7, 8);
    for (size_t block = 1; block < 10000; block = block * 2 + 1) {
        read_text_with(f, "a.log", buf_str(text), blocks_of(block, 100));
        assert_int_equal(f->counters.oversized_records, 12);
        assert_int_equal(f->diags.warnings, 12);
        assert_int_equal(f->n, 12);
        for (size_t i = 0; i < 11; i++) {
            assert_int_equal(f->records[i].text.len, 90 + i);
            assert_int_equal(f->records[i].line, i + 1);
        }
        assert_record(f, 11, STR("last"));
        assert_int_equal(f->records[11].line, 23);
    }
    assert_true(told(f, "the record at byte 1056 is longer than 100 bytes"));
}

static void a_huge_line_does_not_stay_in_memory(void **state)
{
    struct fixture *f = *state;
    enum { HUGE_LINE = 100 << 20 };
    FILE *file = fopen(below(f, "a.log").ptr, "w");
    assert_non_null(file);
    char *piece = malloc(1 << 20);
    assert_non_null(piece);
    memset(piece, 'x', 1 << 20);
    fputs("{}\n", file);
    for (unsigned i = 0; i < HUGE_LINE >> 20; i++)
        fwrite(piece, 1, 1 << 20, file);
    fputs("\n{}\n", file);
    fclose(file);
    free(piece);
    assert_int_equal(expand(f, NULL, (const char *[]){"a.log", NULL}), ST_OK);
    struct source_reader *r;
    struct source_block block = {0};
    bool end = false;
    uint64_t lines = 0;
    assert_int_equal(source_reader_new(&r, f->list, SOURCE_LIMITS_DEFAULT), ST_OK);
    while (source_next(r, &block, &end, &f->diags) == ST_OK && !end) {
        lines += source_count_newlines(str_make(block.data, block.len));
        assert_true(block.cap < 8 << 20);
    }
    assert_int_equal(lines, 2);
    assert_int_equal(source_counters(r).oversized_records, 1);
    source_reader_free(r);
    source_block_fini(&block);
    read_all(f, blocks_of(1 << 20, 128 << 20)); // with a limit that lets it pass
    assert_int_equal(f->n, 3);
    assert_int_equal(f->records[1].text.len, HUGE_LINE);
}

struct writer {
    struct str path;
    sem_t go_on;
};

// Writes two lines and a part of one, and the rest only when told to.
static void *write_in_two_parts(void *context)
{
    struct writer *w = context;
    FILE *file = fopen(w->path.ptr, "w");
    if (!file)
        return NULL;
    fputs("{\"n\":0}\n{\"n\":1}\n{\"n\"", file);
    fflush(file);
    sem_wait(&w->go_on);
    fputs(":2}\n{\"n\":3}", file);
    fclose(file);
    return NULL;
}

static void a_pipe_gives_its_lines_as_they_come(void **state)
{
    struct fixture *f = *state;
    struct writer w = {.path = below(f, "pipe")};
    assert_int_equal(mkfifo(w.path.ptr, 0600), 0);
    assert_int_equal(sem_init(&w.go_on, 0, 0), 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_in_two_parts, &w), 0);
    assert_int_equal(expand(f, "c", (const char *[]){"pipe", NULL}), ST_OK);
    struct source_reader *r;
    struct source_block block = {0};
    struct source_lines lines = {0};
    bool end;
    assert_int_equal(source_reader_new(&r, f->list, SOURCE_LIMITS_DEFAULT), ST_OK);
    assert_int_equal(source_next(r, &block, &end, &f->diags), ST_OK); // waiting for more would be for ever
    assert_true(str_eq(str_make(block.data, block.len), STR("{\"n\":0}\n{\"n\":1}\n")));
    assert_int_equal(source_lines_add(&lines, &block, 2), 1);
    sem_post(&w.go_on);
    struct buf *rest = text_of(f);
    while (source_next(r, &block, &end, &f->diags) == ST_OK && !end) {
        assert_int_equal(source_lines_add(&lines, &block, source_count_newlines(str_make(block.data, block.len))), rest->len ? 4 : 3);
        buf_add(rest, str_make(block.data, block.len));
    }
    assert_true(str_eq(buf_str(rest), STR("{\"n\":2}\n{\"n\":3}")));
    assert_int_equal(source_counters(r).total_bytes, 0);
    pthread_join(thread, NULL);
    sem_destroy(&w.go_on);
    source_block_fini(&block);
    source_reader_free(r);
}

static void the_standard_input_is_an_input(void **state)
{
    struct fixture *f = *state;
    put(f, "a.log", STR(EVENT("1") "\n"));
    assert_non_null(freopen(below(f, "a.log").ptr, "r", stdin));
    assert_int_equal(expand(f, NULL, (const char *[]){"-", NULL}), ST_OK);
    assert_true(str_eq(f->list->inputs[0].cluster, STR("stdin")));
    read_all(f, SOURCE_LIMITS_DEFAULT);
    assert_record(f, 0, STR(EVENT("1")));
}

static void newlines_are_counted_right(void **state)
{
    (void)state;
    char text[1000];
    memset(text, '\n', sizeof text);
    for (size_t len = 0; len < sizeof text; len++)
        assert_int_equal(source_count_newlines(str_make(text, len)), len);
    memset(text, 'x', sizeof text);
    text[0] = text[127] = text[128] = text[999] = '\n';
    assert_int_equal(source_count_newlines(str_make(text, sizeof text)), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_of_every_length_survive_every_block_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ends_of_lines_are_as_people_write_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_beyond_the_limit_are_counted_and_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_huge_line_does_not_stay_in_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pipe_gives_its_lines_as_they_come, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_standard_input_is_an_input, set_up, tear_down),
        cmocka_unit_test(newlines_are_counted_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
