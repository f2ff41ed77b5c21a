// SPDX-License-Identifier: Apache-2.0
#include "report/common/keep.h"

#include <string.h>

struct str keep_cut(struct str s, size_t max)
{
    if (s.len <= max)
        return s;
    size_t end = max;
    while (end > 0 && end + 3 > max && ((unsigned char)s.ptr[end] & 0xc0) == 0x80) // not inside a UTF-8 sequence
        end--;
    return str_slice(s, 0, end);
}

bool keep(struct arena *arena, struct kept *out, struct str s)
{
    struct str cut = keep_cut(s, DIGEST_TEXT);
    *out = (struct kept){.whole = s.len, .hash = cut.len < s.len ? str_hash(s) : 0};
    if (!s.ptr)
        return true;
    char *copy = arena_try(arena, cut.len);
    if (!copy)
        return false;
    if (cut.len)
        memcpy(copy, cut.ptr, cut.len);
    out->text = str_make(copy, cut.len);
    return true;
}

bool kept_is(const struct kept *k, struct str s)
{
    if (k->whole != s.len || (k->text.ptr == NULL) != (s.ptr == NULL))
        return false;
    return str_eq(k->text, str_slice(s, 0, k->text.len)) && (k->text.len == s.len || k->hash == str_hash(s));
}
