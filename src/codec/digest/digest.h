// SPDX-License-Identifier: Apache-2.0
// Digests of bytes, over Nettle: SHA-256 (FIPS 180-4) for manifests, and name-based UUIDs (RFC 4122, version 5) for identifiers that are
// the same in every run.
#pragma once

#include "base/str.h"

enum { SHA256_HEX = 64, UUID_TEXT = 36 };

struct sha256;

[[nodiscard]] struct sha256 *sha256_new(void);
void sha256_free(struct sha256 *s);
void sha256_add(struct sha256 *s, struct str bytes);
// Writes the digest of all that was added in lower case hexadecimal, without a NUL, and starts anew.
void sha256_end(struct sha256 *s, char out[SHA256_HEX]);

// Writes the UUID of a name in a name space, without a NUL.
void uuid5(const uint8_t space[16], struct str name, char out[UUID_TEXT]);
