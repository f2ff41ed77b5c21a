// SPDX-License-Identifier: Apache-2.0
// Reading base64, both alphabets of RFC 4648.
#pragma once

#include "base/str.h"

[[nodiscard]] int base64_digit(char c); // 0-63, or -1
// The bytes of s up to the first character that is neither a digit nor white space; out has room for s.len bytes. Gives the size.
[[nodiscard]] size_t base64_decode(struct str s, char *out);
