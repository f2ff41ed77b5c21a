// SPDX-License-Identifier: Apache-2.0
// Tracee's JSON, of two generations: trace.Event ({"timestamp":<ns>,"eventName":...,"processName":...,"args":[{"name","value"}]}, before
// 0.8 with podName and containerId at the top, after it with "kubernetes" and "container" objects) and v1beta1.Event
// ({"timestamp":...,"name":...,"workload":{...},"data":[{"name","str"}]}).
#include "host/format.h"

static bool looks(const struct json_value *record)
{
    const struct json_value *workload = json_get(record, STR("workload"));
    if (workload && workload->kind == JSON_OBJECT && json_text(json_get(record, STR("name"))).ptr)
        return true;
    return json_text(json_get(record, STR("eventName"))).ptr &&
           (json_text(json_get(record, STR("processName"))).ptr || json_get(record, STR("processId")));
}

// --- arguments -----------------------------------------------------------------------------------------------------------------------

static const struct json_value *argument(const struct json_value *list, struct str name)
{
    for (const struct json_value *v = list && list->kind == JSON_ARRAY ? list->first : NULL; v; v = v->next)
        if (str_eq(json_text(json_get(v, STR("name"))), name))
            return v;
    return NULL;
}

// Old events have "value" of any type, new ones a member named after the type.
static const struct json_value *value_of(const struct json_value *argument)
{
    static const struct str names[] = {STR("value"),   STR("str"),    STR("str_array"), STR("strArray"), STR("sockaddr"),
                                       STR("u_int32"), STR("uInt32"), STR("int32"),     STR("u_int64"),  STR("uInt64")};
    for (size_t i = 0; argument && i < sizeof names / sizeof *names; i++) {
        const struct json_value *v = json_get(argument, names[i]);
        if (v)
            return v->kind == JSON_OBJECT && json_get(v, STR("value")) ? json_get(v, STR("value")) : v;
    }
    return NULL;
}

static struct str text_argument(struct host_event *out, const struct json_value *list, struct str name)
{
    return host_text(out, json_text(value_of(argument(list, name))));
}

// argv, in one line.
static struct str join_arguments(struct host_event *out, const struct json_value *argv, struct arena *a)
{
    if (!argv || argv->kind != JSON_ARRAY)
        return host_text(out, json_text(argv));
    struct buf line;
    size_t n = 0;
    buf_init(&line, HOST_TEXT_MAX);
    for (const struct json_value *v = argv->first; v && n < HOST_ARGUMENTS_MAX; v = v->next, n++) {
        if (n)
            buf_add_char(&line, ' ');
        buf_add(&line, json_text(v));
    }
    out->cut |= line.full || n < argv->count;
    struct str joined = n ? arena_str(a, buf_str(&line)) : STR_NONE;
    buf_fini(&line);
    return joined;
}

static void read_socket(struct host_event *out, const struct json_value *list)
{
    const struct json_value *address = value_of(argument(list, STR("remote_addr")));
    static const struct str hosts[] = {STR("sin_addr"), STR("sin6_addr"), STR("sinAddr"), STR("sin6Addr")};
    static const struct str ports[] = {STR("sin_port"), STR("sin6_port"), STR("sinPort"), STR("sin6Port")};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts && !out->address.ptr; i++) {
        out->address = host_member(out, address, hosts[i]);
        out->port = host_number(json_get(address, ports[i]));
    }
    if (out->address.ptr)
        return;
    out->address = text_argument(out, list, STR("dst"));
    out->port = host_number(value_of(argument(list, STR("dst_port"))));
}

static void read_arguments(struct host_event *out, const struct json_value *list, bool exec, struct arena *a)
{
    struct str path = text_argument(out, list, STR("pathname"));
    if (exec) {
        out->process.exe = path.ptr ? path : out->process.exe;
        out->process.command = join_arguments(out, value_of(argument(list, STR("argv"))), a);
        out->parent.name = text_argument(out, list, STR("prev_comm"));
    } else {
        out->file = path;
        read_socket(out, list);
    }
    if (!out->process.command.ptr)
        out->process.command = out->process.exe.ptr ? out->process.exe : out->process.name;
}

// --- the two generations ---------------------------------------------------------------------------------------------------------------

static bool is_exec(struct str name)
{
    return str_eq(name, STR("sched_process_exec")) || str_eq(name, STR("execve")) || str_eq(name, STR("execveat"));
}

static enum host_act act_of(struct str name)
{
    return is_exec(name) ? HOST_STARTED : str_eq(name, STR("sched_process_exit")) ? HOST_ENDED : HOST_CALLED;
}

// A member of an object, or the same under another name at the top, as the first versions had it.
static struct str nested(struct host_event *out, const struct json_value *record, struct str object, struct str key, struct str top)
{
    struct str s = host_member(out, json_get(record, object), key);
    return s.ptr ? s : host_member(out, record, top);
}

static struct str number_text(const struct json_value *v)
{
    if (v && v->kind == JSON_OBJECT)
        v = json_get(v, STR("value"));
    return v && (v->kind == JSON_NUMBER || v->kind == JSON_STRING) ? v->text : STR_NONE;
}

static uint64_t first_number(const struct json_value *record, struct str host, struct str own)
{
    uint64_t n = host_number(json_get(record, host));
    return n ? n : host_number(json_get(record, own));
}

static void read_old(struct host_event *out, const struct json_value *record, struct arena *a)
{
    struct str name = host_member(out, record, STR("eventName"));
    const struct json_value *properties = json_get(json_get(record, STR("metadata")), STR("Properties"));
    out->act = act_of(name);
    out->call = name;
    out->time = host_time(json_get(record, STR("timestamp")));
    out->namespace = nested(out, record, STR("kubernetes"), STR("podNamespace"), STR("podNamespace"));
    out->pod = nested(out, record, STR("kubernetes"), STR("podName"), STR("podName"));
    out->pod_uid = nested(out, record, STR("kubernetes"), STR("podUID"), STR("podUID"));
    out->container = nested(out, record, STR("container"), STR("name"), STR("containerName"));
    out->container_id = host_container_id(nested(out, record, STR("container"), STR("id"), STR("containerId")));
    out->image = nested(out, record, STR("container"), STR("image"), STR("containerImage"));
    if (!out->container_id.ptr) // in a container this is the container's own name for its host
        out->node = host_member(out, record, STR("hostName"));
    out->process.pid = first_number(record, STR("hostProcessId"), STR("processId"));
    out->parent.pid = first_number(record, STR("hostParentProcessId"), STR("parentProcessId"));
    out->process.key = host_text(out, number_text(json_get(record, STR("processEntityId"))));
    out->parent.key = host_text(out, number_text(json_get(record, STR("parentEntityId"))));
    out->process.name = host_member(out, record, STR("processName"));
    out->process.exe = host_member(out, json_get(record, STR("executable")), STR("path"));
    out->user = host_text(out, number_text(json_get(record, STR("userId"))));
    out->rule = host_member(out, properties, STR("signatureName"));
    read_arguments(out, json_get(record, STR("args")), is_exec(name), a);
}

static void read_new_process(struct host_event *out, const struct json_value *process)
{
    const struct json_value *thread = json_get(process, STR("thread")), *ancestors = json_get(process, STR("ancestors"));
    const struct json_value *parent = ancestors && ancestors->kind == JSON_ARRAY ? ancestors->first : NULL;
    out->process.pid = host_number(host_either(process, STR("host_pid"), STR("hostPid")));
    if (!out->process.pid)
        out->process.pid = host_number(host_either(thread, STR("host_tid"), STR("hostTid")));
    out->process.key = host_text(out, number_text(host_either(process, STR("unique_id"), STR("uniqueId"))));
    if (!out->process.key.ptr)
        out->process.key = host_text(out, number_text(host_either(thread, STR("unique_id"), STR("uniqueId"))));
    out->process.name = host_member(out, thread, STR("name"));
    out->process.exe = host_member(out, json_get(process, STR("executable")), STR("path"));
    out->parent.pid = host_number(host_either(parent, STR("host_pid"), STR("hostPid")));
    out->parent.key = host_text(out, number_text(host_either(parent, STR("unique_id"), STR("uniqueId"))));
    const struct json_value *user = host_either(process, STR("real_user"), STR("realUser"));
    out->user = host_text(out, number_text(json_get(user, STR("id"))));
}

static void read_new(struct host_event *out, const struct json_value *record, struct arena *a)
{
    const struct json_value *workload = json_get(record, STR("workload"));
    const struct json_value *container = json_get(workload, STR("container")), *image = json_get(container, STR("image"));
    const struct json_value *k8s = json_get(workload, STR("k8s")), *pod = json_get(workload, STR("pod"));
    struct str name = host_member(out, record, STR("name"));
    if (!pod)
        pod = json_get(k8s, STR("pod"));
    const struct json_value *namespace = host_either(k8s, STR("namespace"), STR("ns"));
    out->act = act_of(name);
    out->call = name;
    out->time = host_time(json_get(record, STR("timestamp")));
    out->pod = host_member(out, pod, STR("name"));
    out->pod_uid = host_member(out, pod, STR("uid"));
    out->namespace = host_member(out, json_get(pod, STR("namespace")), STR("name"));
    if (!out->namespace.ptr)
        out->namespace = host_member(out, namespace, STR("name"));
    if (!out->namespace.ptr)
        out->namespace = host_member(out, pod, STR("namespace"));
    out->container = host_member(out, container, STR("name"));
    out->container_id = host_container_id(host_member(out, container, STR("id")));
    out->image = host_member(out, image, STR("name"));
    out->rule = host_member(out, json_get(record, STR("threat")), STR("name"));
    read_new_process(out, json_get(workload, STR("process")));
    read_arguments(out, json_get(record, STR("data")), is_exec(name), a);
}

static bool read(struct host_event *out, const struct json_value *record, struct arena *a)
{
    out->source = HOST_TRACEE;
    if (json_get(record, STR("workload")))
        read_new(out, record, a);
    else
        read_old(out, record, a);
    return true;
}

const struct host_format host_tracee = {looks, read};
