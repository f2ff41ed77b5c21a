// SPDX-License-Identifier: Apache-2.0
#include "export/stix_pattern.h"

#include "export/stix_pen.h"

enum address_family stix_address(struct str s)
{
    uint8_t address[16];
    if (!address_parse(s, address))
        return ADDRESS_NONE;
    return str_find_char(s, ':', 0) == SIZE_MAX ? ADDRESS_IPV4 : ADDRESS_IPV6;
}

// A string constant: only the quote and the backslash have a meaning in it.
static void add_quoted(struct buf *out, const char *before, struct str value, const char *behind)
{
    buf_addf(out, "'%s", before);
    for (size_t i = 0; i < value.len; i++) {
        if (value.ptr[i] == '\'' || value.ptr[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, value.ptr[i]);
    }
    buf_addf(out, "%s'", behind);
}

static void compare(struct buf *out, const char *path, struct str value)
{
    buf_addf(out, "%s = ", path);
    add_quoted(out, "", value, "");
}

static bool address(struct buf *out, struct str value)
{
    enum address_family family = stix_address(value);
    if (family == ADDRESS_NONE)
        return false;
    compare(out, family == ADDRESS_IPV4 ? "ipv4-addr:value" : "ipv6-addr:value", value);
    return true;
}

static bool image(struct buf *out, struct str value)
{
    compare(out, "software:name", value);
    return true;
}

static bool image_digest(struct buf *out, struct str value)
{
    struct str hex = str_slice(value, str_find_char(value, ':', 0) + 1, value.len); // sha256:...
    if (!str_starts(value, STR("sha256:")) || hex.len != SHA256_HEX)
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if ((unsigned char)(hex.ptr[i] - '0') > 9 && (unsigned char)(hex.ptr[i] - 'a') > 5)
            return false;
    compare(out, "file:hashes.'SHA-256'", hex);
    return true;
}

// HOST:PORT
static bool pool(struct buf *out, struct str value)
{
    uint64_t port;
    size_t colon = str_find_char(value, ':', 0);
    if (colon == SIZE_MAX || !str_to_u64(str_slice(value, colon + 1, value.len), &port) || port > UINT16_MAX)
        return false;
    compare(out, "network-traffic:dst_ref.value", str_slice(value, 0, colon));
    buf_addf(out, " AND network-traffic:dst_port = %llu", (unsigned long long)port);
    return true;
}

static bool wallet(struct buf *out, struct str value)
{
    buf_add(out, STR("process:command_line LIKE "));
    add_quoted(out, "%", value, "%"); // its alphabet has no % and no _
    return true;
}

static bool agent(struct buf *out, struct str value)
{
    compare(out, "network-traffic:extensions.'http-request-ext'.request_header.'User-Agent'", value);
    return true;
}

static const struct {
    struct str type;
    bool (*write)(struct buf *out, struct str value);
} writers[] = {
    {{"address", 7}, address}, {{"agent", 5}, agent},   {{"image", 5}, image}, {{"image_digest", 12}, image_digest},
    {{"pool", 4}, pool},       {{"wallet", 6}, wallet},
};

bool stix_pattern(struct buf *out, const struct incident_indicator *indicator)
{
    size_t start = out->len;
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (str_eq(writers[i].type, indicator->type)) {
            buf_add_char(out, '[');
            bool written = writers[i].write(out, indicator->value);
            buf_add_char(out, ']');
            if (!written)
                out->len = start;
            return written;
        }
    return false;
}
