// SPDX-License-Identifier: Apache-2.0
// Internet addresses: IPv4 is kept as the IPv4-mapped block of IPv6 (RFC 4291, 2.5.5.2), so that both compare alike.
#include "address.h"

#include <arpa/inet.h>
#include <string.h>

static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

bool address_parse(struct str s, uint8_t out[16])
{
    char text[INET6_ADDRSTRLEN];
    if (s.len == 0 || s.len >= sizeof text || memchr(s.ptr, '\0', s.len))
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    if (inet_pton(AF_INET6, text, out) == 1)
        return true;
    memcpy(out, mapped, sizeof mapped);
    return inet_pton(AF_INET, text, out + 12) == 1;
}

static bool has_host_bits(const struct cidr *c)
{
    for (unsigned bit = c->bits; bit < 128; bit++)
        if (c->address[bit / 8] >> (7 - bit % 8) & 1)
            return true;
    return false;
}

enum cidr_result cidr_parse(struct str s, struct cidr *out)
{
    struct str bits_text = s, address = str_split(&bits_text, '/');
    bool v4 = str_find_char(address, ':', 0) == SIZE_MAX;
    uint64_t bits = v4 ? 32 : 128;
    if (!address_parse(address, out->address))
        return CIDR_MALFORMED;
    if (bits_text.ptr && (bits_text.len > 3 || !str_to_u64(bits_text, &bits) || bits > (v4 ? 32 : 128)))
        return CIDR_MALFORMED;
    out->bits = (unsigned)bits + (v4 ? 96 : 0);
    return has_host_bits(out) ? CIDR_HOST_BITS : CIDR_OK;
}

bool cidr_contains(const struct cidr *c, const uint8_t address[16])
{
    // An IPv6 network wider than the mapped block (::/0) does not mean IPv4 addresses.
    if (c->bits < 96 && memcmp(address, mapped, sizeof mapped) == 0)
        return false;
    unsigned whole = c->bits / 8, rest = c->bits % 8;
    if (memcmp(c->address, address, whole) != 0)
        return false;
    return rest == 0 || (c->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}
