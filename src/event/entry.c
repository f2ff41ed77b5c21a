// SPDX-License-Identifier: Apache-2.0
// Requests that lead into a container. The kubelet's own API (pkg/kubelet/server: InstallDebuggingHandlers) is reached through nodes/proxy:
//
//   .../nodes/NODE/proxy/(run|exec|attach)/NAMESPACE/POD[/UID]/CONTAINER
#include "event/event.h"
#include "event/uri.h"

enum { KUBELET_PARTS = 5 }; // of a path behind proxy/: what, namespace, pod, uid, container

// Kubernetes reads a parameter that is there as true, unless it says otherwise (runtime.Convert_Slice_string_To_bool).
static bool is_true(struct str value)
{
    return !str_eq_ci(value, STR("false")) && !str_eq(value, STR("0"));
}

static void read_query(struct event_entry *out, struct str uri, struct arena *a)
{
    struct uri_query q = uri_query(uri);
    struct str key, value;
    while (uri_query_next(&q, &key, &value, a)) {
        if (str_eq(key, STR("stdin")) || str_eq(key, STR("input"))) // the kubelet's name for it
            out->input |= is_true(value);
        else if (str_eq(key, STR("container")) && !out->container.ptr)
            out->container = uri_decode(value, true, a);
    }
    if (!out->container.len)
        out->container = STR_NONE;
}

static enum entry_way way_of(struct str name)
{
    if (str_eq(name, STR("exec")) || str_eq(name, STR("run")))
        return ENTRY_EXEC;
    if (str_eq(name, STR("attach")))
        return ENTRY_ATTACH;
    return str_eq(name, STR("ephemeralcontainers")) ? ENTRY_EPHEMERAL : ENTRY_NONE;
}

static void read_kubelet(struct event_entry *out, struct str uri, struct arena *a)
{
    struct str path = uri_decode(uri_path(uri), false, a), parts[KUBELET_PARTS];
    size_t at = str_find(path, STR("/proxy/"), 0), n = 0;
    if (at == SIZE_MAX)
        return;
    for (struct str rest = str_slice(path, at + sizeof "/proxy/" - 1, path.len); rest.ptr && n < KUBELET_PARTS;) {
        struct str part = str_split(&rest, '/');
        if (part.len)
            parts[n++] = part;
    }
    enum entry_way way = n >= KUBELET_PARTS - 1 ? way_of(parts[0]) : ENTRY_NONE;
    if (way != ENTRY_EXEC && way != ENTRY_ATTACH)
        return;
    read_query(out, uri, a);
    *out = (struct event_entry){
        .way = way, .by_kubelet = true, .input = out->input, .namespace = parts[1], .pod = parts[2], .container = parts[n - 1]};
}

struct event_entry event_entry(const struct event_action *action, struct arena *a)
{
    struct event_entry out = {0};
    if (str_eq(action->resource, STR("nodes")) && str_eq(action->subresource, STR("proxy"))) {
        read_kubelet(&out, action->uri, a);
    } else if (str_eq(action->resource, STR("pods")) && action->subresource.ptr && action->name.ptr &&
               !str_eq(action->subresource, STR("run"))) {
        out.way = way_of(action->subresource);
        out.namespace = action->namespace;
        out.pod = action->name;
        if (out.way == ENTRY_EXEC || out.way == ENTRY_ATTACH)
            read_query(&out, action->uri, a);
    }
    return out.way ? out : (struct event_entry){0};
}
