// SPDX-License-Identifier: Apache-2.0
#include "host/format.h"

struct str host_base_name(struct str path)
{
    size_t at = path.len;
    while (at && path.ptr[at - 1] != '/')
        at--;
    return str_slice(path, at, path.len);
}

// Falco writes <NA> for what it does not know.
struct str host_text(struct host_event *e, struct str s)
{
    if (!s.len || str_eq(s, STR("<NA>")) || str_eq(s, STR("N/A")))
        return STR_NONE;
    e->cut |= s.len > HOST_TEXT_MAX;
    return str_slice(s, 0, HOST_TEXT_MAX);
}

struct str host_member(struct host_event *e, const struct json_value *object, struct str key)
{
    return host_text(e, json_text(json_get(object, key)));
}

const struct json_value *host_either(const struct json_value *object, struct str a, struct str b)
{
    const struct json_value *v = json_get(object, a);
    return v ? v : json_get(object, b);
}

uint64_t host_number(const struct json_value *v)
{
    uint64_t n;
    if (v && v->kind == JSON_OBJECT) // a wrapped number of protobuf
        v = json_get(v, STR("value"));
    return v && v->text.ptr && str_to_u64(v->text, &n) ? n : 0;
}

// Protobuf's Timestamp, when it is not written as RFC 3339.
static int64_t time_of_parts(const struct json_value *v)
{
    uint64_t seconds = host_number(json_get(v, STR("seconds"))), nanos = host_number(json_get(v, STR("nanos")));
    if (!seconds || seconds > INT64_MAX / NS_PER_SECOND - 1 || nanos >= NS_PER_SECOND)
        return TIME_NONE;
    return (int64_t)seconds * NS_PER_SECOND + (int64_t)nanos;
}

int64_t host_time(const struct json_value *v)
{
    int64_t time;
    if (v && v->kind == JSON_OBJECT)
        return time_of_parts(v);
    if (!v || !v->text.ptr)
        return TIME_NONE;
    if (time_parse(v->text, &time))
        return time;
    return time_parse_epoch(v->text, &time) && time ? time : TIME_NONE;
}

struct str host_container_id(struct str s)
{
    size_t scheme = str_find(s, STR("://"), 0);
    if (scheme != SIZE_MAX)
        s = str_slice(s, scheme + 3, s.len);
    return !s.len || str_eq(s, STR("host")) ? STR_NONE : s;
}

struct str host_command(struct host_event *e, struct arena *a, struct str exe, struct str arguments)
{
    if (!exe.ptr || !arguments.ptr)
        return exe.ptr ? exe : arguments;
    e->cut |= exe.len + arguments.len > 2 * HOST_TEXT_MAX;
    return arena_printf(a, "%.*s %.*s", STR_ARG(exe), STR_ARG(arguments));
}

int host_digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct str host_first_word(struct str command)
{
    size_t space = str_find_char(command, ' ', 0);
    return str_slice(command, 0, space == SIZE_MAX ? command.len : space);
}
