// SPDX-License-Identifier: Apache-2.0
#include "report/json/process.h"

// --- the members that both have --------------------------------------------------------------------------------------------------------

static void open_process(struct line *line, struct str source, struct str exe, struct str command)
{
    json_key(&line->w, STR("process"));
    json_open_object(&line->w);
    json_key_string(&line->w, STR("source"), source);
    line_text(line, STR("exe"), exe);
    line_text(line, STR("command"), command);
}

static void write_place(struct line *line, struct str node, struct str namespace, struct str pod)
{
    line_text(line, STR("node"), node);
    line_text(line, STR("namespace"), namespace);
    line_text(line, STR("pod"), pod);
}

static void write_container(struct line *line, struct str uid, struct str container, struct str id, struct str image)
{
    line_optional(line, STR("pod_uid"), uid);
    line_optional(line, STR("container"), container);
    line_optional(line, STR("container_id"), id);
    line_optional(line, STR("image"), image);
}

static void write_number(struct line *line, struct str key, uint64_t n)
{
    if (n && n <= INT64_MAX)
        json_key_number(&line->w, key, (int64_t)n);
}

// --- of an alert -------------------------------------------------------------------------------------------------------------------------

void line_host_event(struct line *line, const struct host_event *e)
{
    if (!e)
        return;
    open_process(line, host_source_name(e->source), e->process.exe.ptr ? e->process.exe : e->process.name, e->process.command);
    write_place(line, e->node, e->namespace, e->pod);
    write_container(line, e->pod_uid, e->container, e->container_id, e->image);
    write_number(line, STR("pid"), e->process.pid);
    line_optional(line, STR("user"), e->user);
    line_optional(line, STR("cwd"), e->cwd);
    line_optional(line, STR("parent"), e->parent.command.ptr ? e->parent.command : e->parent.name);
    line_optional(line, STR("sensor_rule"), e->rule);
    line_optional(line, STR("file"), e->file);
    line_optional(line, STR("address"), e->address);
    write_number(line, STR("port"), e->port);
    json_close_object(&line->w);
}

// --- of a step ----------------------------------------------------------------------------------------------------------------------

static void write_session(struct line *line, const struct incident_process *p)
{
    if (!p->session_way.ptr)
        return;
    json_key(&line->w, STR("exec"));
    json_open_object(&line->w);
    json_key_string(&line->w, STR("way"), p->session_way);
    line_text(line, STR("command"), p->session);
    json_key_string(&line->w, STR("certainty"), p->session_certainty == CERTAIN ? STR("certain") : STR("inferred"));
    line_evidence(line, &p->session_at, 1);
    json_close_object(&line->w);
}

void line_process(struct line *line, const struct incident_process *p)
{
    if (!p)
        return;
    open_process(line, host_source_name(p->source), p->exe, p->command);
    write_place(line, p->node, p->namespace, p->pod);
    write_container(line, p->pod_uid, p->container, p->container_id, p->image);
    write_number(line, STR("pid"), p->pid);
    line_optional(line, STR("user"), p->user);
    line_optional(line, STR("cwd"), p->cwd);
    line_optional(line, STR("parent"), p->parent);
    write_number(line, STR("pods"), p->pods);
    write_session(line, p);
    json_close_object(&line->w);
}
