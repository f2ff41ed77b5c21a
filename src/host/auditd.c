// SPDX-License-Identifier: Apache-2.0
// The audit system of the Linux kernel, as auditd logs it. One event is several lines, which have its number in common; each is read for
// itself, and that number is the key of the process they tell of.
//
//   [node=NAME ]type=SYSCALL msg=audit(1763773802.120:4711): arch=c000003e syscall=59 success=yes ... ppid=1 pid=2 uid=0 comm="x"
//   exe="/tmp/x" ... [node=NAME ]type=EXECVE msg=audit(1763773802.120:4711): argc=2 a0="./x" a1=2D6F20...
//
// A value with a space, a quote or a control character is written in hexadecimal digits. Behind 0x1d stand the same fields with names
// for numbers (log_format = ENRICHED). laurel(8) writes an event as one JSON object: laurel.c.
#include "host/auditd.h"

#include "host/format.h"

enum { FIELDS_MAX = 512 }; // of a line that are looked at

// --- fields --------------------------------------------------------------------------------------------------------------------------

struct field {
    struct str key, value;
    bool quoted;
};

// The next KEY=VALUE; values are "in quotes" or go to the next space.
static bool next_field(struct str *rest, struct field *out)
{
    while (rest->len && (rest->ptr[0] == ' ' || rest->ptr[0] == '\x1d'))
        *rest = str_slice(*rest, 1, rest->len);
    const size_t equals = str_find_char(*rest, '=', 0);
    if (equals == SIZE_MAX)
        return false;
    out->key = str_slice(*rest, 0, equals);
    *rest = str_slice(*rest, equals + 1, rest->len);
    out->quoted = rest->len && rest->ptr[0] == '"';
    if (out->quoted)
        *rest = str_slice(*rest, 1, rest->len);
    size_t n = 0;
    while (n < rest->len && (out->quoted ? rest->ptr[n] != '"' : rest->ptr[n] != ' ' && rest->ptr[n] != '\x1d'))
        n++;
    out->value = str_slice(*rest, 0, n);
    *rest = str_slice(*rest, n + (out->quoted && n < rest->len), rest->len);
    return true;
}

// What hexadecimal digits stand for; STR_NONE: they are none.
static struct str from_hex(struct str s, struct arena *a)
{
    if (!s.len || s.len % 2)
        return STR_NONE;
    char *out = arena_array(a, char, s.len / 2);
    for (size_t i = 0; i < s.len / 2; i++) {
        const int high = host_digit(s.ptr[2 * i]), low = host_digit(s.ptr[2 * i + 1]);
        if (high < 0 || low < 0)
            return STR_NONE;
        out[i] = (char)(high << 4 | low);
    }
    return str_make(out, s.len / 2);
}

// A text of the record. What the kernel does not know it writes as (null) or (none).
static struct str text_of(struct host_event *e, const struct field *f, struct arena *a)
{
    if (f->quoted)
        return host_text(e, f->value);
    if (str_eq(f->value, STR("(null)")) || str_eq(f->value, STR("(none)")) || str_eq(f->value, STR("?")))
        return STR_NONE;
    const struct str hex = from_hex(str_slice(f->value, 0, 2 * HOST_TEXT_MAX + 2), a); // a little more than is kept: the cut is counted
    return host_text(e, hex.ptr ? hex : f->value);
}

// --- records -------------------------------------------------------------------------------------------------------------------------

// execve and execveat on x86-64 and on ARM; enriched logs have the name as well.
static bool is_exec(struct str arch, struct str number)
{
    if (str_eq(arch, STR("c000003e")))
        return str_eq(number, STR("59")) || str_eq(number, STR("322"));
    return str_eq(arch, STR("c00000b7")) && (str_eq(number, STR("221")) || str_eq(number, STR("281")));
}

static enum host_result read_syscall(struct host_event *out, struct str rest, struct arena *a)
{
    struct str arch = STR_NONE, number = STR_NONE, name = STR_NONE, uid = STR_NONE, user = STR_NONE;
    bool failed = false;
    struct field f;
    for (unsigned n = 0; n < FIELDS_MAX && next_field(&rest, &f); n++) {
        arch = str_eq(f.key, STR("arch")) ? f.value : arch;
        number = str_eq(f.key, STR("syscall")) ? f.value : number;
        name = str_eq(f.key, STR("SYSCALL")) ? f.value : name;
        uid = str_eq(f.key, STR("uid")) ? f.value : uid;
        user = str_eq(f.key, STR("UID")) ? f.value : user;
        failed = failed || (str_eq(f.key, STR("success")) && str_eq(f.value, STR("no")));
        if (str_eq(f.key, STR("pid")))
            (void)str_to_u64(f.value, &out->process.pid);
        else if (str_eq(f.key, STR("ppid")))
            (void)str_to_u64(f.value, &out->parent.pid);
        else if (str_eq(f.key, STR("comm")))
            out->process.name = text_of(out, &f, a);
        else if (str_eq(f.key, STR("exe")))
            out->process.exe = text_of(out, &f, a);
    }
    const bool exec = is_exec(arch, number) || str_eq(name, STR("execve")) || str_eq(name, STR("execveat"));
    out->act = exec && !failed ? HOST_STARTED : HOST_CALLED;
    out->call = host_text(out, name.ptr ? name : exec ? STR("execve") : number);
    out->user = host_text(out, user.ptr ? user : uid);
    return HOST_EVENT;
}

static bool is_argument(struct str key)
{
    uint64_t number; // a0, a1, ...; a long one comes in parts: a2[0], a2[1]
    return key.len > 1 && key.ptr[0] == 'a' && str_to_u64(str_slice(key, 1, str_find_char(key, '[', 0)), &number);
}

static enum host_result read_execve(struct host_event *out, struct str rest, struct arena *a)
{
    struct buf command;
    struct field f;
    buf_init(&command, HOST_TEXT_MAX + 1);
    for (unsigned n = 0; n < FIELDS_MAX && next_field(&rest, &f); n++) {
        if (!is_argument(f.key))
            continue;
        const struct str argument = text_of(out, &f, a);
        if (command.len && argument.ptr)
            buf_add(&command, STR(" "));
        buf_add(&command, argument);
    }
    out->cut |= command.full;
    out->act = HOST_STARTED;
    out->process.command = host_text(out, arena_str(a, buf_str(&command)));
    const struct str first = host_first_word(out->process.command);
    out->process.name = host_base_name(first);
    buf_fini(&command);
    return out->process.command.ptr ? HOST_EVENT : HOST_HEADER;
}

// Arguments end with a NUL each.
static enum host_result read_title(struct host_event *out, struct str rest, struct arena *a)
{
    struct field f;
    if (!next_field(&rest, &f))
        return HOST_HEADER;
    const struct str title = text_of(out, &f, a);
    char *copy = arena_array(a, char, title.len + 1);
    for (size_t i = 0; i < title.len; i++)
        copy[i] = title.ptr[i] ? title.ptr[i] : ' ';
    out->act = HOST_SEEN;
    out->process.command = host_text(out, str_trim(str_make(copy, title.len)));
    return out->process.command.ptr ? HOST_EVENT : HOST_HEADER;
}

static enum host_result read_path(struct host_event *out, struct str rest, struct arena *a)
{
    struct field f;
    out->act = HOST_CALLED;
    while (next_field(&rest, &f))
        if (str_eq(f.key, STR("name")))
            out->file = text_of(out, &f, a);
    return out->file.ptr ? HOST_EVENT : HOST_HEADER;
}

// A struct sockaddr, byte by byte: family (little-endian), then port and address in network order.
static enum host_result read_address(struct host_event *out, struct str rest, struct arena *a)
{
    enum { INET = 2, INET6 = 10 };
    struct field f;
    if (!next_field(&rest, &f) || !str_eq(f.key, STR("saddr")))
        return HOST_HEADER;
    const struct str raw = from_hex(f.value, a);
    const unsigned char *b = (const unsigned char *)raw.ptr;
    if (raw.len < 8 || b[1] || (b[0] != INET && (b[0] != INET6 || raw.len < 24)))
        return HOST_HEADER;
    out->act = HOST_CALLED;
    out->port = (uint64_t)b[2] << 8 | b[3];
    if (b[0] == INET) {
        out->address = arena_printf(a, "%u.%u.%u.%u", b[4], b[5], b[6], b[7]);
        return HOST_EVENT;
    }
    struct buf text;
    buf_init(&text, 64);
    for (size_t i = 8; i < 24; i += 2)
        buf_addf(&text, "%s%x", i > 8 ? ":" : "", b[i] << 8 | b[i + 1]);
    out->address = arena_str(a, buf_str(&text));
    buf_fini(&text);
    return HOST_EVENT;
}

// --- lines ---------------------------------------------------------------------------------------------------------------------------

static const struct {
    struct str type;
    enum host_result (*read)(struct host_event *out, struct str rest, struct arena *a);
} types[] = {
    {STR("SYSCALL"), read_syscall}, {STR("EXECVE"), read_execve},    {STR("PROCTITLE"), read_title},
    {STR("PATH"), read_path},       {STR("SOCKADDR"), read_address},
};

enum host_result host_read_audit(struct host_event *out, struct str type, struct str fields, struct arena *a)
{
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq(type, types[i].type))
            return types[i].read(out, fields, a);
    return HOST_HEADER; // of the log, but about no process
}

// "1763773802.120:4711"
bool host_audit_id(struct host_event *out, struct str id)
{
    const size_t colon = str_find_char(id, ':', 0);
    int64_t time;
    if (colon == SIZE_MAX || !time_parse_epoch(str_slice(id, 0, colon), &time))
        return false;
    out->time = time;
    out->process.key = host_text(out, id);
    return true;
}

enum host_result host_read_auditd(struct host_event *out, struct str line, struct arena *a)
{
    struct str rest = str_trim(line);
    out->source = HOST_AUDITD;
    if (str_starts(rest, STR("node="))) {
        out->node = host_text(out, str_slice(host_first_word(rest), sizeof "node=" - 1, rest.len));
        rest = str_slice(rest, str_find_char(rest, ' ', 0), rest.len);
        rest = str_trim(rest);
    }
    if (!str_starts(rest, STR("type=")))
        return HOST_NONE;
    const struct str type = str_slice(host_first_word(rest), sizeof "type=" - 1, rest.len);
    const size_t message = str_find(rest, STR(" msg=audit("), 0), end = str_find(rest, STR("):"), 0);
    if (message != sizeof "type=" - 1 + type.len || end == SIZE_MAX || end < message)
        return HOST_NONE;
    if (!host_audit_id(out, str_slice(rest, message + sizeof " msg=audit(" - 1, end)))
        return HOST_NONE;
    return host_read_audit(out, type, str_slice(rest, end + 2, rest.len), a);
}
