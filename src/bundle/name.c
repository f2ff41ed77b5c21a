// SPDX-License-Identifier: Apache-2.0
#include "base/identity.h"
#include "bundle/bundle.h"

static bool is_plain(char c)
{
    return (unsigned char)(c - '0') < 10 || (unsigned char)(char_lower(c) - 'a') < 26 || c == '-' || c == '_' || c == '.';
}

void bundle_name_part(struct buf *out, struct str s)
{
    enum { PART_MAX = 64 }; // bytes of s: three times as many and a hash still are a name of a file
    struct str head = str_slice(s, 0, PART_MAX);
    if (!s.len)
        buf_add_char(out, '%');
    for (size_t i = 0; i < head.len; i++) {
        char c = head.ptr[i];
        if (is_plain(c) && !(i == 0 && c == '.'))
            buf_add_char(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
    if (s.len > PART_MAX)
        buf_addf(out, "%%%016llx", (unsigned long long)identity_hash(s));
}
