// SPDX-License-Identifier: Apache-2.0
// The scanner with AVX-512 (BW, VBMI2): a block is one vector, a comparison is one mask.
#include "codec/json/scan.h"
#include "codec/json/token.h"

#include <immintrin.h>

struct block {
    __m512i all;
};

static inline struct block load(const char *p)
{
    return (struct block){_mm512_loadu_si512(p)};
}

static inline uint64_t equal(struct block b, char c)
{
    return _mm512_cmpeq_epi8_mask(b.all, _mm512_set1_epi8(c));
}

static inline uint64_t below_space(struct block b)
{
    return _mm512_cmplt_epu8_mask(b.all, _mm512_set1_epi8(0x20));
}

static inline uint64_t inside(uint64_t quotes)
{
    __m128i product = _mm_clmulepi64_si128(_mm_set_epi64x(0, (int64_t)quotes), _mm_set1_epi8(-1), 0);
    return (uint64_t)_mm_cvtsi128_si64(product);
}

// The positions 0..63 are compressed by the mask; sixteen at a time become offsets. A block seldom has more than sixteen quotes.
static inline uint32_t *spread(uint32_t *out, uint64_t mask, uint32_t base)
{
    const __m512i identity = _mm512_set_epi8(63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40,
                                             39, 38, 37, 36, 35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16,
                                             15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    __m512i positions = _mm512_maskz_compress_epi8(mask, identity);
    __m512i start = _mm512_set1_epi32((int)base);
    int count = __builtin_popcountll(mask);
    _mm512_storeu_si512(out, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(positions))));
    if (__builtin_expect(count > 16, 0)) {
        _mm512_storeu_si512(out + 16, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(positions, 1))));
        _mm512_storeu_si512(out + 32, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(positions, 2))));
        _mm512_storeu_si512(out + 48, _mm512_add_epi32(start, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(positions, 3))));
    }
    return out + count;
}

static bool available(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2") &&
           __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("pclmul");
}

#include "codec/json/scan_look.h"

#define SIMD(x)   x##_avx512
#define SIMD_NAME "avx512"
#include "codec/json/scan_core.h"
