// SPDX-License-Identifier: Apache-2.0
// What a request tells of itself: its URI, its user agent, the address it came from.
#include "event/transforms.h"
#include "event/uri.h"

#include <arpa/inet.h>
#include <string.h>

void transform_uri_path(struct str in, struct transform_out *out)
{
    if (in.ptr)
        transform_emit(out, uri_decode(uri_path(in), false, out->arena));
}

void transform_uri_query_keys(struct str in, struct transform_out *out)
{
    struct uri_query q = uri_query(in);
    struct str key, value;
    while (uri_query_next(&q, &key, &value, out->arena))
        if (key.len)
            transform_emit(out, key);
}

void transform_uri_dry_run(struct str in, struct transform_out *out)
{
    struct uri_query q = uri_query(in);
    struct str key, value;
    while (uri_query_next(&q, &key, &value, out->arena))
        if (str_eq(key, STR("dryRun")))
            transform_emit(out, uri_decode(value, true, out->arena));
}

// --- commands ----------------------------------------------------------------------------------------------------------------------

// Which parameter carries a command in this path; ptr NULL: none does.
//   /api/v1/namespaces/NS/pods/POD/(exec|attach)           command=, repeated
//   .../proxy/(exec|attach)/NS/POD/...                     command=, repeated: the kubelet's own API behind nodes/proxy
//   .../proxy/run/NS/POD/CONTAINER                         cmd=
static struct str command_key(struct str path)
{
    if (str_ends(path, STR("/exec")) || str_ends(path, STR("/attach")))
        return STR("command");
    if (str_find(path, STR("/proxy/exec/"), 0) != SIZE_MAX || str_find(path, STR("/proxy/attach/"), 0) != SIZE_MAX)
        return STR("command");
    return str_find(path, STR("/proxy/run/"), 0) != SIZE_MAX ? STR("cmd") : STR_NONE;
}

void transform_uri_command(struct str in, struct transform_out *out)
{
    if (!in.ptr || str_find_char(in, '?', 0) == SIZE_MAX)
        return;
    struct str wanted = command_key(uri_decode(uri_path(in), false, out->arena));
    if (!wanted.ptr)
        return;
    struct uri_query q = uri_query(in);
    struct str key, value;
    char *text = arena_try(out->arena, in.len);
    size_t n = 0;
    while (text && uri_query_next(&q, &key, &value, out->arena)) {
        if (!str_eq(key, wanted))
            continue;
        value = uri_decode(value, true, out->arena);
        if (n)
            text[n++] = ' ';
        if (value.len)
            memcpy(text + n, value.ptr, value.len);
        n += value.len;
    }
    if (!text || n)
        transform_emit(out, text ? str_make(text, n) : STR_NONE);
}

// --- user agents -------------------------------------------------------------------------------------------------------------------

static struct str product_of(struct str agent, struct arena *a)
{
    agent = str_trim(agent);
    size_t end = 0;
    while (end < agent.len && agent.ptr[end] != '/' && agent.ptr[end] != ' ' && agent.ptr[end] != '\t')
        end++;
    char *text = end ? arena_try(a, end) : NULL;
    for (size_t i = 0; text && i < end; i++)
        text[i] = char_lower(agent.ptr[i]);
    return text ? str_make(text, end) : STR_NONE;
}

void transform_agent_product(struct str in, struct transform_out *out)
{
    struct str product = product_of(in, out->arena);
    if (product.len)
        transform_emit(out, product);
}

// Product prefixes of clients that people and tools use. A client chooses its agent, so this says what it claims to be.
static const struct {
    struct str prefix, family;
} families[] = {
    {{"go-http-client", 14}, {"go", 2}},
    {{"kubectl", 7}, {"kubectl", 7}},
    {{"oc", 2}, {"kubectl", 7}},
    {{"curl", 4}, {"curl", 4}},
    {{"wget", 4}, {"wget", 4}},
    {{"python", 6}, {"python", 6}},
    {{"aiohttp", 7}, {"python", 6}},
    {{"httpx", 5}, {"python", 6}},
    {{"okhttp", 6}, {"java", 4}},
    {{"java", 4}, {"java", 4}},
    {{"apache-httpclient", 17}, {"java", 4}},
    {{"fabric8", 7}, {"java", 4}},
    {{"kubernetes-java", 15}, {"java", 4}},
    {{"node-fetch", 10}, {"node", 4}},
    {{"axios", 5}, {"node", 4}},
    {{"undici", 6}, {"node", 4}},
    {{"openapi-generator", 17}, {"openapi", 7}},
    {{"libwww-perl", 11}, {"perl", 4}},
    {{"ruby", 4}, {"ruby", 4}},
    {{"powershell", 10}, {"powershell", 10}},
    {{"mozilla", 7}, {"browser", 7}},
    {{"opera", 5}, {"browser", 7}},
    {{"masscan", 7}, {"scanner", 7}},
    {{"zgrab", 5}, {"scanner", 7}},
    {{"nmap", 4}, {"scanner", 7}},
    {{"nuclei", 6}, {"scanner", 7}},
    {{"censys", 6}, {"scanner", 7}},
};
static const struct str scanner_marks[] = {{"zgrab", 5}, {"censysinspect", 13}, {"nmap", 4}, {"masscan", 7}, {"nuclei", 6}, {"expanse", 7}};

static bool prefix_ends_word(struct str product, size_t len)
{
    return product.len == len || char_lower(product.ptr[len]) < 'a' || char_lower(product.ptr[len]) > 'z';
}

void transform_agent_family(struct str in, struct transform_out *out)
{
    struct str product = product_of(in, out->arena);
    if (!product.len)
        return;
    for (size_t i = 0; i < sizeof scanner_marks / sizeof *scanner_marks; i++)
        if (str_find_ci(in, scanner_marks[i], 0) != SIZE_MAX) {
            transform_emit(out, STR("scanner"));
            return;
        }
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (str_starts(product, families[i].prefix) && prefix_ends_word(product, families[i].prefix.len)) {
            transform_emit(out, families[i].family);
            return;
        }
    transform_emit(out, product);
}

// --- addresses ---------------------------------------------------------------------------------------------------------------------

struct block {
    uint8_t address[16]; // IPv4 in the last four bytes
    unsigned bits;       // of 128 or of 32
    const char *kind;
};

// IANA special-purpose registries (RFC 6890 and what it cites). Documentation ranges are not special here: logs use them as public.
static const struct block blocks4[] = {
    {{[12] = 127}, 8, "loopback"},
    {{[12] = 10}, 8, "private"},
    {{[12] = 172, [13] = 16}, 12, "private"},
    {{[12] = 192, [13] = 168}, 16, "private"},
    {{[12] = 169, [13] = 254}, 16, "link_local"},
    {{[12] = 100, [13] = 64}, 10, "cgnat"},
    {{[12] = 224}, 4, "multicast"},
    {{[12] = 0}, 8, "unspecified"},
};
static const struct block blocks6[] = {
    {{[15] = 1}, 128, "loopback"},    {{0}, 128, "unspecified"}, {{0xfc}, 7, "private"},
    {{0xfe, 0x80}, 10, "link_local"}, {{0xff}, 8, "multicast"},
};

static bool inside(const uint8_t *address, const uint8_t *network, unsigned bits)
{
    if (memcmp(address, network, bits / 8) != 0)
        return false;
    unsigned rest = bits % 8;
    return !rest || ((address[bits / 8] ^ network[bits / 8]) >> (8 - rest)) == 0;
}

static const char *kind_of(const uint8_t address[16], bool four)
{
    const struct block *blocks = four ? blocks4 : blocks6;
    size_t n = four ? sizeof blocks4 / sizeof *blocks4 : sizeof blocks6 / sizeof *blocks6;
    size_t skip = four ? 12 : 0;
    for (size_t i = 0; i < n; i++)
        if (inside(address + skip, blocks[i].address + skip, blocks[i].bits))
            return blocks[i].kind;
    return "public";
}

void transform_address_kind(struct str in, struct transform_out *out)
{
    char text[INET6_ADDRSTRLEN];
    uint8_t address[16] = {0};
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    in = str_slice(in, 0, str_find_char(in, '%', 0)); // a zone: fe80::1%eth0
    if (!in.len || in.len >= sizeof text || memchr(in.ptr, 0, in.len))
        return;
    memcpy(text, in.ptr, in.len);
    text[in.len] = 0;
    bool four = inet_pton(AF_INET, text, address + 12) == 1;
    if (!four) {
        if (inet_pton(AF_INET6, text, address) != 1)
            return;
        four = memcmp(address, mapped, sizeof mapped) == 0;
    }
    transform_emit(out, str_from_c(kind_of(address, four)));
}
