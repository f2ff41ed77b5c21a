// SPDX-License-Identifier: Apache-2.0
// Parts of the scanner that plain C and the small vector sets share: prefix XOR by doubling, and a mask spread into an index bit by bit.

static inline uint64_t inside(uint64_t quotes)
{
    for (unsigned shift = 1; shift < 64; shift *= 2)
        quotes ^= quotes << shift;
    return quotes;
}

static inline uint32_t *spread(uint32_t *out, uint64_t mask, uint32_t base)
{
    for (; mask; mask &= mask - 1)
        *out++ = base + (uint32_t)__builtin_ctzll(mask);
    return out;
}
