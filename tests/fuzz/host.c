// SPDX-License-Identifier: Apache-2.0
// Is any text safe as a record of a process, and what rules see of it well-formed?
#include "host/host.h"

#include "base/status.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(struct str s)
{
    must(s.len <= 3 * HOST_TEXT_MAX && (!s.len || str_hash(s) != 1)); // every byte is there to read
}

static void check_process(const struct host_process *p)
{
    check_text(p->key);
    check_text(p->exe);
    check_text(p->name);
    check_text(p->command);
}

static void check(const struct host_event *e, struct arena *a)
{
    const struct str texts[] = {e->node, e->pod_uid, e->namespace, e->pod,      e->container, e->container_id, e->image,
                                e->cwd,  e->user,    e->rule,      e->priority, e->call,      e->file,         e->address};
    struct json_limits limits = JSON_LIMITS_DEFAULT;
    struct json_error error;
    struct buf out;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i]);
    check_process(&e->process);
    check_process(&e->parent);
    buf_init(&out, 16 << 20);
    host_write(&out, e);
    const size_t len = out.len;
    char *room = buf_reserve(&out, JSON_PADDING);
    must(room);
    memset(room, 0, JSON_PADDING);
    limits.strict = true;
    must(json_parse(a, str_make(out.ptr, len), limits, &error));
    buf_fini(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct host_event e;
    arena_init(&a, 256u << 20);
    char *copy = arena_try(&a, size + JSON_PADDING);
    if (copy && size < 1 << 20) {
        if (size)
            memcpy(copy, data, size);
        if (host_read(&e, str_make(copy, size), &a) == HOST_EVENT)
            check(&e, &a);
    }
    arena_fini(&a);
    return 0;
}
