// SPDX-License-Identifier: Apache-2.0
// Falco with json_output: {"rule":..., "priority":..., "time":..., "hostname":..., "output_fields":{"proc.cmdline":...}}. Which fields
// are there is the choice of each rule's output and of append_output; what is not known is null or <NA>.
#include "host/format.h"

static bool looks(const struct json_value *record)
{
    const struct json_value *fields = json_get(record, STR("output_fields"));
    struct str source = json_text(json_get(record, STR("source")));
    // Plugins put other sources' events into the same shape: the audit log itself, cloud trails.
    return fields && fields->kind == JSON_OBJECT && json_text(json_get(record, STR("rule"))).ptr &&
           (!source.ptr || str_eq(source, STR("syscall")));
}

static int64_t read_time(const struct json_value *record, const struct json_value *fields)
{
    static const struct str names[] = {STR("evt.time.iso8601"), STR("evt.rawtime"), STR("evt.time")};
    int64_t time = host_time(json_get(record, STR("time")));
    for (size_t i = 0; i < sizeof names / sizeof *names && time == TIME_NONE; i++)
        time = host_time(json_get(fields, names[i]));
    return time;
}

static struct str read_image(struct host_event *out, const struct json_value *fields, struct arena *a)
{
    struct str whole = host_member(out, fields, STR("container.image"));
    struct str repository = host_member(out, fields, STR("container.image.repository"));
    struct str tag = host_member(out, fields, STR("container.image.tag"));
    if (whole.ptr || !repository.ptr || !tag.ptr)
        return whole.ptr ? whole : repository;
    return arena_printf(a, "%.*s:%.*s", STR_ARG(repository), STR_ARG(tag));
}

// "10.244.0.7:51234->198.51.100.7:3333", "[fd00::7]:51234->[2001:db8::7]:443", or a file's path.
static void read_descriptor(struct host_event *out, const struct json_value *fields)
{
    struct str name = host_member(out, fields, STR("fd.name"));
    out->address = host_member(out, fields, STR("fd.rip"));
    out->port = host_number(json_get(fields, STR("fd.rport")));
    if (!out->address.ptr) {
        out->address = host_member(out, fields, STR("fd.sip"));
        out->port = host_number(json_get(fields, STR("fd.sport")));
    }
    size_t arrow = str_find(name, STR("->"), 0);
    if (str_starts(name, STR("/")))
        out->file = name;
    if (out->address.ptr || arrow == SIZE_MAX)
        return;
    struct str end = str_slice(name, arrow + 2, name.len);
    size_t colon = end.len;
    while (colon && end.ptr[colon - 1] != ':')
        colon--;
    if (colon < 2 || !str_to_u64(str_slice(end, colon, end.len), &out->port))
        return;
    bool brackets = end.ptr[0] == '[' && end.ptr[colon - 2] == ']';
    out->address = brackets ? str_slice(end, 1, colon - 2) : str_slice(end, 0, colon - 1);
}

static void read_place(struct host_event *out, const struct json_value *record, const struct json_value *fields, struct arena *a)
{
    struct str id = host_member(out, fields, STR("container.full_id"));
    struct str uid = host_member(out, fields, STR("k8s.pod.uid")), old = host_member(out, fields, STR("k8s.pod.id"));
    out->node = host_member(out, fields, STR("k8s.node.name"));
    if (!out->node.ptr)
        out->node = host_member(out, record, STR("hostname"));
    out->namespace = host_member(out, fields, STR("k8s.ns.name"));
    out->pod = host_member(out, fields, STR("k8s.pod.name"));
    out->pod_uid = uid.ptr ? uid : host_is_uid(old) ? old : STR_NONE; // k8s.pod.id was the UID once, and is the sandbox' id now
    out->container_id = host_container_id(id.ptr ? id : host_member(out, fields, STR("container.id")));
    out->container = host_member(out, fields, STR("container.name"));
    if (str_eq(out->container, STR("host")))
        out->container = STR_NONE;
    out->image = read_image(out, fields, a);
}

static void read_process(struct host_process *out, struct host_event *e, const struct json_value *fields, bool parent)
{
    out->pid = host_number(json_get(fields, parent ? STR("proc.ppid") : STR("proc.pid")));
    out->exe = host_member(e, fields, parent ? STR("proc.pexepath") : STR("proc.exepath"));
    out->name = host_member(e, fields, parent ? STR("proc.pname") : STR("proc.name"));
    out->command = host_member(e, fields, parent ? STR("proc.pcmdline") : STR("proc.cmdline"));
    if (!out->exe.ptr && !parent) {
        struct str exe = host_member(e, fields, STR("proc.exe")); // the first argument, which may be a path
        out->exe = str_starts(exe, STR("/")) ? exe : STR_NONE;
    }
}

static bool read(struct host_event *out, const struct json_value *record, struct arena *a)
{
    const struct json_value *fields = json_get(record, STR("output_fields"));
    struct str type = host_member(out, fields, STR("evt.type"));
    out->source = HOST_FALCO;
    out->act = HOST_REPORTED;
    out->time = read_time(record, fields);
    out->rule = host_member(out, record, STR("rule"));
    out->priority = host_member(out, record, STR("priority"));
    out->call = type;
    read_place(out, record, fields, a);
    read_process(&out->process, out, fields, false);
    read_process(&out->parent, out, fields, true);
    if (!out->process.command.ptr)
        out->process.command =
            host_command(out, a, out->process.exe.ptr ? out->process.exe : out->process.name, host_member(out, fields, STR("proc.args")));
    out->cwd = host_member(out, fields, STR("proc.cwd"));
    out->user = host_member(out, fields, STR("user.name"));
    read_descriptor(out, fields);
    return true;
}

const struct host_format host_falco = {looks, read};
