// SPDX-License-Identifier: Apache-2.0
// The scanner with AVX2, BMI and carry-less multiplication: 32 bytes a vector, two vectors a block.
#include "codec/json/scan.h"
#include "codec/json/token.h"

#include <immintrin.h>

struct block {
    __m256i low, high;
};

static inline struct block load(const char *p)
{
    return (struct block){_mm256_loadu_si256((const __m256i *)(const void *)p),
                          _mm256_loadu_si256((const __m256i *)(const void *)(p + 32))};
}

static inline uint64_t join(__m256i low, __m256i high)
{
    return (uint32_t)_mm256_movemask_epi8(low) | (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

static inline uint64_t equal(struct block b, char c)
{
    __m256i wanted = _mm256_set1_epi8(c);
    return join(_mm256_cmpeq_epi8(b.low, wanted), _mm256_cmpeq_epi8(b.high, wanted));
}

static inline uint64_t below_space(struct block b)
{
    __m256i limit = _mm256_set1_epi8(0x1f);
    return join(_mm256_cmpeq_epi8(_mm256_max_epu8(b.low, limit), limit), _mm256_cmpeq_epi8(_mm256_max_epu8(b.high, limit), limit));
}

static inline uint64_t inside(uint64_t quotes)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)quotes), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

// Eight at a time without looking at the mask in between: what is written behind the last bit is overwritten or never read.
static inline uint32_t *spread(uint32_t *out, uint64_t mask, uint32_t base)
{
    unsigned count = (unsigned)__builtin_popcountll(mask);
    uint32_t *at = out;
    do {
        for (int i = 0; i < 8; i++, mask &= mask - 1)
            at[i] = base + (uint32_t)_tzcnt_u64(mask);
        at += 8;
    } while (mask);
    return out + count;
}

static bool available(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("popcnt");
}

#include "codec/json/scan_look.h"

#define SIMD(x)   x##_avx2
#define SIMD_NAME "avx2"
#include "codec/json/scan_core.h"
