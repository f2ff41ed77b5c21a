// SPDX-License-Identifier: Apache-2.0
// Whom a certificate signing request would name. The body holds base64 of PEM, which is base64 of DER (RFC 2986). Kubernetes takes
// the common name as the user and each organisation as a group, so CN=admin O=system:masters is a key to everything.
//
// Only the two attributes are looked for, by their object identifiers, before the string types that names are made of (RFC 5280,
// DirectoryString): no ASN.1 tree is built from hostile input.
#include "base/base64.h"
#include "event/transforms.h"

#include <string.h>

enum { CSR_MAX_BYTES = 64 * 1024, TAG_UTF8 = 0x0c, TAG_PRINTABLE = 0x13, TAG_TELETEX = 0x14, TAG_IA5 = 0x16, LENGTH_LONG_1 = 0x81 };

static struct str decoded(struct str s, struct arena *a)
{
    char *out = s.len && s.len <= CSR_MAX_BYTES ? arena_try(a, s.len) : NULL;
    return out ? str_make(out, base64_decode(s, out)) : STR_NONE;
}

static struct str pem_body(struct str pem)
{
    static const struct str begin = {"CERTIFICATE REQUEST-----", 24};
    size_t start = str_find(pem, begin, 0);
    return start == SIZE_MAX ? STR_NONE : str_slice(pem, start + begin.len, pem.len);
}

// The string that follows an attribute's identifier at `at`: tag, length, bytes.
static struct str string_at(struct str der, size_t at)
{
    if (at + 2 > der.len)
        return STR_NONE;
    unsigned char tag = (unsigned char)der.ptr[at], length = (unsigned char)der.ptr[at + 1];
    at += 2;
    if (tag != TAG_UTF8 && tag != TAG_PRINTABLE && tag != TAG_TELETEX && tag != TAG_IA5)
        return STR_NONE;
    if (length == LENGTH_LONG_1 && at < der.len)
        length = (unsigned char)der.ptr[at++];
    else if (length >= 0x80)
        return STR_NONE;
    return length <= der.len - at ? str_slice(der, at, at + length) : STR_NONE;
}

static void emit_attributes(struct str der, struct str identifier, const char *label, struct transform_out *out)
{
    for (size_t at = str_find(der, identifier, 0); at != SIZE_MAX; at = str_find(der, identifier, at + 1)) {
        struct str value = string_at(der, at + identifier.len);
        size_t label_len = strlen(label);
        if (!value.len)
            continue;
        char *text = arena_try(out->arena, label_len + value.len);
        if (text) {
            memcpy(text, label, label_len);
            memcpy(text + label_len, value.ptr, value.len);
        }
        transform_emit(out, text ? str_make(text, label_len + value.len) : STR_NONE);
    }
}

void transform_csr_subject(struct str in, struct transform_out *out)
{
    struct str der = decoded(pem_body(decoded(in, out->arena)), out->arena);
    if (!der.len)
        return;
    emit_attributes(der, STR("\x06\x03\x55\x04\x03"), "CN=", out); // id-at-commonName 2.5.4.3
    emit_attributes(der, STR("\x06\x03\x55\x04\x0a"), "O=", out);  // id-at-organizationName 2.5.4.10
}
