// SPDX-License-Identifier: Apache-2.0
// Nodes: a pod that reaches its node, or that an intruder was in, leads to the node's own credential, when that is used elsewhere or with
// another tool than a kubelet's.
#include "incident/hands.h"
#include "incident/taint.h"

enum { NODES_MAX = 32 }; // followed in a round: a DaemonSet must not make us read all that all nodes do

// The host's files, processes or devices; or what the log does not show.
static bool may_have_host(const struct fact *f)
{
    return f && (!f->has_bodies || body_first(f, BODY_HOSTPATH).ptr || body_has(f, BODY_PRIVILEGED, STR("true")) ||
                 body_has(f, BODY_HOSTPID, STR("true")) || body_first(f, BODY_CAPABILITIES).ptr);
}

static bool is_way_out(const struct thing *t)
{
    return str_eq(t->how, STR("entered")) || (t->made && (may_have_host(t->fact) || (t->parent && may_have_host(t->parent->fact))));
}

// The pod that a node reports about, if an intruder can have come from it to the node.
static const struct thing *pod_reported(struct inquiry *q, const struct fact *f)
{
    if (!str_starts(f->actor->principal, STR("system:node:")) || !str_eq(f->action.resource, STR("pods")) || !f->action.name.ptr)
        return NULL;
    const struct thing *t = thing_find(q, f->action.resource, f->action.namespace, f->action.name);
    return t && is_way_out(t) && thing_time(t) <= f->time ? t : NULL;
}

static bool is_taken(const struct actor *node, const struct fact *f, int64_t since)
{
    return f->time >= since && (hand_is_foreign(f) || (actor_is_abroad(node) && actor_home(node) != node));
}

// What leads on from there is a seed: the rest of what those hands did follows from it.
static bool lead_to_node(struct inquiry *q, struct actor *node, const struct thing *pod)
{
    for (size_t i = 0; i < node->facts.n; i++) {
        struct fact *f = node->facts.items[i];
        if (!is_taken(node, f, thing_time(pod)))
            continue;
        f->led |= !f->seed;
        f->seed = f->strong = true;
        bool news = taint_pivot(q, thing_text(&q->round, pod), actor_text(&q->round, node), "node", INFERRED, f, pod->node, node->node);
        return actor_home(node) != node ? taint_whereabouts(q, node, INFERRED) || news : news;
    }
    return false;
}

bool taint_nodes(struct inquiry *q)
{
    struct map seen = {0};
    bool news = false, added;
    for (size_t i = 0; i < q->facts.n && seen.n < NODES_MAX; i++) {
        const struct fact *f = q->facts.items[i];
        const struct thing *pod = pod_reported(q, f);
        if (!pod)
            continue;
        (void)map_put(&seen, f->actor->principal, &added);
        if (!added)
            continue;
        follow_identity(q, f->actor->principal);
        for (size_t k = 0; k < f->actor->person->actors.n && is_complete(q, f->actor->principal); k++)
            news |= lead_to_node(q, f->actor->person->actors.items[k], pod);
    }
    map_fini(&seen);
    return news;
}
