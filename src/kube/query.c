// SPDX-License-Identifier: Apache-2.0
#include "kube/query.h"

// RFC 3986: everything but unreserved characters is encoded.
static void add_encoded(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        const char c = s.ptr[i];
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
        if (plain)
            buf_add_char(out, c);
        else
            buf_addf(out, "%%%02X", (unsigned char)c);
    }
}

void query_add(struct buf *url, const char *key, struct str value)
{
    buf_addf(url, "&%s=", key);
    add_encoded(url, value);
}

void query_add_selectors(struct buf *url, const struct kube_resource *r)
{
    if (r->only.ptr) {
        buf_add(url, STR("&fieldSelector=metadata.name%3D"));
        add_encoded(url, r->only);
    }
    if (r->selector.ptr)
        query_add(url, "fieldSelector", r->selector);
}
