// SPDX-License-Identifier: Apache-2.0
#include "report/html/layout.h"

#include "report/common/keep.h"

#include <stdlib.h>

_Static_assert(GRAPH_NODES <= 64, "what a node reaches is a set of bits");

static const struct incident_actor *actor_of(const struct incident *x, struct str end)
{
    const struct str principal = STR("principal:");
    if (!str_starts(end, principal))
        return NULL;
    struct str name = str_slice(end, principal.len, end.len);
    for (size_t i = 0; i < x->n_actors; i++)
        if (x->actors[i].principal.ptr && str_eq(x->actors[i].principal, name))
            return &x->actors[i];
    return NULL;
}

static size_t node_of(struct graph *g, const struct incident *x, struct str end)
{
    size_t i = 0;
    while (i < g->n && !str_eq(g->nodes[i].end, end))
        i++;
    if (i == GRAPH_NODES)
        return i;
    if (i == g->n)
        g->nodes[g->n++] = (struct graph_node){.end = end, .actor = actor_of(x, end)};
    return i;
}

static bool add_edge(struct graph *g, const struct incident *x, struct str from, struct str to, struct graph_edge e)
{
    size_t nodes = g->n;
    e.from = node_of(g, x, from);
    e.to = e.from < GRAPH_NODES ? node_of(g, x, to) : GRAPH_NODES;
    if (e.to == GRAPH_NODES || e.from == e.to) {
        g->n = nodes;
        return e.to != GRAPH_NODES;
    }
    for (size_t i = 0; i < g->n_edges; i++)
        if (g->edges[i].from == e.from && g->edges[i].to == e.to) {
            g->edges[i].more++;
            return true;
        }
    if (g->n_edges == GRAPH_EDGES) {
        g->n = nodes;
        return false;
    }
    g->edges[g->n_edges++] = e;
    return true;
}

static struct str end_of(struct graph *g, const char *kind, struct str name)
{
    name = keep_cut(name, LONG_TEXT);
    return arena_printf(&g->arena, "%s:%.*s", kind, STR_ARG(name));
}

// What let them in stands first: who made the grant, the grant, who came through it.
static void add_cause(struct graph *g, const struct incident *x)
{
    const struct incident_cause *c = &x->cause;
    size_t first = 0;
    while (first < x->n_timeline && x->timeline[first].part != STEP_ACT)
        first++;
    if (!c->object.ptr)
        return;
    struct str object = end_of(g, "object", c->object);
    if (c->granted_by.ptr)
        (void)add_edge(g, x, end_of(g, "principal", c->granted_by), object,
                       (struct graph_edge){.kind = STR("made"), .time = c->granted_at});
    if (first < x->n_timeline && x->timeline[first].actor.principal.ptr)
        (void)add_edge(g, x, object, end_of(g, "principal", x->timeline[first].actor.principal),
                       (struct graph_edge){.kind = STR("let in"), .time = x->timeline[first].time});
}

// --- layers ------------------------------------------------------------------------------------------------------------------------

// Edges that would close a circle do not count for the layers.
static void find_layers(struct graph *g)
{
    uint64_t reach[GRAPH_NODES] = {0};
    bool forward[GRAPH_EDGES];
    for (size_t i = 0; i < g->n_edges; i++) {
        size_t from = g->edges[i].from, to = g->edges[i].to;
        forward[i] = !(reach[to] >> from & 1);
        for (size_t k = 0; forward[i] && k < g->n; k++)
            if (k == from || reach[k] >> from & 1)
                reach[k] |= reach[to] | 1ull << to;
    }
    for (size_t round = 0; round < GRAPH_LAYERS; round++)
        for (size_t i = 0; i < g->n_edges; i++) {
            const struct graph_node *from = &g->nodes[g->edges[i].from];
            struct graph_node *to = &g->nodes[g->edges[i].to];
            if (forward[i] && to->layer <= from->layer && from->layer + 1 < GRAPH_LAYERS)
                to->layer = from->layer + 1;
        }
}

// The mean place of what leads to a node, so that edges cross little; SIZE_MAX / 2: nothing does.
static size_t pull(const struct graph *g, size_t node)
{
    size_t sum = 0, n = 0;
    for (size_t i = 0; i < g->n_edges; i++)
        if (g->edges[i].to == node && g->nodes[g->edges[i].from].layer < g->nodes[node].layer) {
            sum += g->nodes[g->edges[i].from].place * 16;
            n++;
        }
    return n ? sum / n : SIZE_MAX / 2;
}

static void place_layer(struct graph *g, size_t layer)
{
    size_t members[GRAPH_NODES], pulls[GRAPH_NODES], n = 0;
    for (size_t i = 0; i < g->n; i++) {
        if (g->nodes[i].layer != layer)
            continue;
        size_t wanted = pull(g, i), at = n++;
        for (; at > 0 && pulls[at - 1] > wanted; at--) // insertion keeps the order of appearance among equals
            members[at] = members[at - 1], pulls[at] = pulls[at - 1];
        members[at] = i, pulls[at] = wanted;
    }
    for (size_t i = 0; i < n; i++)
        g->nodes[members[i]].place = i;
    g->height = n > g->height ? n : g->height;
    g->layers = n ? layer + 1 : g->layers;
}

void graph_init(struct graph *g, const struct incident *x)
{
    *g = (struct graph){.n = 0};
    arena_init(&g->arena, ARENA_UNLIMITED);
    add_cause(g, x);
    for (size_t i = 0; i < x->n_pivots; i++) {
        const struct incident_pivot *p = &x->pivots[i];
        g->left_out += !add_edge(g, x, p->from, p->to, (struct graph_edge){.kind = p->kind, .certainty = p->certainty, .time = p->time});
    }
    find_layers(g);
    for (size_t layer = 0; layer < GRAPH_LAYERS; layer++)
        place_layer(g, layer);
}

void graph_fini(struct graph *g)
{
    arena_fini(&g->arena);
}
