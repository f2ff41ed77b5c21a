// SPDX-License-Identifier: Apache-2.0
#include "codec/json/trie.h"

#include "base/status.h"

#include <stdlib.h>

static uint32_t new_node(struct json_trie *t)
{
    if (t->n_nodes == t->cap_nodes) {
        t->cap_nodes = t->cap_nodes ? t->cap_nodes * 2 : 64;
        t->nodes = must_alloc(reallocarray(t->nodes, t->cap_nodes, sizeof *t->nodes));
    }
    t->nodes[t->n_nodes] = (struct trie_node){.slot = TRIE_NO_SLOT};
    return (uint32_t)t->n_nodes++;
}

struct json_trie *json_trie_new(void)
{
    struct json_trie *t = must_alloc(calloc(1, sizeof *t));
    arena_init(&t->arena, ARENA_UNLIMITED);
    (void)new_node(t);
    return t;
}

void json_trie_free(struct json_trie *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_nodes; i++) {
        free(t->nodes[i].edges);
        free(t->nodes[i].table);
    }
    free(t->nodes);
    free(t->slot_deferred);
    arena_fini(&t->arena);
    free(t);
}

// A copy with eight readable bytes behind it, for trie_word.
static const char *padded_copy(struct arena *a, struct str key)
{
    char *copy = arena_alloc(a, key.len + 8);
    if (key.len)
        memcpy(copy, key.ptr, key.len);
    return copy;
}

static uint32_t child_of(struct json_trie *t, uint32_t at, struct str key)
{
    struct trie_node *node = &t->nodes[at];
    for (size_t i = 0; i < node->n_edges; i++)
        if (str_eq(str_make(node->edges[i].text, node->edges[i].len), key))
            return node->edges[i].child;
    uint32_t child = new_node(t);
    node = &t->nodes[at];
    if (node->n_edges == node->cap_edges) {
        node->cap_edges = node->cap_edges ? node->cap_edges * 2 : 4;
        node->edges = must_alloc(reallocarray(node->edges, node->cap_edges, sizeof *node->edges));
    }
    const char *text = padded_copy(&t->arena, key);
    node->edges[node->n_edges++] = (struct trie_entry){
        .head = trie_word(text, key.len),
        .tail = trie_word(key.len > 8 ? text + key.len - 8 : text, key.len),
        .len = (uint32_t)key.len,
        .child = child,
        .text = text,
    };
    node->has_children = true;
    return child;
}

static uint32_t walk(struct json_trie *t, const struct str *keys, size_t n)
{
    must(!t->sealed);
    uint32_t at = 0;
    for (size_t i = 0; i < n; i++)
        at = child_of(t, at, keys[i]);
    return at;
}

unsigned json_trie_add(struct json_trie *t, const struct str *keys, size_t n)
{
    uint32_t at = walk(t, keys, n); // may move the nodes
    struct trie_node *node = &t->nodes[at];
    if (node->slot == TRIE_NO_SLOT) {
        must(t->n_slots < UINT16_MAX);
        node->slot = t->n_slots++;
    }
    return node->slot;
}

void json_trie_defer(struct json_trie *t, const struct str *keys, size_t n)
{
    uint32_t at = walk(t, keys, n); // may move the nodes
    t->nodes[at].deferred = true;
}

// Fills the table and counts the keys that did not get their first place.
static size_t fill_table(struct trie_node *node, uint64_t multiplier)
{
    size_t displaced = 0;
    node->multiplier = multiplier;
    for (size_t i = 0; i <= node->mask; i++)
        node->table[i] = (struct trie_entry){.child = TRIE_NONE};
    for (size_t i = 0; i < node->n_edges; i++) {
        const struct trie_entry *edge = &node->edges[i];
        uint64_t at = trie_hash(edge->head, edge->tail, edge->len, multiplier) >> node->shift;
        displaced += node->table[at].child != TRIE_NONE;
        while (node->table[at].child != TRIE_NONE)
            at = (at + 1) & node->mask;
        node->table[at] = *edge;
    }
    return displaced;
}

// Keys that agree in head, tail and length collide under every multiplier; they cost a second probe.
static void build_table(struct trie_node *node)
{
    unsigned bits = 2;
    while (((size_t)1 << bits) < node->n_edges * 4)
        bits++;
    node->mask = ((uint64_t)1 << bits) - 1;
    node->shift = 64 - bits;
    node->table = must_alloc(calloc(node->mask + 1, sizeof *node->table));
    uint64_t multiplier = 0x9e3779b97f4a7c15u, best = multiplier;
    size_t least = SIZE_MAX;
    for (uint64_t attempt = 0; attempt < 64 && least; attempt++, multiplier = hash_mix(multiplier, attempt) | 1) {
        size_t displaced = fill_table(node, multiplier);
        if (displaced < least) {
            least = displaced;
            best = multiplier;
        }
    }
    (void)fill_table(node, best);
}

static void mark_deferred(struct json_trie *t, uint32_t at, bool below)
{
    struct trie_node *node = &t->nodes[at];
    below = below || node->deferred;
    if (node->slot != TRIE_NO_SLOT)
        t->slot_deferred[node->slot] = below;
    for (size_t i = 0; i < node->n_edges; i++)
        mark_deferred(t, node->edges[i].child, below);
}

void json_trie_seal(struct json_trie *t)
{
    must(!t->sealed);
    t->sealed = true;
    t->slot_deferred = must_alloc(calloc(t->n_slots + 1u, sizeof *t->slot_deferred));
    mark_deferred(t, 0, false);
    for (size_t i = 0; i < t->n_nodes; i++)
        if (t->nodes[i].has_children)
            build_table(&t->nodes[i]);
}

unsigned json_trie_slots(const struct json_trie *t)
{
    return t->n_slots;
}

bool json_trie_slot_deferred(const struct json_trie *t, unsigned slot)
{
    return t->slot_deferred[slot];
}
