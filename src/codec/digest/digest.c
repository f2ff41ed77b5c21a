// SPDX-License-Identifier: Apache-2.0
#include "codec/digest/digest.h"

#include "base/status.h"

#include <nettle/sha1.h>
#include <nettle/sha2.h>
#include <stdlib.h>

struct sha256 {
    struct sha256_ctx context;
};

static char *write_hex(char *out, const uint8_t *bytes, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        *out++ = digits[bytes[i] >> 4];
        *out++ = digits[bytes[i] & 15];
    }
    return out;
}

struct sha256 *sha256_new(void)
{
    struct sha256 *s = must_alloc(malloc(sizeof *s));
    sha256_init(&s->context);
    return s;
}

void sha256_free(struct sha256 *s)
{
    free(s);
}

void sha256_add(struct sha256 *s, struct str bytes)
{
    sha256_update(&s->context, bytes.len, (const uint8_t *)bytes.ptr);
}

void sha256_end(struct sha256 *s, char out[SHA256_HEX])
{
    uint8_t digest[SHA256_DIGEST_SIZE];
    sha256_digest(&s->context, sizeof digest, digest);
    (void)write_hex(out, digest, sizeof digest);
}

void uuid5(const uint8_t space[16], struct str name, char out[UUID_TEXT])
{
    static const uint8_t parts[] = {4, 2, 2, 2, 6}; // bytes between the hyphens
    struct sha1_ctx context;
    uint8_t digest[SHA1_DIGEST_SIZE];
    sha1_init(&context);
    sha1_update(&context, 16, space);
    sha1_update(&context, name.len, (const uint8_t *)name.ptr);
    sha1_digest(&context, sizeof digest, digest);
    digest[6] = (uint8_t)((digest[6] & 0x0f) | 0x50); // version 5
    digest[8] = (uint8_t)((digest[8] & 0x3f) | 0x80); // variant of RFC 4122
    for (size_t i = 0, at = 0; i < sizeof parts; at += parts[i++]) {
        if (i)
            *out++ = '-';
        out = write_hex(out, digest + at, parts[i]);
    }
}
