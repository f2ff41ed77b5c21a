// SPDX-License-Identifier: Apache-2.0
// Tetragon's JSON export: {"process_exec":{"process":{...},"parent":{...}},"node_name":...,"time":...}; the same in camelCase when it
// was written by another encoder of protobuf. 64-bit numbers may be texts.
#include "host/format.h"

static const struct {
    struct str name, camel;
    enum host_act act;
} kinds[] = {
    {STR("process_exec"), STR("processExec"), HOST_STARTED},    {STR("process_exit"), STR("processExit"), HOST_ENDED},
    {STR("process_kprobe"), STR("processKprobe"), HOST_CALLED}, {STR("process_tracepoint"), STR("processTracepoint"), HOST_CALLED},
    {STR("process_uprobe"), STR("processUprobe"), HOST_CALLED}, {STR("process_lsm"), STR("processLsm"), HOST_CALLED},
    {STR("process_loader"), STR("processLoader"), HOST_CALLED},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static const struct json_value *find_kind(const struct json_value *record, size_t *kind)
{
    for (size_t i = 0; i < KINDS; i++) {
        const struct json_value *v = host_either(record, kinds[i].name, kinds[i].camel);
        const struct json_value *process = json_get(v, STR("process"));
        if (process && process->kind == JSON_OBJECT) {
            *kind = i;
            return v;
        }
    }
    return NULL;
}

static bool looks(const struct json_value *record)
{
    size_t kind;
    return find_kind(record, &kind) != NULL;
}

static void read_process(struct host_process *out, struct host_event *e, const struct json_value *v, struct arena *a)
{
    out->pid = host_number(json_get(v, STR("pid")));
    out->key = host_text(e, json_text(host_either(v, STR("exec_id"), STR("execId"))));
    out->exe = host_member(e, v, STR("binary"));
    out->name = host_base_name(out->exe);
    out->command = host_command(e, a, out->exe, host_member(e, v, STR("arguments")));
}

static bool has_word(struct str text, struct str word)
{
    for (struct str rest = text; rest.ptr;)
        if (str_eq(str_split(&rest, ' '), word))
            return true;
    return false;
}

// A process that a runtime put into the container later is not in the tree of its first one. Tetragon 1.1 and later say so.
static bool is_entered(const struct json_value *process)
{
    const struct json_value *tree = host_either(process, STR("in_init_tree"), STR("inInitTree"));
    struct str flags = json_text(json_get(process, STR("flags")));
    return tree && tree->kind == JSON_FALSE && !has_word(flags, STR("inInitTree"));
}

static void read_place(struct host_event *out, const struct json_value *process)
{
    const struct json_value *pod = json_get(process, STR("pod")), *container = json_get(pod, STR("container"));
    const struct json_value *image = json_get(container, STR("image"));
    out->namespace = host_member(out, pod, STR("namespace"));
    out->pod = host_member(out, pod, STR("name"));
    out->pod_uid = host_member(out, pod, STR("uid"));
    out->container = host_member(out, container, STR("name"));
    out->container_id = host_container_id(host_member(out, container, STR("id")));
    if (!out->container_id.ptr)
        out->container_id = host_member(out, process, STR("docker")); // its first 15 or 31 digits
    out->image = host_member(out, image, STR("name"));
}

static void read_arguments(struct host_event *out, const struct json_value *event)
{
    static const struct str files[] = {STR("file_arg"), STR("path_arg"), STR("linux_binprm_arg"), STR("fileArg"), STR("pathArg")};
    const struct json_value *list = json_get(event, STR("args"));
    for (const struct json_value *v = list && list->kind == JSON_ARRAY ? list->first : NULL; v; v = v->next) {
        const struct json_value *socket = host_either(v, STR("sock_arg"), STR("sockArg"));
        for (size_t i = 0; i < sizeof files / sizeof *files && !out->file.ptr; i++)
            out->file = host_member(out, json_get(v, files[i]), STR("path"));
        if (socket && !out->address.ptr) {
            out->address = host_member(out, socket, STR("daddr"));
            out->port = host_number(json_get(socket, STR("dport")));
        }
    }
}

static bool read(struct host_event *out, const struct json_value *record, struct arena *a)
{
    size_t kind = 0;
    const struct json_value *event = find_kind(record, &kind), *process = json_get(event, STR("process"));
    int64_t started = host_time(host_either(process, STR("start_time"), STR("startTime")));
    out->source = HOST_TETRAGON;
    out->act = kinds[kind].act;
    out->time = host_time(json_get(record, STR("time")));
    if (out->act != HOST_CALLED && started != TIME_NONE)
        out->time = started;
    out->node = host_text(out, json_text(host_either(record, STR("node_name"), STR("nodeName"))));
    read_process(&out->process, out, process, a);
    read_process(&out->parent, out, json_get(event, STR("parent")), a);
    if (!out->parent.key.ptr)
        out->parent.key = host_text(out, json_text(host_either(process, STR("parent_exec_id"), STR("parentExecId"))));
    out->cwd = host_member(out, process, STR("cwd"));
    out->user = host_text(out, json_get(process, STR("uid")) ? json_get(process, STR("uid"))->text : STR_NONE);
    out->entered = is_entered(process);
    out->call = host_text(out, json_text(host_either(event, STR("function_name"), STR("functionName"))));
    out->rule = host_text(out, json_text(host_either(event, STR("policy_name"), STR("policyName"))));
    read_place(out, process);
    read_arguments(out, event);
    return true;
}

const struct host_format host_tetragon = {looks, read};
