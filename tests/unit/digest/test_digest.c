// SPDX-License-Identifier: Apache-2.0
// Are the digests those of the standards?
#include "codec/digest/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// FIPS 180-4, examples of NIST: one block, two blocks, nothing.
static void sha256_of_known_texts(void **state)
{
    static const struct {
        struct str text;
        const char *digest;
    } known[] = {
        {{"abc", 3}, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56},
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
        {{"", 0}, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    };
    struct sha256 *s = sha256_new();
    char hex[SHA256_HEX];
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        sha256_add(s, str_slice(known[i].text, 0, 2));
        sha256_add(s, str_slice(known[i].text, 2, known[i].text.len));
        sha256_end(s, hex);
        assert_memory_equal(hex, known[i].digest, sizeof hex);
    }
    sha256_free(s);
}

// RFC 9562, appendix A.4.
static void uuid_of_known_name(void **state)
{
    static const uint8_t dns[16] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1, 0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    char text[UUID_TEXT];
    (void)state;
    uuid5(dns, STR("www.example.com"), text);
    assert_memory_equal(text, "2ed6657d-e927-568b-95e1-2665a8aea6a2", sizeof text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_of_known_texts),
        cmocka_unit_test(uuid_of_known_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
