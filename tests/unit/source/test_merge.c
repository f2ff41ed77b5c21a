// SPDX-License-Identifier: Apache-2.0
// Are files of one cluster that overlap in time read in the order of time, and only then side by side?
#include "reading.h"

#include <stdio.h>
#include <zlib.h>

// Small blocks of large records: two in a block, but for the first ones, which hold what was looked at to tell the shape.
#define BLOCKS ((struct source_limits){.record = 1 << 20, .block = 8192})
enum { FIRST_BLOCK = 22 };

static void add_event(struct buf *out, unsigned second)
{
    buf_addf(
        out,
        "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"%u\",\"stage\":\"ResponseComplete\",\"requestURI\":\"/api\","
        "\"verb\":\"get\",\"stageTimestamp\":\"2026-11-22T%02u:%02u:%02u.000000Z\",\"pad\":\"%03000u\"}\n",
        second, second / 3600, second / 60 % 60, second % 60, second);
}

// A file of events from `first` to `last`, every `step` seconds.
static void put_events(struct fixture *f, const char *name, unsigned first, unsigned last, unsigned step)
{
    struct buf *text = text_of(f);
    for (unsigned second = first; second <= last; second += step)
        add_event(text, second);
    put(f, name, buf_str(text));
}

static unsigned second_of(const struct record *r)
{
    size_t at = str_find(r->text, STR("\"auditID\":\""), 0);
    assert_true(at != SIZE_MAX);
    return (unsigned)strtoul(r->text.ptr + at + sizeof "\"auditID\":\"" - 1, NULL, 10);
}

// How far records stand behind one that is later, in seconds.
static unsigned disorder(const struct fixture *f)
{
    unsigned latest = 0, most = 0;
    for (size_t i = 0; i < f->n; i++) {
        unsigned second = second_of(&f->records[i]);
        most = latest > second && latest - second > most ? latest - second : most;
        latest = second > latest ? second : latest;
    }
    return most;
}

static unsigned changes_of_input(const struct fixture *f)
{
    unsigned n = 0;
    for (size_t i = 1; i < f->n; i++)
        n += f->records[i].input != f->records[i - 1].input;
    return n;
}

static void read_merged(struct fixture *f)
{
    forget(f);
    assert_int_equal(expand(f, "c", (const char *[]){"", NULL}), ST_OK);
    read_all(f, BLOCKS);
    assert_int_equal(f->counters.read_bytes, f->counters.total_bytes);
}

// Line n of a file is its n-th event: every record says so by itself.
static void assert_lines(const struct fixture *f, uint32_t input, unsigned first, unsigned step, size_t n)
{
    size_t seen = 0;
    for (size_t i = 0; i < f->n; i++)
        if (f->records[i].input == input)
            assert_int_equal(second_of(&f->records[i]), first + step * (f->records[i].line - 1));
    for (size_t i = 0; i < f->n; i++)
        seen += f->records[i].input == input;
    assert_int_equal(seen, n);
}

static void overlapping_files_come_in_the_order_of_time(void **state)
{
    struct fixture *f = *state;
    put_events(f, "audit-b.log", 1, 599, 2);
    put_events(f, "audit-a.log", 0, 598, 2);
    put_events(f, "audit-c.log", 250, 260, 1);
    read_merged(f);
    assert_int_equal(f->n, 611);
    assert_true(disorder(f) <= 2 * FIRST_BLOCK);
    assert_true(changes_of_input(f) > 100);
    assert_lines(f, 0, 0, 2, 300);
    assert_lines(f, 1, 1, 2, 300);
    assert_lines(f, 2, 250, 1, 11);
    assert_int_equal(f->diags.n, 0);
}

static void rotated_files_are_read_one_at_a_time(void **state)
{
    struct fixture *f = *state;
    char name[32];
    for (unsigned i = 0; i < 50; i++) { // more than lanes
        (void)snprintf(name, sizeof name, "audit.log.%u", 50 - i);
        put_events(f, name, i * 100, i * 100 + 99, 1);
    }
    read_merged(f);
    assert_int_equal(f->n, 5000);
    assert_int_equal(disorder(f), 0);
    assert_int_equal(changes_of_input(f), 49);
    assert_int_equal(f->counters.late_inputs, 0);
}

static void a_quiet_file_does_not_hold_up_a_busy_one(void **state)
{
    struct fixture *f = *state;
    put_events(f, "audit-busy.log", 0, 3000, 1);
    put_events(f, "audit-quiet.log", 10, 3000, 1000); // one block
    read_merged(f);
    assert_int_equal(f->n, 3001 + 3);
    assert_lines(f, 0, 0, 1, 3001);
    assert_true(disorder(f) > 1000); // whoever needs order waits for block.begins
}

static void what_was_compressed_or_listed_is_merged_as_well(void **state)
{
    struct fixture *f = *state;
    struct buf *text = text_of(f);
    put_events(f, "audit-a.log", 0, 598, 2);
    gzFile out = gzopen(below(f, "audit-b.log.gz").ptr, "w");
    buf_clear(text);
    for (unsigned second = 1; second < 600; second += 4)
        add_event(text, second);
    assert_int_equal(gzwrite(out, text->ptr, (unsigned)text->len), text->len);
    gzclose(out);
    buf_clear(text);
    buf_add(text, STR("{\"kind\":\"EventList\",\"items\":["));
    for (unsigned second = 3; second < 600; second += 4) {
        add_event(text, second);
        buf_add(text, second + 4 < 600 ? STR(",") : STR("]}"));
    }
    put(f, "audit-c.log", buf_str(text));
    read_merged(f);
    assert_int_equal(f->n, 600);
    assert_true(disorder(f) <= 4 * FIRST_BLOCK);
}

static void beyond_so_many_it_is_said_and_nothing_is_lost(void **state)
{
    struct fixture *f = *state;
    char name[32];
    for (unsigned i = 0; i < SOURCE_LANES_MAX + 3; i++) {
        (void)snprintf(name, sizeof name, "audit-%u.log", i);
        put_events(f, name, i, i + 1000, 25);
    }
    read_merged(f);
    assert_int_equal(f->n, (SOURCE_LANES_MAX + 3) * 41);
    assert_int_equal(f->counters.late_inputs, 3);
    assert_true(told(f, "its first records come late"));
}

static void a_clock_that_is_set_back_does_not_end_the_merge(void **state)
{
    struct fixture *f = *state;
    struct buf *text = text_of(f);
    put_events(f, "audit-a.log", 7200, 7800, 2);
    buf_clear(text);
    for (unsigned second = 7201; second < 7500; second += 2)
        add_event(text, second);
    for (unsigned second = 3901; second < 4200; second += 2) // an hour behind
        add_event(text, second);
    put(f, "audit-b.log", buf_str(text));
    read_merged(f);
    assert_int_equal(f->n, 301 + 300);
    for (size_t i = 1; i < f->n; i++) { // side by side to the end
        unsigned second = second_of(&f->records[i]), before = second_of(&f->records[i - 1]);
        second += second < 7200 ? 3600 : 0;
        before += before < 7200 ? 3600 : 0;
        assert_true(second + 2 * FIRST_BLOCK >= before && before + 2 * FIRST_BLOCK >= second);
    }
}

static void clusters_and_what_has_no_time_are_not_mixed(void **state)
{
    struct fixture *f = *state;
    make_directory(f, "one");
    make_directory(f, "two");
    put_events(f, "one/audit-a.log", 0, 100, 1);
    put_events(f, "one/audit-b.log", 50, 150, 1);
    put_events(f, "two/audit.log", 20, 120, 1);
    put(f, "two/falco.log",
        STR("{\"rule\":\"x\",\"priority\":\"Notice\",\"time\":\"2026-11-22T00:00:01Z\",\"output_fields\":{\"proc.name\":\"sh\"}}\n"));
    forget(f);
    assert_int_equal(expand(f, NULL, (const char *[]){"", NULL}), ST_OK);
    read_all(f, BLOCKS);
    assert_int_equal(f->n, 304);
    for (size_t i = 0; i < f->n; i++)
        assert_true(i < 202 ? f->records[i].input < 2 : f->records[i].input == (i < 303 ? 2 : 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(overlapping_files_come_in_the_order_of_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(rotated_files_are_read_one_at_a_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_quiet_file_does_not_hold_up_a_busy_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_compressed_or_listed_is_merged_as_well, set_up, tear_down),
        cmocka_unit_test_setup_teardown(beyond_so_many_it_is_said_and_nothing_is_lost, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clock_that_is_set_back_does_not_end_the_merge, set_up, tear_down),
        cmocka_unit_test_setup_teardown(clusters_and_what_has_no_time_are_not_mixed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
