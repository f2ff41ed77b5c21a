// SPDX-License-Identifier: Apache-2.0
// The scanner in plain C: eight bytes at a time.
#include "codec/json/scan.h"
#include "codec/json/token.h"

#define ONES 0x0101010101010101u

static inline uint64_t load(const char *p)
{
    uint64_t word;
    memcpy(&word, p, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

// Top bits of the bytes, one beside the other.
static inline uint64_t gather(uint64_t top_bits)
{
    return (top_bits >> 7) * 0x0102040810204080u >> 56;
}

static inline uint64_t equal8(uint64_t word, unsigned char c)
{
    uint64_t difference = word ^ ONES * c;
    return gather(~(((difference & ONES * 0x7f) + ONES * 0x7f) | difference) & ONES * 0x80);
}

static inline uint64_t below_space8(uint64_t word)
{
    return gather(~(((word & ONES * 0x7f) + ONES * 0x60) | word) & ONES * 0x80);
}

static inline struct masks look_quotes(const char *p)
{
    struct masks m = {0};
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word = load(p + i);
        m.quote |= equal8(word, '"') << i;
        m.slash |= equal8(word, '\\') << i;
        m.control |= below_space8(word) << i;
    }
    return m;
}

static inline struct masks look_brackets(const char *p)
{
    struct masks m = look_quotes(p);
    for (unsigned i = 0; i < 64; i += 8) {
        uint64_t word = load(p + i);
        m.open_brace |= equal8(word, '{') << i;
        m.close_brace |= equal8(word, '}') << i;
        m.open_bracket |= equal8(word, '[') << i;
        m.close_bracket |= equal8(word, ']') << i;
    }
    return m;
}

#include "codec/json/scan_scalar.h"

static bool available(void)
{
    return true;
}

#define SIMD(x)   x##_plain
#define SIMD_NAME "plain"
#include "codec/json/scan_core.h"
