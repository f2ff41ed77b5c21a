// SPDX-License-Identifier: Apache-2.0
// Do the functions that look at eight bytes a step say the same as one that looks at each?
#include "codec/json/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *stop_slowly(const char *p, const char *end)
{
    while (p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20)
        p++;
    return p;
}

// Bytes next to those that are looked for, above all: what a borrow between bytes would mark.
static const unsigned char bytes[] = {'"',  '!',  '#',  '\\', '[',  ']',  0x1f, 0x20, 0x21, 0x00,
                                      0x01, 0x7f, 0x80, 0x9f, 0xa0, 0xa2, 0xdc, 0xff, 'a'};

static void strings_stop_at_the_same_byte(void **state)
{
    (void)state;
    uint64_t seed = 1;
    char *text = malloc(40); // of its own, so that a byte read behind it is seen
    for (unsigned round = 0; round < 200000; round++) {
        const size_t len = round % 41;
        for (size_t i = 0; i < len; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text[i] = (seed >> 60) ? 'a' + (char)(seed >> 33) % 20 : (char)bytes[(seed >> 33) % sizeof bytes];
        }
        char *end = text + 40, *from = end - len;
        for (size_t i = len; i-- > 0;)
            from[i] = text[i];
        assert_ptr_equal(token_string_stop(from, end), stop_slowly(from, end));
    }
    free(text);
}

static void every_byte_at_every_place(void **state)
{
    (void)state;
    char text[17];
    for (unsigned first = 0; first < 256; first++)
        for (size_t at = 0; at < 16; at++)
            for (size_t k = 0; k < sizeof bytes; k++) {
                for (size_t i = 0; i < sizeof text; i++)
                    text[i] = 'x';
                text[at] = (char)first;
                text[at + 1] = (char)bytes[k];
                assert_ptr_equal(token_string_stop(text, text + sizeof text), stop_slowly(text, text + sizeof text));
            }
}

static void space_ends_where_it_ends(void **state)
{
    (void)state;
    char text[64];
    for (size_t spaces = 0; spaces < 40; spaces++)
        for (size_t len = 0; len <= 63; len++) {
            for (size_t i = 0; i < sizeof text; i++)
                text[i] = i == 0 ? '\n' : i <= spaces ? ' ' : 'x';
            const size_t expected = spaces + 1 < len ? spaces + 1 : len;
            assert_ptr_equal(token_skip_space(text, text + len), text + expected);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strings_stop_at_the_same_byte),
        cmocka_unit_test(every_byte_at_every_place),
        cmocka_unit_test(space_ends_where_it_ends),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
