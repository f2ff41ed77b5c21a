// SPDX-License-Identifier: Apache-2.0
// What processes are called.
#include "incident/processes.h"

struct str process_name(const struct process *p)
{
    struct str name = p->name.ptr ? p->name : host_base_name(p->exe);
    return name.len ? name : STR("(unnamed)");
}

struct str process_text(struct arena *a, const struct process *p)
{
    struct str name = process_name(p);
    if (p->pod.ptr && p->namespace.ptr)
        return arena_printf(a, "process:%.*s/%.*s/%.*s", STR_ARG(p->namespace), STR_ARG(p->pod), STR_ARG(name));
    struct str where = p->pod.ptr ? p->pod : p->node.ptr ? p->node : STR("(unknown node)");
    return arena_printf(a, "process:%.*s/%.*s", STR_ARG(where), STR_ARG(name));
}

struct str process_line(struct arena *a, struct str command)
{
    char *out = arena_array(a, char, command.len + 1);
    size_t n = 0, word = str_find_char(command, ' ', 0);
    size_t directory = (word == SIZE_MAX ? command.len : word) - host_base_name(str_slice(command, 0, word)).len;
    for (size_t i = directory; i < command.len; i++)
        if (command.ptr[i] != '"' && command.ptr[i] != '\'' && command.ptr[i] != '\\')
            out[n++] = command.ptr[i];
    return str_trim(str_make(out, n));
}
