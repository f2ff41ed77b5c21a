// SPDX-License-Identifier: Apache-2.0
// Processes: what runs in pods that an intruder made, what came out of his exec requests, what a malicious process started; and back from
// a malicious process to the exec request or the pod it came from.
#include "incident/processes.h"
#include "incident/taint.h"

#define OWN_MAX (5 * 60 * NS_PER_SECOND) // after its making, what a pod runs is what it was made to run

enum { NAME_LEAST = 4 }; // shorter ones are parts of many words

static struct thing *pod_of(struct inquiry *q, const struct process *p)
{
    struct str kind = intern_find(&q->names, STR("pods"));
    return p->pod.ptr && kind.ptr ? thing_find(q, kind, p->namespace, p->pod) : NULL;
}

static struct thing *put_place(struct inquiry *q, struct process *p)
{
    bool added;
    struct str kind = name_keep(q, p->pod.ptr ? STR("pods") : STR("nodes"));
    struct str name = p->pod.ptr ? p->pod : name_keep(q, p->node.ptr ? p->node : STR("(unknown node)"));
    struct thing *t = thing_put(q, kind, p->pod.ptr ? p->namespace : STR_NONE, name, &added);
    if (added) {
        t->how = STR("ran");
        t->process = p;
        t->certainty = p->certainty;
    }
    if (p->pod.ptr)
        follow_object(q, p->pod);
    return t;
}

static bool mark(struct inquiry *q, struct process *p, enum certainty certainty)
{
    if (p->tainted && p->certainty <= certainty)
        return false;
    p->certainty = certainty;
    p->tainted = true;
    p->place = put_place(q, p);
    return true;
}

// --- from somebody to processes ----------------------------------------------------------------------------------------------------------

static bool is_notable(const struct process *p)
{
    return p->n_rules || p->started;
}

static bool taint_of_session(struct inquiry *q, struct process *p)
{
    enum certainty certainty = p->session_certainty > p->session->actor->certainty ? p->session_certainty : p->session->actor->certainty;
    bool news = mark(q, p, certainty);
    if (news)
        (void)taint_pivot_process(q, actor_text(&q->round, p->session->actor), process_text(&q->round, p), "exec", certainty, p,
                                  p->session->actor->node, p->place->node);
    return news;
}

static bool taint_of_pod(struct inquiry *q, struct process *p, const struct thing *pod)
{
    bool news = mark(q, p, pod->certainty);
    if (news && is_notable(p))
        (void)taint_pivot_process(q, thing_text(&q->round, pod), process_text(&q->round, p), "runs", pod->certainty, p, pod->node,
                                  p->place->node);
    return news;
}

static bool is_of_tainted(const struct process *p)
{
    return (p->same && p->same->tainted) || (p->parent && p->parent->tainted);
}

// --- and back -----------------------------------------------------------------------------------------------------------------------

static const struct fact *making_of(const struct inquiry *q, const struct process *p)
{
    for (size_t i = 0; i < q->facts.n; i++) {
        const struct fact *f = q->facts.items[i];
        if (same(f->action.name, p->pod) && same(f->action.namespace, p->namespace) && str_eq(f->action.resource, STR("pods")) &&
            str_eq(f->action.verb, STR("create")) && !f->action.subresource.ptr && fact_done(f))
            return f;
    }
    return NULL;
}

static bool is_in_specification(const struct fact *making, const struct process *p)
{
    struct str name = process_name(p);
    if (name.len < NAME_LEAST)
        return false;
    for (size_t i = 0; making->body && i < making->body->texts[BODY_COMMAND].n; i++)
        if (str_find(making->body->texts[BODY_COMMAND].items[i], name, 0) != SIZE_MAX)
            return true;
    for (size_t i = 0; making->body && i < making->body->texts[BODY_IMAGE].n; i++)
        if (str_find(making->body->texts[BODY_IMAGE].items[i], name, 0) != SIZE_MAX)
            return true;
    return false;
}

// Whether the pod was made to run this, or became host to it later.
static bool is_own(const struct inquiry *q, const struct process *p)
{
    const struct fact *making = making_of(q, p);
    if (!making)
        return false;
    bool early = p->at.time != TIME_NONE && making->time != TIME_NONE && p->at.time - making->time <= OWN_MAX;
    return p->started || early || is_in_specification(making, p);
}

static bool taint_seed(struct inquiry *q, struct process *p)
{
    bool news = mark(q, p, CERTAIN);
    if (news)
        (void)taint_pivot_process(q, process_text(&q->round, p), thing_text(&q->round, p->place), "ran-in", CERTAIN, p, p->place->node,
                                  p->place->node);
    if (p->pod.ptr && !p->place->made && !p->place->suspect && is_own(q, p)) {
        p->place->suspect = true;
        news = true;
    }
    return news;
}

static bool lead_to_session(struct process *p)
{
    struct fact *f = p->session;
    if (!p->seed || f->strong)
        return false;
    f->seed = f->strong = true;
    f->led = p->session_certainty == INFERRED;
    return true;
}

static bool taint_process(struct inquiry *q, struct process *p)
{
    const struct thing *pod = pod_of(q, p);
    if (p->session && p->session->actor->kind != ACTOR_COMPONENT)
        return p->session->tainted ? taint_of_session(q, p) : lead_to_session(p);
    if (pod && pod->made)
        return taint_of_pod(q, p, pod);
    if (p->seed)
        return taint_seed(q, p);
    return is_of_tainted(p) && mark(q, p, INFERRED);
}

bool taint_processes(struct inquiry *q)
{
    bool news = false;
    for (size_t i = 0; i < q->processes.n; i++)
        news |= taint_process(q, q->processes.items[i]);
    return news;
}
