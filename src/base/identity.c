// SPDX-License-Identifier: Apache-2.0
// SipHash-2-4 (Aumasson, Bernstein: "SipHash: a fast short-input PRF", 2012), with a fixed key where results must not depend on the run.
#include "base/identity.h"

#include <string.h>

struct sip {
    uint64_t a, b, c, d;
};

static uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static void sip_round(struct sip *v)
{
    v->a += v->b;
    v->b = rotate(v->b, 13) ^ v->a;
    v->a = rotate(v->a, 32);
    v->c += v->d;
    v->d = rotate(v->d, 16) ^ v->c;
    v->a += v->d;
    v->d = rotate(v->d, 21) ^ v->a;
    v->c += v->b;
    v->b = rotate(v->b, 17) ^ v->c;
    v->c = rotate(v->c, 32);
}

static void sip_word(struct sip *v, uint64_t word)
{
    v->d ^= word;
    sip_round(v);
    sip_round(v);
    v->a ^= word;
}

uint64_t identity_hash(struct str s)
{
    return identity_hash_keyed(s, 0x0706050403020100u, 0x0f0e0d0c0b0a0908u); // 00 01 02 ... 0f, as in the paper's test vectors
}

uint64_t identity_hash_keyed(struct str s, uint64_t k0, uint64_t k1)
{
    struct sip v = {k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u, k1 ^ 0x7465646279746573u};
    uint64_t word;
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8) {
        memcpy(&word, s.ptr + i, 8);
        sip_word(&v, word);
    }
    word = (uint64_t)s.len << 56;
    for (size_t k = i; k < s.len; k++)
        word |= (uint64_t)(unsigned char)s.ptr[k] << (8 * (k - i));
    sip_word(&v, word);
    v.c ^= 0xff;
    for (int k = 0; k < 4; k++)
        sip_round(&v);
    return v.a ^ v.b ^ v.c ^ v.d;
}
