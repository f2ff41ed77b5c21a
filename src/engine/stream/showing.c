// SPDX-License-Identifier: Apache-2.0
#include "engine/stream/showing.h"

#include "base/status.h"
#include "host/host.h"

#include <stdlib.h>

enum {
    DETAIL_VALUES = 4,  // values of one field shown
    DETAIL_BYTES = 400, // bytes of one value shown
};

// In the order in which they are shown.
static const struct str fields[] = {
    {"exec.command", 12},      {"impersonated.name", 17},    {"pod.image", 9},     {"pod.command", 11},   {"pod.hostpath", 12},
    {"binding.role.name", 17}, {"binding.subject.name", 20}, {"service.type", 12}, {"grant.binding", 13},
};
enum { FIELDS = sizeof fields / sizeof fields[0] };

struct showing {
    struct matcher *matcher; // NULL: of records from nodes
    struct arena arena;
    struct shown shown;
    struct alert_detail details[FIELDS];
    struct host_event process;
};

const struct str *showing_fields(size_t *n)
{
    *n = FIELDS;
    return fields;
}

struct showing *showing_new(const struct plan *plan, bool of_hosts)
{
    struct showing *s = must_alloc(calloc(1, sizeof *s));
    struct json_limits limits = {.depth = JSON_DEPTH_MAX, .size = UINT32_MAX - JSON_PADDING};
    s->matcher = of_hosts ? NULL : matcher_new(plan, limits);
    arena_init(&s->arena, ARENA_UNLIMITED);
    return s;
}

void showing_free(struct showing *s)
{
    if (!s)
        return;
    matcher_free(s->matcher);
    arena_fini(&s->arena);
    free(s);
}

// Several values of a field in one line: "a, b, ...".
static struct str join_values(struct arena *a, const struct scalar *values, size_t n)
{
    struct buf out;
    size_t used = 0;
    buf_init(&out, (DETAIL_BYTES + 8) * (DETAIL_VALUES + 1));
    for (size_t i = 0; i < n; i++) {
        if (!values[i].text.ptr || values[i].kind == JSON_NULL)
            continue;
        if (used == DETAIL_VALUES) {
            buf_add(&out, STR(", ..."));
            break;
        }
        if (used++)
            buf_add(&out, STR(", "));
        buf_add(&out, str_slice(values[i].text, 0, DETAIL_BYTES));
        if (values[i].text.len > DETAIL_BYTES)
            buf_add(&out, STR("..."));
    }
    struct str joined = used ? arena_str(a, buf_str(&out)) : STR_NONE;
    buf_fini(&out);
    return joined;
}

static void add_detail(struct showing *s, struct str name, struct str value)
{
    if (value.ptr)
        s->details[s->shown.n_details++] = (struct alert_detail){name, str_slice(value, 0, DETAIL_BYTES)};
}

// The act of a process stands where that of a request does, so that whoever reads alerts finds the same places filled.
static void show_process(struct showing *s, struct str record)
{
    const struct host_event *e = &s->process;
    if (host_read(&s->process, record, &s->arena) != HOST_EVENT)
        return;
    s->shown.process = e;
    s->shown.event.action =
        (struct event_action){.verb = host_act_name(e->act), .resource = STR("processes"), .namespace = e->namespace, .name = e->pod};
    add_detail(s, STR("process.command"), e->process.command.ptr ? e->process.command : e->process.name);
    add_detail(s, STR("container.image"), e->image);
    add_detail(s, STR("host.node"), e->node);
    add_detail(s, STR("sensor.rule"), e->rule);
}

const struct shown *showing_read(struct showing *s, struct str record)
{
    struct json_error ignored;
    arena_reset(&s->arena);
    s->shown = (struct shown){.event = {.time = TIME_NONE, .received = TIME_NONE}, .details = s->details};
    if (!s->matcher) {
        show_process(s, record);
        return &s->shown;
    }
    if (matcher_record(s->matcher, record, &ignored) != JSON_OK)
        return &s->shown;
    const struct json_value *tree = matcher_tree(s->matcher);
    struct event event;
    if (tree && event_decode(&event, tree, &s->arena))
        s->shown.event = event;
    for (size_t i = 0; i < FIELDS; i++) {
        size_t n;
        const struct scalar *values = matcher_shown(s->matcher, i, &n);
        struct str value = join_values(&s->arena, values, n);
        if (value.ptr)
            s->details[s->shown.n_details++] = (struct alert_detail){fields[i], value};
    }
    return &s->shown;
}
