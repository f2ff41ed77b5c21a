// SPDX-License-Identifier: Apache-2.0
// Do strings, time, UTF-8, arenas, buffers and maps do what their headers say?
#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/identity.h"
#include "base/intern.h"
#include "base/map.h"
#include "base/status.h"
#include "base/time.h"
#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void strings_compare_and_split(void **state)
{
    (void)state;
    assert_true(str_eq_ci(STR("KUBE-Control"), STR("kube-cONTROL")));
    assert_false(str_eq_ci(STR("[a"), STR("{a"))); // only letters fold
    assert_int_equal(str_find_ci(STR("xxMONEROxx"), STR("monero"), 0), 2);
    assert_true(str_find(STR("abc"), STR("abcd"), 0) == SIZE_MAX);
    struct str rest = STR("a,,b");
    assert_true(str_eq(str_split(&rest, ','), STR("a")));
    assert_true(str_eq(str_split(&rest, ','), STR("")));
    assert_true(str_eq(str_split(&rest, ','), STR("b")));
    assert_null(rest.ptr);
}

static void globs_match_whole_strings(void **state)
{
    (void)state;
    assert_true(str_glob(STR("kubernetes-dashboard"), STR("*dashboard*")));
    assert_true(str_glob(STR("a"), STR("a")));
    assert_true(str_glob(STR(""), STR("*")));
    assert_true(str_glob(STR("aXbXc"), STR("a*b*c")));
    assert_false(str_glob(STR("aXbXcd"), STR("a*b*c")));
    assert_false(str_glob(STR("my-ui-2"), STR("*-ui")));
    assert_false(str_glob(STR(""), STR("a")));
}

static void interned_strings_are_one(void **state)
{
    (void)state;
    struct intern pool;
    char text[8];
    struct str first[1000];
    intern_init(&pool, 64 << 10, 7);
    for (unsigned round = 0; round < 2; round++)
        for (int i = 0; i < 1000; i++) {
            struct str s = intern_str(&pool, str_make(text, (size_t)snprintf(text, sizeof text, "n%d", i)));
            if (round == 0)
                first[i] = s;
            assert_ptr_equal(s.ptr, first[i].ptr);
            assert_memory_equal(s.ptr, text, s.len);
        }
    assert_null(intern_str(&pool, STR_NONE).ptr);
    assert_ptr_equal(intern_find(&pool, STR("n7")).ptr, first[7].ptr);
    assert_null(intern_find(&pool, STR("n1000")).ptr);
    assert_non_null(intern_str(&pool, STR("")).ptr);
    intern_fini(&pool);
    intern_init(&pool, 4, 7); // born with its maximum
    assert_null(intern_str(&pool, STR("too long")).ptr);
    intern_fini(&pool);
}

static void keyed_hashes_depend_on_the_key(void **state)
{
    (void)state;
    assert_int_equal(identity_hash(STR("x")), identity_hash_keyed(STR("x"), 0x0706050403020100u, 0x0f0e0d0c0b0a0908u));
    assert_int_not_equal(identity_hash_keyed(STR("x"), 1, 2), identity_hash_keyed(STR("x"), 1, 3));
}

static void numbers_follow_the_json_grammar(void **state)
{
    (void)state;
    double d;
    uint64_t u;
    assert_true(str_to_double(STR("-1.5e3"), &d) && d == -1500);
    assert_false(str_to_double(STR("+1"), &d));
    assert_false(str_to_double(STR("0x10"), &d));
    assert_false(str_to_double(STR("1."), &d));
    assert_false(str_to_double(STR(""), &d));
    assert_true(str_to_u64(STR("18446744073709551615"), &u) && u == UINT64_MAX);
    assert_false(str_to_u64(STR("18446744073709551616"), &u));
}

static void times_round_trip(void **state)
{
    (void)state;
    int64_t ns;
    struct buf out;
    buf_init(&out, 100);
    assert_true(time_parse(STR("2026-11-22T01:35:33.030423Z"), &ns));
    time_write(&out, ns);
    assert_true(str_eq(buf_str(&out), STR("2026-11-22T01:35:33.030423Z")));
    int64_t east;
    assert_true(time_parse(STR("2026-11-22T03:35:33.030423+02:00"), &east) && east == ns);
    assert_true(time_parse(STR("1969-12-31T23:59:59.9Z"), &ns) && ns == -100000000);
    buf_clear(&out);
    time_write(&out, ns);
    assert_true(str_eq(buf_str(&out), STR("1969-12-31T23:59:59.900000Z")));
    assert_false(time_parse(STR("2026-13-22T01:35:33Z"), &ns));
    assert_false(time_parse(STR("2026-11-22T01:35:33"), &ns));
    assert_false(time_parse(STR("9999-11-22T01:35:33Z"), &ns));
    assert_true(time_parse(STR("2024-12-30T00:00:00Z"), &ns) && time_calendar(ns).week == 1);
    assert_true(time_parse_epoch(STR("1700000000123"), &ns) && ns == 1700000000123000000);
    assert_true(timespan_parse(STR("15m"), &ns) && ns == 900 * NS_PER_SECOND);
    assert_false(timespan_parse(STR("15"), &ns));
    buf_fini(&out);
}

static void hostile_text_is_made_visible(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out, 1000);
    text_escape(&out, STR("a\x1b[2J\n\xe2\x80\xae z\xff\xc3\xa9"));
    assert_true(str_eq(buf_str(&out), STR("a\\x1b[2J\\n\\u{202e} z\\xff\xc3\xa9")));
    buf_fini(&out);
}

static void bad_utf8_is_found(void **state)
{
    (void)state;
    assert_true(utf8_invalid_at(STR("plain \xc3\xa9 \xf0\x9f\x98\x80")) == SIZE_MAX);
    assert_int_equal(utf8_invalid_at(STR("ab\xc0\x80")), 2);         // overlong
    assert_int_equal(utf8_invalid_at(STR("ab\xed\xa0\x80")), 2);     // surrogate
    assert_int_equal(utf8_invalid_at(STR("ab\xf4\x90\x80\x80")), 2); // beyond U+10FFFF
    assert_int_equal(utf8_invalid_at(STR("ab\xe2\x82")), 2);         // cut off
    char bytes[4];
    assert_int_equal(utf8_encode(0x20ac, bytes), 3);
    assert_memory_equal(bytes, "\xe2\x82\xac", 3);
    assert_int_equal(utf8_encode(0x1f600, bytes), 4);
    assert_memory_equal(bytes, "\xf0\x9f\x98\x80", 4);
}

// Pieces of every size, beyond the largest chunk too, are zeroed, aligned and each its own; also in memory that is used again.
static void memory_grows(void **state)
{
    (void)state;
    enum { PIECES = 3000 };
    static unsigned char *pieces[PIECES];
    struct arena a;
    arena_init(&a, ARENA_UNLIMITED);
    for (int round = 0; round < 2; round++) {
        size_t total = 0;
        for (size_t i = 0; i < PIECES; i++) {
            size_t size = i == 1000 ? (5u << 20) + 1 : 1 + i % 7 * 1500;
            pieces[i] = arena_alloc(&a, size);
            total += size;
            assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
            assert_int_equal(pieces[i][0] | pieces[i][size / 2] | pieces[i][size - 1], 0);
            pieces[i][0] = pieces[i][size - 1] = (unsigned char)i;
        }
        for (size_t i = 0; i < PIECES; i++)
            assert_int_equal(pieces[i][0], (unsigned char)i);
        assert_true(a.used >= total);
        arena_reset(&a);
        assert_int_equal(a.used, 0);
    }
    arena_fini(&a);
}

static void memory_has_maxima(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 100);
    assert_non_null(arena_try(&a, 0));
    assert_non_null(arena_try(&a, 80));
    assert_null(arena_try(&a, 90));
    arena_fini(&a);
    struct buf b;
    buf_init(&b, 10);
    buf_add(&b, STR("0123456789"));
    assert_false(b.full);
    buf_add_char(&b, 'x');
    assert_true(b.full && b.len == 10);
    buf_fini(&b);
}

static void maps_keep_what_was_put(void **state)
{
    (void)state;
    struct arena a;
    struct map m = {0};
    arena_init(&a, ARENA_UNLIMITED);
    for (int i = 0; i < 1000; i++)
        *map_put(&m, arena_printf(&a, "key%d", i), NULL) = (uint64_t)i;
    bool added;
    *map_put(&m, STR("key7"), &added) += 1;
    assert_false(added);
    assert_int_equal(*map_get(&m, STR("key7")), 8);
    assert_int_equal(*map_get(&m, STR("key999")), 999);
    assert_null(map_get(&m, STR("key1000")));
    assert_int_equal(m.n, 1000);
    map_fini(&m);
    arena_fini(&a);
}

static void diagnostics_point_at_the_place(void **state)
{
    (void)state;
    struct diags d;
    struct buf out;
    buf_init(&out, 1000);
    diags_init(&d);
    struct place place = {STR("rules/x.yml"), 3, 5, STR("foo|bar: 1")};
    diags_add(&d, DIAG_ERROR, &place, "unknown modifier '%s'", "bar");
    diag_write(&out, &d.items[0]);
    assert_true(str_eq(buf_str(&out), STR("rules/x.yml:3:5: error: unknown modifier 'bar'\n    3 | foo|bar: 1\n      |     ^\n")));
    assert_int_equal(d.errors, 1);
    diags_fini(&d);
    buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_compare_and_split),
        cmocka_unit_test(globs_match_whole_strings),
        cmocka_unit_test(interned_strings_are_one),
        cmocka_unit_test(keyed_hashes_depend_on_the_key),
        cmocka_unit_test(numbers_follow_the_json_grammar),
        cmocka_unit_test(times_round_trip),
        cmocka_unit_test(hostile_text_is_made_visible),
        cmocka_unit_test(bad_utf8_is_found),
        cmocka_unit_test(memory_has_maxima),
        cmocka_unit_test(memory_grows),
        cmocka_unit_test(maps_keep_what_was_put),
        cmocka_unit_test(diagnostics_point_at_the_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
