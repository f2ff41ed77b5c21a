// SPDX-License-Identifier: Apache-2.0
#include "event/certificate.h"

#include "base/base64.h"

enum { TEXT_MAX = 256 << 10, TAG_INTEGER = 0x02, TAG_OID = 0x06, TAG_SEQUENCE = 0x30, TAG_SET = 0x31, TAG_VERSION = 0xa0 };
enum { TAG_UTC_TIME = 0x17, TAG_GENERAL_TIME = 0x18 };

// Takes one value off the front: tag, length, content. False: there is none, or it is longer than what is left.
static bool take(struct str *rest, unsigned *tag, struct str *content)
{
    const unsigned char *p = (const unsigned char *)rest->ptr;
    size_t head = 2, length;
    if (rest->len < 2)
        return false;
    *tag = p[0];
    length = p[1];
    if (length >= 0x80) {
        const size_t bytes = length & 0x7f;
        if (bytes == 0 || bytes > 4 || rest->len < 2 + bytes)
            return false;
        length = 0;
        for (size_t i = 0; i < bytes; i++)
            length = length << 8 | p[2 + i];
        head += bytes;
    }
    if (length > rest->len - head)
        return false;
    *content = str_slice(*rest, head, head + length);
    *rest = str_slice(*rest, head + length, rest->len);
    return true;
}

static bool take_of(struct str *rest, unsigned wanted, struct str *content)
{
    unsigned tag;
    return take(rest, &tag, content) && tag == wanted;
}

// UTCTime YYMMDDHHMMSSZ (of 1950 to 2049), GeneralizedTime YYYYMMDDHHMMSSZ.
static bool take_time(struct arena *a, struct str *rest, int64_t *out)
{
    struct str t;
    unsigned tag;
    if (!take(rest, &tag, &t) || (tag != TAG_UTC_TIME && tag != TAG_GENERAL_TIME))
        return false;
    const size_t year = tag == TAG_UTC_TIME ? 2 : 4;
    if (t.len != year + 11)
        return false;
    const char *century = tag == TAG_GENERAL_TIME ? "" : t.ptr[0] >= '5' ? "19" : "20", *p = t.ptr + year;
    const struct str text = arena_printf(a, "%s%.*s-%.2s-%.2sT%.2s:%.2s:%.2sZ", century, (int)year, t.ptr, p, p + 2, p + 4, p + 6, p + 8);
    return time_parse(text, out);
}

// Name ::= SEQUENCE OF SET OF SEQUENCE { type OID, value string }
static void read_subject(struct arena *a, struct str subject, struct certificate *out)
{
    struct str set, pair, oid, value;
    unsigned tag;
    while (take_of(&subject, TAG_SET, &set)) {
        while (take_of(&set, TAG_SEQUENCE, &pair)) {
            if (!take_of(&pair, TAG_OID, &oid) || !take(&pair, &tag, &value))
                continue;
            if (str_eq(oid, STR("\x55\x04\x03")))
                out->user = arena_str(a, value);
            else if (str_eq(oid, STR("\x55\x04\x0a")) && out->n_groups < CERTIFICATE_GROUPS)
                out->groups[out->n_groups++] = arena_str(a, value);
        }
    }
}

static bool read_der(struct arena *a, struct str der, struct certificate *out)
{
    struct str certificate, tbs, part, validity, subject;
    unsigned tag;
    if (!take_of(&der, TAG_SEQUENCE, &certificate) || !take_of(&certificate, TAG_SEQUENCE, &tbs) || !take(&tbs, &tag, &part))
        return false;
    if (tag == TAG_VERSION && !take(&tbs, &tag, &part)) // the serial number is behind it
        return false;
    if (tag != TAG_INTEGER || !take_of(&tbs, TAG_SEQUENCE, &part) || !take_of(&tbs, TAG_SEQUENCE, &part)) // algorithm, issuer
        return false;
    if (!take_of(&tbs, TAG_SEQUENCE, &validity) || !take_of(&tbs, TAG_SEQUENCE, &subject))
        return false;
    if (!take_time(a, &validity, &out->not_before) || !take_time(a, &validity, &out->not_after))
        return false;
    read_subject(a, subject, out);
    return true;
}

static struct str decoded(struct arena *a, struct str text)
{
    char *out = text.len && text.len <= TEXT_MAX ? arena_try(a, text.len) : NULL;
    return out ? str_make(out, base64_decode(text, out)) : STR_NONE;
}

bool certificate_read(struct arena *a, struct str text, struct certificate *out)
{
    const struct str begin = STR("-----BEGIN CERTIFICATE-----");
    *out = (struct certificate){.user = STR("")};
    size_t at = str_find(text, begin, 0);
    if (at == SIZE_MAX) {
        text = decoded(a, text);
        at = text.ptr ? str_find(text, begin, 0) : SIZE_MAX;
    }
    return at != SIZE_MAX && read_der(a, decoded(a, str_slice(text, at + begin.len, text.len)), out);
}
