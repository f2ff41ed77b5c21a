// SPDX-License-Identifier: Apache-2.0
// The actors and things of an incident as a graph in layers: who made, took, entered or gave what. Deterministic; bounded, and what is
// beyond the bounds is counted.
#pragma once

#include "incident/incident.h"

enum { GRAPH_NODES = 60, GRAPH_EDGES = 160, GRAPH_LAYERS = 8 };

struct graph_node {
    struct str end;                     // principal:..., address:..., object:...; for nodes out of the grant, `name` without a kind
    const struct incident_actor *actor; // of a principal; NULL
    size_t layer, place;                // place: order within the layer, from 0
};

struct graph_edge {
    size_t from, to;
    struct str kind;
    enum certainty certainty;
    int64_t time;
    size_t more; // further pivots between the two
};

struct graph {
    struct arena arena;
    struct graph_node nodes[GRAPH_NODES];
    size_t n;
    struct graph_edge edges[GRAPH_EDGES];
    size_t n_edges;
    size_t layers, height; // of the tallest layer, in nodes
    size_t left_out;       // pivots
};

void graph_init(struct graph *g, const struct incident *x);
void graph_fini(struct graph *g);
