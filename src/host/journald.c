// SPDX-License-Identifier: Apache-2.0
// The journal of systemd, as `journalctl -o json` writes it: {"__REALTIME_TIMESTAMP":"1763773802120000","_HOSTNAME":...,"_PID":"2",
// "_EXE":...,"_CMDLINE":...,"_SYSTEMD_CGROUP":...,"MESSAGE":...}. Fields with an underscore are journald's own knowledge of who wrote the
// message (systemd.journal-fields(7)); what the message says is the writer's affair, but for records of the kernel's audit system.
#include "host/auditd.h"

#include "host/format.h"

// An event shipped through the journal is in an envelope, and not this.
static bool is_envelope(struct str message)
{
    return str_find(message, STR("{\""), 0) != SIZE_MAX;
}

static bool looks(const struct json_value *record)
{
    return json_text(json_get(record, STR("__REALTIME_TIMESTAMP"))).ptr &&
           (json_text(json_get(record, STR("_EXE"))).ptr || json_text(json_get(record, STR("_AUDIT_TYPE_NAME"))).ptr) &&
           !is_envelope(json_text(json_get(record, STR("MESSAGE"))));
}

// "SYSCALL arch=c000003e syscall=59 ..."
static bool read_audit(struct host_event *out, const struct json_value *record, struct arena *a)
{
    const struct str type = json_text(json_get(record, STR("_AUDIT_TYPE_NAME"))), message = json_text(json_get(record, STR("MESSAGE")));
    return !type.ptr || host_read_audit(out, type, str_slice(message, host_first_word(message).len, message.len), a) == HOST_EVENT;
}

static bool read(struct host_event *out, const struct json_value *record, struct arena *a)
{
    int64_t source = host_time(json_get(record, STR("_SOURCE_REALTIME_TIMESTAMP")));
    struct str cgroup = json_text(json_get(record, STR("_SYSTEMD_CGROUP")));
    out->source = HOST_JOURNALD;
    out->act = HOST_SEEN;
    out->time = source == TIME_NONE ? host_time(json_get(record, STR("__REALTIME_TIMESTAMP"))) : source;
    if (!read_audit(out, record, a) && !json_text(json_get(record, STR("_EXE"))).ptr)
        return false;
    out->node = host_member(out, record, STR("_HOSTNAME"));
    if (!out->process.pid)
        out->process.pid = host_number(json_get(record, STR("_PID")));
    if (!out->process.exe.ptr)
        out->process.exe = host_member(out, record, STR("_EXE"));
    if (!out->process.name.ptr)
        out->process.name = host_member(out, record, STR("_COMM"));
    if (!out->process.command.ptr)
        out->process.command = host_member(out, record, STR("_CMDLINE"));
    if (!out->user.ptr)
        out->user = host_member(out, record, STR("_UID"));
    if (cgroup.ptr)
        host_read_cgroup(out, cgroup, a);
    return true;
}

const struct host_format host_journald = {looks, read};
