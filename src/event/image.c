// SPDX-License-Identifier: Apache-2.0
// Image references by the distribution grammar (distribution/reference: grammar, normalisation of familiar names).
//
//   reference = [ domain "/" ] path-component { "/" path-component } [ ":" tag ] [ "@" digest ]
//
// The first component is a domain only if it has a dot, a colon or an upper-case letter, or is "localhost"; all else is a path on
// the default registry: docker.io, where a single component lies under library/, unless the caller names another. So evil-gcr.io is a
// domain of its own and never gcr.io.
#include "event/event.h"

#include <string.h>

enum { PATH_MAX_BYTES = 255, TAG_MAX_BYTES = 128, IDENTIFIER_BYTES = 64 };

static bool is_lower_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
    return is_lower_alnum(char_lower(c));
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

// path-component = [a-z0-9]+ ( ( [_.] | "__" | "-"+ ) [a-z0-9]+ )*
static bool path_component_valid(struct str s)
{
    if (s.len == 0 || !is_lower_alnum(s.ptr[0]) || !is_lower_alnum(s.ptr[s.len - 1]))
        return false;
    for (size_t i = 0; i < s.len;) {
        size_t run = 1;
        while (i + run < s.len && s.ptr[i + run] == s.ptr[i])
            run++;
        bool separator = !is_lower_alnum(s.ptr[i]);
        if (separator && !(s.ptr[i] == '-' || (s.ptr[i] == '.' && run == 1) || (s.ptr[i] == '_' && run <= 2)))
            return false;
        if (separator && !is_lower_alnum(s.ptr[i + run])) // two kinds of separator in a row; the end is alphanumeric
            return false;
        i += run;
    }
    return true;
}

static bool path_valid(struct str path)
{
    if (path.len > PATH_MAX_BYTES)
        return false;
    struct str rest = path;
    while (rest.ptr)
        if (!path_component_valid(str_split(&rest, '/')))
            return false;
    return true;
}

static bool port_valid(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

// host = domain-component { "." domain-component }: letters, digits, inner dashes.
static bool host_valid(struct str host)
{
    struct str rest = host;
    while (rest.ptr) {
        struct str part = str_split(&rest, '.');
        if (part.len == 0 || !is_alnum(part.ptr[0]) || !is_alnum(part.ptr[part.len - 1]))
            return false;
        for (size_t i = 0; i < part.len; i++)
            if (!is_alnum(part.ptr[i]) && part.ptr[i] != '-')
                return false;
    }
    return true;
}

static bool bracketed_valid(struct str s, size_t *end)
{
    size_t i = 1;
    while (i < s.len && (is_hex(char_lower(s.ptr[i])) || s.ptr[i] == ':'))
        i++;
    *end = i + 1;
    return i > 1 && i < s.len && s.ptr[i] == ']';
}

static bool domain_valid(struct str domain)
{
    size_t colon;
    if (domain.len && domain.ptr[0] == '[') {
        if (!bracketed_valid(domain, &colon))
            return false;
        if (colon == domain.len)
            return true;
        return domain.ptr[colon] == ':' && port_valid(str_slice(domain, colon + 1, domain.len));
    }
    colon = str_find_char(domain, ':', 0);
    if (colon == SIZE_MAX)
        return host_valid(domain);
    return host_valid(str_slice(domain, 0, colon)) && port_valid(str_slice(domain, colon + 1, domain.len));
}

static bool tag_valid(struct str tag)
{
    if (tag.len == 0 || tag.len > TAG_MAX_BYTES || tag.ptr[0] == '.' || tag.ptr[0] == '-')
        return false;
    for (size_t i = 0; i < tag.len; i++)
        if (!is_alnum(tag.ptr[i]) && !memchr("_.-", tag.ptr[i], 3))
            return false;
    return true;
}

static size_t digest_hex_size(struct str algorithm)
{
    if (str_eq(algorithm, STR("sha256")))
        return 64;
    if (str_eq(algorithm, STR("sha384")))
        return 96;
    return str_eq(algorithm, STR("sha512")) ? 128 : 0;
}

// Of the algorithms that the digest library registers, with their exact length; others are refused by every runtime.
static bool digest_valid(struct str digest)
{
    size_t colon = str_find_char(digest, ':', 0);
    if (colon == SIZE_MAX)
        return false;
    struct str hex = str_slice(digest, colon + 1, digest.len);
    if (hex.len == 0 || hex.len != digest_hex_size(str_slice(digest, 0, colon)))
        return false;
    for (size_t i = 0; i < hex.len; i++)
        if (!is_hex(hex.ptr[i]))
            return false;
    return true;
}

static bool is_domain(struct str first)
{
    for (size_t i = 0; i < first.len; i++)
        if (first.ptr[i] == '.' || first.ptr[i] == ':' || (first.ptr[i] >= 'A' && first.ptr[i] <= 'Z'))
            return true;
    return str_eq(first, STR("localhost"));
}

// 64 hexadecimal digits are an image identifier, not a name.
static bool is_identifier(struct str s)
{
    if (s.len != IDENTIFIER_BYTES)
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (!is_hex(s.ptr[i]))
            return false;
    return true;
}

static struct str path_on_docker_hub(struct str path, struct arena *a)
{
    if (str_find_char(path, '/', 0) != SIZE_MAX)
        return path;
    static const struct str library = {"library/", 8};
    char *full = arena_try(a, library.len + path.len);
    if (!full)
        return STR_NONE;
    memcpy(full, library.ptr, library.len);
    memcpy(full + library.len, path.ptr, path.len);
    return str_make(full, library.len + path.len);
}

bool image_is_registry(struct str s)
{
    return s.len && domain_valid(s);
}

static bool name_parse(struct str name, struct str registry, struct image_ref *out, struct arena *a)
{
    size_t slash = str_find_char(name, '/', 0);
    struct str domain = STR_NONE, path = name;
    if (slash != SIZE_MAX && is_domain(str_slice(name, 0, slash))) {
        domain = str_slice(name, 0, slash);
        path = str_slice(name, slash + 1, name.len);
        if (!domain_valid(domain))
            return false;
    }
    if (!path_valid(path) || (!domain.ptr && is_identifier(path)))
        return false;
    if (!domain.ptr)
        domain = registry;
    bool hub = !domain.ptr || str_eq(domain, STR("docker.io")) || str_eq(domain, STR("index.docker.io"));
    out->registry = hub ? STR("docker.io") : domain;
    out->repository = hub ? path_on_docker_hub(path, a) : path;
    return out->repository.ptr != NULL && out->repository.len <= PATH_MAX_BYTES;
}

bool image_parse(struct str s, struct str registry, struct image_ref *out, struct arena *a)
{
    *out = (struct image_ref){0};
    if (!s.ptr)
        return false;
    struct str name = s;
    size_t at = str_find_char(name, '@', 0);
    if (at != SIZE_MAX) {
        out->digest = str_slice(name, at + 1, name.len);
        name = str_slice(name, 0, at);
        if (!digest_valid(out->digest))
            return false;
    }
    size_t last_slash = name.len;
    while (last_slash > 0 && name.ptr[last_slash - 1] != '/')
        last_slash--;
    size_t colon = str_find_char(name, ':', last_slash); // a colon before the last slash belongs to a port
    if (colon != SIZE_MAX) {
        out->tag = str_slice(name, colon + 1, name.len);
        name = str_slice(name, 0, colon);
        if (!tag_valid(out->tag))
            return false;
    }
    return name_parse(name, registry, out, a);
}
