// SPDX-License-Identifier: Apache-2.0
// Does the writer place its commas, and does hostile text leave it inert?
#include "base/utf8.h"
#include "codec/json/json.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define assert_written(out, literal)                                                                                                       \
    do {                                                                                                                                   \
        buf_add_char((out), '\0');                                                                                                         \
        assert_false((out)->full);                                                                                                         \
        assert_string_equal((out)->ptr, (literal));                                                                                        \
        assert_int_equal((out)->len, strlen(literal) + 1);                                                                                 \
    } while (0)

static int set_up(void **state)
{
    static struct buf out;
    buf_init(&out, 64u << 20);
    *state = &out;
    return 0;
}

static int tear_down(void **state)
{
    buf_fini(*state);
    return 0;
}

static void commas_stand_between_values_only(void **state)
{
    struct buf *out = *state;
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    json_key_string(&w, STR("a"), STR("x"));
    json_key(&w, STR("b"));
    json_open_array(&w);
    json_open_object(&w);
    json_close_object(&w);
    json_open_array(&w);
    json_close_array(&w);
    json_number(&w, INT64_MIN);
    json_bool(&w, true);
    json_bool(&w, false);
    json_null(&w);
    json_raw(&w, STR("[1,2]"));
    json_close_array(&w);
    json_key(&w, STR("c"));
    json_open_object(&w);
    json_key_number(&w, STR("d"), 7);
    json_close_object(&w);
    json_key_string(&w, STR("e"), STR_NONE);
    json_key_string(&w, STR(""), STR(""));
    json_close_object(&w);
    assert_written(out, "{\"a\":\"x\",\"b\":[{},[],-9223372036854775808,true,false,null,[1,2]],\"c\":{\"d\":7},\"e\":null,\"\":\"\"}");
}

static void write_one(struct buf *out, struct str s)
{
    buf_clear(out);
    struct json_writer w = json_writer_to(out);
    json_string(&w, s);
}

static void hostile_text_is_escaped(void **state)
{
    struct buf *out = *state;
    write_one(out, STR("\"\\\n\r\t\b\x1f\x7f\0|"));
    assert_written(out, "\"\\\"\\\\\\n\\r\\t\\u0008\\u001f\\u007f\\u0000|\"");
    write_one(out, STR("</script>&'"));
    assert_written(out, "\"\\u003c/script\\u003e\\u0026\\u0027\"");
    write_one(out, STR("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z")); // é, euro, emoji: as they are
    assert_written(out, "\"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z\"");
    write_one(out, STR("\xe2\x80\xae\xe2\x80\xa8\xc2\x9b\xef\xbb\xbf")); // override, line separator, C1 CSI, BOM
    assert_written(out, "\"\\u202e\\u2028\\u009b\\ufeff\"");
    write_one(out, STR("\xf3\xa0\x81\x81")); // U+E0041, a tag: a surrogate pair
    assert_written(out, "\"\\udb40\\udc41\"");
}

static void bad_bytes_become_replacement_characters(void **state)
{
    struct buf *out = *state;
    write_one(out, STR("a\xff\xc0\x80z\xed\xa0\x80\xe2\x82"));
    assert_written(out, "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void every_byte_pair_comes_out_inert(void **state)
{
    struct buf *out = *state;
    bool inert = true;
    for (unsigned pair = 0; pair < 0x10000; pair++) {
        char text[2] = {(char)(pair >> 8), (char)pair};
        write_one(out, str_make(text, 2));
        for (size_t i = 0; i < out->len; i++) {
            unsigned char c = (unsigned char)out->ptr[i];
            inert &= c >= 0x20 && c != 0x7f && c != '<' && c != '>' && c != '&' && c != '\'';
        }
        inert &= utf8_invalid_at(buf_str(out)) == SIZE_MAX;
    }
    assert_true(inert);
}

static void doubles_read_back(void **state)
{
    struct buf *out = *state;
    const double numbers[] = {0, 0.1, -1.5, 1e300, 1.0 / 3, 5e-324, 1234567890123456789.0};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        buf_clear(out);
        struct json_writer w = json_writer_to(out);
        json_double(&w, numbers[i]);
        double back;
        assert_true(str_to_double(buf_str(out), &back) && back == numbers[i]);
    }
    buf_clear(out);
    struct json_writer w = json_writer_to(out);
    json_open_array(&w);
    json_double(&w, (double)NAN);
    json_double(&w, (double)INFINITY);
    json_double(&w, 0.1);
    json_close_array(&w);
    assert_written(out, "[null,null,0.1]");
}

static void huge_strings_pass_and_full_buffers_say_so(void **state)
{
    struct buf *out = *state;
    size_t size = 10u << 20;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, 'a', size);
    write_one(out, str_make(text, size));
    assert_int_equal(out->len, size + 2);
    memset(text, 1, size); // six bytes each
    write_one(out, str_make(text, size));
    assert_false(out->full);
    assert_int_equal(out->len, 6 * size + 2);
    struct buf small;
    buf_init(&small, 100);
    write_one(&small, str_make(text, size));
    assert_true(small.full && small.len <= 100);
    buf_fini(&small);
    free(text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(commas_stand_between_values_only), TEST(hostile_text_is_escaped), TEST(bad_bytes_become_replacement_characters),
        TEST(every_byte_pair_comes_out_inert),  TEST(doubles_read_back),       TEST(huge_strings_pass_and_full_buffers_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
