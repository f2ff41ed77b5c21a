// SPDX-License-Identifier: Apache-2.0
// UTF-8 (RFC 3629).
#pragma once

#include "base/str.h"

// Decodes the character at the start of s. Gives its size in bytes (1-4), or 0 when it is not well formed (overlong, surrogate,
// beyond U+10FFFF, cut off) or s is empty.
[[nodiscard]] size_t utf8_decode(struct str s, uint32_t *out);
// Writes c (any Unicode scalar value) and gives its size, 1-4. `out` has room for four bytes.
[[nodiscard]] size_t utf8_encode(uint32_t c, char *out);
// Offset of the first byte that is not well formed, or SIZE_MAX.
[[nodiscard]] size_t utf8_invalid_at(struct str s);
// Whether c shows nothing or changes how its neighbours are shown (C1 controls, soft hyphen, zero width characters, bidirectional
// marks and overrides, line separators, fillers, tags): hostile text must not be able to rearrange what a person reads.
[[nodiscard]] bool utf8_is_invisible(uint32_t c);
