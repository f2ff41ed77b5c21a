// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648): read in both alphabets, written in the first.
#pragma once

#include "base/buf.h"

[[nodiscard]] int base64_digit(char c); // 0-63, or -1
// The bytes of s up to the first character that is neither a digit nor white space; out has room for s.len bytes. Gives the size.
[[nodiscard]] size_t base64_decode(struct str s, char *out);
void base64_encode(struct buf *out, struct str s);
