// SPDX-License-Identifier: Apache-2.0
// Events of the kernel's audit system as laurel(8) writes them, one JSON object each:
//   {"ID":"1763773802.120:4711","NODE":...,"SYSCALL":{"pid":2,"ppid":1,"exe":...},"EXECVE":{"ARGV":[...]},"PARENT_INFO":{...},"PATH":[...]}
// Bytes that are not printable ASCII, % and + are written as %XX.
#include "host/auditd.h"

#include "host/format.h"

static const struct json_value *object_at(const struct json_value *record, struct str key)
{
    const struct json_value *v = json_get(record, key);
    return v && v->kind == JSON_OBJECT ? v : NULL;
}

static bool looks(const struct json_value *record)
{
    return str_find_char(json_text(json_get(record, STR("ID"))), ':', 0) != SIZE_MAX &&
           (object_at(record, STR("SYSCALL")) || object_at(record, STR("EXECVE")));
}

static struct str decode(struct arena *a, struct str s)
{
    if (str_find_char(s, '%', 0) == SIZE_MAX)
        return s;
    char *out = arena_array(a, char, s.len);
    size_t n = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '%' && s.len - i > 2 && host_digit(s.ptr[i + 1]) >= 0 && host_digit(s.ptr[i + 2]) >= 0) {
            out[n++] = (char)(host_digit(s.ptr[i + 1]) << 4 | host_digit(s.ptr[i + 2]));
            i += 2;
        } else {
            out[n++] = s.ptr[i];
        }
    }
    return str_make(out, n);
}

static struct str member(struct host_event *e, struct arena *a, const struct json_value *object, struct str key)
{
    return host_text(e, decode(a, json_text(json_get(object, key))));
}

// Arguments as a list, or in one text where laurel is configured so.
static struct str arguments(struct host_event *e, struct arena *a, const struct json_value *of)
{
    const struct json_value *list = json_get(of, STR("ARGV"));
    struct buf command;
    if (!list || list->kind != JSON_ARRAY)
        return member(e, a, of, STR("ARGV_STR"));
    buf_init(&command, HOST_TEXT_MAX + 1);
    for (const struct json_value *v = list->first; v; v = v->next) {
        if (command.len)
            buf_add(&command, STR(" "));
        buf_add(&command, decode(a, v->text));
    }
    const struct str joined = host_text(e, arena_str(a, buf_str(&command)));
    e->cut |= command.full;
    buf_fini(&command);
    return joined;
}

static const struct json_value *first_of(const struct json_value *v)
{
    return v && v->kind == JSON_ARRAY ? v->first : v;
}

static bool is_exec(struct host_event *out, const struct json_value *record, const struct json_value *call)
{
    const struct str failed = json_text(json_get(call, STR("success")));
    out->call = host_member(out, call, STR("SYSCALL"));
    if (!out->call.ptr && json_get(call, STR("syscall")))
        out->call = host_text(out, json_get(call, STR("syscall"))->text);
    return object_at(record, STR("EXECVE")) && !str_eq(failed, STR("no"));
}

static bool read(struct host_event *out, const struct json_value *record, struct arena *a)
{
    const struct json_value *call = object_at(record, STR("SYSCALL"));
    const struct json_value *parent = host_either(record, STR("PARENT_INFO"), STR("PPID"));
    const struct json_value *container = object_at(record, STR("CONTAINER_INFO"));
    if (!host_audit_id(out, json_text(json_get(record, STR("ID")))))
        return false;
    out->source = HOST_AUDITD;
    out->act = is_exec(out, record, call) ? HOST_STARTED : HOST_CALLED;
    out->node = member(out, a, record, STR("NODE"));
    out->process.key = STR_NONE; // all is said here, and parents are known by their numbers
    out->process.pid = host_number(json_get(call, STR("pid")));
    out->process.exe = member(out, a, call, STR("exe"));
    out->process.name = member(out, a, call, STR("comm"));
    out->process.command = arguments(out, a, json_get(record, STR("EXECVE")));
    if (!out->process.command.ptr)
        out->process.command = arguments(out, a, json_get(record, STR("PROCTITLE")));
    out->parent.pid = host_number(json_get(call, STR("ppid")));
    out->parent.exe = member(out, a, parent, STR("exe"));
    out->parent.name = member(out, a, parent, STR("comm"));
    out->cwd = member(out, a, object_at(record, STR("CWD")), STR("cwd"));
    out->user = member(out, a, call, STR("UID"));
    if (!out->user.ptr && json_get(call, STR("uid")))
        out->user = host_text(out, json_get(call, STR("uid"))->text);
    if (out->act == HOST_CALLED)
        out->file = member(out, a, first_of(json_get(record, STR("PATH"))), STR("name"));
    out->container_id = host_container_id(host_text(out, json_text(host_either(container, STR("ID"), STR("id")))));
    return true;
}

const struct host_format host_laurel = {looks, read};
