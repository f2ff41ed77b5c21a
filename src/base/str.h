// SPDX-License-Identifier: Apache-2.0
// A string is a view: pointer and length, passed by value, owning nothing. NUL bytes are ordinary; NUL-terminated strings exist only
// at the border to libc.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str {
    const char *ptr; // NULL means "absent"; "" is a string of length 0
    size_t len;      // bytes
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})
// For printf: "%.*s", STR_ARG(s)
#define STR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

static inline struct str str_make(const char *ptr, size_t len)
{
    return (struct str){ptr, len};
}

[[nodiscard]] struct str str_from_c(const char *cstr); // NULL gives STR_NONE

[[nodiscard]] bool str_eq(struct str a, struct str b);
[[nodiscard]] int str_cmp(struct str a, struct str b); // bytewise order, shorter first

// ASCII case folding only: what the Sigma specification calls case-insensitive is applied to A-Z.
[[nodiscard]] bool str_eq_ci(struct str a, struct str b);
[[nodiscard]] bool str_starts(struct str s, struct str prefix);
[[nodiscard]] bool str_ends(struct str s, struct str suffix);
[[nodiscard]] bool str_starts_ci(struct str s, struct str prefix);
[[nodiscard]] bool str_ends_ci(struct str s, struct str suffix);

// Offset of the first occurrence of needle at or after `from`, or SIZE_MAX.
[[nodiscard]] size_t str_find(struct str s, struct str needle, size_t from);
[[nodiscard]] size_t str_find_ci(struct str s, struct str needle, size_t from);
[[nodiscard]] size_t str_find_char(struct str s, char c, size_t from);

// Whether the whole of s is the pattern, in which * stands for any run of bytes. Time: at most the product of the two lengths.
[[nodiscard]] bool str_glob(struct str s, struct str pattern);

// The part [from, to), both clamped to the string.
[[nodiscard]] struct str str_slice(struct str s, size_t from, size_t to);
[[nodiscard]] struct str str_trim(struct str s); // without leading and trailing ASCII white space

// Takes the text up to `sep` off the front of *rest and returns it; *rest becomes STR_NONE after the last part.
[[nodiscard]] struct str str_split(struct str *rest, char sep);

// The whole string as a number. Decimal, optional sign, fraction and exponent (JSON grammar, leading '+' refused).
[[nodiscard]] bool str_to_double(struct str s, double *out);
[[nodiscard]] bool str_to_u64(struct str s, uint64_t *out); // decimal digits only; false on overflow

// 64-bit hash for tables, not for secrets.
[[nodiscard]] uint64_t str_hash(struct str s);
[[nodiscard]] uint64_t hash_mix(uint64_t a, uint64_t b);

static inline char char_lower(char c)
{
    return (unsigned char)(c - 'A') < 26 ? (char)(c | 0x20) : c;
}
