// SPDX-License-Identifier: Apache-2.0
// Processes in the timeline. What the pods of one workload ran alike is one step, with every record behind it as evidence.
#include "incident/conclude.h"
#include "incident/processes.h"

enum { EVIDENCE_MAX = 64, COMMAND_SHOWN = 300 };

struct draft {
    struct incident_step step;
    struct incident_process process;
    size_t n_pods;
    VEC(struct evidence) evidence;
};

struct steps {
    struct group *g;
    VEC(struct draft *) drafts;
    struct map by_what, pods; // pods: step and pod, each once
};

// The workload that a pod was made for, or the pod.
static const struct thing *top_of(const struct thing *t)
{
    while (t->parent)
        t = t->parent;
    return t;
}

// A call, a connection: something a process did. All else tells that it was there.
static bool is_call(const struct process *p)
{
    return p->act == HOST_CALLED && (p->address.ptr || p->file.ptr || p->call.ptr);
}

static struct str key_of(const struct steps *s, const struct process *p)
{
    struct arena *a = &s->g->q->scratch;
    const struct thing *top = top_of(p->place);
    struct str what = p->command.ptr ? p->command : process_name(p);
    struct str did = is_call(p) ? arena_printf(a, "%.*s %.*s %llu %.*s", STR_ARG(p->call), STR_ARG(p->address), (unsigned long long)p->port,
                                               STR_ARG(p->file))
                                : STR("");
    what = process_line(a, what);
    return arena_printf(a, "%p %p %zu:%.*s%.*s", (const void *)top, (const void *)p->session, what.len, STR_ARG(what), STR_ARG(did));
}

// --- words -------------------------------------------------------------------------------------------------------------------------------

static struct str what_ran(struct arena *a, const struct process *p)
{
    struct str command = p->command.ptr ? p->command : process_name(p);
    if (command.len <= COMMAND_SHOWN)
        return command;
    return arena_printf(a, "%.*s... (%zu bytes)", COMMAND_SHOWN, command.ptr, command.len);
}

static struct str what_done(struct arena *a, const struct process *p)
{
    struct str ran = what_ran(a, p);
    if (!is_call(p))
        return arena_printf(a, "%.*s ran", STR_ARG(ran));
    if (p->address.ptr)
        return arena_printf(a, "%.*s connected to %.*s port %llu", STR_ARG(ran), STR_ARG(p->address), (unsigned long long)p->port);
    if (p->file.ptr)
        return arena_printf(a, "%.*s used %.*s", STR_ARG(ran), STR_ARG(p->file));
    return arena_printf(a, "%.*s called %.*s", STR_ARG(ran), STR_ARG(p->call));
}

static struct str where_ran(struct arena *a, const struct draft *d, const struct process *p)
{
    const struct thing *top = top_of(p->place);
    if (d->n_pods > 1)
        return arena_printf(a, "in %zu pods of %.*s", d->n_pods, STR_ARG(object_words(a, top->kind, top->namespace, top->name)));
    struct str place = object_words(a, p->place->kind, p->place->namespace, p->place->name);
    if (p->pod.ptr && p->node.ptr)
        return arena_printf(a, "in %.*s on node %.*s", STR_ARG(place), STR_ARG(p->node));
    return arena_printf(a, "%s %.*s", p->pod.ptr ? "in" : "on", STR_ARG(place));
}

static const char *request_words(const struct fact *f)
{
    static const char *const words[] = {"request", "exec request", "attach request", "debug container"};
    static const char *const by_kubelet[] = {"request", "kubelet exec request", "kubelet attach request", "debug container"};
    return (f->entry.by_kubelet ? by_kubelet : words)[f->entry.way];
}

static struct str of_session(struct arena *a, const struct process *p)
{
    if (!p->session)
        return STR("");
    const char *how = p->session->entry.way == ENTRY_EXEC        ? " (by time and parent)"
                      : p->session->entry.way == ENTRY_EPHEMERAL ? " (by container)"
                                                                 : " (by time and parent; typed in)";
    return arena_printf(a, ", from the %s of %.*s at %.*s%s", request_words(p->session),
                        STR_ARG(p->session->actor->principal.ptr ? p->session->actor->principal : STR("nobody")),
                        STR_ARG(time_words(a, p->session->time)), p->session_certainty == INFERRED ? how : "");
}

static void write_text(struct steps *s, struct draft *d, const struct process *p)
{
    struct arena *a = s->g->arena;
    struct str told = p->rule.ptr && p->source == HOST_FALCO ? arena_printf(a, " (Falco: %.*s)", STR_ARG(p->rule)) : STR("");
    d->step.text = arena_printf(a, "%.*s %.*s%.*s%.*s", STR_ARG(what_done(a, p)), STR_ARG(where_ran(a, d, p)), STR_ARG(of_session(a, p)),
                                STR_ARG(told));
}

// --- steps -------------------------------------------------------------------------------------------------------------------------------

static void note_session(struct arena *a, struct draft *d, const struct process *p)
{
    const struct fact *f = p->session;
    d->process.session_way = session_way(f);
    d->process.session = f->action.command.ptr ? f->action.command : STR("");
    d->process.session_at = f->at;
    d->process.session_certainty = p->session_certainty;
    d->step.actor = (struct event_actor){.principal = f->actor->principal, .agent = f->agent, .impersonated = f->impersonated};
    if (!f->actor->address.ptr)
        return;
    d->step.actor.addresses = arena_array(a, struct str, 1);
    d->step.actor.addresses[0] = f->actor->address;
    d->step.actor.n_addresses = 1;
}

// Without a clock of its own it is put where its pod begins: it cannot have been there before.
static int64_t time_of(const struct process *p)
{
    if (p->at.time != TIME_NONE)
        return p->at.time;
    return p->place->fact ? p->place->fact->time : p->at.time;
}

static struct draft *start(struct steps *s, const struct process *p)
{
    struct draft *d = arena_new(&s->g->q->round, struct draft);
    bool made = p->place->made;
    d->step = (struct incident_step){
        .time = time_of(p),
        .part = made && !p->session ? STEP_CONSEQUENCE : STEP_ACT,
        .act = ACT_RUN,
        .outcome = OUTCOME_DONE,
        .certainty = p->certainty,
        .action = {.verb = host_act_name(p->act), .resource = STR("processes"), .namespace = p->namespace, .name = p->pod},
    };
    d->process = (struct incident_process){.source = p->source,
                                           .node = p->node,
                                           .namespace = p->namespace,
                                           .pod = p->pod,
                                           .pod_uid = p->pod_uid,
                                           .container = p->container,
                                           .container_id = p->container_id,
                                           .image = p->image,
                                           .exe = p->exe.ptr ? p->exe : p->name,
                                           .command = p->command,
                                           .user = p->user,
                                           .cwd = p->cwd,
                                           .parent = p->parent_name,
                                           .pid = p->pid};
    if (p->session)
        note_session(s->g->arena, d, p);
    *vec_push(&s->drafts) = d;
    return d;
}

static void count_pod(struct steps *s, struct draft *d, const struct process *p)
{
    const void *parts[] = {d, p->pod.ptr};
    bool added = false;
    if (p->pod.ptr)
        (void)map_put(&s->pods, arena_str(&s->g->q->round, str_make((const char *)parts, sizeof parts)), &added);
    d->n_pods += added;
}

static void add(struct steps *s, const struct process *p)
{
    bool added;
    uint64_t *at = map_put(&s->by_what, arena_str(&s->g->q->round, key_of(s, p)), &added);
    if (added) {
        *at = s->drafts.n;
        (void)start(s, p);
    }
    struct draft *d = s->drafts.items[*at];
    d->step.count += !p->same || added;
    count_pod(s, d, p);
    if (d->evidence.n < EVIDENCE_MAX)
        *vec_push(&d->evidence) = p->at;
    if (p->n_rules > d->step.n_rules) {
        d->step.rules = arena_array(s->g->arena, const struct rule *, p->n_rules);
        memcpy(d->step.rules, p->rules, p->n_rules * sizeof *p->rules);
        d->step.n_rules = p->n_rules;
        d->step.part = STEP_ACT; // worth a line of its own
    }
    if (added || p->rule.ptr || d->n_pods > 1)
        write_text(s, d, p);
}

static struct incident_step *finish(struct steps *s, size_t *n)
{
    struct arena *a = s->g->arena;
    struct incident_step *out = arena_array(a, struct incident_step, s->drafts.n);
    struct incident_process *processes = arena_array(a, struct incident_process, s->drafts.n);
    for (size_t i = 0; i < s->drafts.n; i++) {
        struct draft *d = s->drafts.items[i];
        d->process.pods = d->n_pods;
        processes[i] = d->process;
        out[i] = d->step;
        out[i].process = &processes[i];
        out[i].n_evidence = d->evidence.n;
        out[i].evidence = arena_array(a, struct evidence, d->evidence.n);
        memcpy(out[i].evidence, d->evidence.items, d->evidence.n * sizeof *d->evidence.items);
        vec_fini(&d->evidence);
    }
    *n = s->drafts.n;
    vec_fini(&s->drafts);
    map_fini(&s->by_what);
    map_fini(&s->pods);
    return out;
}

// An end is no step of its own, nor is a line that only tells a process's pod.
static bool is_told(const struct process *p)
{
    if (p->act == HOST_ENDED && p->same)
        return false;
    return p->command.ptr || p->exe.ptr || p->name.ptr;
}

struct incident_step *process_steps(struct group *g, size_t *n)
{
    struct steps s = {.g = g};
    for (size_t i = 0; i < g->processes.n; i++)
        if (is_told(g->processes.items[i]))
            add(&s, g->processes.items[i]);
    return finish(&s, n);
}
