// SPDX-License-Identifier: Apache-2.0
// The graph of an incident as inline SVG: principals round, things square, addresses with a broken border, and on each edge what passed.
#include "report/common/columns.h"
#include "report/html/layout.h"
#include "report/html/incident.h"

enum {
    NODE_WIDTH = 182,
    NODE_HEIGHT = 40,
    GAP_X = 80,
    GAP_Y = 14,
    STEP_X = NODE_WIDTH + GAP_X,
    STEP_Y = NODE_HEIGHT + GAP_Y,
    EDGE = 8,  // around the drawing
    NAME = 27, // columns of a name
    LABEL = 14,
    TIP = 6, // of an arrow
};

static size_t layer_size(const struct graph *g, size_t layer)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++)
        n += g->nodes[i].layer == layer;
    return n;
}

static double x_of(const struct graph_node *n)
{
    return EDGE + (double)n->layer * STEP_X;
}

// The middle of the node; layers stand centred.
static double y_of(const struct graph *g, const struct graph_node *n)
{
    double free = (double)(g->height - layer_size(g, n->layer)) * STEP_Y / 2;
    return EDGE + free + (double)n->place * STEP_Y + NODE_HEIGHT / 2.0;
}

static void write_fitted(struct buf *out, struct str s, size_t columns)
{
    struct buf text;
    buf_init(&text, 1 << 12);
    text_fit(&text, s, s.len, columns);
    html_attribute(out, buf_str(&text));
    buf_fini(&text);
}

static void write_label(struct buf *out, const struct graph_edge *e, double x, double y)
{
    html_rawf(out, "<text class=\"edge\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">", x, y);
    write_fitted(out, e->kind, LABEL);
    if (e->more)
        html_rawf(out, " +%zu", e->more);
    html_raw(out, "</text>\n");
}

// An edge as a cubic curve, flat at both ends.
struct curve {
    double x1, y1, bend1, bend2, x2, y2; // x2: where the arrow's tip begins
    bool forward;
};

static struct curve curve_of(const struct graph *g, const struct graph_edge *e)
{
    const struct graph_node *from = &g->nodes[e->from], *to = &g->nodes[e->to];
    bool forward = to->layer > from->layer;
    double x1 = x_of(from) + NODE_WIDTH, end = x_of(to) + (forward ? 0 : NODE_WIDTH);
    return (struct curve){.x1 = x1,
                          .y1 = y_of(g, from),
                          .bend1 = x1 + GAP_X / 2.0,
                          .bend2 = forward ? end - GAP_X / 2.0 : end + GAP_X / 2.0,
                          .x2 = forward ? end - TIP : end + TIP,
                          .y2 = y_of(g, to),
                          .forward = forward};
}

// The height of the curve at x, which lies between its ends.
static double height_at(const struct curve *c, double x)
{
    double low = 0, high = 1, t = 0.5;
    for (int i = 0; i < 20; i++, t = (low + high) / 2) {
        double u = 1 - t, at = u * u * u * c->x1 + 3 * u * u * t * c->bend1 + 3 * u * t * t * c->bend2 + t * t * t * c->x2;
        if ((at < x) == c->forward)
            low = t;
        else
            high = t;
    }
    double u = 1 - t;
    return (u * u * u + 3 * u * u * t) * c->y1 + (3 * u * t * t + t * t * t) * c->y2;
}

static void write_edge(struct buf *out, const struct graph *g, const struct graph_edge *e)
{
    const struct graph_node *from = &g->nodes[e->from], *to = &g->nodes[e->to];
    const struct curve c = curve_of(g, e);
    html_rawf(out, "<path class=\"edge%s\" d=\"M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f\"><title>",
              e->certainty == INFERRED ? " maybe" : "", c.x1, c.y1, c.bend1, c.y1, c.bend2, c.y2, c.x2, c.y2);
    struct buf words;
    buf_init(&words, 1 << 13);
    story_end_words(&words, from->end);
    buf_add(&words, STR(" -> "));
    story_end_words(&words, to->end);
    html_attribute(out, buf_str(&words));
    buf_fini(&words);
    html_raw(out, ": ");
    html_attribute(out, e->kind);
    html_raw(out, ", ");
    phrase_time(out, e->time);
    html_raw(out, "</title></path>\n");
    html_rawf(out, "<path class=\"tip\" d=\"M%.1f %.1fL%.1f %.1fL%.1f %.1fZ\"/>\n", c.forward ? c.x2 + TIP : c.x2 - TIP, c.y2, c.x2,
              c.y2 - 4, c.x2, c.y2 + 4);
}

static void write_labels(struct buf *out, const struct graph *g)
{
    for (size_t i = 0; i < g->n_edges; i++) {
        const struct curve c = curve_of(g, &g->edges[i]); // in the middle of the gap before its end, a little above it
        write_label(out, &g->edges[i], c.bend2, height_at(&c, c.bend2) - 5);
    }
}

static void write_node(struct buf *out, const struct graph *g, const struct graph_node *n)
{
    struct str kind, name = story_end_parts(n->end, &kind);
    size_t colon = kind.ptr ? SIZE_MAX : str_find_char(name, ':', 0);
    const char *class = kind.ptr ? "thing" : str_starts(n->end, STR("address:")) ? "address" : "who";
    double x = x_of(n), y = y_of(g, n) - NODE_HEIGHT / 2.0;
    if (colon != SIZE_MAX) {
        kind = n->actor ? story_role(n->actor->role) : str_slice(name, 0, colon);
        name = str_slice(name, colon + 1, name.len);
    }
    html_rawf(out, "<g class=\"node %s%s\"><title>", class, n->actor && n->actor->role != ROLE_DOOR ? " foe" : "");
    html_attribute(out, kind);
    html_raw(out, " ");
    html_attribute(out, name);
    html_rawf(out, "</title><rect x=\"%.1f\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"%d\"/><text class=\"kind\" x=\"%.1f\" y=\"%.1f\">",
              x, y, NODE_WIDTH, NODE_HEIGHT, class[0] == 'w' ? NODE_HEIGHT / 2 : 4, x + 14, y + 16);
    write_fitted(out, kind, NAME);
    html_rawf(out, "</text><text class=\"name\" x=\"%.1f\" y=\"%.1f\">", x + 14, y + 31);
    const struct str account = STR("system:serviceaccount:");
    write_fitted(out, str_starts(name, account) ? str_slice(name, account.len, name.len) : name, NAME - 4);
    html_raw(out, "</text></g>\n");
}

void html_graph(struct buf *out, const struct incident *x)
{
    struct graph g;
    graph_init(&g, x);
    if (g.n) {
        int width = 2 * EDGE + (int)g.layers * STEP_X - GAP_X + GAP_X / 2, height = 2 * EDGE + (int)g.height * STEP_Y - GAP_Y;
        html_rawf(
            out,
            "<h4>How they went on</h4>\n<div class=\"scroll graph\"><svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" "
            "aria-label=\"Who made, took, entered or gave what; the table below says the same\">\n",
            width, height, width, height);
        for (size_t i = 0; i < g.n_edges; i++)
            write_edge(out, &g, &g.edges[i]);
        for (size_t i = 0; i < g.n; i++)
            write_node(out, &g, &g.nodes[i]);
        write_labels(out, &g);
        html_raw(out, "</svg></div>\n");
    }
    html_more(out, g.left_out, "passage more, in the table or in --format json", "passages more, in the table or in --format json");
    graph_fini(&g);
}
