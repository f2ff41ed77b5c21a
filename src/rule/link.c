// SPDX-License-Identifier: Apache-2.0
#include "link.h"

#include "correlation.h"
#include "filter.h"

#include <stdlib.h>

// --- identities ------------------------------------------------------------------------------------------------------------------

static const struct yaml_value *identity_at(const struct draft *dr)
{
    static const struct str keys[] = {STR("id"), STR("name"), STR("title")};
    for (size_t i = 0; i < 3; i++) {
        const struct yaml_value *v = yaml_get(dr->document.root, keys[i]);
        if (v)
            return v;
    }
    return dr->document.root;
}

static void refuse_twin(struct draft *dr, const struct draft *first)
{
    const struct document *d = &dr->document;
    const struct yaml_value *at = identity_at(dr);
    bool written = yaml_get(d->root, STR("id"));
    if (written)
        refuse(d, value_place(d, at), "id '%.*s' is already taken by %.*s:%u", STR_ARG(dr->rule.id), STR_ARG(first->rule.file),
               first->rule.line);
    else
        refuse(d, value_place(d, at), "there is no id, and '%.*s' is already taken by %.*s:%u: give the rule an id", STR_ARG(dr->rule.id),
               STR_ARG(first->rule.file), first->rule.line);
    dr->refused = true;
}

// Refused documents keep their names, so that what refers to them can say why.
static void register_names(struct drafts *list)
{
    for (size_t i = 0; i < list->n; i++) {
        struct draft *dr = &list->items[i];
        bool added = true;
        if (dr->rule.id.ptr) {
            uint64_t *index = map_put(&list->ids, dr->rule.id, &added);
            if (added)
                *index = i + 1;
            else if (!dr->refused)
                refuse_twin(dr, &list->items[*index - 1]);
        }
        if (dr->rule.name.ptr && added) {
            uint64_t *index = map_put(&list->names, dr->rule.name, &added);
            *index = added ? i + 1 : NAME_AMBIGUOUS;
        }
    }
}

// --- references ------------------------------------------------------------------------------------------------------------------

static bool resolve_reference(const struct drafts *list, struct draft *dr, struct reference *ref)
{
    const struct document *d = &dr->document;
    bool ambiguous;
    ref->target = drafts_find(list, ref->name, &ambiguous);
    if (ambiguous)
        refuse(d, value_place(d, ref->at), "several rules are named '%.*s': write the id", STR_ARG(ref->name));
    else if (ref->target == DRAFT_NONE)
        refuse(d, value_place(d, ref->at), "no rule has the id or name '%.*s'", STR_ARG(ref->name));
    else if (list->items[ref->target].rule.kind == RULE_FILTER)
        refuse(d, value_place(d, ref->at), "'%.*s' is a filter, not a rule", STR_ARG(ref->name));
    else
        return true;
    return false;
}

static void resolve_correlation(const struct drafts *list, struct draft *dr)
{
    for (size_t i = 0; !dr->refused && i < dr->n_refs; i++) {
        dr->refused = !resolve_reference(list, dr, &dr->refs[i]);
        for (size_t j = 0; !dr->refused && j < i; j++)
            if (dr->refs[j].target == dr->refs[i].target && dr->rule.correlation->type != CORRELATION_TEMPORAL_ORDERED) {
                refuse(&dr->document, value_place(&dr->document, dr->refs[i].at), "rule '%.*s' is named twice", STR_ARG(dr->refs[i].name));
                dr->refused = true;
            }
    }
}

// Who waits for whom: each reference between correlations is one edge, looked at once.
struct graph {
    uint32_t *first, *next, *from; // per draft: the first edge that points at it; per edge: the next one, and where it comes from
    uint32_t *pending;             // per draft: correlations it refers to that are not decided
    uint32_t *queue;
    size_t head, tail;
    bool *done;
};

static void add_edges(struct graph *g, const struct drafts *list, uint32_t i, uint32_t *edge)
{
    const struct draft *dr = &list->items[i];
    g->done[i] = dr->refused;
    if (dr->rule.kind != RULE_CORRELATION || dr->refused)
        return;
    for (size_t j = 0; j < dr->n_refs; j++) {
        uint32_t target = dr->refs[j].target;
        if (list->items[target].rule.kind != RULE_CORRELATION || list->items[target].refused)
            continue;
        g->from[*edge] = i;
        g->next[*edge] = g->first[target];
        g->first[target] = (*edge)++;
        g->pending[i]++;
    }
    if (g->pending[i] == 0)
        g->queue[g->tail++] = i;
}

static void graph_init(struct graph *g, const struct drafts *list, struct arena *scratch)
{
    size_t edges = 1; // edge 0: none
    for (size_t i = 0; i < list->n; i++)
        edges += list->items[i].n_refs;
    *g = (struct graph){
        .first = arena_array(scratch, uint32_t, list->n),
        .next = arena_array(scratch, uint32_t, edges),
        .from = arena_array(scratch, uint32_t, edges),
        .queue = arena_array(scratch, uint32_t, list->n),
        .pending = arena_array(scratch, uint32_t, list->n),
        .done = arena_array(scratch, bool, list->n),
    };
    uint32_t edge = 1;
    for (uint32_t i = 0; i < list->n; i++)
        add_edges(g, list, i, &edge);
}

static const struct reference *refused_input(const struct drafts *list, const struct draft *dr)
{
    for (size_t i = 0; i < dr->n_refs; i++)
        if (list->items[dr->refs[i].target].refused)
            return &dr->refs[i];
    return NULL;
}

// Links one correlation whose inputs are all decided, and wakes those that wait for it.
static void decide(struct drafts *list, struct graph *g, uint32_t i)
{
    struct draft *dr = &list->items[i];
    const struct reference *because = refused_input(list, dr);
    if (because) {
        const struct draft *target = &list->items[because->target];
        refuse(&dr->document, value_place(&dr->document, because->at), "rule '%.*s' was refused (%.*s:%u)", STR_ARG(because->name),
               STR_ARG(target->rule.file), target->rule.line);
        dr->refused = true;
    } else {
        dr->refused = !correlation_link(list, dr);
    }
    g->done[i] = true;
    for (uint32_t edge = g->first[i]; edge; edge = g->next[edge])
        if (--g->pending[g->from[edge]] == 0)
            g->queue[g->tail++] = g->from[edge];
}

// The first reference that is still waiting: following it from a correlation in a cycle leads round.
static const struct reference *waiting_for(const struct drafts *list, const struct graph *g, const struct draft *dr)
{
    for (size_t i = 0; i < dr->n_refs; i++)
        if (list->items[dr->refs[i].target].rule.kind == RULE_CORRELATION && !g->done[dr->refs[i].target])
            return &dr->refs[i];
    return NULL;
}

static void refuse_cycle(struct drafts *list, const struct graph *g, uint32_t start)
{
    enum { SHOWN = 8 };
    struct draft *dr = &list->items[start];
    struct buf path;
    buf_init(&path, 1 << 16);
    buf_add(&path, dr->rule.id);
    const struct reference *first = waiting_for(list, g, dr), *ref = first;
    bool closed = false;
    for (size_t steps = 0; ref && !closed && steps < SHOWN; steps++) {
        buf_addf(&path, " -> %.*s", STR_ARG(list->items[ref->target].rule.id));
        closed = ref->target == start;
        ref = closed ? NULL : waiting_for(list, g, &list->items[ref->target]);
    }
    struct place at = value_place(&dr->document, first ? first->at : dr->correlation);
    if (closed)
        refuse(&dr->document, at, "the correlation refers to itself: %.*s", STR_ARG(buf_str(&path)));
    else
        refuse(&dr->document, at, "the correlation is in a cycle, or refers to one: %.*s -> ...", STR_ARG(buf_str(&path)));
    dr->refused = true;
    buf_fini(&path);
}

static struct graph link_correlations(struct drafts *list, struct arena *scratch)
{
    struct graph g;
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].rule.kind == RULE_CORRELATION && !list->items[i].refused)
            resolve_correlation(list, &list->items[i]);
    graph_init(&g, list, scratch);
    while (g.head < g.tail)
        decide(list, &g, g.queue[g.head++]);
    for (uint32_t i = 0; i < list->n; i++)
        if (!g.done[i] && list->items[i].rule.kind == RULE_CORRELATION)
            refuse_cycle(list, &g, i);
    return g;
}

// --- the ruleset -----------------------------------------------------------------------------------------------------------------

// A rule that only feeds correlations says nothing itself, unless one of them generates.
static void mark_fed(struct drafts *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct draft *dr = &list->items[i];
        for (size_t j = 0; dr->rule.kind == RULE_CORRELATION && !dr->refused && j < dr->n_refs; j++) {
            list->items[dr->refs[j].target].fed = true;
            list->items[dr->refs[j].target].generated |= dr->rule.correlation->generate;
        }
    }
}

struct survivor {
    struct draft *draft;
};

static int compare_survivors(const void *left, const void *right)
{
    const struct draft *a = ((const struct survivor *)left)->draft, *b = ((const struct survivor *)right)->draft;
    int order = str_cmp(a->rule.id, b->rule.id);
    order = order ? order : str_cmp(a->rule.file, b->rule.file);
    return order ? order : (a->rule.line > b->rule.line) - (a->rule.line < b->rule.line);
}

static struct survivor *sorted_survivors(struct drafts *list, struct arena *scratch, size_t *n)
{
    struct survivor *survivors = arena_array(scratch, struct survivor, list->n);
    *n = 0;
    for (size_t i = 0; i < list->n; i++)
        if (!list->items[i].refused && list->items[i].rule.kind != RULE_FILTER)
            survivors[(*n)++].draft = &list->items[i];
    if (*n)
        qsort(survivors, *n, sizeof *survivors, compare_survivors);
    for (size_t i = 0; i < *n; i++)
        survivors[i].draft->place = (uint32_t)i;
    return survivors;
}

static void finish_correlation(const struct drafts *list, const struct draft *dr, struct ruleset *out)
{
    struct correlation *c = dr->rule.correlation;
    c->n_carried = dr->carried.n;
    c->carried_capture = arena_array(&out->arena, uint32_t, c->n_inputs * c->n_carried);
    for (size_t i = 0; i < c->n_inputs; i++) {
        c->inputs[i] = list->items[c->inputs[i]].place;
        for (size_t k = 0; k < c->n_carried; k++)
            c->carried_capture[i * c->n_carried + k] = dr->carried.items[k][i];
    }
}

static void finish_rule(const struct drafts *list, struct draft *dr, struct ruleset *out)
{
    if (dr->rule.correlation)
        finish_correlation(list, dr, out);
    dr->rule.silent = dr->fed && !dr->generated;
    dr->rule.n_captures = dr->captures.n;
    dr->rule.captures = arena_array(&out->arena, struct str, dr->captures.n);
    for (size_t i = 0; i < dr->captures.n; i++)
        dr->rule.captures[i] = dr->captures.items[i];
    out->rules[dr->place] = dr->rule;
}

// The order in which correlations were decided is one in which each comes after those it refers to.
static void keep_order(const struct drafts *list, const struct graph *g, struct ruleset *out)
{
    out->order = arena_array(&out->arena, uint32_t, g->tail);
    for (size_t i = 0; i < g->tail; i++)
        if (!list->items[g->queue[i]].refused)
            out->order[out->n_order++] = list->items[g->queue[i]].place;
}

void link_drafts(struct drafts *list, struct ruleset *out)
{
    size_t n;
    if (list->n == 0)
        return;
    struct arena *scratch = list->items[0].document.c->scratch;
    register_names(list);
    for (uint32_t i = 0; i < list->n; i++)
        if (list->items[i].rule.kind == RULE_FILTER && !list->items[i].refused)
            filters_assign(list, i);
    for (size_t i = 0; i < list->n; i++)
        if (!list->items[i].refused && !filters_join(list, &list->items[i]))
            list->items[i].refused = true;
    struct graph g = link_correlations(list, scratch);
    mark_fed(list);
    struct survivor *survivors = sorted_survivors(list, scratch, &n);
    out->rules = arena_array(&out->arena, struct rule, n);
    out->n = n;
    for (size_t i = 0; i < n; i++)
        finish_rule(list, survivors[i].draft, out);
    keep_order(list, &g, out);
}
