// SPDX-License-Identifier: Apache-2.0
// Which processes came out of a request that leads into a container: the API server knows who asked, for which pod and container, which
// command, from when to when; the node knows what was started. No sensor and no log holds both.
//
//   exec       certain   the command, the container and the time agree, and no other request does
//   (also by   inferred  it started while a request was open, as a child of the runtime or of the program that was asked for
//   kubelet)
//   debug      certain   it runs in the container that the request added, and nobody else was let into that one
//              inferred  the same, when others were; or, of a request without a body, in a container of the name that kubectl chooses
//   attach     inferred  it started while somebody who can type was attached, as a child of a shell that is the container's first process
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

static bool is_entry(const struct fact *f)
{
    return f->entry.way && fact_done(f) && (f->entry.way != ENTRY_EPHEMERAL || fact_writes(f));
}

static void note_exec(struct execs *x, struct fact *f)
{
    struct arena *a = &x->q->round;
    bool added;
    if (!is_entry(f))
        return;
    uint64_t *of_request = map_put(&x->of_request, arena_printf(a, "%llx", (unsigned long long)f->request), &added);
    if (added) {
        *of_request = x->list.n;
        uint64_t *of_pod = map_put(&x->of_pod, pod_key(a, f->entry.namespace, f->entry.pod), &added);
        *vec_push(&x->list) = (struct exec){f, f->time, INT64_MAX, added ? SIZE_MAX : (size_t)*of_pod};
        *of_pod = x->list.n - 1;
    }
    if (f->entry.way != ENTRY_EPHEMERAL && str_eq(f->stage, STR("ResponseComplete")) && f->at.time != TIME_NONE)
        x->list.items[*of_request].to = f->at.time;
}

// --- do they agree? --------------------------------------------------------------------------------------------------------------------

// How well a process fits a request, the best last.
enum fit { FIT_NONE, FIT_TIME, FIT_TYPED, FIT_CONTAINER, FIT_COMMAND };

static bool commands_agree(struct arena *a, struct str asked, struct str seen)
{
    return asked.len && seen.len && str_eq(process_line(a, asked), process_line(a, seen));
}

static bool is_one_of(struct str name, const struct str *names, size_t n, bool beginning)
{
    for (size_t i = 0; i < n; i++)
        if (beginning ? str_starts(name, names[i]) : str_eq(name, names[i]))
            return true;
    return false;
}

static bool is_runtime(struct str name)
{
    static const struct str names[] = {STR("runc"), STR("crun"), STR("containerd-shim"), STR("conmon"), STR("docker-containerd-shim"),
                                       STR("crio")};
    return is_one_of(name, names, sizeof names / sizeof *names, true);
}

static bool is_shell(struct str name)
{
    static const struct str names[] = {STR("sh"),  STR("bash"), STR("ash"),  STR("dash"),    STR("zsh"),
                                       STR("ksh"), STR("csh"),  STR("fish"), STR("busybox"), STR("pwsh")};
    return is_one_of(name, names, sizeof names / sizeof *names, false);
}

static bool is_in_time(const struct exec *e, const struct process *p)
{
    return p->at.time != TIME_NONE && p->at.time >= e->from - CLOCK_SLACK && (e->to == INT64_MAX || p->at.time <= e->to + CLOCK_SLACK);
}

static bool is_in_container(const struct exec *e, const struct process *p)
{
    struct str asked = e->fact->entry.container;
    return !asked.ptr || !p->container.ptr || same(asked, p->container);
}

// Whether a process that does not bear the command may come from it all the same.
static bool may_come_from(const struct exec *e, const struct process *p)
{
    struct str rest = e->fact->action.command;
    struct str program = rest.ptr ? host_base_name(str_split(&rest, ' ')) : STR_NONE;
    return p->entered || is_runtime(p->parent_name) || (program.len && str_eq(program, p->parent_name));
}

// Whether it may have been typed into the container's first process.
static bool may_be_typed(const struct process *p)
{
    return is_shell(p->parent_name) && !p->entered && (!p->parent || is_runtime(p->parent->parent_name));
}

static bool was_added(const struct exec *e, const struct process *p)
{
    if (body_first(e->fact, BODY_CONTAINERS).ptr)
        return body_has(e->fact, BODY_CONTAINERS, p->container);
    return str_starts(p->container, STR("debugger-")); // pkg/cmd/debug of kubectl
}

static enum fit fit_of(struct arena *a, const struct exec *e, const struct process *p)
{
    if (!is_in_time(e, p))
        return FIT_NONE;
    switch (e->fact->entry.way) {
    case ENTRY_EXEC:
        if (!is_in_container(e, p))
            return FIT_NONE;
        return commands_agree(a, e->fact->action.command, p->command) ? FIT_COMMAND : may_come_from(e, p) ? FIT_TIME : FIT_NONE;
    case ENTRY_ATTACH:
        return e->fact->entry.input && is_in_container(e, p) && may_be_typed(p) ? FIT_TYPED : FIT_NONE;
    case ENTRY_EPHEMERAL:
        return p->container.ptr && was_added(e, p) ? FIT_CONTAINER : FIT_NONE;
    case ENTRY_NONE:
        break;
    }
    return FIT_NONE;
}

// --- attribution -------------------------------------------------------------------------------------------------------------------------

struct choice {
    const struct exec *exec;
    enum fit fit;
    size_t rivals; // others that fit as well
    bool others;   // somebody else's fits, well or not
};

// The newest of those that fit alike; of those that name a container, the one that added it: the oldest.
static void weigh(struct choice *c, const struct exec *e, enum fit fit)
{
    c->others |= c->exec && c->exec->fact->actor != e->fact->actor;
    if (fit < c->fit)
        return;
    bool equal = c->exec && c->fit == fit, later = c->exec && e->from > c->exec->from;
    c->rivals = equal ? c->rivals + 1 : 0;
    if (!equal || later == (fit != FIT_CONTAINER))
        c->exec = e;
    c->fit = fit;
}

static bool is_certain(const struct choice *c)
{
    if (c->fit == FIT_CONTAINER)
        return !c->others && body_first(c->exec->fact, BODY_CONTAINERS).ptr;
    return c->fit == FIT_COMMAND && !c->rivals && c->exec->to != INT64_MAX;
}

static bool choose(struct execs *x, struct process *p)
{
    struct choice choice = {0};
    struct arena *a = &x->q->scratch;
    const uint64_t *newest = map_get(&x->of_pod, pod_key(a, p->namespace, p->pod));
    for (size_t i = newest ? (size_t)*newest : SIZE_MAX; i != SIZE_MAX; i = x->list.items[i].next) {
        enum fit fit = fit_of(a, &x->list.items[i], p);
        if (fit)
            weigh(&choice, &x->list.items[i], fit);
    }
    arena_reset(a);
    if (!choice.exec)
        return false;
    p->session = choice.exec->fact;
    p->session_certainty = is_certain(&choice) ? CERTAIN : INFERRED;
    return true;
}

static void attribute(struct execs *x, struct process *p)
{
    const struct process *from = p->same ? p->same : p->parent;
    bool inherits = from && from->session;
    // Of what a container that was added runs, somebody else may have typed a part.
    bool asks = inherits ? !p->same && from->session->entry.way == ENTRY_EPHEMERAL : p->pod.ptr && !p->same;
    if ((asks && choose(x, p)) || !inherits)
        return;
    p->session = from->session;
    p->session_certainty = from->session_certainty;
}

void execs_attribute(struct inquiry *q)
{
    struct execs x = {.q = q};
    for (size_t i = 0; i < q->facts.n; i++)
        note_exec(&x, q->facts.items[i]);
    for (size_t i = 0; i < q->processes.n && x.list.n; i++)
        attribute(&x, q->processes.items[i]);
    vec_fini(&x.list);
    map_fini(&x.of_pod);
    map_fini(&x.of_request);
}

struct str session_way(const struct fact *f)
{
    static const struct str names[] = {
        [ENTRY_NONE] = STR(""), [ENTRY_EXEC] = STR("exec"), [ENTRY_ATTACH] = STR("attach"), [ENTRY_EPHEMERAL] = STR("debug")};
    return f->entry.by_kubelet ? STR("kubelet") : names[f->entry.way];
}
