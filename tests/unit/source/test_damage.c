// SPDX-License-Identifier: Apache-2.0
// When an input is damaged, is the damage told and counted, and is everything else still read?
#include "reading.h"

#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

// The text as one gzip member, in the fixture's memory.
static struct str zipped(struct fixture *f, struct str text)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    const size_t room = deflateBound(&z, text.len) + 100;
    char *out = arena_alloc(&f->arena, room);
    z.next_in = memcpy(arena_alloc(&f->arena, text.len), text.ptr, text.len);
    z.avail_in = (unsigned)text.len;
    z.next_out = (unsigned char *)out;
    z.avail_out = (unsigned)room;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    struct str packed = str_make(out, z.total_out);
    deflateEnd(&z);
    return packed;
}

static struct str many_events(struct fixture *f, unsigned n)
{
    struct buf *text = text_of(f);
    for (unsigned i = 0; i < n; i++)
        buf_addf(text, "{\"auditID\":\"%u-%u\",\"stage\":\"s\",\"requestURI\":\"/%u\"}\n", i, i * 2654435761u, i * 40503u);
    return arena_str(&f->arena, buf_str(text));
}

static void compressed_logs_are_read(void **state)
{
    struct fixture *f = *state;
    struct str text = many_events(f, 1000), packed = zipped(f, text);
    read_text(f, "a.log.gz", packed);
    assert_int_equal(f->n, 1000);
    assert_int_equal(f->records[999].line, 1000);
    assert_int_equal(f->counters.bytes, text.len);
    assert_int_equal(f->counters.total_bytes, packed.len);
    assert_int_equal(f->counters.read_bytes, packed.len);
    read_text(f, "no-extension", packed); // bytes decide, not names
    assert_int_equal(f->n, 1000);
    read_text(f, "a.log.gz", zipped(f, packed)); // twice
    assert_int_equal(f->n, 1000);
    assert_int_equal(f->diags.n, 0);
}

static void a_cut_off_log_gives_what_was_before(void **state)
{
    struct fixture *f = *state;
    struct str packed = zipped(f, many_events(f, 1000));
    read_text(f, "a.log.gz", str_slice(packed, 0, packed.len / 2));
    assert_true(f->n > 300 && f->n < 700);
    assert_int_equal(f->counters.damaged_inputs, 1);
    assert_int_equal(f->diags.warnings, 1);
    assert_true(told(f, "cut off"));
    for (size_t i = 0; i + 1 < f->n; i++) // the last one may be a part of a line
        assert_true(str_ends(f->records[i].text, STR("}")));
    // Garbage in the middle: what was before, and the next file all the same.
    char *broken = arena_alloc(&f->arena, packed.len);
    memcpy(broken, packed.ptr, packed.len);
    memset(broken + packed.len / 2, 0x55, 50);
    put(f, "b.log.gz", str_make(broken, packed.len));
    put(f, "c.log", STR(EVENT("1") "\n"));
    forget(f);
    assert_int_equal(expand(f, NULL, (const char *[]){"b.log.gz", "c.log", NULL}), ST_OK);
    read_all(f, SOURCE_LIMITS_DEFAULT);
    assert_true(f->n > 300);
    assert_record(f, f->n - 1, STR(EVENT("1")));
    assert_int_equal(f->counters.damaged_inputs, 1);
}

static void a_file_that_vanishes_is_counted(void **state)
{
    struct fixture *f = *state;
    put(f, "a.log", STR(EVENT("1") "\n"));
    put(f, "b.log", STR(EVENT("2") "\n"));
    assert_int_equal(expand(f, NULL, (const char *[]){"a.log", "b.log", NULL}), ST_OK);
    assert_int_equal(unlink(below(f, "a.log").ptr), 0);
    read_all(f, SOURCE_LIMITS_DEFAULT);
    assert_int_equal(f->n, 1);
    assert_int_equal(f->counters.damaged_inputs, 1);
    assert_int_equal(f->diags.errors, 1);
}

static void damage_in_a_document_costs_little(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        unsigned records, skipped;
    } cases[] = {
        {"[\n" EVENT("1") ",\n{\"a\":[1}],\n" EVENT("2") ",\n" EVENT("3") "]\n", 3, 1},    // a bracket that does not fit
        {"[\n" EVENT("1") ",\n{\"a\":\"b\n" EVENT("2") ",\n" EVENT("3") "]\n", 3, 1},      // a string without an end
        {"[\n" EVENT("1") ",\n{\"a\":\"b\\\n" EVENT("2") ",\n" EVENT("3") "]\n", 3, 1},    // nor does a backslash join lines
        {"[\n" EVENT("1") ",\ngarbage } ] , {\n" EVENT("2") ",\n" EVENT("3") "]\n", 3, 1}, // text
        {"[\n" EVENT("1") ",\n" EVENT("2") ",\n{\"auditID\":\"3\",\"sta", 2, 1},           // cut off in a record
        {"{\"items\":[\n" EVENT("1") ",\n" EVENT("2"), 2, 1},                              // cut off between records
        {"{\"items\":[\n" EVENT("1") "\n]\n]\n}\n" EVENT("2") "\n", 2, 1},                 // one bracket too many
        {"{\n\"auditID\":\"1\"\n,,\n\"a\"\n}}\n{\"b\":1}\n", 2, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (size_t block = 1; block < 1000; block += 1 + block / 8) {
            read_text_with(f, "a.json", str_from_c(cases[i].text), (struct source_limits){.record = 1 << 20, .block = block});
            if (f->n != cases[i].records || f->counters.skipped_records != cases[i].skipped || f->diags.warnings != cases[i].skipped)
                fail_msg("case %zu: %zu records, %llu skipped", i, f->n, (unsigned long long)f->counters.skipped_records);
        }
    }
}

static void records_beyond_the_limit_are_cut_out_of_documents(void **state)
{
    struct fixture *f = *state;
    struct buf *text = text_of(f);
    buf_addf(text, "{\"items\":[{\"a\":1},{\"long\":\"%0200u\"},\n{\"a\":2},{\"long\":[%0200u]},{\"a\":3}]}", 1, 2);
    buf_addf(text, "{\"head\":\"%0200u\",\"items\":[{\"a\":4}]}{\"no list\":\"%0200u\"}{\"a\":5}", 3, 4);
    for (size_t block = 1; block < 1000; block = block * 2 + 1) {
        read_text_with(f, "a.json", buf_str(text), (struct source_limits){.record = 120, .block = block});
        assert_int_equal(f->n, 5);
        assert_record(f, 3, STR("{\"a\":4}"));
        assert_record(f, 4, STR("{\"a\":5}"));
        assert_int_equal(f->counters.oversized_records, 3);
    }
}

static void bad_lines_in_envelopes_are_passed_on(void **state)
{
    struct fixture *f = *state;
    // Whoever reads the records counts the bad ones; here they only must not vanish.
    read_text(f, "a.log", STR("{\"message\":" EVENT("1") "}\ngarbage\n{\"message\":{\"auditID\":\n\n{\"message\":" EVENT("2") "}\n"));
    assert_int_equal(f->n, 4);
    assert_record(f, 1, STR("garbage"));
    assert_record(f, 2, STR("{\"message\":{\"auditID\":"));
    assert_int_equal(f->records[3].line, 5);
}

static void odd_bytes_are_records_like_others(void **state)
{
    struct fixture *f = *state;
    static const char text[] = EVENT("1") "\n\0\0\0\n{\"a\":\"\xff\xfe\"}\n" EVENT("2") "\n";
    read_text(f, "a.log", str_make(text, sizeof text - 1));
    assert_int_equal(f->n, 4);
    assert_true(str_eq(f->records[1].text, str_make("\0\0\0", 3)));
    assert_record(f, 3, STR(EVENT("2")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(compressed_logs_are_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_cut_off_log_gives_what_was_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_vanishes_is_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_in_a_document_costs_little, set_up, tear_down),
        cmocka_unit_test_setup_teardown(records_beyond_the_limit_are_cut_out_of_documents, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_lines_in_envelopes_are_passed_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(odd_bytes_are_records_like_others, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
