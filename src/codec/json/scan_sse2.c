// SPDX-License-Identifier: Apache-2.0
// The scanner with SSE2, which every x86-64 processor has: 16 bytes a vector, four vectors a block.
#include "codec/json/scan.h"
#include "codec/json/token.h"

#include <emmintrin.h>

struct block {
    __m128i part[4];
};

static inline struct block load(const char *p)
{
    struct block b;
    for (int i = 0; i < 4; i++)
        b.part[i] = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * i));
    return b;
}

static inline uint64_t equal(struct block b, char c)
{
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++)
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(b.part[i], _mm_set1_epi8(c))) << 16 * i;
    return mask;
}

static inline uint64_t below_space(struct block b)
{
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        __m128i limit = _mm_set1_epi8(0x1f);
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_max_epu8(b.part[i], limit), limit)) << 16 * i;
    }
    return mask;
}

static bool available(void)
{
    return true;
}

#include "codec/json/scan_look.h"
#include "codec/json/scan_scalar.h"

#define SIMD(x)   x##_sse2
#define SIMD_NAME "sse2"
#include "codec/json/scan_core.h"
