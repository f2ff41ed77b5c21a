// SPDX-License-Identifier: Apache-2.0
// Does every compression come out as it went in, whatever the size of the pieces, and is what precedes damage delivered before it is told?
#include "base/status.h"
#include "base/buf.h"
#include "codec/compress/compress.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

struct feed {
    struct str data;
    size_t piece; // bytes given at a time
    int fail;     // errno at the end instead of 0
};

static ptrdiff_t feed_read(void *context, char *buffer, size_t size)
{
    struct feed *f = context;
    if (!f->data.len)
        return -f->fail;
    size_t n = f->piece < size ? f->piece : size;
    if (n > f->data.len)
        n = f->data.len;
    memcpy(buffer, f->data.ptr, n);
    f->data = str_slice(f->data, n, f->data.len);
    return (ptrdiff_t)n;
}

enum { PLAIN = 300000 };

// Text that compresses, but not to nothing.
static struct buf plain_text(size_t size)
{
    struct buf b;
    buf_init(&b, size);
    uint64_t seed = 1;
    while (!b.full) {
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        buf_addf(&b, "{\"auditID\":\"%016llx\",\"verb\":\"get\"}\n", (unsigned long long)seed);
    }
    while (b.len < size)
        buf_reserve(&b, 1)[0] = '.', b.len++;
    return b;
}

static struct buf packed(struct str text, const char *filter)
{
    struct buf out;
    buf_init(&out, text.len + 100000);
    struct archive *a = archive_write_new();
    assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
    archive_write_set_format_raw(a);
    size_t used = 0;
    char *room = buf_reserve(&out, out.max);
    assert_int_equal(archive_write_set_bytes_per_block(a, 0), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(a, room, out.max, &used), ARCHIVE_OK);
    struct archive_entry *e = archive_entry_new();
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_pathname(e, "x");
    assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
    assert_int_equal(archive_write_data(a, text.ptr, text.len), (long)text.len);
    assert_int_equal(archive_write_close(a), ARCHIVE_OK);
    archive_entry_free(e);
    archive_write_free(a);
    out.len = used;
    return out;
}

struct outcome {
    struct buf text;
    status end;
    struct diags diags;
};

static struct outcome unpack(struct feed feed, size_t size)
{
    struct outcome o;
    buf_init(&o.text, 4 * PLAIN);
    diags_init(&o.diags);
    struct inflate *f;
    o.end = inflate_open(&f, feed_read, &feed, STR("a.log.x"), &o.diags);
    for (size_t got = 1; o.end == ST_OK && got;) {
        char *room = buf_reserve(&o.text, size);
        assert_non_null(room);
        o.end = inflate_read(f, room, size, &got, &o.diags);
        o.text.len += got;
    }
    if (f) {
        size_t got;
        assert_int_equal(inflate_read(f, (char[1]){0}, 1, &got, &o.diags), o.end); // the end stays
        assert_int_equal(got, 0);
    }
    inflate_close(f);
    return o;
}

static void outcome_fini(struct outcome *o)
{
    buf_fini(&o->text);
    diags_fini(&o->diags);
}

static const char *const filters[] = {"gzip", "zstd", "xz", "bzip2", "lz4"};
enum { FILTERS = sizeof filters / sizeof *filters };

static void every_compression_is_undone(void **state)
{
    (void)state;
    struct buf text = plain_text(PLAIN);
    for (size_t i = 0; i < FILTERS; i++) {
        struct buf p = packed(buf_str(&text), filters[i]);
        assert_true(inflate_recognises(str_slice(buf_str(&p), 0, 6)));
        for (size_t piece = 1; piece < 100000; piece = piece * 7 + 4) {
            struct outcome o = unpack((struct feed){buf_str(&p), piece, 0}, 8191);
            assert_int_equal(o.end, ST_OK);
            assert_true(str_eq(buf_str(&o.text), buf_str(&text)));
            assert_int_equal(o.diags.errors + o.diags.warnings, 0);
            outcome_fini(&o);
        }
        buf_fini(&p);
    }
    buf_fini(&text);
}

static void members_in_a_row_are_one_stream(void **state)
{
    (void)state;
    for (size_t i = 0; i < FILTERS; i++) {
        struct buf a = packed(STR("one\n"), filters[i]), b = packed(STR("two\n"), filters[i]);
        buf_add(&a, buf_str(&b));
        struct outcome o = unpack((struct feed){buf_str(&a), 5, 0}, 3);
        assert_true(str_eq(buf_str(&o.text), STR("one\ntwo\n")));
        assert_int_equal(o.end, ST_OK);
        outcome_fini(&o);
        buf_fini(&a);
        buf_fini(&b);
    }
}

static void an_empty_stream_is_empty(void **state)
{
    (void)state;
    static const struct str empty[] = {
        {"\x1f\x8b\x08\0\0\0\0\0\0\x03\x03\0\0\0\0\0\0\0\0\0", 20},
        {"\x28\xb5\x2f\xfd\x24\0\x01\0\0\x99\xe9\xd8\x51", 13},
        {"BZh9\x17\x72\x45\x38\x50\x90\0\0\0\0", 14},
        {"\x04\x22\x4d\x18\x64\x40\xa7\0\0\0\0\x05\x5d\xcc\x02", 15},
    };
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        struct outcome o = unpack((struct feed){empty[i], 100, 0}, 100);
        assert_int_equal(o.end, ST_OK);
        assert_int_equal(o.text.len, 0);
        outcome_fini(&o);
    }
}

// How many bytes may be missing before the place of damage. A block of zstd and bzip2 is whole or not at all; of lz4, libarchive keeps
// what its buffer holds.
static size_t may_be_lost(const char *filter)
{
    return strcmp(filter, "gzip") == 0 || strcmp(filter, "xz") == 0 ? 0
           : strcmp(filter, "zstd") == 0                            ? 128 * 1024
           : strcmp(filter, "lz4") == 0                             ? 128 * 1024 + 65536
                                                                    : PLAIN;
}

static void a_cut_off_stream_gives_what_came_before(void **state)
{
    (void)state;
    struct buf text = plain_text(PLAIN);
    for (size_t i = 0; i < FILTERS; i++) {
        struct buf p = packed(buf_str(&text), filters[i]);
        struct outcome o = unpack((struct feed){str_slice(buf_str(&p), 0, p.len - 5), 4096, 0}, 100000);
        assert_int_equal(o.end, ST_INPUT);
        assert_true(o.text.len + may_be_lost(filters[i]) >= PLAIN);
        assert_memory_equal(o.text.ptr ? o.text.ptr : "", text.ptr, o.text.len);
        assert_int_equal(o.diags.warnings, 1); // said once
        outcome_fini(&o);
        buf_fini(&p);
    }
    buf_fini(&text);
}

static void a_small_cut_off_gzip_is_not_lost(void **state)
{
    (void)state;
    struct buf text = plain_text(2000);
    struct buf p = packed(buf_str(&text), "gzip");
    struct outcome o = unpack((struct feed){str_slice(buf_str(&p), 0, p.len / 2), 100, 0}, 65536);
    assert_int_equal(o.end, ST_INPUT);
    assert_true(o.text.len > 500);
    assert_memory_equal(o.text.ptr, text.ptr, o.text.len);
    for (size_t size = 1; size < 2000; size = size * 3 + 1) { // however little is asked for at a time
        struct outcome again = unpack((struct feed){str_slice(buf_str(&p), 0, p.len / 2), 100, 0}, size);
        assert_true(str_eq(buf_str(&again.text), buf_str(&o.text)));
        outcome_fini(&again);
    }
    outcome_fini(&o);
    buf_fini(&p);
    buf_fini(&text);
}

// As a log shipper writes it: a block whenever it has something to say.
static struct buf packed_in_blocks(struct str text, size_t block, struct buf *ends)
{
    struct buf out;
    buf_init(&out, text.len + 100000);
    ZSTD_CCtx *z = ZSTD_createCCtx();
    for (size_t at = 0; at < text.len; at += block) {
        const struct str part = str_slice(text, at, at + block);
        ZSTD_inBuffer from = {part.ptr, part.len, 0};
        ZSTD_outBuffer to = {buf_reserve(&out, 2 * block + 100), 2 * block + 100, 0};
        assert_int_equal(ZSTD_compressStream2(z, &to, &from, at + block < text.len ? ZSTD_e_flush : ZSTD_e_end), 0);
        out.len += to.pos;
        buf_add(ends, str_make((const char *)&out.len, sizeof out.len));
    }
    ZSTD_freeCCtx(z);
    return out;
}

static void every_whole_block_of_zstd_comes_out(void **state)
{
    (void)state;
    enum { BLOCK = 500 };
    struct buf text = plain_text(20000), ends;
    buf_init(&ends, 4096);
    struct buf p = packed_in_blocks(buf_str(&text), BLOCK, &ends);
    for (size_t cut = 10; cut < p.len; cut += 7) {
        size_t whole = 0, end;
        for (; memcpy(&end, ends.ptr + whole * sizeof end, sizeof end), end <= cut; whole++)
            ;
        struct outcome o = unpack((struct feed){str_slice(buf_str(&p), 0, cut), 1 + cut % 300, 0}, 1 + cut % 777);
        assert_int_equal(o.end, ST_INPUT);
        assert_int_equal(o.text.len, whole * BLOCK);
        assert_memory_equal(o.text.ptr ? o.text.ptr : "", text.ptr, o.text.len);
        outcome_fini(&o);
        struct buf damaged;
        buf_init(&damaged, p.len);
        buf_add(&damaged, buf_str(&p));
        memset(damaged.ptr + cut, 0xff, damaged.len - cut); // 0xff: a block of a kind that there is not
        o = unpack((struct feed){buf_str(&damaged), 4096, 0}, 65536);
        assert_int_equal(o.end, ST_INPUT);
        assert_true(o.text.len >= whole * BLOCK);
        outcome_fini(&o);
        buf_fini(&damaged);
    }
    buf_fini(&p);
    buf_fini(&ends);
    buf_fini(&text);
}

static void a_small_cut_off_xz_is_not_lost(void **state)
{
    (void)state;
    struct buf text = plain_text(20000);
    struct buf p = packed(buf_str(&text), "xz");
    size_t before = 0;
    for (size_t cut = 200; cut < p.len - 100; cut += 97) {
        struct outcome o = unpack((struct feed){str_slice(buf_str(&p), 0, cut), 100, 0}, 1 + cut % 777);
        assert_int_equal(o.end, ST_INPUT);
        assert_true(o.text.len > before && o.text.len < 20000);
        assert_memory_equal(o.text.ptr, text.ptr, o.text.len);
        before = o.text.len;
        outcome_fini(&o);
    }
    assert_true(before > 19000);
    buf_fini(&p);
    buf_fini(&text);
}

static void what_follows_is_judged(void **state)
{
    (void)state;
    struct buf p = packed(STR("one\n"), "gzip");
    buf_add(&p, str_make("\0\0\0\0\0\0\0", 7)); // padding
    struct outcome o = unpack((struct feed){buf_str(&p), 3, 0}, 100);
    assert_int_equal(o.end, ST_OK);
    assert_true(str_eq(buf_str(&o.text), STR("one\n")));
    outcome_fini(&o);
    buf_add(&p, STR("plain text\n"));
    o = unpack((struct feed){buf_str(&p), 3, 0}, 100);
    assert_int_equal(o.end, ST_INPUT);
    assert_true(str_eq(buf_str(&o.text), STR("one\n")));
    assert_true(str_find(o.diags.items[0].text, STR("something else follows"), 0) != SIZE_MAX);
    outcome_fini(&o);
    buf_fini(&p);
    for (size_t i = 0; i < FILTERS; i++) {
        p = packed(STR("one\n"), filters[i]);
        buf_add(&p, STR("plain text, and enough of it\n"));
        o = unpack((struct feed){buf_str(&p), 3, 0}, 100);
        assert_true(str_eq(buf_str(&o.text), STR("one\n")));
        bool told = o.end == ST_INPUT && str_find(o.diags.items[0].text, STR("something else follows"), 0) != SIZE_MAX;
        assert_true(told || strcmp(filters[i], "bzip2") == 0 || strcmp(filters[i], "lz4") == 0); // libarchive looks no further
        outcome_fini(&o);
        buf_fini(&p);
    }
}

static void garbage_in_the_middle_is_told(void **state)
{
    (void)state;
    struct buf text = plain_text(PLAIN);
    for (size_t i = 0; i < FILTERS; i++) {
        struct buf p = packed(buf_str(&text), filters[i]);
        memset(p.ptr + p.len / 2, 0xa5, 64);
        struct outcome o = unpack((struct feed){buf_str(&p), 4096, 0}, 1000);
        // libarchive writes zstd and lz4 without checksums, so that some damage cannot be seen in them.
        const bool checked = strcmp(filters[i], "zstd") != 0 && strcmp(filters[i], "lz4") != 0;
        assert_true(o.end == ST_INPUT || !checked);
        assert_int_equal(o.diags.warnings, o.end == ST_INPUT);
        assert_true(o.text.len >= PLAIN / 4 || strcmp(filters[i], "gzip") != 0);
        outcome_fini(&o);
        buf_fini(&p);
    }
    buf_fini(&text);
}

static void failures_of_the_reader_are_told_as_such(void **state)
{
    (void)state;
    struct buf text = plain_text(PLAIN);
    for (size_t i = 0; i < FILTERS; i++) {
        struct buf p = packed(buf_str(&text), filters[i]);
        struct outcome o = unpack((struct feed){str_slice(buf_str(&p), 0, 20000), 4096, EIO}, 1000);
        assert_int_equal(o.end, ST_IO);
        assert_int_equal(o.diags.errors, 1);
        outcome_fini(&o);
        buf_fini(&p);
    }
    buf_fini(&text);
    struct outcome o = unpack((struct feed){STR("{\"a\":1}"), 3, 0}, 100);
    assert_int_equal(o.end, ST_INPUT);
    outcome_fini(&o);
    assert_false(inflate_recognises(STR("")));
    assert_false(inflate_recognises(STR("\x1f\x8b")));
    assert_false(inflate_recognises(STR("BZ")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_compression_is_undone),      cmocka_unit_test(members_in_a_row_are_one_stream),
        cmocka_unit_test(an_empty_stream_is_empty),         cmocka_unit_test(a_cut_off_stream_gives_what_came_before),
        cmocka_unit_test(a_small_cut_off_gzip_is_not_lost), cmocka_unit_test(every_whole_block_of_zstd_comes_out),
        cmocka_unit_test(a_small_cut_off_xz_is_not_lost),   cmocka_unit_test(what_follows_is_judged),
        cmocka_unit_test(garbage_in_the_middle_is_told),    cmocka_unit_test(failures_of_the_reader_are_told_as_such),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
