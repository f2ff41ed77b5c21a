// SPDX-License-Identifier: Apache-2.0
// Which processes came out of an exec request: the API server knows who asked, for which pod and container, which command, from when to
// when; the node knows what was started. No sensor and no log holds both.
//
//   certain   the command, the container and the time agree, and no other request does
//   inferred  it started while a request was open, as a child of the runtime or of the program that was asked for
//
// What such a process starts is attributed with it.
#include "incident/processes.h"

#define CLOCK_SLACK (2 * NS_PER_SECOND) // between the clocks of nodes and of the API server

struct exec {
    struct fact *fact; // its first stage
    int64_t from, to;  // to INT64_MAX: its end is not in the log
    size_t next;       // of the same pod; SIZE_MAX: none
};

struct execs {
    struct inquiry *q;
    VEC(struct exec) list;
    struct map of_pod;     // namespace and pod -> index of the newest
    struct map of_request; // -> index
};

static struct str pod_key(struct arena *a, struct str namespace, struct str pod)
{
    return arena_printf(a, "%.*s/%.*s", STR_ARG(namespace), STR_ARG(pod));
}

static void note_exec(struct execs *x, struct fact *f)
{
    struct arena *a = &x->q->round;
    bool added;
    if (!fact_done(f) || !str_eq(f->action.subresource, STR("exec")) || !f->action.name.ptr)
        return;
    uint64_t *of_request = map_put(&x->of_request, arena_printf(a, "%llx", (unsigned long long)f->request), &added);
    if (added) {
        *of_request = x->list.n;
        uint64_t *of_pod = map_put(&x->of_pod, pod_key(a, f->action.namespace, f->action.name), &added);
        *vec_push(&x->list) = (struct exec){f, f->time, INT64_MAX, added ? SIZE_MAX : (size_t)*of_pod};
        *of_pod = x->list.n - 1;
    }
    if (str_eq(f->stage, STR("ResponseComplete")) && f->at.time != TIME_NONE)
        x->list.items[*of_request].to = f->at.time;
}

// --- do they agree? --------------------------------------------------------------------------------------------------------------------

static struct str container_asked_for(struct str uri)
{
    for (size_t at = str_find(uri, STR("container="), 0); at != SIZE_MAX; at = str_find(uri, STR("container="), at + 1)) {
        if (!at || (uri.ptr[at - 1] != '?' && uri.ptr[at - 1] != '&'))
            continue;
        struct str rest = str_slice(uri, at + sizeof "container=" - 1, uri.len);
        return str_split(&rest, '&');
    }
    return STR_NONE;
}

static bool commands_agree(struct arena *a, struct str asked, struct str seen)
{
    return asked.len && seen.len && str_eq(process_line(a, asked), process_line(a, seen));
}

static bool is_runtime(struct str name)
{
    static const struct str names[] = {STR("runc"), STR("crun"), STR("containerd-shim"), STR("conmon"), STR("docker-containerd-shim"),
                                       STR("crio")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_starts(name, names[i]))
            return true;
    return false;
}

static bool is_in_time(const struct exec *e, const struct process *p)
{
    return p->at.time != TIME_NONE && p->at.time >= e->from - CLOCK_SLACK && (e->to == INT64_MAX || p->at.time <= e->to + CLOCK_SLACK);
}

static bool is_in_container(const struct exec *e, const struct process *p)
{
    struct str asked = container_asked_for(e->fact->action.uri);
    return !asked.ptr || !p->container.ptr || str_eq(asked, p->container);
}

// Whether a process that does not bear the command may come from it all the same.
static bool may_come_from(const struct exec *e, const struct process *p)
{
    struct str rest = e->fact->action.command;
    struct str program = rest.ptr ? host_base_name(str_split(&rest, ' ')) : STR_NONE;
    return p->entered || is_runtime(p->parent_name) || (program.len && str_eq(program, p->parent_name));
}

// --- attribution -------------------------------------------------------------------------------------------------------------------------

struct choice {
    const struct exec *exec;
    bool agrees;
    size_t rivals; // others that agree as well
};

static void weigh(struct choice *c, const struct exec *e, bool agrees)
{
    if (c->exec && c->agrees && !agrees)
        return;
    bool equal = c->exec && c->agrees == agrees;
    c->rivals = equal ? c->rivals + 1 : 0;
    if (!equal || e->from > c->exec->from)
        c->exec = e;
    c->agrees = agrees;
}

static void choose(struct execs *x, struct process *p)
{
    struct choice choice = {0};
    struct arena *a = &x->q->scratch;
    const uint64_t *newest = map_get(&x->of_pod, pod_key(a, p->namespace, p->pod));
    for (size_t i = newest ? (size_t)*newest : SIZE_MAX; i != SIZE_MAX; i = x->list.items[i].next) {
        const struct exec *e = &x->list.items[i];
        if (!is_in_time(e, p) || !is_in_container(e, p))
            continue;
        bool agrees = commands_agree(a, e->fact->action.command, p->command);
        if (agrees || may_come_from(e, p))
            weigh(&choice, e, agrees);
    }
    if (choice.exec) {
        p->session = choice.exec->fact;
        p->session_certainty = choice.agrees && !choice.rivals && choice.exec->to != INT64_MAX ? CERTAIN : INFERRED;
    }
    arena_reset(a);
}

void execs_attribute(struct inquiry *q)
{
    struct execs x = {.q = q};
    for (size_t i = 0; i < q->facts.n; i++)
        note_exec(&x, q->facts.items[i]);
    for (size_t i = 0; i < q->processes.n && x.list.n; i++) {
        struct process *p = q->processes.items[i];
        const struct process *from = p->same ? p->same : p->parent;
        if (from && from->session) {
            p->session = from->session;
            p->session_certainty = from->session_certainty;
        } else if (p->pod.ptr && !p->same) {
            choose(&x, p);
        }
    }
    vec_fini(&x.list);
    map_fini(&x.of_pod);
    map_fini(&x.of_request);
}
