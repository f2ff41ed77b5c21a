// SPDX-License-Identifier: Apache-2.0
#include "host/auditd.h"
#include "host/format.h"

static const struct host_format *const formats[] = {&host_falco, &host_tetragon, &host_tracee, &host_laurel, &host_journald};
enum { FORMATS = sizeof formats / sizeof *formats, DEPTH = 64 };

struct str host_source_name(enum host_source s)
{
    static const struct str names[] = {
        [HOST_FALCO] = STR("falco"),     [HOST_TETRAGON] = STR("tetragon"), [HOST_TRACEE] = STR("tracee"),
        [HOST_LISTING] = STR("listing"), [HOST_AUDITD] = STR("auditd"),     [HOST_JOURNALD] = STR("journald")};
    return names[s];
}

struct str host_act_name(enum host_act a)
{
    static const struct str names[] = {[HOST_STARTED] = STR("started"),
                                       [HOST_ENDED] = STR("ended"),
                                       [HOST_CALLED] = STR("called"),
                                       [HOST_REPORTED] = STR("reported"),
                                       [HOST_SEEN] = STR("seen")};
    return names[a];
}

static const struct host_format *format_of(const struct json_value *record)
{
    for (size_t i = 0; record && record->kind == JSON_OBJECT && i < FORMATS; i++)
        if (formats[i]->looks(record))
            return formats[i];
    return NULL;
}

bool host_recognises(const struct json_value *record)
{
    return format_of(record) != NULL;
}

bool host_read_json(struct host_event *out, const struct json_value *record, struct arena *a)
{
    const struct host_format *format = format_of(record);
    *out = (struct host_event){.time = TIME_NONE};
    return format && format->read(out, record, a);
}

enum host_result host_read(struct host_event *out, struct str record, struct arena *a)
{
    struct json_limits limits = {.depth = DEPTH, .size = UINT32_MAX - JSON_PADDING};
    struct json_error ignored;
    struct str text = str_trim(record);
    *out = (struct host_event){.time = TIME_NONE};
    if (!text.len)
        return HOST_NONE;
    if (str_starts(text, STR("type=")) || str_starts(text, STR("node=")))
        return host_read_auditd(out, text, a);
    if (text.ptr[0] != '{')
        return host_read_listing(out, record, a);
    const struct json_value *tree = json_parse(a, text, limits, &ignored);
    return tree && host_read_json(out, tree, a) ? HOST_EVENT : HOST_NONE;
}

// --- for the rules -------------------------------------------------------------------------------------------------------------------

static void put(struct json_writer *w, struct str key, struct str value)
{
    if (value.ptr)
        json_key_string(w, key, value);
}

static void put_number(struct json_writer *w, struct str key, uint64_t value)
{
    if (value && value <= INT64_MAX)
        json_key_number(w, key, (int64_t)value);
}

static void put_process(struct json_writer *w, struct str key, const struct host_process *p)
{
    json_key(w, key);
    json_open_object(w);
    put_number(w, STR("pid"), p->pid);
    put(w, STR("exe"), p->exe);
    put(w, STR("name"), p->name);
    put(w, STR("command"), p->command);
    json_close_object(w);
}

static void put_time(struct json_writer *w, int64_t time)
{
    struct buf text;
    if (time == TIME_NONE)
        return;
    buf_init(&text, 64);
    time_write(&text, time);
    json_key_string(w, STR("@timestamp"), buf_str(&text));
    buf_fini(&text);
}

void host_write(struct buf *out, const struct host_event *e)
{
    struct json_writer w = json_writer_to(out);
    json_open_object(&w);
    put_time(&w, e->time);
    put(&w, STR("source"), host_source_name(e->source));
    put(&w, STR("act"), host_act_name(e->act));
    put(&w, STR("node"), e->node);
    put(&w, STR("namespace"), e->namespace);
    put(&w, STR("pod"), e->pod);
    put(&w, STR("pod_uid"), e->pod_uid);
    put(&w, STR("container"), e->container);
    put(&w, STR("container_id"), e->container_id);
    put(&w, STR("image"), e->image);
    put_process(&w, STR("process"), &e->process);
    put_process(&w, STR("parent"), &e->parent);
    put(&w, STR("cwd"), e->cwd);
    put(&w, STR("user"), e->user);
    put(&w, STR("rule"), e->rule);
    put(&w, STR("priority"), e->priority);
    put(&w, STR("call"), e->call);
    put(&w, STR("file"), e->file);
    put(&w, STR("address"), e->address);
    put_number(&w, STR("port"), e->port);
    json_close_object(&w);
}
